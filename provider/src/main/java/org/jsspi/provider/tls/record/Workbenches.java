package org.jsspi.provider.tls.record;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.wire.Pool;

/**
 * The workbenches of one algorithm in a JVM: as many as are of use at the time, and not one for each connection.
 *
 * <p>A direction that protects records keeps its bench from one record to the next, and with it the Cipher that knows its key. One
 * that rests loses it to another when that needs one: where all seats are taken the next direction goes round
 * and takes the bench of the first that has done nothing since the last round. A connection at rest so holds keys and
 * counters; when it speaks again its key is scheduled anew, which is what losing a bench costs.
 *
 * <p>How many seats there are follows the work. There are few as long as losing a bench costs little. They become twice as many
 * whenever directions that lose theirs come back for another at such a rate that the cost counts; those who come
 * back once in a while, and connections that only make a handshake, do not. Where no more than a quarter of them worked of late, they
 * become half as many, when the next connection begins or ends. Nobody waits for anybody in any of this, and nothing of it concerns a direction that has its bench.
 */
final class Workbenches {
    private static final int PROCESSORS =
            Integer.highestOneBit(Math.min(32, Runtime.getRuntime().availableProcessors()));

    private static final int FEWEST = 16 * PROCESSORS;

    /** No more than would take this share of the heap: a Cipher of SunJCE with its schedule is about a kibibyte. */
    private static final int MOST = (int) Math.max(
            FEWEST,
            Long.highestOneBit(Math.min(2048L * PROCESSORS, Runtime.getRuntime().maxMemory() / 128 / 1024)));

    /** A schedule takes about two microseconds: once in so many nanoseconds it is not worth a seat. */
    private static final long WORTH_A_SEAT = 50_000;

    /** Who has come back so often in a row, each time soon, is expected to go on. */
    private static final int RETURNS = 3;

    /** From one look at who works to the next, in nanoseconds: who does less than one record in this time can do without a bench. */
    private static final long SURVEY = 1_000_000_000;

    private static final int SAMPLE = 64;

    /** So many seats are looked at for one whose direction rests. Then any will do. */
    private static final int POLITE_TRIES = 8;

    private static final int TRIES = 16;

    /** So many seats that are no longer wanted are cleared by each direction that comes or goes. */
    private static final int CLEARED = 16;

    /** Nanoseconds are told apart by 2^20, about a millisecond, where directions remember them. */
    private static final int MILLISECOND_BITS = 20;

    private static final Map<Aead, Workbenches> ALL = new EnumMap<>(Aead.class);

    static {
        for (Aead aead : Aead.values()) {
            ALL.put(aead, new Workbenches(aead, FEWEST, MOST, System::nanoTime));
        }
    }

    private final Aead aead;
    private final int fewest;
    private final LongSupplier clock;
    /** As many as there can ever be. */
    private final AtomicReferenceArray<RecordProtection> seats;
    /** So many of them, from the first on, are in use: a power of two. */
    private final AtomicInteger limit;
    /** Those from the limit on are to be cleared up to here. */
    private final AtomicInteger uncleared;

    private final AtomicInteger hand = new AtomicInteger();
    private final Pool<Workbench> unused = Pool.deep();

    private final AtomicInteger returns = new AtomicInteger();
    private volatile long returnsSince;
    private final AtomicLong surveyed;

    /** @param fewest a power of two, as is the other */
    Workbenches(Aead aead, int fewest, int most, LongSupplier clock) {
        this.aead = aead;
        this.fewest = fewest;
        this.clock = clock;
        this.seats = new AtomicReferenceArray<>(most);
        this.limit = new AtomicInteger(fewest);
        this.uncleared = new AtomicInteger(fewest);
        this.returnsSince = clock.getAsLong();
        this.surveyed = new AtomicLong(returnsSince);
    }

    /** {@return those of this algorithm} */
    static Workbenches of(Aead aead) {
        return ALL.get(aead);
    }

    /** {@return their algorithm} */
    Aead aead() {
        return aead;
    }

    /** {@return how many directions can have a bench at rest, for now} */
    int seats() {
        return limit.get();
    }

    /** {@return a bench for a direction that has none, which has a seat from now on unless all the others are at work} */
    Workbench seat(RecordProtection direction) throws SspiException {
        long now = clock.getAsLong();
        if (direction.comesBack((int) (now >> MILLISECOND_BITS), soon()) >= RETURNS) {
            countReturn(now);
        }
        survey(now);
        clear();
        int former = direction.seat();
        if (former >= 0) {
            // It is still there where somebody took the bench and not the seat.
            seats.compareAndSet(former, direction, null);
        }
        int mask = limit.get() - 1;
        Workbench bench = null;
        boolean seated = false;
        for (int i = 0; i < TRIES && !seated; i++) {
            int number = hand.getAndIncrement() & mask;
            RecordProtection other = seats.get(number);
            if (other != null) {
                boolean active = other.wasActive();
                if (active && i < POLITE_TRIES) {
                    continue;
                }
                Workbench left = other.yieldBench();
                if (left == null && active) {
                    // It is at work.
                    continue;
                }
                if (bench == null) {
                    bench = left;
                } else {
                    putAway(left);
                }
            }
            seated = take(number, other, direction);
        }
        if (!seated) {
            direction.seat(RecordProtection.NO_SEAT);
        }
        if (bench == null) {
            bench = unused.take();
        }
        return bench == null ? new Workbench(aead) : bench;
    }

    /** {@return whether the one direction has the seat of the other now} */
    boolean succeed(RecordProtection former, RecordProtection next, int seat) {
        return seat >= 0 && seats.compareAndSet(seat, former, next);
    }

    /** Takes the seat, if it has one, of a direction that is at its end. */
    void leave(RecordProtection direction, int seat) {
        if (seat >= 0) {
            seats.compareAndSet(seat, direction, null);
        }
        // Where no connections begin any more they still end.
        survey(clock.getAsLong());
        clear();
    }

    /** Takes back a bench, if there is one: nothing is left in it of its keys. */
    void putAway(Workbench bench) {
        if (bench != null && bench.forget()) {
            unused.give(bench);
        }
    }

    /** {@return whether the direction has taken the seat of the other, or the free one where that is null} */
    boolean take(int number, RecordProtection other, RecordProtection direction) {
        // Before anybody can take it away again.
        direction.seat(number);
        if (!seats.compareAndSet(number, other, direction)) {
            return false;
        }
        if (other != null) {
            if (seats.get(number) != other) {
                // It has not come round to the same one again.
                other.loseSeat(number);
            }
            // It may have come to rest meanwhile.
            putAway(other.yieldBench());
        }
        if (number >= limit.get() && seats.compareAndSet(number, direction, null)) {
            // They became fewer on the way here, and whoever clears the others may be past this one.
            direction.loseSeat(number);
        }
        return true;
    }

    /** {@return the longest absence that can be one of so many that are worth a seat, in about milliseconds} */
    private int soon() {
        return (int) Math.min(Integer.MAX_VALUE, seats.length() * WORTH_A_SEAT >> MILLISECOND_BITS) + 1;
    }

    /** Half as many returns as there are seats, and each soon after the last: that many more are worth having. */
    private void countReturn(long now) {
        int wanted = limit.get();
        int count = returns.incrementAndGet();
        if (count < wanted / 2 || !returns.compareAndSet(count, 0)) {
            return;
        }
        long since = returnsSince;
        returnsSince = now;
        if (wanted < seats.length() && now - since <= count * WORTH_A_SEAT) {
            surveyed.set(now);
            if (limit.compareAndSet(wanted, 2 * wanted)) {
                // The new ones are the first to be taken.
                hand.set(wanted);
            }
        }
    }

    /** Looks, now and then, at some seats spread over all: where few of their directions have worked since the last time half as many do. */
    private void survey(long now) {
        int present = limit.get();
        long last = surveyed.get();
        if (present == fewest || now - last < SURVEY || !surveyed.compareAndSet(last, now)) {
            return;
        }
        int sample = Math.min(SAMPLE, present);
        int stride = present / sample;
        int active = 0;
        for (int i = 0; i < sample; i++) {
            // The directions of a connection often sit side by side: not the same of each.
            RecordProtection direction = seats.get(i * stride + i % stride);
            if (direction != null && direction.wasActive()) {
                active++;
            }
        }
        if (active <= sample / 4 && limit.compareAndSet(present, present / 2)) {
            uncleared.accumulateAndGet(present, Math::max);
        }
    }

    /** Takes the benches of some whose seats are no longer wanted. Who is at work gives up its bench afterwards. */
    private void clear() {
        for (int i = 0; i < CLEARED && uncleared.get() > limit.get(); i++) {
            int number = uncleared.decrementAndGet();
            if (number < limit.get()) {
                return;
            }
            RecordProtection direction = seats.getAndSet(number, null);
            if (direction != null) {
                direction.loseSeat(number);
                putAway(direction.yieldBench());
            }
        }
    }
}
