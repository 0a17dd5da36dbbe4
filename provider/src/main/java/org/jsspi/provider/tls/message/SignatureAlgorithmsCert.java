package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** signature_algorithms_cert (RFC 8446 4.2.3): the schemes that may sign certificates, most preferred first. */
public record SignatureAlgorithmsCert(Codes schemes) implements Extension {

    @Override
    public Shape<SignatureAlgorithmsCert> shape() {
        return Shape.SIGNATURE_ALGORITHMS_CERT;
    }

    // struct { SignatureScheme supported_signature_algorithms<2..2^16-2>; } SignatureSchemeList;
    static SignatureAlgorithmsCert decode(Reader in) throws SspiException {
        return new SignatureAlgorithmsCert(Codes.decode(in.vector16(2, 0xFFFE)));
    }

    @Override
    public void encode(Writer out) {
        out.vector16(schemes);
    }
}
