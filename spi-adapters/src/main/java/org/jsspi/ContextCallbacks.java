package org.jsspi;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;

/**
 * Decisions that a package leaves to its caller. No lock of the package is held while one runs; with
 * {@link ContextOptions#async()} they run inside {@link SecurityContext#pendingWork()} where they may be slow.
 *
 * <p>Each may refuse the connection with an alert of its choice: see {@link RefusalException}.
 */
public interface ContextCallbacks {
    /**
     * Decides whether this server goes on with a client whose hello has been read: before anything else is decided, and before keys
     * are generated, tickets opened or signatures made, which is what a handshake costs. Version and the names that the client asks for
     * are known. Who refuses, because there are too many for one, throws a {@link RefusalException}.
     */
    default void admit(HandshakeInfo info) {}

    /**
     * Judges the chain that the peer presented.
     *
     * <p>When {@link Session#echStatus()} is {@link EchStatus#REJECTED} a client has to be sure of the chain in every case, also where it
     * otherwise judges afterwards: nothing comes of the connection but configurations, which are believed because of it (RFC 9849
     * 6.1.7). The package itself checks that the certificate is one for the public name, {@link HandshakeInfo#targetName()}.
     *
     * @param chain the peer's own certificate first; never empty
     * @param authType as {@link javax.net.ssl.X509TrustManager} names it
     * @throws CertificateException if the chain is not trusted, or is not one for this peer
     */
    void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) throws CertificateException;

    /**
     * Judges the status of the server's certificates, of which {@link #verifyPeer} judges the chain afterwards. A client is asked
     * in each handshake in which it has asked for OCSP responses, whether the server has stapled any or not; what came is in
     * {@link Session#statusResponses()}. What a readable response says is PKIX's to judge where {@code verifyPeer} checks
     * revocation: this is for those who judge responses themselves, or insist on one.
     *
     * @param readable false if one of them is no OCSP response (RFC 6960 4.2.1), which is refused unless this is overridden
     * @throws CertificateException to refuse the connection, with the alert bad_certificate_status_response
     */
    default void verifyStatus(HandshakeInfo info, boolean readable) throws CertificateException {
        if (!readable) {
            throw new CertificateException("a certificate status that is not an OCSP response");
        }
    }

    /**
     * Chooses who we are.
     *
     * @param keyTypes JCA key types that the peer accepts, best first
     * @param issuers the authorities that the peer named, or null if it named none
     * @return an identity that {@link HandshakeInfo#accepts}, or null if there is none
     */
    Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers);

    /**
     * {@return who this server could be, best first, for a client that speaks of {@link HandshakeInfo#requestedTrustAnchors()}: it is
     * told the {@linkplain Identity#trustAnchor() trust anchors} of those that {@link HandshakeInfo#accepts}, so that it can ask for one
     * in another connection}
     *
     * <p>Asked after {@link #selectIdentity}. Only who answers to the name that the client asked for should be among them: whoever asks is
     * told. The trust anchors of 4,096 bytes at most are sent.
     */
    default List<Identity> availableIdentities(HandshakeInfo info) {
        return List.of();
    }

    /**
     * Chooses among the application protocols that the client offered.
     *
     * @return one of them; the empty string to go on without; null to refuse the connection
     */
    String selectApplicationProtocol(HandshakeInfo info, List<String> offered);

    /** {@return true if this server answers to one of these names; false refuses the connection} */
    boolean matchServerName(HandshakeInfo info, List<SNIServerName> names);

    /**
     * {@return true if this server tells the client that it has used one of these names, to which it answers by {@link
     * #matchServerName}; false if none has played a part in what it decided, and then there is no such word (RFC 6066 3)}
     *
     * <p>Not asked where a session is resumed.
     */
    default boolean acknowledgeServerName(HandshakeInfo info, List<SNIServerName> names) {
        return true;
    }

    /**
     * {@return true if this server takes the Encrypted Client Hello that it has opened}
     *
     * <p>Otherwise it answers to the hello in the clear, without configurations: so the client knows that, for now, it is not to
     * encrypt to this server (RFC 9849 6.1.6).
     *
     * @param names those of the encrypted hello
     */
    default boolean acceptEncryptedClientHello(HandshakeInfo info, List<SNIServerName> names) {
        return true;
    }

    /**
     * {@return whose decisions these are: a session is only resumed between contexts whose callbacks have equal scopes}
     *
     * <p>Callbacks that are made anew for each context but judge alike answer with what they have in common.
     */
    default Object trustScope() {
        return this;
    }

    /** {@return the authorities that a server names when it asks for the client's certificate; empty to name none} */
    default List<X500Principal> acceptedIssuers() {
        return List.of();
    }
}
