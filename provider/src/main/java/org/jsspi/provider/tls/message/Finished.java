package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * Finished (RFC 8446 4.4.4): the sender saw the same handshake.
 *
 * <p>The length of the field follows from the hash of the connection: who knows that compares the whole.
 */
public record Finished(byte[] verifyData) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.FINISHED;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { opaque verify_data[Hash.length]; } Finished;
    public static Finished decode(Reader in) throws SspiException {
        // 12 bytes in TLS 1.2 (RFC 5246 7.4.9), 64 with the longest hash that there could be.
        if (in.remaining() < 12 || in.remaining() > 64) {
            throw Reader.malformed("a Finished of " + in.remaining() + " bytes");
        }
        return new Finished(in.rest());
    }

    @Override
    public void encode(Writer out) {
        out.bytes(verifyData);
    }

    @Override
    public String toString() {
        return "Finished[" + Bytes.print(verifyData) + "]";
    }
}
