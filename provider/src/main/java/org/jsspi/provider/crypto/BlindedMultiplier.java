package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * Multiplies a base point by a secret scalar in two shares that add up to it: each is fresh and uniformly random for every
 * multiplication, and so is the point that it leads to.
 *
 * <p>The time of one fixed-base multiplication depends a little on its scalar. Here it depends on a share, which says
 * nothing about the scalar: over many signatures the mean is the same for every nonce. Both multiplications and the sum of
 * the points are bcprov's.
 */
final class BlindedMultiplier implements ECMultiplier {
    /** So many random multiples of the order lie between the shares: whether their difference wraps is no event. */
    private static final int WRAP_BITS = 64;

    private final ECMultiplier fixedBase = new FixedPointCombMultiplier();
    private final BigInteger order;
    private final SecureRandom random;

    /** @param order of the base point */
    BlindedMultiplier(BigInteger order, SecureRandom random) {
        this.order = order;
        this.random = random;
    }

    /** @param scalar 1 to the order, exclusive */
    @Override
    public ECPoint multiply(ECPoint base, BigInteger scalar) {
        BigInteger share = BigIntegers.createRandomInRange(BigInteger.ONE, order.subtract(BigInteger.ONE), random);
        BigInteger wraps = BigIntegers.createRandomBigInteger(WRAP_BITS, random).setBit(WRAP_BITS);
        BigInteger other = scalar.add(order.multiply(wraps)).subtract(share).mod(order);
        return fixedBase.multiply(base, share).add(fixedBase.multiply(base, other));
    }
}
