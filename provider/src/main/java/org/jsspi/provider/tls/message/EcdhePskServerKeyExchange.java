package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ServerKeyExchange of ECDHE_PSK (RFC 5489 2): a hint at the key that is meant, and the server's share, unsigned.
 *
 * @param identityHint may be empty, and means what the two sides have agreed on
 * @param group the number of a {@link NamedGroup}
 * @param share 1 to 255 bytes
 */
public record EcdhePskServerKeyExchange(byte[] identityHint, int group, byte[] share) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.SERVER_KEY_EXCHANGE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { opaque psk_identity_hint<0..2^16-1>; ServerECDHParams params; }
    public static EcdhePskServerKeyExchange decode(Reader in) throws SspiException {
        byte[] hint = in.vector16Bytes(0, 0xFFFF);
        EcdhePskServerKeyExchange message =
                new EcdhePskServerKeyExchange(hint, ServerKeyExchange.decodeGroup(in), in.vector8Bytes(1, 255));
        in.end();
        return message;
    }

    @Override
    public void encode(Writer out) {
        out.vector16(identityHint);
        ServerKeyExchange.encodeParams(out, group, share);
    }

    @Override
    public String toString() {
        return "EcdhePskServerKeyExchange[hint " + Bytes.print(identityHint) + ", group " + Integer.toHexString(group)
                + ", " + Bytes.print(share) + "]";
    }
}
