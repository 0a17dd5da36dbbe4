package org.jsspi.provider.tls;

import static org.jsspi.provider.tls.SchannelContext.misuse;
import static org.jsspi.provider.tls.SchannelContext.require;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jsspi.ChannelBindings;
import org.jsspi.CipherInfo;
import org.jsspi.ConnectionInfo;
import org.jsspi.ContextAttribute;
import org.jsspi.EarlyDataInfo;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.Lifespan;
import org.jsspi.PreSharedKey;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityStatus;
import org.jsspi.SessionInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.CertificateHash;
import org.jsspi.provider.tls.handshake.Connected;
import org.jsspi.provider.tls.handshake.FalseStart;
import org.jsspi.provider.tls.handshake.TlsSession;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.record.RecordFormat;

/**
 * What a context answers to QueryContextAttributes, in the structures of {@code schannel.h}. Called by any thread and without a lock; an
 * exporter is asked under the context's write lock, which the context takes for it.
 */
final class ContextAnswers {
    // wincrypt.h
    private static final int CALG_AES_128 = 0x660E;
    private static final int CALG_AES_256 = 0x6610;
    private static final int CALG_ECDH_EPHEM = 0xAE06;

    private static final int AES_BLOCK = 16;

    /** RFC 9266 2. */
    private static final KeyingMaterialInfo EXPORTER_BINDING =
            new KeyingMaterialInfo("EXPORTER-Channel-Binding", new byte[0], 32);

    private ContextAnswers() {}

    /** {@return what the attribute is, of the type that it names} */
    static Object of(ContextAttribute<?> attribute, SchannelContext context) throws SspiException {
        if (attribute == ContextAttribute.PACKAGE_INFO) {
            return SchannelPackage.INFO;
        }
        if (attribute == ContextAttribute.SESSION) {
            require(context.session() != null, SecurityStatus.SEC_E_INVALID_HANDLE, "the context has not begun");
            return context.session();
        }
        HandshakeDriver driver = context.driver();
        if (attribute == ContextAttribute.EARLY_DATA) {
            return earlyData(driver);
        }
        if (driver != null && context.isInHandshake()) {
            Object known = inHandshake(attribute, context, driver);
            if (known != null) {
                return known;
            }
        }
        Connected connected = driver == null ? null : driver.connected();
        Instant establishedAt = context.establishedAt();
        require(
                connected != null && establishedAt != null,
                SecurityStatus.SEC_E_INVALID_HANDLE,
                "the context is not complete");
        if (attribute == ContextAttribute.STREAM_SIZES) {
            return context.streamSizes(RecordFormat.MAX_PLAINTEXT);
        } else if (attribute == ContextAttribute.CONNECTION_INFO) {
            return connectionInfo(connected, context.isInitiator());
        } else if (attribute == ContextAttribute.CIPHER_INFO) {
            return cipherInfo(connected);
        } else if (attribute == ContextAttribute.SESSION_INFO) {
            return sessionInfo(connected);
        } else if (attribute == ContextAttribute.APPLICATION_PROTOCOL) {
            return SchannelContext.applicationProtocol(connected.applicationProtocol());
        } else if (attribute == ContextAttribute.REMOTE_CERT_CONTEXT) {
            return certificate(context.session().peerCertificates());
        } else if (attribute == ContextAttribute.LOCAL_CERT_CONTEXT) {
            return certificate(context.session().localCertificates());
        } else if (attribute == ContextAttribute.PRE_SHARED_KEY_NAME) {
            return preSharedKeyName(context.session());
        } else if (attribute == ContextAttribute.FLAGS) {
            return context.attributes();
        } else if (attribute == ContextAttribute.LIFESPAN) {
            return new Lifespan(establishedAt, context.expiry());
        } else if (attribute == ContextAttribute.ENDPOINT_BINDINGS) {
            return endpointBindings(connected, context.isInitiator());
        } else if (attribute == ContextAttribute.EXPORTER_BINDINGS) {
            return exporterBindings(context, established(driver));
        } else if (attribute == ContextAttribute.UNIQUE_BINDINGS) {
            return uniqueBindings(connected);
        } else if (attribute == ContextAttribute.KEYING_MATERIAL) {
            return export(context, established(driver), context.keyingMaterial());
        }
        throw misuse(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "Schannel has no attribute " + attribute);
    }

    /** {@return what whoever sends messages before the context is complete may know already, or null} */
    private static Object inHandshake(ContextAttribute<?> attribute, SchannelContext context, HandshakeDriver driver)
            throws SspiException {
        EarlyData early = driver.earlyData();
        FalseStart begun = driver.falseStart();
        if (context.pendingTokenSize() > 0) {
            // While its Finished waits to leave a client still has the lengths of clear records.
            begun = null;
        }
        if (attribute == ContextAttribute.STREAM_SIZES) {
            boolean isEarly = early != null && (early.isPassing() || early.isAccepted());
            int most = isEarly ? early.maximumMessage() : RecordFormat.MAX_PLAINTEXT;
            return begun != null || isEarly ? context.streamSizes(most) : null;
        } else if (begun == null) {
            return null;
        } else if (attribute == ContextAttribute.APPLICATION_PROTOCOL) {
            return SchannelContext.applicationProtocol(begun.applicationProtocol());
        } else if (attribute == ContextAttribute.REMOTE_CERT_CONTEXT) {
            return certificate(context.session().peerCertificates());
        } else if (attribute == ContextAttribute.EXPORTER_BINDINGS) {
            return exporterBindings(context, begun::exportKeyingMaterial);
        } else if (attribute == ContextAttribute.KEYING_MATERIAL) {
            return export(context, begun::exportKeyingMaterial, context.keyingMaterial());
        }
        return null;
    }

    private static EarlyDataInfo earlyData(HandshakeDriver driver) throws SspiException {
        require(driver != null, SecurityStatus.SEC_E_INVALID_HANDLE, "the context has not begun");
        EarlyData early = driver.earlyData();
        require(
                early != null || !driver.allowsEarlyData(),
                SecurityStatus.SEC_E_INVALID_HANDLE,
                "what becomes of early data is not decided yet");
        return early == null ? EarlyDataInfo.none(EarlyDataInfo.Reason.DISABLED) : early.info();
    }

    private static ConnectionInfo connectionInfo(Connected connected, boolean initiator) {
        CipherSuite suite = connected.suite();
        int cipher = !suite.cipherName().equals("AES") ? 0 : suite.keyBits() == 128 ? CALG_AES_128 : CALG_AES_256;
        return new ConnectionInfo(
                protocol(connected.version(), initiator),
                cipher,
                suite.keyBits(),
                0,
                8 * suite.hashLength(),
                CALG_ECDH_EPHEM,
                strength(connected.group()));
    }

    private static CipherInfo cipherInfo(Connected connected) {
        CipherSuite suite = connected.suite();
        return new CipherInfo(
                connected.version().code(),
                suite.code(),
                suite.code(),
                suite.standardName(),
                suite.cipherName(),
                suite.keyBits(),
                suite.cipherName().equals("AES") ? AES_BLOCK : 1,
                suite.hashName().replace("-", ""),
                8 * suite.hashLength(),
                "",
                0,
                0,
                "",
                connected.group() == null ? 0 : connected.group().code());
    }

    private static SessionInfo sessionInfo(Connected connected) {
        return new SessionInfo(
                connected.session().resumed(), connected.session().id());
    }

    private static PreSharedKey.Name preSharedKeyName(TlsSession session) throws SspiException {
        require(
                session.preSharedKeyName() != null,
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                "the two sides know each other by no pre-shared key");
        return session.preSharedKeyName();
    }

    private static X509Certificate certificate(List<X509Certificate> chain) throws SspiException {
        require(!chain.isEmpty(), SecurityStatus.SEC_E_NO_CREDENTIALS, "that side has presented no certificate");
        return chain.get(0);
    }

    /** tls-server-end-point, RFC 5929 4: a hash of the server's certificate. */
    private static ChannelBindings endpointBindings(Connected connected, boolean initiator) throws SspiException {
        List<X509Certificate> server = initiator
                ? connected.session().peerCertificates()
                : connected.session().localCertificates();
        byte[] hash = CertificateHash.tlsServerEndPoint(certificate(server))
                .orElseThrow(() -> new SspiException(
                        SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                        "tls-server-end-point is not defined for the signature of the server's certificate"));
        return ChannelBindings.of("tls-server-end-point", hash);
    }

    /** tls-exporter, RFC 9266 2. */
    private static ChannelBindings exporterBindings(SchannelContext context, Exporter exporter) throws SspiException {
        return ChannelBindings.of("tls-exporter", export(context, exporter, EXPORTER_BINDING));
    }

    /** tls-unique, RFC 5929 3, where RFC 7627 makes it safe. */
    private static ChannelBindings uniqueBindings(Connected connected) throws SspiException {
        byte[] unique = connected.tlsUnique();
        require(
                unique != null,
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                "tls-unique is defined for TLS 1.2 with the extended master secret: ask for EXPORTER_BINDINGS");
        return ChannelBindings.of("tls-unique", unique);
    }

    /** What {@link Connected#exportKeyingMaterial} is, of a connection or of one that is about to be. */
    @FunctionalInterface
    interface Exporter {
        /** Called with the context's write lock. */
        byte[] export(String label, byte[] context, int length);
    }

    /** Of the connection that there is when the write lock is held: a renegotiation replaces it, and wipes the one before. */
    private static Exporter established(HandshakeDriver driver) {
        return (label, context, length) -> driver.connected().exportKeyingMaterial(label, context, length);
    }

    /** @param wanted null where the caller has not said it */
    private static byte[] export(SchannelContext context, Exporter exporter, KeyingMaterialInfo wanted)
            throws SspiException {
        require(wanted != null, SecurityStatus.SEC_E_INVALID_HANDLE, "KEYING_MATERIAL_INFO was not set");
        try {
            byte[] material = context.export(exporter, wanted);
            require(
                    material != null,
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                    "TLS 1.2 exports keying material with the extended master secret only (RFC 7627 5.4)");
            return material;
        } catch (IllegalArgumentException outOfBounds) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INVALID_PARAMETER,
                    SspiException.Kind.KEY,
                    "no exporter has this label or this length",
                    outOfBounds);
        }
    }

    private static int protocol(ProtocolVersion version, boolean initiator) {
        if (version == ProtocolVersion.TLS12) {
            return initiator ? SchCredentials.SP_PROT_TLS1_2_CLIENT : SchCredentials.SP_PROT_TLS1_2_SERVER;
        }
        return initiator ? SchCredentials.SP_PROT_TLS1_3_CLIENT : SchCredentials.SP_PROT_TLS1_3_SERVER;
    }

    private static int strength(NamedGroup group) {
        if (group == null) {
            // A resumed session of TLS 1.2: no key was exchanged.
            return 0;
        }
        return switch (group) {
            case SECP384R1 -> 384;
            case SECP521R1 -> 521;
            case X448 -> 448;
            case X25519, X25519_MLKEM768 -> 255;
            default -> 256;
        };
    }
}
