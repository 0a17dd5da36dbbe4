package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * delegated_credential of a ClientHello or CertificateRequest (RFC 9345 4.1): the schemes by which a delegated key may sign the
 * handshake, most preferred first.
 */
public record DelegatedCredentialOffer(Codes schemes) implements Extension {

    @Override
    public Shape<DelegatedCredentialOffer> shape() {
        return Shape.DELEGATED_CREDENTIAL_OFFER;
    }

    // struct { SignatureScheme supported_signature_algorithm<2..2^16-2>; } SignatureSchemeList;
    static DelegatedCredentialOffer decode(Reader in) throws SspiException {
        return new DelegatedCredentialOffer(Codes.decode(in.vector16(2, 0xFFFE)));
    }

    @Override
    public void encode(Writer out) {
        out.vector16(schemes);
    }
}
