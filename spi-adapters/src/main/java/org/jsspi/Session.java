package org.jsspi;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SNIServerName;

/**
 * What two sides have agreed on, as attribute {@link ContextAttribute#SESSION}: one object, before and after the exchange is
 * complete. While it runs, callbacks see it grow; what is not known yet is null, empty or 0. All methods may be called by any
 * thread and never block.
 */
public interface Session {
    /** {@return the id, at most 32 bytes, a copy; empty if the session has none} */
    byte[] id();

    /** {@return when it was made, in milliseconds since the epoch} */
    long creationTime();

    /** {@return when a handshake last used it, in milliseconds since the epoch} */
    long lastAccessedTime();

    /** {@return the protocol's JSSE name, such as {@code TLSv1.3}, or null} */
    String protocol();

    /** {@return the cipher suite's standard name, or null} */
    String cipherSuite();

    /**
     * {@return the standard name of the group of the key exchange; in a resumed session of TLS 1.2, which has none, of the
     * handshake that made it, where this side remembers it; or null}
     */
    String namedGroup();

    /**
     * {@return whether its secret is bound to the handshake that made it, so that nobody in the middle can make two connections with
     * one secret: with TLS 1.3 always, with TLS 1.2 by the extended master secret (RFC 7627)}
     */
    boolean extendedMasterSecret();

    /**
     * {@return whether nobody can have put a handshake of his own in front of this one: with TLS 1.3, which has no renegotiation, and with
     * TLS 1.2 where the peer has renegotiation_info (RFC 5746), without which it may have been tricked into renegotiation before}
     *
     * <p>It is so of a connection, and not of the session that it resumes.
     */
    default boolean secureRenegotiation() {
        return false;
    }

    /** {@return true if it was resumed and not newly negotiated} */
    boolean resumed();

    /** {@return the host as the caller gave it, or null} */
    String peerHost();

    /** {@return the port as the caller gave it, or -1} */
    int peerPort();

    /** {@return the chain that the peer presented, its own certificate first; empty if it did not, or was not kept} */
    List<X509Certificate> peerCertificates();

    /**
     * {@return the SHA-256 of the peer's own certificate, a copy, where nothing more was kept of its chain, see {@link
     * ContextOptions#retainOnlyCertificateHash()}; empty otherwise}
     */
    default byte[] peerCertificateHash() {
        return new byte[0];
    }

    /**
     * {@return the name of the pre-shared key that both sides have proven to have, in this connection or in the one that it
     * resumes; null if it was none}
     */
    default PreSharedKey.Name preSharedKeyName() {
        return null;
    }

    /**
     * {@return whether the peer says that its chain is one for a trust anchor that this side has asked for ({@link
     * ContextOptions#trustAnchors()}); false in a resumed session, which has no chain of its own}
     */
    default boolean trustAnchorMatched() {
        return false;
    }

    /**
     * {@return the trust anchors for which this server has chains, in its order of preference, if this client has asked by {@link
     * ContextOptions#trustAnchors()}; empty if it has not said any}
     *
     * <p>They are there when the chain is judged, and after it was refused: a client that trusts one of them may try again, once, in
     * another connection that asks for this one alone (draft-ietf-tls-trust-anchor-ids 4.3). Until the server has proven to have its key
     * anybody can have said them, and nothing may be concluded but for what to ask.
     */
    default List<TrustAnchorId> availableTrustAnchors() {
        return List.of();
    }

    /** {@return the signature scheme by which the peer proved that it has its key, as the TLS registry spells it, or null} */
    String peerSignatureScheme();

    /**
     * {@return whether the peer proved to have the key of a delegated credential (RFC 9345), and not that of its certificate. Such a
     * session is not resumed once the credential has expired}
     */
    default boolean peerDelegated() {
        return false;
    }

    /** {@return the chain that was sent to the peer, the own certificate first; empty if none} */
    List<X509Certificate> localCertificates();

    /** {@return the server names that the client asked for} */
    List<SNIServerName> requestedServerNames();

    /**
     * {@return the OCSP responses that the server stapled, in DER, in the order of its chain; an empty array for a certificate
     * without; empty if there are none}
     */
    List<byte[]> statusResponses();

    /**
     * {@return the signed certificate timestamps that the server sent with its own certificate, each a SerializedSCT (RFC 6962
     * 3.3); empty if none. They are not verified, and there may be others in the certificate}
     */
    List<byte[]> signedCertificateTimestamps();

    /** {@return the JCA names of the signature algorithms that this side accepts} */
    List<String> localSupportedSignatureAlgorithms();

    /** {@return the JCA names of the signature algorithms that the peer accepts} */
    List<String> peerSupportedSignatureAlgorithms();

    /**
     * {@return the signature schemes by which the peer lets us sign the handshake, as the TLS registry spells them, in its order;
     * without those that the package does not know}
     */
    List<String> peerSupportedSignatureSchemes();

    /** {@return what became of an Encrypted Client Hello on this connection; a resumed session does not inherit it} */
    default EchStatus echStatus() {
        return EchStatus.NOT_OFFERED;
    }

    /** {@return values that the application has bound; those bound during the exchange survive it and later resumptions} */
    ConcurrentMap<String, Object> boundValues();

    /**
     * {@return how many bytes of early data a client may send when it resumes this session, by the last ticket that the server gave;
     * 0 if none}
     */
    default long maximumEarlyData() {
        return 0;
    }

    /**
     * {@return true if the server says, by the last ticket that it gave, that servers of the other names in its certificate resume this
     * session as well (draft-ietf-tls-cross-sni-resumption)}
     */
    default boolean resumableAcrossNames() {
        return false;
    }

    /** {@return true until it is invalidated or too old} */
    boolean isValid();

    /** Forbids resumption from now on; connections that use it go on. */
    void invalidate();
}
