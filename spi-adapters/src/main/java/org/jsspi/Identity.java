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
 */
public record Identity(PrivateKey privateKey, List<X509Certificate> chain, List<String> signatureSchemes) {
    /** Copies the lists. */
    public Identity {
        Objects.requireNonNull(privateKey, "privateKey");
        chain = List.copyOf(chain);
        signatureSchemes = signatureSchemes == null ? null : List.copyOf(signatureSchemes);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    /** An identity whose key signs by every scheme that fits it. */
    public Identity(PrivateKey privateKey, List<X509Certificate> chain) {
        this(privateKey, chain, null);
    }

    /** {@return the subject of the own certificate; never anything of the key} */
    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
