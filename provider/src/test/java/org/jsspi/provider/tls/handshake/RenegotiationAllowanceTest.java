package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenegotiationAllowanceTest {
    private static int takeAll(RenegotiationAllowance allowance, long now) {
        int taken = 0;
        while (taken < 1000 && allowance.take(now)) {
            taken++;
        }
        return taken;
    }

    /** The clock may have any reading, and come to the end of its numbers. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1, 12_345, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE})
    void soManyAtOnceAndThenOneForEachInterval(long start) {
        RenegotiationAllowance allowance = new RenegotiationAllowance(start);
        assertEquals(RenegotiationAllowance.AT_ONCE, takeAll(allowance, start));
        assertEquals(0, takeAll(allowance, start + RenegotiationAllowance.INTERVAL - 1));
        assertEquals(1, takeAll(allowance, start + RenegotiationAllowance.INTERVAL));
        assertEquals(1, takeAll(allowance, start + 2 * RenegotiationAllowance.INTERVAL + 7));
        assertEquals(3, takeAll(allowance, start + 5 * RenegotiationAllowance.INTERVAL));
        // What nobody has taken grows no further.
        assertEquals(
                RenegotiationAllowance.AT_ONCE, takeAll(allowance, start + 1000 * RenegotiationAllowance.INTERVAL));
    }
}
