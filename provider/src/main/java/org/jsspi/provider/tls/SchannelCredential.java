package org.jsspi.provider.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509TrustManager;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.PlatformConstraints;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StatusResponses;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.tls.handshake.CompressedCertificates;
import org.jsspi.provider.tls.handshake.OwnCertificates;
import org.jsspi.provider.tls.handshake.Stapling;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Named;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A Schannel credential: identities, whom to trust, and the sessions that its contexts can resume. */
final class SchannelCredential extends CredHandle {
    private static final int TLS12 = SchCredentials.SP_PROT_TLS1_2_CLIENT | SchCredentials.SP_PROT_TLS1_2_SERVER;
    private static final int TLS13 = SchCredentials.SP_PROT_TLS1_3_CLIENT | SchCredentials.SP_PROT_TLS1_3_SERVER;
    private static final int ALL = TLS12 | TLS13;
    /** An extension's type 2 and length 2. */
    private static final int EXTENSION_HEADER = 4;

    private final CredentialUse use;
    private final SchCredentials settings;
    private final int protocols;
    private final ProtocolChoices.Memory initiatorChoices;
    private final ProtocolChoices.Memory acceptorChoices;
    private final ClientSessions clientSessions;
    private final ServerSessions serverSessions;
    private final Stapling stapling;
    private final CompressedCertificates compressedCertificates = new CompressedCertificates();
    private final Instant expiry;
    private final Set<TrustAnchorId> trustAnchors;
    private final ReentrantLock lock = new ReentrantLock();
    private X509TrustManager trustManager;
    private volatile boolean closed;

    SchannelCredential(CredentialUse use, SchCredentials settings) throws SspiException {
        this.use = use;
        this.settings = settings;
        this.protocols = (settings.enabledProtocols() == 0 ? ALL : settings.enabledProtocols() & ALL) & sideBits(use);
        if (protocols == 0) {
            throw new SspiException(
                    SecurityStatus.SEC_E_ALGORITHM_MISMATCH,
                    "none of the enabled protocols is one that Schannel has here");
        }
        Instant earliest = Instant.MAX;
        Set<TrustAnchorId> anchors = new HashSet<>();
        for (Identity identity : settings.identities()) {
            checkLength(identity);
            if (identity.trustAnchor() != null) {
                anchors.add(identity.trustAnchor());
            }
            Instant end = identity.chain().get(0).getNotAfter().toInstant();
            earliest = end.isBefore(earliest) ? end : earliest;
        }
        this.expiry = earliest;
        this.trustAnchors = Set.copyOf(anchors);
        this.initiatorChoices = new ProtocolChoices.Memory(versions(true), suites());
        this.acceptorChoices = new ProtocolChoices.Memory(versions(false), suites());
        this.stapling = stapling(settings.statusResponses());
        this.clientSessions = new ClientSessions(settings.sessionCacheSize(), settings.sessionLifespan());
        this.serverSessions = new ServerSessions(
                settings.sessionCacheSize(), settings.sessionLifespan(), settings.ticketKeys(), settings.ticketCount());
    }

    /** {@return a new one, as what callers know: the package is verified without this class then} */
    static CredHandle of(CredentialUse use, SchCredentials settings) throws SspiException {
        return new SchannelCredential(use, settings);
    }

    boolean isClosed() {
        return closed;
    }

    SchCredentials settings() {
        return settings;
    }

    /** {@return the anchors of all identities that have one} */
    Set<TrustAnchorId> trustAnchors() {
        return trustAnchors;
    }

    CredentialUse use() {
        return use;
    }

    /** {@return the suites that there are: those of pre-shared keys only where there are some} */
    private List<CipherSuite> suites() {
        return settings.preSharedKeys() == null ? ProtocolChoices.CIPHER_SUITES : ProtocolChoices.KEYED_CIPHER_SUITES;
    }

    /** {@return what a context on this side may use of what the caller wishes} */
    ProtocolChoices.Permitted permitted(ContextOptions options, boolean initiator) throws SspiException {
        return (initiator ? initiatorChoices : acceptorChoices).permitted(options);
    }

    /** {@return the versions that a context on this side may use} */
    private Set<ProtocolVersion> versions(boolean initiator) {
        Set<ProtocolVersion> versions = EnumSet.noneOf(ProtocolVersion.class);
        int tls12 = initiator ? SchCredentials.SP_PROT_TLS1_2_CLIENT : SchCredentials.SP_PROT_TLS1_2_SERVER;
        int tls13 = initiator ? SchCredentials.SP_PROT_TLS1_3_CLIENT : SchCredentials.SP_PROT_TLS1_3_SERVER;
        if ((protocols & tls12) != 0) {
            versions.add(ProtocolVersion.TLS12);
        }
        if ((protocols & tls13) != 0) {
            versions.add(ProtocolVersion.TLS13);
        }
        return versions;
    }

    ClientSessions clientSessions() {
        return clientSessions;
    }

    ServerSessions serverSessions() {
        return serverSessions;
    }

    /** {@return what servers staple to their certificates, or null} */
    Stapling stapling() {
        return stapling;
    }

    /** {@return what contexts of this credential have compressed} */
    CompressedCertificates compressedCertificates() {
        return compressedCertificates;
    }

    private static Stapling stapling(StatusResponses given) {
        if (given != null) {
            return (chain, requestExtensions) -> given.responsesFor(chain);
        }
        return TlsProperties.SERVER_STATUS_REQUEST
                ? new OcspStapling(TlsProperties.stapling(), InstantSource.system())
                : null;
    }

    /** {@return PKIX over the roots of this credential, made when a chain is first judged} */
    X509TrustManager trustManager() throws CertificateException {
        lock.lock();
        try {
            if (trustManager == null) {
                trustManager = CredentialCallbacks.trustManager(settings.rootStore());
            }
            return trustManager;
        } catch (KeyStoreException e) {
            throw new CertificateException("the roots of this credential cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("no PKIX trust manager can be made", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SecurityContext newContext() throws SspiException {
        if (closed) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the credential is closed");
        }
        return new SchannelContext(this);
    }

    @Override
    public Instant expiry() {
        return expiry;
    }

    @Override
    public <T> T queryCredentialsAttributes(CredentialAttribute<T> attribute) throws SspiException {
        Object answer;
        if (attribute == CredentialAttribute.NAMES) {
            answer = name();
        } else if (attribute == CredentialAttribute.SUPPORTED_PROTOCOLS) {
            answer = protocols;
        } else if (attribute == CredentialAttribute.PROTOCOLS || attribute == CredentialAttribute.DEFAULT_PROTOCOLS) {
            answer = permitted(ProtocolChoices.PROTOCOLS);
        } else if (attribute == CredentialAttribute.CIPHER_SUITES
                || attribute == CredentialAttribute.DEFAULT_CIPHER_SUITES) {
            answer = permitted(suites());
        } else if (attribute == CredentialAttribute.NAMED_GROUPS) {
            answer = permitted(ProtocolChoices.NAMED_GROUPS);
        } else if (attribute == CredentialAttribute.DEFAULT_NAMED_GROUPS) {
            answer = permitted(ProtocolChoices.DEFAULT_NAMED_GROUPS);
        } else if (attribute == CredentialAttribute.SIGNATURE_SCHEMES) {
            answer = permitted(ProtocolChoices.SIGNATURE_SCHEMES);
        } else if (attribute == CredentialAttribute.DEFAULT_SIGNATURE_SCHEMES) {
            answer = permitted(ProtocolChoices.DEFAULT_SIGNATURE_SCHEMES);
        } else if (attribute == CredentialAttribute.INITIATOR_SESSIONS) {
            answer = clientSessions;
        } else if (attribute == CredentialAttribute.ACCEPTOR_SESSIONS) {
            answer = serverSessions;
        } else {
            return super.queryCredentialsAttributes(attribute);
        }
        @SuppressWarnings("unchecked") // each branch answers with the type that its attribute names
        T typed = (T) answer;
        return typed;
    }

    /** {@return the names of those that the platform does not forbid} */
    private static List<String> permitted(List<? extends Named> all) {
        List<String> names = new ArrayList<>();
        for (Named each : all) {
            if (PlatformConstraints.HANDSHAKE.permits(each.standardName())) {
                names.add(each.standardName());
            }
        }
        return List.copyOf(names);
    }

    @Override
    public void close() {
        closed = true;
        clientSessions.clear();
        serverSessions.close();
    }

    private String name() throws SspiException {
        if (settings.identities().isEmpty()) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "the credential is anonymous");
        }
        return settings.identities()
                .get(0)
                .chain()
                .get(0)
                .getSubjectX500Principal()
                .getName();
    }

    private static int sideBits(CredentialUse use) {
        int server = SchCredentials.SP_PROT_TLS1_2_SERVER | SchCredentials.SP_PROT_TLS1_3_SERVER;
        int client = SchCredentials.SP_PROT_TLS1_2_CLIENT | SchCredentials.SP_PROT_TLS1_3_CLIENT;
        return (use.inbound() ? server : 0) | (use.outbound() ? client : 0);
    }

    /** MaxToken is a promise: a chain that would not fit it is refused here and not in the middle of a handshake. */
    private static void checkLength(Identity identity) throws SspiException {
        int length;
        try {
            length = CertificateMessage.length(OwnCertificates.encodings(identity.chain()));
            if (identity.delegatedCredential() != null) {
                length += EXTENSION_HEADER + identity.delegatedCredential().length();
            }
        } catch (CertificateEncodingException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    SspiException.Kind.KEY,
                    "a certificate of the credential has no encoding",
                    e);
        }
        if (length > SchannelPackage.MAXIMUM_CHAIN) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    SspiException.Kind.KEY,
                    "the certificate chain takes " + length + " bytes, more than the " + SchannelPackage.MAXIMUM_CHAIN
                            + " that a flight has room for",
                    null);
        }
    }
}
