package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** compress_certificate (RFC 8879 3): the algorithms by which the sender takes a Certificate in compressed form. */
public record CompressCertificate(Codes algorithms) implements Extension {
    @Override
    public Shape<CompressCertificate> shape() {
        return Shape.COMPRESS_CERTIFICATE;
    }

    // struct { CertificateCompressionAlgorithm algorithms<2..2^8-2>; } CertificateCompressionAlgorithms;
    static CompressCertificate decode(Reader in) throws SspiException {
        Codes algorithms = Codes.decode(in.vector8(2, 254));
        for (int i = 0; i < algorithms.size(); i++) {
            if (algorithms.indexOf(algorithms.get(i)) != i) {
                throw AlertDescription.ILLEGAL_PARAMETER.because(
                        "compress_certificate with the algorithm " + algorithms.get(i) + " twice");
            }
        }
        return new CompressCertificate(algorithms);
    }

    @Override
    public void encode(Writer out) {
        out.vector8(algorithms);
    }
}
