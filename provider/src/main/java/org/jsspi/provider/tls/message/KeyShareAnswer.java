package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** key_share of a ServerHello (RFC 8446 4.2.8): the server's share for a group that the client sent a share for. */
public record KeyShareAnswer(KeyShareEntry share) implements Extension {
    @Override
    public Shape<KeyShareAnswer> shape() {
        return Shape.KEY_SHARE_ANSWER;
    }

    // struct { KeyShareEntry server_share; } KeyShareServerHello;
    static KeyShareAnswer decode(Reader in) throws SspiException {
        return new KeyShareAnswer(KeyShareEntry.decode(in));
    }

    @Override
    public void encode(Writer out) {
        share.writeTo(out);
    }
}
