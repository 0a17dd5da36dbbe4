package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** EndOfEarlyData (RFC 8446 4.5): the client has sent all its early data, and what follows has the keys of the handshake. */
public record EndOfEarlyData() implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.END_OF_EARLY_DATA;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {} EndOfEarlyData;
    public static EndOfEarlyData decode(Reader in) throws SspiException {
        in.end();
        return new EndOfEarlyData();
    }

    @Override
    public void encode(Writer out) {}
}
