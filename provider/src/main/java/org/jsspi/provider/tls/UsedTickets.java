package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jsspi.provider.crypto.HashAlgorithm;

/**
 * The tickets that early data was taken with of late, so that none is taken twice (RFC 8446 8.1, 8.2). A ClientHello that comes
 * later than they are remembered is refused by the age of its ticket (RFC 8446 8.3), whose proof covers that age.
 *
 * <p>It is bounded: when more tickets are used than it holds it knows nothing any more, and takes none. It begins empty with the
 * server whose tickets these are; those of an earlier life of the server are never asked about.
 */
final class UsedTickets {
    /** How many are remembered of each period, with some 100 bytes for each. */
    static final int CAPACITY = 1 << 16;

    /** So much of a SHA-256 stands for a ticket: nobody finds two of them. */
    private static final int MARK_LENGTH = 16;

    private final long periodNanos;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Set<ByteBuffer> current = new HashSet<>();
    private Set<ByteBuffer> before = Set.of();
    private long periodEnds;

    /**
     * Remembers for one period at least and for two at most.
     *
     * @param periodMillis longer than one ClientHello can be taken, counted from the first time
     * @param nanoClock {@link System#nanoTime}, which nobody can set back
     */
    UsedTickets(long periodMillis, LongSupplier nanoClock) {
        this.periodNanos = periodMillis * 1_000_000;
        this.clock = nanoClock;
        this.periodEnds = nanoClock.getAsLong() + periodNanos;
    }

    /** {@return whether this is the first use of the ticket, which it is not again} */
    boolean use(byte[] ticket) {
        ByteBuffer mark = ByteBuffer.wrap(Arrays.copyOf(HashAlgorithm.SHA256.hash(ticket), MARK_LENGTH));
        lock.lock();
        try {
            forgetOld();
            return current.size() < CAPACITY && !before.contains(mark) && current.add(mark);
        } finally {
            lock.unlock();
        }
    }

    private void forgetOld() {
        long late = clock.getAsLong() - periodEnds;
        if (late < 0) {
            return;
        }
        before = late < periodNanos ? current : Set.of();
        current = new HashSet<>();
        periodEnds += (late / periodNanos + 1) * periodNanos;
    }
}
