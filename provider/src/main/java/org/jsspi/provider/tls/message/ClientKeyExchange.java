package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ClientKeyExchange of ECDHE (RFC 8422 5.7): the client's share.
 *
 * @param share 1 to 255 bytes
 */
public record ClientKeyExchange(byte[] share) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.CLIENT_KEY_EXCHANGE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { opaque ecdh_Yc<1..2^8-1>; } ClientECDiffieHellmanPublic;
    public static ClientKeyExchange decode(Reader in) throws SspiException {
        ClientKeyExchange message = new ClientKeyExchange(in.vector8Bytes(1, 255));
        in.end();
        return message;
    }

    @Override
    public void encode(Writer out) {
        out.vector8(share);
    }

    @Override
    public String toString() {
        return "ClientKeyExchange[" + Bytes.print(share) + "]";
    }
}
