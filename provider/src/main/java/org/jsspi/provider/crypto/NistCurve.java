package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Optional;
import org.jsspi.SspiException;

/**
 * The NIST prime curves: which parameters are theirs, and which points are on them.
 *
 * <p>The numbers are those of SP 800-186 3.2.1.3 to 3.2.1.5; a test compares them with bcprov's and the JDK's. Who computes on
 * a curve is another question: {@link LightweightCurve}, or a JCA provider.
 */
enum NistCurve {
    P256(
            "secp256r1",
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    P384(
            "secp384r1",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
    P521(
            "secp521r1",
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                    + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109"
                    + "e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d"
                    + "baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e66"
                    + "2c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                    + "a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");

    private static final byte UNCOMPRESSED = 4;

    private final String standardName;
    private final int fieldLength;
    private final BigInteger p;
    private final BigInteger a;
    private final BigInteger b;
    private final ECPoint generator;
    private final BigInteger order;
    private final ColdStart coldStart = new ColdStart() {
        @Override
        void warmUp() {
            EphemeralPoint.warmUp(NistCurve.this);
            LightweightSigning.warmUp(NistCurve.this);
        }
    };

    NistCurve(String standardName, String p, String b, String generatorX, String generatorY, String order) {
        this.standardName = standardName;
        this.p = new BigInteger(p, 16);
        this.a = this.p.subtract(BigInteger.valueOf(3));
        this.fieldLength = (this.p.bitLength() + 7) / 8;
        this.b = new BigInteger(b, 16);
        this.generator = new ECPoint(new BigInteger(generatorX, 16), new BigInteger(generatorY, 16));
        this.order = new BigInteger(order, 16);
    }

    String standardName() {
        return standardName;
    }

    /** The length of a coordinate, and of an ECDH secret, in bytes. */
    int fieldLength() {
        return fieldLength;
    }

    /** The length of an uncompressed point in bytes. */
    int pointLength() {
        return 1 + 2 * fieldLength;
    }

    BigInteger order() {
        return order;
    }

    /** Who serves the first operations of the JVM on this curve. */
    ColdStart coldStart() {
        return coldStart;
    }

    /**
     * Judges an UncompressedPointRepresentation of the peer: {@code | 4 | x | y |}.
     *
     * @throws SspiException illegal_parameter if it is anything but a point of the curve other than infinity
     */
    void requirePoint(byte[] encoded) throws SspiException {
        requireForm(encoded);
        BigInteger x = new BigInteger(1, encoded, 1, fieldLength);
        BigInteger y = new BigInteger(1, encoded, 1 + fieldLength, fieldLength);
        if (!contains(new ECPoint(x, y))) {
            throw notOnTheCurve(null);
        }
    }

    /** @throws SspiException illegal_parameter if these bytes are no encoding of a point, be it on the curve or not */
    void requireForm(byte[] encoded) throws SspiException {
        // RFC 8446 4.2.8.2: legacy_form is 4 and the coordinates have the length of the field.
        if (encoded.length != pointLength() || encoded[0] != UNCOMPRESSED) {
            throw Failures.illegalParameter("key share is not an uncompressed point of " + standardName, null);
        }
    }

    SspiException notOnTheCurve(Throwable cause) {
        return Failures.illegalParameter("key share is not a point on " + standardName, cause);
    }

    /** {@return whether it is a point of the curve, whose coordinates are in the field, other than infinity} */
    boolean contains(ECPoint point) {
        if (point.equals(ECPoint.POINT_INFINITY)) {
            return false;
        }
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        return isOfTheField(x)
                && isOfTheField(y)
                && y.multiply(y)
                                .subtract(x.multiply(x).add(a).multiply(x))
                                .subtract(b)
                                .mod(p)
                                .signum()
                        == 0;
    }

    boolean isOfTheField(BigInteger coordinate) {
        return coordinate.signum() >= 0 && coordinate.compareTo(p) < 0;
    }

    /**
     * The curve that all parameters together describe, by value: a named curve with another generator is none of
     * these.
     */
    static Optional<NistCurve> of(ECParameterSpec spec) {
        if (spec == null || !(spec.getCurve().getField() instanceof ECFieldFp field)) {
            return Optional.empty();
        }
        for (NistCurve curve : values()) {
            if ((field.getFieldSize() + 7) / 8 == curve.fieldLength) {
                return curve.describedBy(spec, field.getP()) ? Optional.of(curve) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean describedBy(ECParameterSpec spec, BigInteger prime) {
        return prime.equals(p)
                && spec.getCurve().getA().equals(a)
                && spec.getCurve().getB().equals(b)
                && spec.getGenerator().equals(generator)
                && spec.getOrder().equals(order)
                && spec.getCofactor() == 1;
    }
}
