package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** key_share of a HelloRetryRequest (RFC 8446 4.2.8): the group that the client is to send a share for. */
public record KeyShareRetry(int group) implements Extension {

    @Override
    public Shape<KeyShareRetry> shape() {
        return Shape.KEY_SHARE_RETRY;
    }

    // struct { NamedGroup selected_group; } KeyShareHelloRetryRequest;
    static KeyShareRetry decode(Reader in) throws SspiException {
        return new KeyShareRetry(in.u16());
    }

    @Override
    public void encode(Writer out) {
        out.u16(group);
    }
}
