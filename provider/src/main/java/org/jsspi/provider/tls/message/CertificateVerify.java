package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * CertificateVerify (RFC 8446 4.4.3): the sender has the key of its certificate.
 *
 * @param algorithm the number of a {@link SignatureScheme}
 */
public record CertificateVerify(int algorithm, byte[] signature) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE_VERIFY;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { SignatureScheme algorithm; opaque signature<0..2^16-1>; } CertificateVerify;
    public static CertificateVerify decode(Reader in) throws SspiException {
        CertificateVerify verify = new CertificateVerify(in.u16(), in.vector16Bytes(0, 0xFFFF));
        in.end();
        return verify;
    }

    @Override
    public void encode(Writer out) {
        out.u16(algorithm).vector16(signature);
    }

    @Override
    public String toString() {
        String name =
                SignatureScheme.of(algorithm).map(SignatureScheme::toString).orElseGet(() -> "scheme " + algorithm);
        return "CertificateVerify[" + name + ", " + Bytes.print(signature) + "]";
    }
}
