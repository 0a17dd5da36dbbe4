package org.jsspi.provider.tls.handshake;

/**
 * What a ticket is good for besides resumption.
 *
 * <p>Its age counts by a clock that cannot be set: a first flight that was recorded must not become fresh again because somebody
 * has set the other clock back.
 *
 * @param maximum how many bytes of early data may be sent with it, 0 to 2^32 - 1; 0 on servers that have not made it
 * @param issuedNanos when it was made or arrived, by {@link System#nanoTime}
 */
public record EarlyDataGrant(long maximum, long issuedNanos) {
    /** None. */
    public static final EarlyDataGrant NONE = new EarlyDataGrant(0, 0);

    /** {@return a grant of so many bytes, made now; none for 0} */
    static EarlyDataGrant now(long maximum) {
        return maximum == 0 ? NONE : new EarlyDataGrant(maximum, System.nanoTime());
    }

    /** {@return how long ago it was made, in milliseconds} */
    long age() {
        return (System.nanoTime() - issuedNanos) / 1_000_000;
    }
}
