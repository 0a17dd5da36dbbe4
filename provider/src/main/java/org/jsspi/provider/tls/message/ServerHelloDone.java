package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** ServerHelloDone (RFC 5246 7.4.5): the server's first flight is complete. */
public record ServerHelloDone() implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.SERVER_HELLO_DONE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    public static ServerHelloDone decode(Reader in) throws SspiException {
        in.end();
        return new ServerHelloDone();
    }

    @Override
    public void encode(Writer out) {}
}
