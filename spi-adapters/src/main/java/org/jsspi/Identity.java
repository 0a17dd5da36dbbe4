package org.jsspi;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * Who we are to the peer: a certificate chain and the key that belongs to its first certificate.
 *
 * @param privateKey the key; it need not have an encoding (hardware tokens)
 * @param chain the chain, the own certificate first; not empty
 * @param signatureSchemes what the key signs by, best first, as the TLS registry spells it; unknown names are ignored; null for all
 *     that the context has, in the peer's order. For keys in hardware that cannot do them all
 * @param trustAnchor that has issued the last certificate of the chain, or null: see {@link #withTrustAnchor}
 */
public record Identity(
        PrivateKey privateKey, List<X509Certificate> chain, List<String> signatureSchemes, TrustAnchorId trustAnchor) {
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
        this(privateKey, chain, signatureSchemes, null);
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
        return new Identity(privateKey, chain, signatureSchemes, anchor);
    }

    private static void requireOrder(List<X509Certificate> chain) {
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new IllegalArgumentException(
                        "a chain for a trust anchor has each certificate before the one that issued it");
            }
        }
    }

    /** {@return the subject of the own certificate; never anything of the key} */
    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
