package org.jsspi.provider.tls.handshake;

import java.security.AlgorithmConstraints;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.CertificateCompression;
import org.jsspi.CertificateTimestamps;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.EchConfig;
import org.jsspi.EchKeys;
import org.jsspi.KeyLog;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.SignatureScheme;

/** What one side of a handshake wants. Immutable; lists are in order of preference. */
public final class HandshakeSettings {
    /** The versions that are offered if nothing else is said. */
    public static final List<ProtocolVersion> DEFAULT_VERSIONS = List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12);

    /** The suites in the order in which they are offered if nothing else is said. */
    public static final List<CipherSuite> DEFAULT_SUITES = List.of(
            CipherSuite.TLS_AES_256_GCM_SHA384,
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

    /** The groups in the order in which they are offered if nothing else is said. */
    public static final List<NamedGroup> DEFAULT_GROUPS = List.of(
            NamedGroup.X25519_MLKEM768,
            NamedGroup.X25519,
            NamedGroup.SECP256R1,
            NamedGroup.SECP384R1,
            NamedGroup.SECP521R1);

    /** The schemes in the order in which they are offered if nothing else is said; PKCS #1 for certificates alone. */
    public static final List<SignatureScheme> DEFAULT_SCHEMES = List.of(
            SignatureScheme.ECDSA_SECP256R1_SHA256,
            SignatureScheme.ECDSA_SECP384R1_SHA384,
            SignatureScheme.ECDSA_SECP521R1_SHA512,
            SignatureScheme.ED25519,
            SignatureScheme.ED448,
            SignatureScheme.RSA_PSS_RSAE_SHA256,
            SignatureScheme.RSA_PSS_RSAE_SHA384,
            SignatureScheme.RSA_PSS_RSAE_SHA512,
            SignatureScheme.RSA_PSS_PSS_SHA256,
            SignatureScheme.RSA_PSS_PSS_SHA384,
            SignatureScheme.RSA_PSS_PSS_SHA512,
            SignatureScheme.RSA_PKCS1_SHA256,
            SignatureScheme.RSA_PKCS1_SHA384,
            SignatureScheme.RSA_PKCS1_SHA512,
            SignatureScheme.MLDSA65,
            SignatureScheme.MLDSA87,
            SignatureScheme.MLDSA44);

    /** RFC 8449 4: what TLS 1.3 allows without the extension, content type included. */
    public static final int LARGEST_RECORD_SIZE_LIMIT = 16385;

    /** The longest Certificate message that is sent, in bytes: the promise of MaxToken counts on it. */
    public static final int LONGEST_CERTIFICATE_MESSAGE = 0x10000;

    private final Builder values;

    private HandshakeSettings(Builder values) {
        this.values = values;
    }

    /**
     * {@return a builder with the defaults}
     *
     * @param callbacks whose decisions count
     */
    public static Builder builder(ContextCallbacks callbacks) {
        return new Builder(callbacks);
    }

    /** {@return the caller's decisions} */
    public ContextCallbacks callbacks() {
        return values.callbacks;
    }

    /** {@return the versions; TLS 1.3 and TLS 1.2 are those that there are} */
    public List<ProtocolVersion> versions() {
        return values.versions;
    }

    /** {@return the suites of all versions; those of a version that is not among {@link #versions()} are never chosen} */
    public List<CipherSuite> suites() {
        return values.suites;
    }

    /** {@return the groups, each of them implemented} */
    public List<NamedGroup> groups() {
        return values.groups;
    }

    /** {@return the schemes that the peer may sign with} */
    public List<SignatureScheme> schemes() {
        return values.schemes;
    }

    /** {@return the server names that a client sends} */
    public List<SNIServerName> serverNames() {
        return values.serverNames;
    }

    /** {@return the target name as the caller gave it, or null} */
    public String targetName() {
        return values.targetName;
    }

    /** {@return the application protocols that a client offers, or from which a server chooses} */
    public List<String> applicationProtocols() {
        return values.applicationProtocols;
    }

    /** {@return whether a server asks for a certificate} */
    public ClientAuthentication clientAuthentication() {
        return values.clientAuthentication;
    }

    /** {@return the authorities that a server names when it asks for a certificate, and a client in its hello} */
    public List<X500Principal> certificateAuthorities() {
        return values.certificateAuthorities;
    }

    /**
     * {@return the extensions that are neither sent nor heard}
     *
     * <p>early_data is not among them: a server has to hear of what it is to pass over. Where it is disabled {@link
     * #maximumEarlyData()} is 0.
     */
    public Set<ExtensionType> disabledExtensions() {
        return values.disabledExtensions;
    }

    /** {@return whether a server's own order of suites counts, and not the client's} */
    public boolean preferLocalCipherSuites() {
        return values.preferLocalCipherSuites;
    }

    /** {@return what is worth the same to a server} */
    public EqualPreferences equalPreferences() {
        return values.equalPreferences;
    }

    /** {@return the record_size_limit to announce; 0 for none, and then the peer's is not heeded} */
    public int recordSizeLimit() {
        return values.recordSizeLimit;
    }

    /** {@return how many bytes of early data a client sends at most, or a server takes; 0 for none} */
    public int maximumEarlyData() {
        return values.maximumEarlyData;
    }

    /** {@return when a client of TLS 1.2 may send data before the server's Finished (RFC 7918)} */
    public ContextOptions.FalseStart falseStart() {
        return values.falseStart;
    }

    /** {@return how many certificates a chain may have} */
    public int maximumChainLength() {
        return values.maximumChainLength;
    }

    /** {@return whether a session may be made; if not, only one may be resumed} */
    public boolean sessionCreation() {
        return values.sessionCreation;
    }

    /** {@return the session that a client offers to resume, or null} */
    public ResumableSession resumption() {
        return values.resumption;
    }

    /** {@return a server's memory of sessions, or null if it has none} */
    public Tickets tickets() {
        return values.tickets;
    }

    /** {@return whether the chain of a session that is resumed is judged again} */
    public boolean reverifyOnResume() {
        return values.reverifyOnResume;
    }

    /** {@return whether a client makes the handshake look like TLS 1.2 to middleboxes (RFC 8446 D.4)} */
    public boolean middleboxCompatibility() {
        return values.middleboxCompatibility;
    }

    /** {@return whether a client asks for a proof that the server's certificate is not revoked (RFC 6066 8)} */
    public boolean requestsStatus() {
        return values.requestStatus && !values.disabledExtensions.contains(ExtensionType.STATUS_REQUEST);
    }

    /** {@return whether a client asks for signed certificate timestamps (RFC 6962 3.3)} */
    public boolean requestsTimestamps() {
        return values.requestTimestamps;
    }

    /** {@return where a server has the signed certificate timestamps of its certificate, or null} */
    public CertificateTimestamps timestamps() {
        return values.timestamps;
    }

    /** {@return whether the peer may show a delegated credential in place of its certificate's key (RFC 9345)} */
    public boolean acceptsDelegatedCredentials() {
        return values.acceptDelegatedCredentials
                && !values.disabledExtensions.contains(ExtensionType.DELEGATED_CREDENTIAL);
    }

    /** {@return the caller's constraints on keys that no trust manager sees, or null} */
    public AlgorithmConstraints algorithmConstraints() {
        return values.algorithmConstraints;
    }

    /** {@return whether a server keeps of a client's chain only the hash of the client's own certificate} */
    public boolean retainOnlyCertificateHash() {
        return values.retainOnlyCertificateHash;
    }

    /** {@return whether sessions may be resumed for other names of the certificate} */
    public boolean resumptionAcrossNames() {
        return values.resumptionAcrossNames;
    }

    /** {@return what a server staples to its certificates for clients that ask, or null} */
    public Stapling stapling() {
        return values.stapling;
    }

    /** {@return the keys that this side has in common with its peers, or null} */
    public PreSharedKeys preSharedKeys() {
        return values.preSharedKeys;
    }

    /** {@return whether nothing but a pre-shared key, or a session that began with one, makes a connection} */
    boolean requiresPreSharedKey() {
        return values.preSharedKeys != null && values.preSharedKeys.certificates() == Certificates.NEVER;
    }

    /** {@return the trust anchors by which this side says whom it trusts, perhaps none; null: it does not speak of them} */
    public List<TrustAnchorId> trustAnchors() {
        return values.trustAnchors;
    }

    /** {@return the ways in which certificates are compressed, best first, each by an algorithm of its own (RFC 8879)} */
    public List<CertificateCompression> certificateCompressions() {
        return values.certificateCompressions;
    }

    /** {@return what has been compressed already} */
    public CompressedCertificates compressedCertificates() {
        return values.compressedCertificates;
    }

    /** {@return how long a handshake message of the peer may be when it is decompressed, in bytes without its header} */
    public int maximumMessageLength() {
        return values.maximumMessageLength;
    }

    /**
     * {@return these settings, for a client that has these keys for the server: without the suites, and the versions, that it could
     * not use}
     */
    HandshakeSettings forKeys(List<PreSharedKey> keys) {
        boolean keyOfTls12 = keys.stream().anyMatch(key -> key.name().use() == PreSharedKey.Use.TLS12);
        return keeping(suite -> suite.isPreSharedKey12()
                ? keyOfTls12
                : !requiresPreSharedKey()
                        || suite.version() == ProtocolVersion.TLS13
                                && keys.stream()
                                        .anyMatch(key -> ExternalKey.identity(key, Negotiation.hash(suite))
                                                .isPresent()));
    }

    /** {@return these settings, for a server: without suites for certificates, where those do not count} */
    HandshakeSettings forServer() {
        return requiresPreSharedKey()
                ? keeping(suite -> suite.version() == ProtocolVersion.TLS13 || suite.isPreSharedKey12())
                : this;
    }

    private HandshakeSettings keeping(Predicate<CipherSuite> wanted) {
        Builder narrower = new Builder(values);
        narrower.suites = values.suites.stream().filter(wanted).toList();
        narrower.versions = values.versions.stream()
                .filter(version -> narrower.suites.stream().anyMatch(suite -> suite.version() == version))
                .toList();
        return new HandshakeSettings(narrower);
    }

    /**
     * {@return these settings, for a client whose hello is encrypted: if that is not taken the server of the public name is known by
     * its certificate alone (RFC 9849 6.1.7)}
     */
    HandshakeSettings forEncryptedHello() {
        return values.suites.stream().anyMatch(CipherSuite::isPreSharedKey12)
                ? keeping(suite -> !suite.isPreSharedKey12())
                : this;
    }

    /** {@return the configurations from which a client takes one to encrypt its hello (RFC 9849), best first; empty for none} */
    public List<EchConfig> echConfigs() {
        return values.echConfigs;
    }

    /** {@return whether a client that encrypts nothing looks as if it did (RFC 9849 6.2)} */
    public boolean echGrease() {
        return values.echGrease;
    }

    /** {@return with what a server opens encrypted hellos; null: it does not look at them} */
    public EchKeys echKeys() {
        return values.echKeys;
    }

    /** {@return whether TLS 1.2 is refused to a peer without the extended master secret, which is used wherever it is offered} */
    public boolean requireExtendedMasterSecret() {
        return values.requireExtendedMasterSecret;
    }

    /** {@return whether TLS 1.2 is renegotiated, and what becomes of a wish for that} */
    public Renegotiation renegotiation() {
        return values.renegotiation;
    }

    /** {@return where the settings of a renegotiation come from; null where there is none} */
    public Renegotiations renegotiations() {
        return values.renegotiations;
    }

    /** {@return whether a client's callbacks check the server's name, so that its certificate may change in a renegotiation} */
    public boolean identifiesServer() {
        return values.identifiesServer;
    }

    /** {@return whether a connection that these settings have led to can be negotiated again, if the peer can do it} */
    boolean permitsRenegotiation() {
        return values.renegotiation.isPossible()
                && values.renegotiations != null
                // It makes a session, always.
                && values.sessionCreation
                && !values.disabledExtensions.contains(ExtensionType.RENEGOTIATION_INFO);
    }

    /**
     * {@return these settings, for a renegotiation: in the version that there is, with the application protocol that there is, and with
     * a session that is neither resumed nor resumable}
     */
    HandshakeSettings forRenegotiation() {
        Builder again = new Builder(values);
        again.versions = List.of(ProtocolVersion.TLS12);
        again.applicationProtocols = List.of();
        again.resumption = null;
        again.tickets = null;
        again.maximumEarlyData = 0;
        again.echConfigs = List.of();
        again.echGrease = false;
        again.echKeys = null;
        again.falseStart = ContextOptions.FalseStart.NEVER;
        again.fallback = false;
        return new HandshakeSettings(again);
    }

    /** {@return the groups that a client sends shares for; null for the usual} */
    public List<NamedGroup> keyShares() {
        return values.keyShares;
    }

    /** {@return whether reserved values are offered (RFC 8701)} */
    public boolean grease() {
        return values.grease;
    }

    /** {@return whether the extensions of a client's hello come in an order that is drawn for it} */
    public boolean permuteExtensions() {
        return values.permuteExtensions;
    }

    /** {@return whether this is the second attempt of a client, with a lower version (RFC 7507)} */
    public boolean fallback() {
        return values.fallback;
    }

    /** {@return the session that the handshake fills} */
    public TlsSession session() {
        return values.session;
    }

    /** {@return who is told the secrets, or null} */
    public KeyLog keyLog() {
        return values.keyLog;
    }

    /** {@return where random bytes come from} */
    public SecureRandom random() {
        return values.random;
    }

    /** Makes {@link HandshakeSettings}. Defaults are in brackets. */
    public static final class Builder {
        private final ContextCallbacks callbacks;
        private List<ProtocolVersion> versions = DEFAULT_VERSIONS;
        private List<CipherSuite> suites = DEFAULT_SUITES;
        private List<NamedGroup> groups = DEFAULT_GROUPS;
        private List<SignatureScheme> schemes = DEFAULT_SCHEMES;
        private List<SNIServerName> serverNames = List.of();
        private String targetName;
        private List<String> applicationProtocols = List.of();
        private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
        private List<X500Principal> certificateAuthorities = List.of();
        private Set<ExtensionType> disabledExtensions = Set.of();
        private boolean preferLocalCipherSuites = true;
        private EqualPreferences equalPreferences = EqualPreferences.NONE;
        private int recordSizeLimit = LARGEST_RECORD_SIZE_LIMIT;
        private int maximumEarlyData;
        private ContextOptions.FalseStart falseStart = ContextOptions.FalseStart.NEVER;
        private int maximumChainLength = 10;
        private boolean sessionCreation = true;
        private ResumableSession resumption;
        private Tickets tickets;
        private boolean reverifyOnResume;
        private boolean middleboxCompatibility = true;
        private boolean requestStatus;
        private Stapling stapling;
        private PreSharedKeys preSharedKeys;
        private boolean requestTimestamps;
        private CertificateTimestamps timestamps;
        private List<TrustAnchorId> trustAnchors;
        private boolean acceptDelegatedCredentials;
        private AlgorithmConstraints algorithmConstraints;
        private boolean retainOnlyCertificateHash;
        private boolean resumptionAcrossNames;
        private List<CertificateCompression> certificateCompressions = List.of();
        private CompressedCertificates compressedCertificates;
        private int maximumMessageLength = LONGEST_CERTIFICATE_MESSAGE;
        private List<EchConfig> echConfigs = List.of();
        private boolean echGrease;
        private EchKeys echKeys;
        private boolean requireExtendedMasterSecret;
        private Renegotiation renegotiation = Renegotiation.REFUSE;
        private Renegotiations renegotiations;
        private boolean identifiesServer;
        private List<NamedGroup> keyShares;
        private boolean grease;
        private boolean permuteExtensions;
        private boolean fallback;
        private TlsSession session;
        private KeyLog keyLog;
        private SecureRandom random = Randomness.secureRandom();

        private Builder(ContextCallbacks callbacks) {
            this.callbacks = Objects.requireNonNull(callbacks, "callbacks");
        }

        private Builder(Builder from) {
            this.callbacks = from.callbacks;
            this.versions = from.versions;
            this.suites = from.suites;
            this.groups = from.groups;
            this.schemes = from.schemes;
            this.serverNames = from.serverNames;
            this.targetName = from.targetName;
            this.applicationProtocols = from.applicationProtocols;
            this.clientAuthentication = from.clientAuthentication;
            this.certificateAuthorities = from.certificateAuthorities;
            this.disabledExtensions = from.disabledExtensions;
            this.maximumEarlyData = from.maximumEarlyData;
            if (disabledExtensions.contains(ExtensionType.EARLY_DATA)) {
                EnumSet<ExtensionType> others = EnumSet.copyOf(disabledExtensions);
                others.remove(ExtensionType.EARLY_DATA);
                this.disabledExtensions = Set.copyOf(others);
                this.maximumEarlyData = 0;
            }
            this.falseStart = from.falseStart;
            this.preferLocalCipherSuites = from.preferLocalCipherSuites;
            this.equalPreferences = from.equalPreferences;
            this.recordSizeLimit = from.recordSizeLimit;
            this.maximumChainLength = from.maximumChainLength;
            this.sessionCreation = from.sessionCreation;
            this.resumption = from.resumption;
            this.tickets = from.tickets;
            this.reverifyOnResume = from.reverifyOnResume;
            this.middleboxCompatibility = from.middleboxCompatibility;
            this.requestStatus = from.requestStatus;
            this.stapling = from.stapling;
            this.preSharedKeys = from.preSharedKeys;
            this.requestTimestamps = from.requestTimestamps;
            this.timestamps = from.timestamps;
            this.trustAnchors = from.trustAnchors;
            this.acceptDelegatedCredentials = from.acceptDelegatedCredentials;
            this.algorithmConstraints = from.algorithmConstraints;
            this.retainOnlyCertificateHash = from.retainOnlyCertificateHash;
            this.resumptionAcrossNames = from.resumptionAcrossNames;
            this.certificateCompressions = from.certificateCompressions;
            this.compressedCertificates = from.compressedCertificates;
            this.maximumMessageLength = from.maximumMessageLength;
            this.echConfigs = from.echConfigs;
            this.echGrease = from.echGrease;
            this.echKeys = from.echKeys;
            this.requireExtendedMasterSecret = from.requireExtendedMasterSecret;
            this.session = from.session == null ? new TlsSession(null, -1) : from.session;
            this.renegotiation = from.renegotiation;
            this.renegotiations = from.renegotiations;
            this.identifiesServer = from.identifiesServer;
            this.keyShares = from.keyShares;
            this.grease = from.grease;
            this.permuteExtensions = from.permuteExtensions;
            this.fallback = from.fallback;
            this.keyLog = from.keyLog;
            this.random = from.random;
        }

        /** Sets {@link HandshakeSettings#versions()} [{@link #DEFAULT_VERSIONS}]. */
        public Builder versions(List<ProtocolVersion> wanted) {
            this.versions = List.copyOf(wanted);
            return this;
        }

        /** Sets {@link HandshakeSettings#suites()} [{@link #DEFAULT_SUITES}]. */
        public Builder suites(List<CipherSuite> order) {
            this.suites = List.copyOf(order);
            return this;
        }

        /**
         * Sets {@link HandshakeSettings#groups()} [{@link #DEFAULT_GROUPS}].
         *
         * <p>Groups without an implementation are left out. A client sends a share for the first; if that has ML-KEM in it,
         * also one for the first that has not, so that a server without ML-KEM needs no second ClientHello.
         */
        public Builder groups(List<NamedGroup> order) {
            this.groups = List.copyOf(Negotiation.implementedGroups(List.copyOf(order)));
            return this;
        }

        /** Sets {@link HandshakeSettings#schemes()} [{@link #DEFAULT_SCHEMES}]; SHA-1 is left out. */
        public Builder schemes(List<SignatureScheme> order) {
            this.schemes = List.copyOf(Negotiation.implementedSchemes(List.copyOf(order)));
            return this;
        }

        /** Sets {@link HandshakeSettings#serverNames()} [none]; IP addresses among them are not sent. */
        public Builder serverNames(List<SNIServerName> names) {
            this.serverNames = List.copyOf(names);
            return this;
        }

        /** Sets {@link HandshakeSettings#targetName()} [null]. */
        public Builder targetName(String name) {
            this.targetName = name;
            return this;
        }

        /**
         * Sets {@link HandshakeSettings#applicationProtocols()} [none].
         *
         * <p>A server asks the callback first, and chooses from these where that answers with the empty string.
         *
         * @param names each of 1 to 255 characters, one for each byte
         */
        public Builder applicationProtocols(List<String> names) {
            this.applicationProtocols = List.copyOf(names);
            return this;
        }

        /** Sets {@link HandshakeSettings#clientAuthentication()} [NONE]. */
        public Builder clientAuthentication(ClientAuthentication wish) {
            this.clientAuthentication = Objects.requireNonNull(wish, "wish");
            return this;
        }

        /** Sets {@link HandshakeSettings#certificateAuthorities()} [none]. */
        public Builder certificateAuthorities(List<X500Principal> names) {
            this.certificateAuthorities = List.copyOf(names);
            return this;
        }

        /** Sets {@link HandshakeSettings#disabledExtensions()} [none]. */
        public Builder disabledExtensions(Set<ExtensionType> types) {
            this.disabledExtensions = Set.copyOf(types);
            return this;
        }

        /** Sets {@link HandshakeSettings#preferLocalCipherSuites()} [true]. */
        public Builder preferLocalCipherSuites(boolean prefer) {
            this.preferLocalCipherSuites = prefer;
            return this;
        }

        /** Sets {@link HandshakeSettings#equalPreferences()} [none]. */
        public Builder equalPreferences(EqualPreferences equals) {
            this.equalPreferences = Objects.requireNonNull(equals, "equals");
            return this;
        }

        /** Sets {@link HandshakeSettings#recordSizeLimit()} [16385]; 0, or 64 to 16385. */
        public Builder recordSizeLimit(int limit) {
            // RFC 8449 4: not under 64, and not over what the protocol allows.
            if (limit != 0 && (limit < 64 || limit > LARGEST_RECORD_SIZE_LIMIT)) {
                throw new IllegalArgumentException("a record size limit is 0 or 64 to 16385, not " + limit);
            }
            this.recordSizeLimit = limit;
            return this;
        }

        /** Sets {@link HandshakeSettings#maximumEarlyData()} [0]. */
        public Builder maximumEarlyData(int bytes) {
            this.maximumEarlyData = bytes;
            return this;
        }

        /** Sets {@link HandshakeSettings#falseStart()} [NEVER]. */
        public Builder falseStart(ContextOptions.FalseStart when) {
            this.falseStart = Objects.requireNonNull(when, "when");
            return this;
        }

        /** Sets {@link HandshakeSettings#maximumChainLength()} [10]. */
        public Builder maximumChainLength(int certificates) {
            this.maximumChainLength = certificates;
            return this;
        }

        /** Sets {@link HandshakeSettings#sessionCreation()} [true]. */
        public Builder sessionCreation(boolean allowed) {
            this.sessionCreation = allowed;
            return this;
        }

        /** Sets {@link HandshakeSettings#resumption()} [null]; it is used up, and destroyed with the handshake. */
        public Builder resumption(ResumableSession offered) {
            this.resumption = offered;
            return this;
        }

        /** Sets {@link HandshakeSettings#tickets()} [null]. */
        public Builder tickets(Tickets memory) {
            this.tickets = memory;
            return this;
        }

        /** Sets {@link HandshakeSettings#reverifyOnResume()} [false]. */
        public Builder reverifyOnResume(boolean wanted) {
            this.reverifyOnResume = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#middleboxCompatibility()} [true]. */
        public Builder middleboxCompatibility(boolean wanted) {
            this.middleboxCompatibility = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#requestsStatus()} [false]. */
        public Builder requestStatus(boolean wanted) {
            this.requestStatus = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#stapling()} [null]. */
        public Builder stapling(Stapling source) {
            this.stapling = source;
            return this;
        }

        /** Sets {@link HandshakeSettings#preSharedKeys()} [null]. */
        public Builder preSharedKeys(PreSharedKeys keys) {
            this.preSharedKeys = keys;
            return this;
        }

        /** Sets {@link HandshakeSettings#requestsTimestamps()} [false]. */
        public Builder requestTimestamps(boolean wanted) {
            this.requestTimestamps = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#timestamps()} [null]. */
        public Builder timestamps(CertificateTimestamps source) {
            this.timestamps = source;
            return this;
        }

        /** Sets {@link HandshakeSettings#trustAnchors()} [null]. */
        public Builder trustAnchors(List<TrustAnchorId> ids) {
            this.trustAnchors = ids == null ? null : List.copyOf(ids);
            return this;
        }

        /** Sets {@link HandshakeSettings#algorithmConstraints()} [null]. */
        public Builder algorithmConstraints(AlgorithmConstraints constraints) {
            this.algorithmConstraints = constraints;
            return this;
        }

        /** Sets {@link HandshakeSettings#retainOnlyCertificateHash()} [false]. */
        public Builder retainOnlyCertificateHash(boolean wanted) {
            this.retainOnlyCertificateHash = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#resumptionAcrossNames()} [false]. */
        public Builder resumptionAcrossNames(boolean wanted) {
            this.resumptionAcrossNames = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#acceptsDelegatedCredentials()} [false]. */
        public Builder acceptDelegatedCredentials(boolean wanted) {
            this.acceptDelegatedCredentials = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#certificateCompressions()} [none]. */
        public Builder certificateCompressions(List<CertificateCompression> ways) {
            this.certificateCompressions = List.copyOf(ways);
            return this;
        }

        /** Sets {@link HandshakeSettings#compressedCertificates()} [null, which goes with no way to compress]. */
        public Builder compressedCertificates(CompressedCertificates memory) {
            this.compressedCertificates = memory;
            return this;
        }

        /** Sets {@link HandshakeSettings#maximumMessageLength()} [65536]. */
        public Builder maximumMessageLength(int bytes) {
            this.maximumMessageLength = bytes;
            return this;
        }

        /** Sets {@link HandshakeSettings#echConfigs()} [none]. */
        public Builder echConfigs(List<EchConfig> bestFirst) {
            this.echConfigs = List.copyOf(bestFirst);
            return this;
        }

        /** Sets {@link HandshakeSettings#echGrease()} [false]. */
        public Builder echGrease(boolean wanted) {
            this.echGrease = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#echKeys()} [null]. */
        public Builder echKeys(EchKeys keys) {
            this.echKeys = keys;
            return this;
        }

        /** Sets {@link HandshakeSettings#requireExtendedMasterSecret()} [false]. */
        public Builder requireExtendedMasterSecret(boolean required) {
            this.requireExtendedMasterSecret = required;
            return this;
        }

        /** Sets {@link HandshakeSettings#renegotiation()} [REFUSE]. */
        public Builder renegotiation(Renegotiation answer) {
            this.renegotiation = answer;
            return this;
        }

        /** Sets {@link HandshakeSettings#renegotiations()} [null]. */
        public Builder renegotiations(Renegotiations source) {
            this.renegotiations = source;
            return this;
        }

        /** Sets {@link HandshakeSettings#identifiesServer()} [false]. */
        public Builder identifiesServer(boolean checked) {
            this.identifiesServer = checked;
            return this;
        }

        /** Sets {@link HandshakeSettings#keyShares()} [null]. */
        public Builder keyShares(List<NamedGroup> those) {
            this.keyShares = those == null ? null : List.copyOf(those);
            return this;
        }

        /** Sets {@link HandshakeSettings#grease()} [false]. */
        public Builder grease(boolean wanted) {
            this.grease = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#permuteExtensions()} [false]. */
        public Builder permuteExtensions(boolean wanted) {
            this.permuteExtensions = wanted;
            return this;
        }

        /** Sets {@link HandshakeSettings#fallback()} [false]. */
        public Builder fallback(boolean isOne) {
            this.fallback = isOne;
            return this;
        }

        /** Sets {@link HandshakeSettings#session()} [a new one]. */
        public Builder session(TlsSession toFill) {
            this.session = Objects.requireNonNull(toFill, "toFill");
            return this;
        }

        /** Sets {@link HandshakeSettings#keyLog()} [null]. */
        public Builder keyLog(KeyLog log) {
            this.keyLog = log;
            return this;
        }

        /** Sets {@link HandshakeSettings#random()} [the shared one]. */
        public Builder random(SecureRandom source) {
            this.random = Objects.requireNonNull(source, "source");
            return this;
        }

        /** {@return the settings} */
        public HandshakeSettings build() {
            return new HandshakeSettings(new Builder(this));
        }
    }
}
