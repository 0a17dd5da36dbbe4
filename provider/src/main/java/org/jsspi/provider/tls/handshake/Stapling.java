package org.jsspi.provider.tls.handshake;

import java.security.cert.X509Certificate;
import java.util.List;

/** Where a server has the OCSP responses that it staples to its certificates. */
@FunctionalInterface
public interface Stapling {
    /**
     * {@return OCSP responses in DER in the order of the chain; null or empty for a certificate without, and the end of the list
     * may be left out}
     *
     * @param chain the chain that the server presents, its own certificate first
     * @param requestExtensions what the client wants the OCSP request to have, in DER; or empty
     */
    List<byte[]> responsesFor(List<X509Certificate> chain, byte[] requestExtensions);
}
