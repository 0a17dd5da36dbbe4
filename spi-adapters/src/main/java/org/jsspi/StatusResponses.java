package org.jsspi;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a server has the OCSP responses that it staples to its certificates (RFC 6066 8, RFC 8446 4.4.2.1): a file that a job
 * refreshes, a store that a cluster shares. Asked in every full handshake whose client wants them.
 *
 * <p>An {@code X509KeyManager} that implements this as well gives them to the servers of its {@code SSLContext}.
 */
@FunctionalInterface
public interface StatusResponses {
    /** Nothing is stapled. */
    StatusResponses NONE = chain -> List.of();

    /**
     * {@return OCSP responses in DER for these certificates, in their order; an empty array for one without, and the end of the
     * list may be left out}
     *
     * <p>They are sent as they are: it is for the client to judge them. In TLS 1.2 only the first travels; what a flight has no
     * room for stays behind. The handshake waits, so this should answer from memory. What it throws is taken for no answer.
     *
     * @param chain the chain that the server presents, its own certificate first
     */
    List<byte[]> responsesFor(List<X509Certificate> chain);
}
