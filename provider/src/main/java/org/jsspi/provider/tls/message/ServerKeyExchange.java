package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * ServerKeyExchange of ECDHE (RFC 8422 5.4): the server's share for a named curve, signed by the key of its certificate.
 *
 * @param group the number of a {@link NamedGroup}
 * @param share 1 to 255 bytes
 * @param algorithm the number of a {@link SignatureScheme}
 */
public record ServerKeyExchange(int group, byte[] share, int algorithm, byte[] signature) implements HandshakeMessage {
    /** ECCurveType named_curve. RFC 8422 5.4: the explicit curves are gone. */
    private static final int NAMED_CURVE = 3;

    @Override
    public HandshakeType type() {
        return HandshakeType.SERVER_KEY_EXCHANGE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { ECCurveType curve_type = named_curve; NamedCurve namedcurve; } ECParameters;
    // struct { ECParameters curve_params; opaque point<1..2^8-1>; } ServerECDHParams;
    // struct { ServerECDHParams params; SignatureAndHashAlgorithm algorithm; opaque signature<0..2^16-1>; }
    public static ServerKeyExchange decode(Reader in) throws SspiException {
        ServerKeyExchange message =
                new ServerKeyExchange(decodeGroup(in), in.vector8Bytes(1, 255), in.u16(), in.vector16Bytes(0, 0xFFFF));
        in.end();
        return message;
    }

    /** {@return the group of ECParameters} */
    static int decodeGroup(Reader in) throws SspiException {
        int curveType = in.u8();
        if (curveType != NAMED_CURVE) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("curve parameters of type " + curveType);
        }
        return in.u16();
    }

    /** {@return ServerECDHParams, which is what the signature is over, behind the two randoms} */
    public static byte[] params(int group, byte[] share) {
        Writer out = new Writer();
        encodeParams(out, group, share);
        return out.toByteArray();
    }

    static void encodeParams(Writer out, int group, byte[] share) {
        out.u8(NAMED_CURVE).u16(group).vector8(share);
    }

    @Override
    public void encode(Writer out) {
        encodeParams(out, group, share);
        out.u16(algorithm).vector16(signature);
    }

    @Override
    public String toString() {
        return "ServerKeyExchange[group " + Integer.toHexString(group) + ", " + Bytes.print(share) + ", scheme "
                + Integer.toHexString(algorithm) + ", " + Bytes.print(signature) + "]";
    }
}
