package org.jsspi.provider.tls.handshake;

import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIServerName;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.SignatureScheme;

/** What every state of one handshake shares: the wishes of this side, the transcript, and what callbacks may see. */
final class Exchange implements HandshakeInfo {
    private final HandshakeSettings settings;
    private final boolean initiator;
    private final Transcript transcript = new Transcript();
    private final Vault vault = new Vault();
    private volatile String applicationProtocol;
    private volatile List<SignatureScheme> signingSchemes = List.of();

    Exchange(HandshakeSettings settings, boolean initiator) {
        this.settings = settings;
        this.initiator = initiator;
        settings.session().localSignatureAlgorithms(Negotiation.algorithmNames(settings.schemes()));
    }

    HandshakeSettings settings() {
        return settings;
    }

    Transcript transcript() {
        return transcript;
    }

    Vault vault() {
        return vault;
    }

    /** Adds a message to the transcript and sends it. */
    void send(HandshakeMessage message, Effects out) throws SspiException {
        send(message.toBytes(), out);
    }

    /** Adds an encoded message to the transcript and sends it. */
    void send(byte[] message, Effects out) throws SspiException {
        transcript.add(message);
        out.send(message);
    }

    /** Says which schemes both sides have, in the peer's order. */
    void signingSchemes(List<SignatureScheme> common) {
        signingSchemes = common;
    }

    List<SignatureScheme> signingSchemes() {
        return signingSchemes;
    }

    void applicationProtocol(String agreed) {
        applicationProtocol = agreed;
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public TlsSession session() {
        return settings.session();
    }

    @Override
    public String targetName() {
        return settings.targetName();
    }

    @Override
    public String applicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public boolean accepts(Identity identity) {
        return Negotiation.signing(signingSchemes, identity).isPresent();
    }

    /** Asks the application whether it trusts the peer's chain. */
    void verifyPeer(List<X509Certificate> chain, String authType) throws SspiException {
        try {
            settings.callbacks().verifyPeer(this, chain.toArray(new X509Certificate[0]), authType);
        } catch (CertificateException e) {
            throw Authentication.untrusted(e);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
        session().peerCertificates(chain);
    }

    /** {@return the identity that the application chose, whose key can sign what the peer accepts, or null} */
    Identity selectIdentity(Principal[] issuers) throws SspiException {
        Identity identity;
        try {
            identity = settings.callbacks().selectIdentity(this, Negotiation.keyTypes(signingSchemes), issuers);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
        if (identity == null || !accepts(identity)) {
            return null;
        }
        Authentication.requireLength(identity);
        return identity;
    }

    /** {@return the application's choice among these, empty for none, null to refuse} */
    String selectApplicationProtocol(List<String> offered) throws SspiException {
        try {
            return settings.callbacks().selectApplicationProtocol(this, offered);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    /** {@return whether the application answers to one of these names} */
    boolean matchServerName(List<SNIServerName> names) throws SspiException {
        try {
            return settings.callbacks().matchServerName(this, names);
        } catch (RuntimeException | Error e) {
            throw callbackFailed(e);
        }
    }

    private static SspiException callbackFailed(Throwable cause) {
        return AlertDescription.INTERNAL_ERROR.because("a callback of the application failed", cause);
    }

    static byte[] randomBytes(HandshakeSettings settings, int length) {
        byte[] bytes = new byte[length];
        settings.random().nextBytes(bytes);
        return bytes;
    }
}
