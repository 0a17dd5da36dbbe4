package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * CertificateRequest (RFC 8446 4.3.2): the server wants the client to authenticate.
 *
 * <p>That signature_algorithms must be there is for the handshake to check (missing_extension).
 *
 * @param context 0 to 255 bytes, empty in the main handshake
 */
public record CertificateRequest(byte[] context, Extensions extensions) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE_REQUEST;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {
    //     opaque certificate_request_context<0..2^8-1>;
    //     Extension extensions<2..2^16-1>;
    // } CertificateRequest;
    public static CertificateRequest decode(Reader in) throws SspiException {
        CertificateRequest request = new CertificateRequest(
                in.vector8Bytes(0, 255), Extensions.decode(in, HandshakeType.CERTIFICATE_REQUEST, 2, 0xFFFF));
        in.end();
        return request;
    }

    @Override
    public void encode(Writer out) {
        out.vector8(context);
        extensions.encode(out);
    }

    @Override
    public String toString() {
        return "CertificateRequest[context " + Bytes.print(context) + ", extensions " + extensions + "]";
    }
}
