package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * CertificateStatus of TLS 1.2 (RFC 6066 8): the body is that of the extension in a certificate entry of TLS 1.3.
 *
 * @param status the OCSP response
 */
public record CertificateStatusMessage(CertificateStatus status) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE_STATUS;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    public static CertificateStatusMessage decode(Reader in) throws SspiException {
        CertificateStatusMessage message = new CertificateStatusMessage(CertificateStatus.decode(in));
        in.end();
        return message;
    }

    @Override
    public void encode(Writer out) {
        status.encode(out);
    }
}
