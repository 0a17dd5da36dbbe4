package org.jsspi.provider.tls.handshake;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.DelegatedCredentialAnswer;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Shape;

/**
 * What a peer of TLS 1.3 presents with its Certificate, until it has proven to have the key.
 *
 * @param chain the peer's own certificate first; empty if it sent none
 * @param delegated what stands for the key of that certificate, if anything does (RFC 9345)
 */
record Presented(List<X509Certificate> chain, Optional<DelegatedCredentialAnswer> delegated) {
    /**
     * {@return what the message presents}
     *
     * @param offered the extensions of the message that asked for it
     */
    static Presented of(CertificateMessage message, Extensions offered, HandshakeSettings settings)
            throws SspiException {
        List<X509Certificate> chain = Authentication.chain(message, offered, settings.maximumChainLength());
        return new Presented(
                chain,
                chain.isEmpty()
                        ? Optional.empty()
                        // RFC 9345 4.1.1, 4.1.2: those of other entries are ignored.
                        : message.entries().get(0).extensions().find(Shape.DELEGATED_CREDENTIAL_ANSWER));
    }

    /**
     * A proof whose scheme has been judged.
     *
     * @param key that has to have made it
     */
    record Claim(CertificateVerify proof, SignatureAlgorithm scheme, PublicKey key, byte[] transcriptHash) {}

    /** {@return what the peer says to have proven with this message, which is not in the transcript yet} */
    Claim claim(CertificateVerify proof, Exchange exchange) throws SspiException {
        HandshakeSettings settings = exchange.settings();
        PublicKey key = delegated.isPresent()
                ? Delegation.key(delegated.get(), proof, settings)
                : chain.get(0).getPublicKey();
        SignatureAlgorithm scheme = Authentication.scheme(proof, settings.schemes(), key);
        return new Claim(proof, scheme, key, exchange.transcript().hash());
    }

    /** Requires that the peer has the key, that the key is that of its certificate or stands for it, and that the chain is trusted. */
    void verify(Claim claim, Exchange exchange, String authType) throws SspiException {
        if (delegated.isPresent()) {
            exchange.session()
                    .delegatedUntil(Delegation.verify(delegated.get(), chain.get(0), exchange)
                            .toEpochMilli());
        }
        Authentication.verify(exchange, claim.proof(), claim.scheme(), claim.key(), claim.transcriptHash());
        exchange.verifyPeer(chain, authType);
    }
}
