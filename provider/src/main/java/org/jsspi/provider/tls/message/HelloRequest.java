package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** HelloRequest (RFC 5246 7.4.1.1): a server of TLS 1.2 asks for another handshake. It is in no transcript. */
public record HelloRequest() implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.HELLO_REQUEST;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    public static HelloRequest decode(Reader in) throws SspiException {
        in.end();
        return new HelloRequest();
    }

    @Override
    public void encode(Writer out) {}
}
