package org.jsspi;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * Who we are to the peer: a certificate chain and the key that belongs to its first certificate, or a key that it has delegated to.
 *
 * @param privateKey the key; it need not have an encoding (hardware tokens)
 * @param chain the chain, the own certificate first; not empty
 * @param signatureSchemes what the key signs by, best first, as the TLS registry spells it; unknown names are ignored; null for all
 *     that the context has, in the peer's order. For keys in hardware that cannot do them all
 * @param trustAnchor that has issued the last certificate of the chain, or null: see {@link #withTrustAnchor}
 * @param delegatedCredential what says that the key stands for that of the certificate (RFC 9345); null if it is that of the certificate.
 *     {@link #delegated} makes sure of it, once and for all: handshakes ask no more than whether the peer takes it and whether it has expired
 */
public record Identity(
        PrivateKey privateKey,
        List<X509Certificate> chain,
        List<String> signatureSchemes,
        TrustAnchorId trustAnchor,
        DelegatedCredential delegatedCredential) {
    /** Copies the lists. */
    public Identity {
        Objects.requireNonNull(privateKey, "privateKey");
        chain = List.copyOf(chain);
        signatureSchemes = signatureSchemes == null ? null : List.copyOf(signatureSchemes);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
        if (trustAnchor != null) {
            requireOrder(chain);
        }
    }

    /** An identity whose key signs by these schemes. */
    public Identity(PrivateKey privateKey, List<X509Certificate> chain, List<String> signatureSchemes) {
        this(privateKey, chain, signatureSchemes, null, null);
    }

    /** An identity whose key signs by every scheme that fits it. */
    public Identity(PrivateKey privateKey, List<X509Certificate> chain) {
        this(privateKey, chain, null);
    }

    /**
     * {@return the same identity, for peers that say by trust_anchors that they trust this anchor, before all others}
     *
     * <p>The chain has to be whole then, in order and without the trust anchor itself: each certificate signed by the next, the last by
     * the anchor (draft-ietf-tls-trust-anchor-ids 4.2). A peer that asks for others, or for none, is shown an identity without trust
     * anchor first, and this one only if there is no such.
     *
     * @throws IllegalArgumentException if a certificate names another issuer than the next one in the chain
     */
    public Identity withTrustAnchor(TrustAnchorId anchor) {
        return new Identity(privateKey, chain, signatureSchemes, anchor, delegatedCredential);
    }

    private static void requireOrder(List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException(
                        "a chain for a trust anchor has each certificate before the one that issued it");
            }
        }
    }

    /**
     * {@return an identity with a key that the first certificate has delegated to (RFC 9345)}
     *
     * <p>It is one for peers of TLS 1.3 that take delegated credentials, and as long as the credential is valid: others are shown the
     * next identity that they accept, which may be the certificate with its own key.
     *
     * @throws SspiException SEC_E_UNKNOWN_CREDENTIALS if the key is not the one that is delegated to, the credential not one of the
     *     certificate, or the certificate one that {@linkplain DelegatedCredential#mayDelegate must not delegate}
     */
    public static Identity delegated(PrivateKey key, List<X509Certificate> chain, DelegatedCredential credential)
            throws SspiException {
        Identity identity = new Identity(key, chain, null, null, Objects.requireNonNull(credential, "credential"));
        if (!DelegatedCredential.mayDelegate(identity.chain.get(0))) {
            throw DelegatedCredential.unusable("the certificate must not delegate (RFC 9345 4.2)");
        }
        if (!credential.isFor(key)) {
            throw DelegatedCredential.unusable("the private key is not one that it delegates to");
        }
        if (!credential.isSignedBy(identity.chain.get(0))) {
            throw DelegatedCredential.unusable("the key of the certificate has not signed it");
        }
        return identity;
    }

    /** {@return the subject of the own certificate; never anything of the key} */
    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal()
                + (delegatedCredential == null ? "]" : ", delegated]");
    }
}
