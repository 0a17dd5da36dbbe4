package org.jsspi;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a server has the signed certificate timestamps of its certificates (RFC 6962 3.3): what the logs of Certificate
 * Transparency answered when the certificates were submitted. Asked in every full handshake whose client wants them. Certificates
 * whose authority has embedded the timestamps need none of this.
 *
 * <p>An {@code X509KeyManager} that implements this as well gives them to the servers of its {@code SSLContext}.
 */
@FunctionalInterface
public interface CertificateTimestamps {
    /**
     * {@return the timestamps of this certificate, each a SerializedSCT (RFC 6962 3.3); empty for none}
     *
     * <p>They are sent as they are: it is for the client to judge them. If they do not fit a flight none is sent. The handshake
     * waits, so this should answer from memory. What it throws is taken for no answer.
     *
     * @param certificate the server's own
     */
    List<byte[]> timestampsOf(X509Certificate certificate);
}
