package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** supported_versions of a ClientHello (RFC 8446 4.2.1): the versions that the client speaks, preferred first. */
public record SupportedVersions(Codes versions) implements Extension {

    @Override
    public Shape<SupportedVersions> shape() {
        return Shape.SUPPORTED_VERSIONS;
    }

    // ProtocolVersion versions<2..254>;
    static SupportedVersions decode(Reader in) throws SspiException {
        return new SupportedVersions(Codes.decode(in.vector8(2, 254)));
    }

    @Override
    public void encode(Writer out) {
        out.vector8(versions);
    }
}
