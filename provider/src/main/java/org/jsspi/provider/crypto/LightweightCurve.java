package org.jsspi.provider.crypto;

import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.WNafUtil;
import org.jsspi.SspiException;

/**
 * A NIST curve as bcprov's lightweight API serves it.
 *
 * <p>Each curve's tables are built on its first use.
 */
enum LightweightCurve {
    P256(NistCurve.P256),
    P384(NistCurve.P384),
    P521(NistCurve.P521);

    private static final LightweightCurve[] ALL = values();

    private final NistCurve curve;
    /** Null until the first use. A benign race: every writer writes an equivalent value. */
    private volatile ECDomainParameters domain;

    LightweightCurve(NistCurve curve) {
        this.curve = curve;
    }

    static LightweightCurve of(NistCurve curve) {
        return ALL[curve.ordinal()];
    }

    ECDomainParameters domain() {
        ECDomainParameters known = domain;
        if (known == null) {
            X9ECParameters named = CustomNamedCurves.getByName(curve.standardName());
            known = this == P256 ? withFasterTables(named) : new ECDomainParameters(named);
            domain = known;
        }
        return known;
    }

    private static ECDomainParameters withFasterTables(X9ECParameters named) {
        ECCurve faster = new P256Curve();
        ECPoint generator = faster.importPoint(named.getG());
        WNafUtil.configureBasepoint(generator);
        return new ECDomainParameters(faster, generator, named.getN(), named.getH());
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
        curve.requireForm(encoded);
        try {
            // The form excludes infinity; the coordinates and the equation are checked here, and the cofactor is 1.
            return domain().getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            throw curve.notOnTheCurve(e);
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
}
