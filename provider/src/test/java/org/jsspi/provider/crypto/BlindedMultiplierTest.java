package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlindedMultiplierTest {
    /** Counts what is drawn from it. */
    private static final class Draws extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final List<BigInteger> drawn = new ArrayList<>();

        @Override
        public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            if (drawn != null) {
                drawn.add(new BigInteger(1, bytes));
            }
        }
    }

    /** Always the same bytes. */
    private static final class Constant extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] value;

        Constant(byte[] value) {
            this.value = value;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(value, Math.max(0, value.length - bytes.length), bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePointIsThatOfTheWholeScalar(NistCurve curve) {
        BigInteger n = curve.order();
        BlindedMultiplier blinded = new BlindedMultiplier(n, new SecureRandom());
        for (BigInteger scalar : List.of(
                BigInteger.ONE,
                BigInteger.TWO,
                n.shiftRight(1),
                n.subtract(BigInteger.ONE),
                new BigInteger(n.bitLength() - 1, new SecureRandom()).setBit(0))) {
            ECPoint expected = new FixedPointCombMultiplier()
                    .multiply(LightweightCurve.of(curve).domain().getG(), scalar);
            assertEquals(
                    expected,
                    blinded.multiply(LightweightCurve.of(curve).domain().getG(), scalar),
                    scalar.toString(16));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShareThatIsTheScalarItselfLeavesNothingForTheOther(NistCurve curve) {
        BigInteger n = curve.order();
        byte[] half = n.shiftRight(1).toByteArray();
        // createRandomInRange adds the lower bound to what it draws.
        BigInteger scalar = new BigInteger(1, half).add(BigInteger.ONE);
        assertEquals(
                new FixedPointCombMultiplier()
                        .multiply(LightweightCurve.of(curve).domain().getG(), scalar),
                new BlindedMultiplier(n, new Constant(half))
                        .multiply(LightweightCurve.of(curve).domain().getG(), scalar));
    }

    @ParameterizedTest
    @EnumSource
    void everyMultiplicationHasSharesOfItsOwn(NistCurve curve) {
        Draws draws = new Draws();
        BlindedMultiplier blinded = new BlindedMultiplier(curve.order(), draws);
        blinded.multiply(LightweightCurve.of(curve).domain().getG(), BigInteger.TEN);
        List<BigInteger> first = List.copyOf(draws.drawn);
        draws.drawn.clear();
        blinded.multiply(LightweightCurve.of(curve).domain().getG(), BigInteger.TEN);
        assertNotEquals(0, first.size());
        assertNotEquals(first, draws.drawn);
    }
}
