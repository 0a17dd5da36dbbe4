package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** supported_versions of a ServerHello or HelloRetryRequest (RFC 8446 4.2.1): the version that was chosen. */
public record SelectedVersion(int version) implements Extension {

    @Override
    public Shape<SelectedVersion> shape() {
        return Shape.SELECTED_VERSION;
    }

    // ProtocolVersion selected_version;
    static SelectedVersion decode(Reader in) throws SspiException {
        return new SelectedVersion(in.u16());
    }

    @Override
    public void encode(Writer out) {
        out.u16(version);
    }
}
