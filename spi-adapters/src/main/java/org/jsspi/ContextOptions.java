package org.jsspi;

import java.security.AlgorithmConstraints;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIServerName;

/**
 * What the first establishing call of a stream context can be told beyond the parameters of SSPI. Immutable. Lists are in
 * order of preference; null leaves the choice to the package.
 */
public final class ContextOptions {
    /** All choices left to the package. */
    public static final ContextOptions DEFAULT = builder().build();

    /** Whether a server asks for the client's certificate. */
    public enum ClientAuthentication {
        /** It does not. */
        NONE,
        /** It asks, and goes on without. */
        WANT,
        /** It asks, and refuses a client without. */
        NEED
    }

    /**
     * Whether an established connection of TLS 1.2 is negotiated again (RFC 5246 7.4.1.1), and what becomes of a peer's wish for that.
     * TLS 1.3 has no renegotiation, and ends a connection on which somebody asks for one.
     *
     * <p>Where it is granted it is secure renegotiation, with peers that know RFC 5746. With others there is none: the wish of such a peer
     * is refused as with {@link #REFUSE}, and with {@link #INITIATE} it is forbidden as any other. The version, the server's certificate, the
     * extended master secret and the application protocol stay what they are. See {@link StreamContext} for the calls.
     */
    public enum Renegotiation {
        /** Never. The peer is told with the warning no_renegotiation, and the connection goes on (RFC 5246 7.2.2). */
        REFUSE,
        /**
         * Never. A client does as if it had not heard (RFC 5246 7.4.1.1); a server, whose client waits for an answer, refuses.
         */
        IGNORE,
        /** Never. The connection ends with the alert no_renegotiation, as a fatal one. */
        FORBID,
        /** When this side asks for it, as often as it does. A peer that does so of its own accord finds it {@link #FORBID forbidden}. */
        INITIATE,
        /** Once, whoever of the two asks for it; from then on it is {@link #FORBID forbidden}. */
        ACCEPT_ONCE,
        /**
         * Whenever one of the two asks for it. A handshake costs a server much and its client little: this is for servers that know
         * their clients. A client that begins too often, more than 64 times at once and then once in ten seconds, is told no as by
         * {@link #REFUSE}.
         */
        ACCEPT;

        /** {@return whether a connection can be negotiated again} */
        public boolean isPossible() {
            return compareTo(INITIATE) >= 0;
        }
    }

    /**
     * When a client of TLS 1.2 may send data behind its Finished and before the server's, which saves it a round trip (RFC 7918). TLS 1.3
     * has no need of it.
     */
    public enum FalseStart {
        /** Never. */
        NEVER,
        /** Where an application protocol is agreed on (ALPN): a server that knows ALPN is new enough to bear it. */
        WITH_ALPN,
        /** Without an application protocol too: the caller knows that its servers bear it. */
        ALWAYS
    }

    /** How many bytes of trust anchors are sent: a hello is to stay one of a few records. */
    private static final int MOST_TRUST_ANCHORS = 1 << 14;

    private final Builder values;

    private ContextOptions(Builder values) {
        this.values = values;
    }

    /** {@return a builder with all choices left to the package} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the host name of the peer as far as the caller knows it, or null} */
    public String peerHost() {
        return values.peerHost;
    }

    /** {@return the port of the peer, or -1} */
    public int peerPort() {
        return values.peerPort;
    }

    /** {@return JSSE protocol names, or null} */
    public List<String> protocols() {
        return values.protocols;
    }

    /** {@return standard cipher suite names, or null} */
    public List<String> cipherSuites() {
        return values.cipherSuites;
    }

    /** {@return standard group names; names that the package does not know are ignored; or null} */
    public List<String> namedGroups() {
        return values.namedGroups;
    }

    /** {@return signature scheme names as the TLS registry spells them; unknown names are ignored; or null} */
    public List<String> signatureSchemes() {
        return values.signatureSchemes;
    }

    /** {@return constraints on algorithms beyond those of the platform, or null} */
    public AlgorithmConstraints algorithmConstraints() {
        return values.algorithmConstraints;
    }

    /** {@return whether a server asks for a certificate; also asked with ASC_REQ_MUTUAL_AUTH, which is NEED} */
    public ClientAuthentication clientAuthentication() {
        return values.clientAuthentication;
    }

    /** {@return the server names that a client sends; null: the target name if it is a host name; empty: none} */
    public List<SNIServerName> serverNames() {
        return values.serverNames;
    }

    /** {@return how the peer's identity is checked (HTTPS, LDAPS), or null; a session is only resumed under the same} */
    public String endpointIdentificationAlgorithm() {
        return values.endpointIdentificationAlgorithm;
    }

    /** {@return true if a server prefers its own order of cipher suites} */
    public boolean preferLocalCipherSuites() {
        return values.preferLocalCipherSuites;
    }

    /**
     * {@return names of cipher suites, and of groups, that are worth the same to this server, in one list each; empty for none}
     *
     * <p>Among those of one list that stand next to each other in the server's order the client's order decides: so a server that is for
     * AES and ChaCha20 alike gives a client without AES in hardware what is fast for it, and still keeps others behind. It goes with
     * {@link #preferLocalCipherSuites()}, without which the client's order of suites counts anyway; the order of groups is the server's in
     * either case, but for these. Of groups those that the client has
     * sent a key share for come first, as ever. Unknown names are ignored.
     */
    public List<List<String>> equalPreferences() {
        return values.equalPreferences;
    }

    /**
     * {@return true if a server keeps of a client's chain, once it is judged, only the SHA-256 of the client's own certificate, in {@link
     * Session#peerCertificateHash()}: sessions and tickets of many clients with certificates so need less memory}
     *
     * <p>{@link Session#peerCertificates()} is empty then. Sessions that were made otherwise are not resumed, in either direction; nor are
     * those of other servers, and those that are to be judged again, since there is no chain to judge.
     */
    public boolean retainOnlyCertificateHash() {
        return values.retainOnlyCertificateHash;
    }

    /**
     * {@return true if a session of TLS 1.3 may be resumed for another name than it was made for, of those that the server's certificate
     * has (draft-ietf-tls-cross-sni-resumption): a server says so with its tickets, and takes them; a client uses such tickets}
     *
     * <p>A client's callback judges the chain for the new name, as for a new session. Sessions in which a client has shown a certificate,
     * and those of a pre-shared key, stay with their name; early data does too. Bound values are those of the session, whatever the
     * name. By a ticket the servers of one certificate can recognize a client: connections that are not to be known for one client's
     * belong to credentials of their own, since each has sessions of its own.
     */
    public boolean resumptionAcrossNames() {
        return values.resumptionAcrossNames;
    }

    /** {@return true if a new session may be made, false if only one may be resumed} */
    public boolean sessionCreation() {
        return values.sessionCreation;
    }

    /** {@return the largest record in bytes that this side wants to send, header included; 0 for the protocol's} */
    public int maximumPacketSize() {
        return values.maximumPacketSize;
    }

    /**
     * {@return whether a client asks for OCSP responses with the server's certificates; null: what
     * {@code jdk.tls.client.enableStatusRequestExtension} says, which is yes unless set}
     */
    public Boolean requestStatus() {
        return values.requestStatus;
    }

    /**
     * {@return whether a client asks for signed certificate timestamps (RFC 6962), which come in {@link
     * Session#signedCertificateTimestamps()}; null: what {@code org.jsspi.client.requestCertificateTimestamps} says, which is no
     * unless set}
     */
    public Boolean requestCertificateTimestamps() {
        return values.requestCertificateTimestamps;
    }

    /**
     * {@return the trust anchors by which this side says, in TLS 1.3, whose certificates it takes (draft-ietf-tls-trust-anchor-ids): a
     * client of servers, and a server of the clients that it asks for one; empty: nobody is named, and a server answers for whom it has
     * chains; null: the extension is not sent, and neither is the answer}
     *
     * <p>It guides what the peer shows, as the names of authorities do, and decides nothing: whether a chain is trusted is judged as
     * ever. A client's list can be read on the way, and tells clients apart that do not trust the same.
     *
     * @see Session#availableTrustAnchors()
     * @see Identity#withTrustAnchor
     */
    public List<TrustAnchorId> trustAnchors() {
        return values.trustAnchors;
    }

    /**
     * {@return whether this side takes delegated credentials (RFC 9345): a client from servers, a server from the clients that it asks for a
     * certificate, both in TLS 1.3; null: what {@code org.jsspi.acceptDelegatedCredentials} says, which is no unless set}
     *
     * <p>One that is not valid ends the handshake with illegal_parameter. {@link Session#peerDelegated()} says whether there was one.
     */
    public Boolean acceptDelegatedCredentials() {
        return values.acceptDelegatedCredentials;
    }

    /**
     * {@return the ways in which this side compresses its certificates and takes those of the peer, in TLS 1.3, best first; empty for
     * none; null: what {@code org.jsspi.certificateCompression} says, which is none unless set}
     */
    public List<CertificateCompression> certificateCompressions() {
        return values.certificateCompressions;
    }

    /**
     * {@return whether the chain of a session that is resumed is judged again, by {@link ContextCallbacks#verifyPeer}: what was
     * trusted once may have expired or been revoked since; null: what {@code org.jsspi.reverifyOnResume} says, which is no unless set}
     *
     * <p>A client refuses a chain that is not trusted any more, and never offers the session again; a server makes a new session
     * with the client.
     */
    public Boolean reverifyOnResume() {
        return values.reverifyOnResume;
    }

    /**
     * {@return how many bytes of early data (0-RTT) a client sends at most, or a server takes; 0 for none}
     *
     * <p>See {@link StreamContext} for the calls, and {@link EarlyDataInfo} for what early data is worth before setting this.
     */
    public int maximumEarlyData() {
        return values.maximumEarlyData;
    }

    /**
     * {@return when a client of TLS 1.2 may send data before it knows that the handshake is what the server has seen}
     *
     * <p>Only in a full handshake, with a server that a certificate vouches for, by ECDHE over a curve of 256 bits or more and with
     * AES-GCM or ChaCha20-Poly1305, and without a certificate of the client's (RFC 7918 5). See {@link StreamContext} for the calls.
     */
    public FalseStart falseStart() {
        return values.falseStart;
    }

    /** {@return true if calls may answer SEC_I_ASYNC_CALL_PENDING} */
    public boolean async() {
        return values.async;
    }

    /**
     * {@return whether TLS 1.2 is renegotiated} What the first call says holds for the connection: options of later calls neither permit
     * nor forbid it.
     *
     * <p>{@code jdk.tls.rejectClientInitiatedRenegotiation=true} has servers forbid what they have not asked for.
     */
    public Renegotiation renegotiation() {
        return values.renegotiation;
    }

    /**
     * {@return the groups that a client of TLS 1.3 sends key shares for (RFC 8446 4.2.8), best first; others than {@link #namedGroups()}
     * are ignored; empty: none, and the server has to ask for one; null: what {@code org.jsspi.keyShares} says, and otherwise the first
     * group and, if that has ML-KEM in it, the first that has not}
     */
    public List<String> keyShares() {
        return values.keyShares;
    }

    /**
     * {@return true if hellos of clients, and certificate requests and tickets of servers, contain values that nobody may heed (RFC 8701),
     * so that peers stay tolerant of what they do not know; also with {@code org.jsspi.grease=true}}
     */
    public boolean grease() {
        return values.grease;
    }

    /**
     * {@return true if a client sends the extensions of its hello in an order that is drawn anew for each connection, pre_shared_key last
     * (RFC 8446 4.2.11), so that servers and boxes between do not come to count on one order; also with
     * {@code org.jsspi.permuteExtensions=true}}
     *
     * <p>With {@link #grease()}, a reserved value stays in front and one behind. What is inside an Encrypted Client Hello is not permuted.
     */
    public boolean permuteExtensions() {
        return values.permuteExtensions;
    }

    /**
     * {@return true if this is a client's second attempt, with a lower version than its best because the first attempt failed: it says
     * so by TLS_FALLBACK_SCSV (RFC 7507 4), and a server that has a better version refuses it with inappropriate_fallback}
     *
     * <p>A context never falls back by itself, and who does gives up what a better version protects. Whoever does it all the same, for
     * servers that cannot bear the hello of a better version, learns by this whether it was the server that failed or somebody between.
     */
    public boolean fallback() {
        return values.fallback;
    }

    /**
     * {@return how many certificates the peer's chain may have; 0: what {@code jdk.tls.maxCertificateChainLength} and its kin say, and
     * otherwise 10 of a server and 8 of a client}
     */
    public int maximumChainLength() {
        return values.maximumChainLength;
    }

    /**
     * {@return how many bytes the peer's Certificate message may have, compressed or not; 0: what {@code jdk.tls.maxHandshakeMessageSize}
     * says of all messages, and otherwise 65536}
     */
    public int maximumChainSize() {
        return values.maximumChainSize;
    }

    /** {@return who sees the messages of the handshake, alerts and change_cipher_spec go by; null: nobody} */
    public MessageObserver messageObserver() {
        return values.messageObserver;
    }

    /** {@return who is told the secrets of the connection; null: nobody but the file of {@link KeyLogFile#PROPERTY}} */
    public KeyLog keyLog() {
        return values.keyLog;
    }

    /**
     * {@return the ECHConfigList with which a client encrypts its hello (RFC 9849), a copy; or null}
     *
     * <p>The client uses the first configuration that it can; where it can use none the hello goes in the clear, which
     * {@link Session#echStatus()} tells while the handshake runs. TLS 1.3 has to be among the protocols.
     *
     * @see EchConfig#decodeList
     */
    public byte[] echConfigList() {
        return values.echConfigList == null ? null : values.echConfigList.clone();
    }

    /** {@return true if a client that encrypts nothing sends something that looks as if it did (RFC 9849 6.2)} */
    public boolean echGrease() {
        return values.echGrease;
    }

    /** {@return the caller's decisions; null: those of the credential} */
    public ContextCallbacks callbacks() {
        return values.callbacks;
    }

    /** {@return a builder that starts from these options} */
    public Builder toBuilder() {
        return new Builder(values);
    }

    /** Makes {@link ContextOptions}. Defaults are in brackets. */
    public static final class Builder {
        private String peerHost;
        private int peerPort = -1;
        private List<String> protocols;
        private List<String> cipherSuites;
        private List<String> namedGroups;
        private List<String> signatureSchemes;
        private AlgorithmConstraints algorithmConstraints;
        private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
        private List<SNIServerName> serverNames;
        private String endpointIdentificationAlgorithm;
        private boolean preferLocalCipherSuites = true;
        private List<List<String>> equalPreferences = List.of();
        private boolean retainOnlyCertificateHash;
        private boolean resumptionAcrossNames;
        private boolean sessionCreation = true;
        private int maximumPacketSize;
        private Boolean requestStatus;
        private Boolean requestCertificateTimestamps;
        private List<TrustAnchorId> trustAnchors;
        private Boolean acceptDelegatedCredentials;
        private List<CertificateCompression> certificateCompressions;
        private Boolean reverifyOnResume;
        private int maximumEarlyData;
        private FalseStart falseStart = FalseStart.NEVER;
        private boolean async;
        private Renegotiation renegotiation = Renegotiation.REFUSE;
        private List<String> keyShares;
        private boolean grease;
        private boolean permuteExtensions;
        private boolean fallback;
        private int maximumChainLength;
        private int maximumChainSize;
        private MessageObserver messageObserver;
        private KeyLog keyLog;
        private byte[] echConfigList;
        private boolean echGrease;
        private ContextCallbacks callbacks;

        private Builder() {}

        private Builder(Builder from) {
            this.peerHost = from.peerHost;
            this.peerPort = from.peerPort;
            this.protocols = from.protocols;
            this.cipherSuites = from.cipherSuites;
            this.namedGroups = from.namedGroups;
            this.signatureSchemes = from.signatureSchemes;
            this.algorithmConstraints = from.algorithmConstraints;
            this.clientAuthentication = from.clientAuthentication;
            this.serverNames = from.serverNames;
            this.endpointIdentificationAlgorithm = from.endpointIdentificationAlgorithm;
            this.preferLocalCipherSuites = from.preferLocalCipherSuites;
            this.equalPreferences = from.equalPreferences;
            this.retainOnlyCertificateHash = from.retainOnlyCertificateHash;
            this.resumptionAcrossNames = from.resumptionAcrossNames;
            this.sessionCreation = from.sessionCreation;
            this.maximumPacketSize = from.maximumPacketSize;
            this.requestStatus = from.requestStatus;
            this.requestCertificateTimestamps = from.requestCertificateTimestamps;
            this.trustAnchors = from.trustAnchors;
            this.acceptDelegatedCredentials = from.acceptDelegatedCredentials;
            this.certificateCompressions = from.certificateCompressions;
            this.reverifyOnResume = from.reverifyOnResume;
            this.maximumEarlyData = from.maximumEarlyData;
            this.falseStart = from.falseStart;
            this.async = from.async;
            this.renegotiation = from.renegotiation;
            this.keyShares = from.keyShares;
            this.grease = from.grease;
            this.permuteExtensions = from.permuteExtensions;
            this.fallback = from.fallback;
            this.maximumChainLength = from.maximumChainLength;
            this.maximumChainSize = from.maximumChainSize;
            this.messageObserver = from.messageObserver;
            this.keyLog = from.keyLog;
            this.echConfigList = from.echConfigList;
            this.echGrease = from.echGrease;
            this.callbacks = from.callbacks;
        }

        /** Sets {@link ContextOptions#peerHost()} and {@link ContextOptions#peerPort()} [null, -1]. */
        public Builder peer(String host, int port) {
            this.peerHost = host;
            this.peerPort = port;
            return this;
        }

        /** Sets {@link ContextOptions#protocols()} [null]. */
        public Builder protocols(List<String> names) {
            this.protocols = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#cipherSuites()} [null]. */
        public Builder cipherSuites(List<String> names) {
            this.cipherSuites = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#namedGroups()} [null]. */
        public Builder namedGroups(List<String> names) {
            this.namedGroups = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#signatureSchemes()} [null]. */
        public Builder signatureSchemes(List<String> names) {
            this.signatureSchemes = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#algorithmConstraints()} [null]. */
        public Builder algorithmConstraints(AlgorithmConstraints constraints) {
            this.algorithmConstraints = constraints;
            return this;
        }

        /** Sets {@link ContextOptions#clientAuthentication()} [NONE]. */
        public Builder clientAuthentication(ClientAuthentication wish) {
            this.clientAuthentication = Objects.requireNonNull(wish, "wish");
            return this;
        }

        /** Sets {@link ContextOptions#serverNames()} [null]. */
        public Builder serverNames(List<SNIServerName> names) {
            this.serverNames = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#endpointIdentificationAlgorithm()} [null]. */
        public Builder endpointIdentificationAlgorithm(String algorithm) {
            this.endpointIdentificationAlgorithm = algorithm;
            return this;
        }

        /** Sets {@link ContextOptions#preferLocalCipherSuites()} [true]. */
        public Builder preferLocalCipherSuites(boolean prefer) {
            this.preferLocalCipherSuites = prefer;
            return this;
        }

        /**
         * Sets {@link ContextOptions#equalPreferences()} [none].
         *
         * @param names of which none is in two lists, in the spelling of the standard; null for none
         */
        public Builder equalPreferences(List<List<String>> names) {
            List<List<String>> copy =
                    names == null ? List.of() : names.stream().map(List::copyOf).toList();
            long different = copy.stream().flatMap(List::stream).distinct().count();
            if (different != copy.stream().mapToInt(List::size).sum()) {
                throw new IllegalArgumentException("one name twice among equal preferences");
            }
            this.equalPreferences = copy;
            return this;
        }

        /** Sets {@link ContextOptions#retainOnlyCertificateHash()} [false]. */
        public Builder retainOnlyCertificateHash(boolean wanted) {
            this.retainOnlyCertificateHash = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#resumptionAcrossNames()} [false]. */
        public Builder resumptionAcrossNames(boolean wanted) {
            this.resumptionAcrossNames = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#sessionCreation()} [true]. */
        public Builder sessionCreation(boolean allowed) {
            this.sessionCreation = allowed;
            return this;
        }

        /** Sets {@link ContextOptions#maximumPacketSize()} [0]. */
        public Builder maximumPacketSize(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("negative packet size");
            }
            this.maximumPacketSize = bytes;
            return this;
        }

        /** Sets {@link ContextOptions#requestStatus()} [null]. */
        public Builder requestStatus(Boolean wanted) {
            this.requestStatus = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#requestCertificateTimestamps()} [null]. */
        public Builder requestCertificateTimestamps(Boolean wanted) {
            this.requestCertificateTimestamps = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#acceptDelegatedCredentials()} [null]. */
        public Builder acceptDelegatedCredentials(Boolean wanted) {
            this.acceptDelegatedCredentials = wanted;
            return this;
        }

        /**
         * Sets {@link ContextOptions#trustAnchors()} [null].
         *
         * @param ids that take 16,384 bytes at most, each with one more for its length
         */
        public Builder trustAnchors(List<TrustAnchorId> ids) {
            List<TrustAnchorId> copy = copy(ids);
            if (copy != null && copy.stream().mapToInt(id -> 1 + id.length()).sum() > MOST_TRUST_ANCHORS) {
                throw new IllegalArgumentException("trust anchors of more than " + MOST_TRUST_ANCHORS + " bytes");
            }
            this.trustAnchors = copy;
            return this;
        }

        /**
         * Sets {@link ContextOptions#certificateCompressions()} [null].
         *
         * @param ways at most 127, each by another algorithm
         */
        public Builder certificateCompressions(List<CertificateCompression> ways) {
            List<CertificateCompression> copy = copy(ways);
            long algorithms = copy == null
                    ? 0
                    : copy.stream()
                            .mapToInt(way -> Objects.checkIndex(way.algorithm(), 0x10000))
                            .distinct()
                            .count();
            if (copy != null && (copy.size() > 127 || algorithms != copy.size())) {
                throw new IllegalArgumentException(
                        "more than 127 ways to compress certificates, or two by one algorithm");
            }
            this.certificateCompressions = copy;
            return this;
        }

        /** Sets {@link ContextOptions#reverifyOnResume()} [null]. */
        public Builder reverifyOnResume(Boolean wanted) {
            this.reverifyOnResume = wanted;
            return this;
        }

        /**
         * Sets {@link ContextOptions#maximumEarlyData()} [0: off].
         *
         * <p>A server says it to clients with its tickets, and takes early data with tickets that were given under the same limit
         * or a lower one.
         */
        public Builder maximumEarlyData(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("negative limit of early data");
            }
            this.maximumEarlyData = bytes;
            return this;
        }

        /** Sets {@link ContextOptions#falseStart()} [NEVER]; a server does not look at it. */
        public Builder falseStart(FalseStart when) {
            this.falseStart = Objects.requireNonNull(when, "when");
            return this;
        }

        /** Sets {@link ContextOptions#async()} [false]. */
        public Builder async(boolean allowed) {
            this.async = allowed;
            return this;
        }

        /** Sets {@link ContextOptions#renegotiation()} [REFUSE]. */
        public Builder renegotiation(Renegotiation answer) {
            this.renegotiation = Objects.requireNonNull(answer, "answer");
            return this;
        }

        /** Sets {@link ContextOptions#keyShares()} [null]. */
        public Builder keyShares(List<String> names) {
            this.keyShares = copy(names);
            return this;
        }

        /** Sets {@link ContextOptions#grease()} [false]. */
        public Builder grease(boolean wanted) {
            this.grease = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#permuteExtensions()} [false]. */
        public Builder permuteExtensions(boolean wanted) {
            this.permuteExtensions = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#fallback()} [false]. */
        public Builder fallback(boolean isOne) {
            this.fallback = isOne;
            return this;
        }

        /** Sets {@link ContextOptions#maximumChainLength()} [0]. */
        public Builder maximumChainLength(int certificates) {
            if (certificates < 0) {
                throw new IllegalArgumentException("negative length of a chain");
            }
            this.maximumChainLength = certificates;
            return this;
        }

        /** Sets {@link ContextOptions#maximumChainSize()} [0]. */
        public Builder maximumChainSize(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("negative size of a chain");
            }
            this.maximumChainSize = bytes;
            return this;
        }

        /** Sets {@link ContextOptions#messageObserver()} [null]. */
        public Builder messageObserver(MessageObserver observer) {
            this.messageObserver = observer;
            return this;
        }

        /** Sets {@link ContextOptions#keyLog()} [null]. */
        public Builder keyLog(KeyLog log) {
            this.keyLog = log;
            return this;
        }

        /** Sets {@link ContextOptions#echConfigList()} [null]; the array is copied. */
        public Builder echConfigList(byte[] list) {
            this.echConfigList = list == null ? null : list.clone();
            return this;
        }

        /** Sets {@link ContextOptions#echGrease()} [false]. */
        public Builder echGrease(boolean wanted) {
            this.echGrease = wanted;
            return this;
        }

        /** Sets {@link ContextOptions#callbacks()} [null]. */
        public Builder callbacks(ContextCallbacks decisions) {
            this.callbacks = decisions;
            return this;
        }

        /** {@return the options} */
        public ContextOptions build() {
            return new ContextOptions(new Builder(this));
        }

        private static <T> List<T> copy(List<T> list) {
            return list == null ? null : List.copyOf(list);
        }
    }
}
