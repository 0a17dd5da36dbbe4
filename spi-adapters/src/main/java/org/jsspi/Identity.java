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
 */
public record Identity(PrivateKey privateKey, List<X509Certificate> chain) {
    /** Copies the chain. */
    public Identity {
        Objects.requireNonNull(privateKey, "privateKey");
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one certificate");
        }
    }

    /** {@return the subject of the own certificate; never anything of the key} */
    @Override
    public String toString() {
        return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
