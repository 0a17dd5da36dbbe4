package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECLookupTable;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class P256CurveTest {
    private static final ECCurve PLAIN =
            CustomNamedCurves.getByName("secp256r1").getCurve();
    private static final ECPoint GENERATOR =
            LightweightCurve.of(NistCurve.P256).domain().getG();
    private static final BigInteger ORDER = NistCurve.P256.order();

    /** An encoding, so that no element of the field is compared with one of another class. */
    private static String encoded(ECPoint point) {
        return new BigInteger(1, point.getEncoded(false)).toString(16);
    }

    private static BigInteger random() {
        return new BigInteger(ORDER.bitLength() + 64, new SecureRandom()).mod(ORDER);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 16, 31, 64})
    void everyEntryIsTheOneThatWasPutThere(int length) {
        int offset = 3;
        ECPoint[] points = new ECPoint[offset + length + 2];
        for (int i = 0; i < points.length; i++) {
            points[i] = GENERATOR.multiply(random()).normalize();
        }
        ECLookupTable table = GENERATOR.getCurve().createCacheSafeLookupTable(points, offset, length);
        assertEquals(length, table.getSize());
        for (int i = 0; i < length; i++) {
            assertEquals(points[offset + i], table.lookup(i));
            assertEquals(encoded(points[offset + i]), encoded(table.lookup(i)));
            assertEquals(encoded(points[offset + i]), encoded(table.lookupVar(i)));
            assertSame(GENERATOR.getCurve(), table.lookup(i).getCurve());
        }
    }

    @Test
    void multiplesAreThoseOfThePlainCurve() {
        ECPoint plain = PLAIN.importPoint(GENERATOR);
        List<BigInteger> scalars = new ArrayList<>(List.of(
                BigInteger.ONE,
                BigInteger.TWO,
                BigInteger.ONE.shiftLeft(255),
                ORDER.shiftRight(1),
                ORDER.subtract(BigInteger.ONE)));
        for (int i = 0; i < 50; i++) {
            scalars.add(random());
        }
        ECPoint peer = GENERATOR.multiply(random()).normalize();
        for (BigInteger scalar : scalars) {
            assertEquals(
                    encoded(new FixedPointCombMultiplier().multiply(plain, scalar)),
                    encoded(new FixedPointCombMultiplier().multiply(GENERATOR, scalar)));
            assertEquals(
                    encoded(ECAlgorithms.multiplySecret(PLAIN.importPoint(peer), scalar, ORDER)),
                    encoded(ECAlgorithms.multiplySecret(peer, scalar, ORDER)));
            assertEquals(
                    encoded(ECAlgorithms.sumOfTwoMultiplies(plain, scalar, PLAIN.importPoint(peer), BigInteger.TEN)),
                    encoded(ECAlgorithms.sumOfTwoMultiplies(GENERATOR, scalar, peer, BigInteger.TEN)));
        }
        assertNotEquals(encoded(peer), encoded(GENERATOR));
    }

    @Test
    void aCurveThatIsConfiguredAnewReadsItsTablesLikeThisOne() {
        assertInstanceOf(P256Curve.class, GENERATOR.getCurve().configure().create());
        assertEquals(PLAIN, GENERATOR.getCurve());
    }
}
