package org.jsspi.provider.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jsspi.ApplicationProtocol;
import org.jsspi.ChannelBindings;
import org.jsspi.CipherInfo;
import org.jsspi.ConnectionInfo;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityStatus;
import org.jsspi.SessionInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.CertificateHash;
import org.jsspi.provider.tls.handshake.Connected;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** What an established context answers to QueryContextAttributes, in the structures of {@code schannel.h}. */
final class ContextAnswers {
    // wincrypt.h
    private static final int CALG_AES_128 = 0x660E;
    private static final int CALG_AES_256 = 0x6610;
    private static final int CALG_ECDH_EPHEM = 0xAE06;

    private static final int AES_BLOCK = 16;

    private ContextAnswers() {}

    /** @param agreed empty for none */
    static ApplicationProtocol applicationProtocol(String agreed) {
        return agreed.isEmpty()
                ? new ApplicationProtocol(ApplicationProtocol.Status.NONE, null)
                : new ApplicationProtocol(ApplicationProtocol.Status.SUCCESS, agreed);
    }

    static ConnectionInfo connectionInfo(Connected connected, boolean initiator) {
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

    static CipherInfo cipherInfo(Connected connected) {
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

    static SessionInfo sessionInfo(Connected connected) {
        return new SessionInfo(
                connected.session().resumed(), connected.session().id());
    }

    /** tls-server-end-point, RFC 5929 4: a hash of the server's certificate. */
    static ChannelBindings endpointBindings(Connected connected, boolean initiator) throws SspiException {
        List<X509Certificate> server = initiator
                ? connected.session().peerCertificates()
                : connected.session().localCertificates();
        byte[] hash = CertificateHash.tlsServerEndPoint(certificate(server))
                .orElseThrow(() -> new SspiException(
                        SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                        "tls-server-end-point is not defined for the signature of the server's certificate"));
        return ChannelBindings.of("tls-server-end-point", hash);
    }

    static X509Certificate certificate(List<X509Certificate> chain) throws SspiException {
        if (chain.isEmpty()) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "that side has presented no certificate");
        }
        return chain.get(0);
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
