package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ClientKeyExchange of ECDHE_PSK (RFC 5489 2): which key is meant, and the client's share.
 *
 * @param identity any bytes; text in UTF-8 by RFC 4279 5.1
 * @param share 1 to 255 bytes
 */
public record EcdhePskClientKeyExchange(byte[] identity, byte[] share) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.CLIENT_KEY_EXCHANGE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { opaque psk_identity<0..2^16-1>; ClientECDiffieHellmanPublic public; }
    public static EcdhePskClientKeyExchange decode(Reader in) throws SspiException {
        EcdhePskClientKeyExchange message =
                new EcdhePskClientKeyExchange(in.vector16Bytes(0, 0xFFFF), in.vector8Bytes(1, 255));
        in.end();
        return message;
    }

    @Override
    public void encode(Writer out) {
        out.vector16(identity).vector8(share);
    }

    @Override
    public String toString() {
        return "EcdhePskClientKeyExchange[" + Bytes.print(identity) + ", " + Bytes.print(share) + "]";
    }
}
