package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.jsspi.SspiException;

/**
 * The NIST prime curves (FIPS 186-5, SP 800-186), as bcprov's lightweight API serves them.
 *
 * <p>Each curve's tables are built on its first use.
 */
enum NistCurve {
    P256("secp256r1", 32),
    P384("secp384r1", 48),
    P521("secp521r1", 66);

    private static final byte UNCOMPRESSED = 4;

    private final String standardName;
    private final int fieldLength;
    private volatile ECDomainParameters domain;

    NistCurve(String standardName, int fieldLength) {
        this.standardName = standardName;
        this.fieldLength = fieldLength;
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

    ECDomainParameters domain() {
        ECDomainParameters known = domain;
        if (known == null) {
            X9ECParameters x9 = CustomNamedCurves.getByName(standardName);
            known = new ECDomainParameters(x9);
            domain = known;
        }
        return known;
    }

    byte[] encode(ECPoint point) {
        return point.getEncoded(false);
    }

    /**
     * An UncompressedPointRepresentation of the peer: {@code | 4 | x | y |}.
     *
     * @throws SspiException illegal_parameter if it is anything but a point of the curve other than infinity
     */
    ECPoint decode(byte[] encoded) throws SspiException {
        // RFC 8446 4.2.8.2: legacy_form is 4 and the coordinates have the length of the field.
        if (encoded.length != pointLength() || encoded[0] != UNCOMPRESSED) {
            throw Failures.illegalParameter("key share is not an uncompressed point of " + standardName, null);
        }
        try {
            // The form excludes infinity; the coordinates and the equation are checked here, and the cofactor is 1.
            return domain().getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            throw Failures.illegalParameter("key share is not a point on " + standardName, e);
        }
    }

    /** The point of a key, or empty if it is not on the curve. */
    Optional<ECPoint> point(java.security.spec.ECPoint point) {
        if (point.equals(java.security.spec.ECPoint.POINT_INFINITY)) {
            return Optional.empty();
        }
        try {
            return Optional.of(domain().getCurve().validatePoint(point.getAffineX(), point.getAffineY()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
        ECDomainParameters ours = domain();
        return prime.equals(ours.getCurve().getField().getCharacteristic())
                && spec.getCurve().getA().equals(ours.getCurve().getA().toBigInteger())
                && spec.getCurve().getB().equals(ours.getCurve().getB().toBigInteger())
                && spec.getGenerator()
                        .getAffineX()
                        .equals(ours.getG().getAffineXCoord().toBigInteger())
                && spec.getGenerator()
                        .getAffineY()
                        .equals(ours.getG().getAffineYCoord().toBigInteger())
                && spec.getOrder().equals(ours.getN())
                && spec.getCofactor() == 1;
    }
}
