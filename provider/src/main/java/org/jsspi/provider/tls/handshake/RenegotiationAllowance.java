package org.jsspi.provider.tls.handshake;

import java.util.concurrent.TimeUnit;

/**
 * How often a peer may renegotiate of its own accord: so many times at once, and from then on once in so many seconds. A handshake costs
 * a server as much as its client, or more, and a byte of data in between is no price for it.
 */
final class RenegotiationAllowance {
    /** How often without a pause. */
    static final int AT_ONCE = 64;

    /** How many nanoseconds bring one more. */
    static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    /** The moment up to which everything is used up. */
    private long used;

    /** @param now a reading of {@link System#nanoTime} */
    RenegotiationAllowance(long now) {
        used = now - AT_ONCE * INTERVAL;
    }

    /** {@return whether there is one more at this moment, which is taken then} */
    boolean take(long now) {
        if (now - used < INTERVAL) {
            return false;
        }
        long unused = Math.min(now - used, AT_ONCE * INTERVAL);
        used = now - unused + INTERVAL;
        return true;
    }
}
