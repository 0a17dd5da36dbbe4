package org.jsspi;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.security.auth.Destroyable;

/**
 * {@link TicketKeys} of this process alone, in two generations: the current key seals and opens, the one before it opens. Nobody
 * waits for a rotation: one thread makes the new key while the others go on with the old one.
 */
public final class RotatingTicketKeys implements TicketKeys, Destroyable {
    /** Both keys, and when the current one became it, on the clock of {@link System#nanoTime()}. */
    private record Generations(TicketKey current, TicketKey previous, long since) {}

    private final Supplier<Duration> period;
    private final LongSupplier nanoTime;
    private final ReentrantLock rotation = new ReentrantLock();
    private volatile Generations generations;
    private volatile boolean destroyed;

    /**
     * Keys with a fixed period.
     *
     * @throws IllegalArgumentException if it is shorter than a second or longer than a year
     */
    public RotatingTicketKeys(Duration period) {
        this(() -> period, System::nanoTime);
        if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(Duration.ofDays(366)) > 0) {
            throw new IllegalArgumentException(
                    "ticket keys rotate every second at most, every year at least, not after " + period);
        }
    }

    /**
     * Keys whose period may change.
     *
     * @param period asked whenever a key is; cheap, and never zero
     */
    public RotatingTicketKeys(Supplier<Duration> period) {
        this(period, System::nanoTime);
    }

    RotatingTicketKeys(Supplier<Duration> period, LongSupplier nanoTime) {
        this.period = period;
        this.nanoTime = nanoTime;
        this.generations = new Generations(TicketKey.generate(), null, nanoTime.getAsLong());
    }

    @Override
    public TicketKey current() {
        return destroyed ? null : upToDate().current();
    }

    @Override
    public TicketKey find(byte[] name) {
        if (destroyed) {
            return null;
        }
        Generations both = upToDate();
        if (both.current().hasName(name)) {
            return both.current();
        }
        return both.previous() != null && both.previous().hasName(name) ? both.previous() : null;
    }

    private Generations upToDate() {
        Generations both = generations;
        if (isDue(both, 1) && rotation.tryLock()) {
            try {
                both = generations;
                if (isDue(both, 1) && !destroyed) {
                    boolean slept = isDue(both, 2);
                    generations =
                            new Generations(TicketKey.generate(), slept ? null : both.current(), nanoTime.getAsLong());
                    wipe(both.previous());
                    if (slept) {
                        wipe(both.current());
                    }
                }
                both = generations;
            } finally {
                rotation.unlock();
            }
        }
        return both;
    }

    private boolean isDue(Generations both, int periods) {
        return nanoTime.getAsLong() - both.since()
                >= period.get().multipliedBy(periods).toNanos();
    }

    private static void wipe(TicketKey key) {
        if (key != null) {
            key.destroy();
        }
    }

    /** Wipes both keys: no ticket of this server opens any more. */
    @Override
    public void destroy() {
        rotation.lock();
        try {
            destroyed = true;
            wipe(generations.current());
            wipe(generations.previous());
        } finally {
            rotation.unlock();
        }
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }
}
