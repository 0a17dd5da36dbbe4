package org.jsspi.provider.tls.handshake;

import java.util.List;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
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
    void send(HandshakeMessage message, Effects out) {
        send(message.toBytes(), out);
    }

    /** Adds an encoded message to the transcript and sends it. */
    void send(byte[] message, Effects out) {
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

    static byte[] randomBytes(HandshakeSettings settings, int length) {
        byte[] bytes = new byte[length];
        settings.random().nextBytes(bytes);
        return bytes;
    }
}
