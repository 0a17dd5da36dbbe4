package org.jsspi.provider.tls.handshake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.EchStatus;
import org.jsspi.PreSharedKey;
import org.jsspi.Session;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.TrustAnchors;
import org.jsspi.provider.wire.Recent;

/**
 * The session of a TLS connection. One thread fills it while the handshake runs; any thread reads it at any time.
 *
 * <p>A resumed session shares with the one it resumes what outlives a connection: id, age, validity and bound values.
 */
public final class TlsSession implements Session {
    private static final byte[] NOTHING = {};
    private static final Codes NO_CODES = Codes.of();

    /** What most peers say; a longer list, which a peer can make up, is not worth keeping for others. */
    private static final int LONGEST_SHARED = 32;

    private static final Recent<Codes> SCHEMES = new Recent<>();

    /** Of a peer that has proven to have the key of its certificate: nothing else ends. */
    static final long NOT_DELEGATED = Long.MAX_VALUE;

    /** What all connections of one session have in common. */
    private static final class Shared {
        private static final VarHandle BOUND_VALUES;

        static {
            try {
                BOUND_VALUES = MethodHandles.lookup().findVarHandle(Shared.class, "boundValues", ConcurrentMap.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        final long creationTime;
        /** Null until somebody asks: by {@link #BOUND_VALUES}. */
        private volatile ConcurrentMap<String, Object> boundValues;

        volatile byte[] id = NOTHING;
        volatile long lastAccessedTime;
        volatile boolean invalidated;
        volatile Consumer<byte[]> invalidationListener;

        Shared(long creationTime) {
            this.creationTime = creationTime;
            this.lastAccessedTime = creationTime;
        }

        ConcurrentMap<String, Object> boundValues() {
            if (boundValues == null) {
                BOUND_VALUES.compareAndSet(this, null, new ConcurrentHashMap<>(4));
            }
            return boundValues;
        }
    }

    private volatile String peerHost;
    private final int peerPort;

    private volatile Shared shared = new Shared(System.currentTimeMillis());
    private volatile boolean resumed;
    private volatile ProtocolVersion version;
    private volatile CipherSuite suite;
    private volatile NamedGroup group;
    private volatile boolean extendedMasterSecret;
    private volatile boolean secureRenegotiation;
    private volatile long maximumEarlyData;
    private volatile int peersRecordSizeLimit = HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT;
    private volatile List<X509Certificate> peerCertificates = List.of();
    private volatile byte[] peerCertificateHash = NOTHING;
    private volatile boolean resumableAcrossNames;
    private volatile PreSharedKey.Name preSharedKeyName;
    private volatile String peerSignatureScheme;
    private volatile boolean trustAnchorMatched;
    private volatile TrustAnchors availableTrustAnchors;
    /** In milliseconds since the epoch. */
    private volatile long delegatedUntil = NOT_DELEGATED;

    private volatile List<X509Certificate> localCertificates = List.of();
    private volatile byte[] localCertificateHash = NOTHING;
    private volatile List<SNIServerName> requestedServerNames = List.of();
    private volatile List<byte[]> statusResponses = List.of();
    private volatile List<byte[]> signedCertificateTimestamps = List.of();
    private volatile EchStatus echStatus = EchStatus.NOT_OFFERED;
    // As schemes: their names are made when somebody asks for them.
    private volatile List<SignatureScheme> localSignatureSchemes = List.of();
    private volatile Codes peerSignatureSchemes = NO_CODES;

    /**
     * A session in which nothing is known yet.
     *
     * @param peerHost as the caller gave it, or null
     * @param peerPort as the caller gave it, or -1
     */
    public TlsSession(String peerHost, int peerPort) {
        this.peerHost = peerHost;
        this.peerPort = peerPort;
    }

    /** {@return a session that was kept outside of this process, or was forgotten here} */
    static TlsSession restored(byte[] id, long creationTime) {
        TlsSession session = new TlsSession(null, -1);
        session.shared = new Shared(creationTime);
        session.shared.id = id;
        return session;
    }

    @Override
    public byte[] id() {
        return shared.id.clone();
    }

    /** {@return the live array of the id, which nobody changes} */
    public byte[] sharedId() {
        return shared.id;
    }

    @Override
    public long creationTime() {
        return shared.creationTime;
    }

    @Override
    public long lastAccessedTime() {
        return shared.lastAccessedTime;
    }

    @Override
    public String protocol() {
        ProtocolVersion known = version;
        return known == null ? null : known.standardName();
    }

    @Override
    public String cipherSuite() {
        CipherSuite known = suite;
        return known == null ? null : known.standardName();
    }

    @Override
    public String namedGroup() {
        NamedGroup known = group;
        return known == null ? null : known.standardName();
    }

    @Override
    public boolean extendedMasterSecret() {
        // RFC 7627 1, RFC 8446 D: TLS 1.3 has always mixed the transcript in.
        return extendedMasterSecret || version == ProtocolVersion.TLS13;
    }

    @Override
    public boolean secureRenegotiation() {
        return secureRenegotiation || version == ProtocolVersion.TLS13;
    }

    @Override
    public boolean resumed() {
        return resumed;
    }

    @Override
    public String peerHost() {
        return peerHost;
    }

    @Override
    public int peerPort() {
        return peerPort;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }

    @Override
    public boolean resumableAcrossNames() {
        return resumableAcrossNames;
    }

    void resumableAcrossNames(boolean resumable) {
        resumableAcrossNames = resumable;
    }

    @Override
    public byte[] peerCertificateHash() {
        return peerCertificateHash.clone();
    }

    /** {@return whether the peer is known by a certificate, whatever was kept of it} */
    public boolean authenticatesByCertificate() {
        return !peerCertificates.isEmpty() || peerCertificateHash.length > 0;
    }

    @Override
    public List<X509Certificate> localCertificates() {
        return localCertificates;
    }

    @Override
    public List<SNIServerName> requestedServerNames() {
        return requestedServerNames;
    }

    @Override
    public List<byte[]> statusResponses() {
        return copies(statusResponses);
    }

    @Override
    public PreSharedKey.Name preSharedKeyName() {
        return preSharedKeyName;
    }

    @Override
    public List<byte[]> signedCertificateTimestamps() {
        return copies(signedCertificateTimestamps);
    }

    private static List<byte[]> copies(List<byte[]> originals) {
        return originals.isEmpty()
                ? List.of()
                : originals.stream().map(byte[]::clone).toList();
    }

    @Override
    public boolean trustAnchorMatched() {
        return trustAnchorMatched;
    }

    @Override
    public List<TrustAnchorId> availableTrustAnchors() {
        TrustAnchors available = availableTrustAnchors;
        return available == null ? List.of() : available.ids();
    }

    @Override
    public String peerSignatureScheme() {
        return peerSignatureScheme;
    }

    @Override
    public boolean peerDelegated() {
        return delegatedUntil != NOT_DELEGATED;
    }

    @Override
    public List<String> localSupportedSignatureAlgorithms() {
        return Collections.unmodifiableList(Negotiation.algorithmNames(localSignatureSchemes));
    }

    @Override
    public List<String> peerSupportedSignatureAlgorithms() {
        return List.copyOf(Negotiation.algorithmNames(
                peerSignatureSchemes.known(SignatureScheme::of).toList()));
    }

    @Override
    public long maximumEarlyData() {
        return maximumEarlyData;
    }

    @Override
    public List<String> peerSupportedSignatureSchemes() {
        return peerSignatureSchemes
                .known(SignatureScheme::of)
                .map(SignatureScheme::standardName)
                .toList();
    }

    @Override
    public EchStatus echStatus() {
        return echStatus;
    }

    @Override
    public ConcurrentMap<String, Object> boundValues() {
        return shared.boundValues();
    }

    @Override
    public boolean isValid() {
        return !shared.invalidated;
    }

    @Override
    public void invalidate() {
        Shared common = shared;
        common.invalidated = true;
        Consumer<byte[]> listener = common.invalidationListener;
        if (listener != null) {
            listener.accept(common.id.clone());
        }
    }

    /**
     * Names who is told the id of this session when it is invalidated, now if it is already: whoever has given it away in a ticket.
     */
    public void onInvalidation(Consumer<byte[]> listener) {
        Shared common = shared;
        common.invalidationListener = listener;
        if (common.invalidated) {
            listener.accept(common.id.clone());
        }
    }

    @Override
    public String toString() {
        return "TlsSession[" + protocol() + ", " + cipherSuite() + (resumed ? ", resumed]" : "]");
    }

    /** Becomes a further connection of {@code original}; values that were bound here so far are bound there. */
    void resume(TlsSession original) {
        Shared first = original.shared;
        ConcurrentMap<String, Object> boundSoFar = shared.boundValues;
        if (boundSoFar != null) {
            first.boundValues().putAll(boundSoFar);
        }
        first.lastAccessedTime = System.currentTimeMillis();
        peerCertificates = original.peerCertificates;
        peerCertificateHash = original.peerCertificateHash;
        preSharedKeyName = original.preSharedKeyName;
        peerSignatureScheme = original.peerSignatureScheme;
        delegatedUntil = original.delegatedUntil;
        localCertificates = original.localCertificates;
        statusResponses = original.statusResponses;
        if (version == ProtocolVersion.TLS12) {
            // Without a key exchange of its own, and only where the original is remembered.
            group = original.group;
        }
        signedCertificateTimestamps = original.signedCertificateTimestamps;
        resumed = true;
        shared = first;
    }

    /** Names the session, unless it has a name: from now on it can be found and resumed. */
    void name(byte[] id) {
        if (shared.id.length == 0) {
            shared.id = id;
        }
    }

    /** {@return the version, or null} */
    ProtocolVersion version() {
        return version;
    }

    /** {@return the suite, or null} */
    CipherSuite suite() {
        return suite;
    }

    /** {@return the group of the key exchange, or null} */
    NamedGroup group() {
        return group;
    }

    void version(ProtocolVersion chosen) {
        version = chosen;
    }

    void suite(CipherSuite chosen) {
        suite = chosen;
    }

    void group(NamedGroup chosen) {
        group = chosen;
    }

    void maximumEarlyData(long bytes) {
        maximumEarlyData = bytes;
    }

    /** {@return the plaintext of the largest record that the server takes, with the content type and the padding (RFC 8449 4)} */
    int peersRecordSizeLimit() {
        return peersRecordSizeLimit;
    }

    void peersRecordSizeLimit(int bytes) {
        peersRecordSizeLimit = bytes;
    }

    void extendedMasterSecret(boolean extended) {
        extendedMasterSecret = extended;
    }

    void secureRenegotiation(boolean secure) {
        secureRenegotiation = secure;
    }

    void peerCertificates(List<X509Certificate> chain) {
        peerCertificates = List.copyOf(chain);
    }

    /** @param hash SHA-256, which stays the caller's, who does not change it any more */
    void peerCertificateHash(byte[] hash) {
        peerCertificateHash = hash;
    }

    void localCertificates(List<X509Certificate> chain) {
        localCertificates = List.copyOf(chain);
    }

    /** {@return of which certificate of our own the client has been convinced, where the chain is not known here; else empty} */
    byte[] localCertificateHash() {
        return localCertificateHash;
    }

    void localCertificateHash(byte[] hash) {
        localCertificateHash = hash;
    }

    void preSharedKeyName(PreSharedKey.Name name) {
        preSharedKeyName = name;
    }

    void trustAnchorMatched(boolean matched) {
        trustAnchorMatched = matched;
    }

    void availableTrustAnchors(TrustAnchors available) {
        availableTrustAnchors = available;
    }

    void peerSignatureScheme(String name) {
        peerSignatureScheme = name;
    }

    /** {@return when the delegated credential of the peer expires, in milliseconds since the epoch; {@link #NOT_DELEGATED} if it has none} */
    public long delegatedUntil() {
        return delegatedUntil;
    }

    void delegatedUntil(long milliseconds) {
        delegatedUntil = milliseconds;
    }

    void requestedServerNames(List<SNIServerName> names) {
        requestedServerNames = List.copyOf(names);
    }

    void echStatus(EchStatus status) {
        echStatus = status;
    }

    /** The peer is not the one that was asked for but the one that has this name, and is judged by it. */
    void isWith(String publicName) {
        peerHost = publicName;
        requestedServerNames = List.of(new SNIHostName(publicName));
    }

    void statusResponses(List<byte[]> responses) {
        statusResponses = List.copyOf(responses);
    }

    void signedCertificateTimestamps(List<byte[]> timestamps) {
        signedCertificateTimestamps = List.copyOf(timestamps);
    }

    /** @param schemes stays the caller's, who does not change it any more */
    void localSignatureSchemes(List<SignatureScheme> schemes) {
        localSignatureSchemes = schemes;
    }

    /** @param schemes in the order of the peer, with those that we do not know */
    void peerSignatureSchemes(Codes schemes) {
        peerSignatureSchemes = schemes.size() <= LONGEST_SHARED ? SCHEMES.share(schemes) : schemes;
    }
}
