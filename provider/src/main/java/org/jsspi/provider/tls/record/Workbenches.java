package org.jsspi.provider.tls.record;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.wire.Pool;

/**
 * The workbenches of one algorithm in a JVM: as many as can be of use at a time, and not one for each connection.
 *
 * <p>A direction that protects records keeps its bench from one record to the next, and with it the Cipher that knows its key. One
 * that rests loses it to another when that needs one: where all seats are taken the next direction goes round
 * and takes the bench of the first that has done nothing since the last round. A connection at rest so holds keys and
 * counters; when it speaks again its key is scheduled anew, which is what losing a bench costs.
 */
final class Workbenches {
    /** Directions that alternate at such a rate that a key schedule counts are at most a few for each processor. */
    private static final int SEATS =
            Integer.highestOneBit(64 * Math.min(64, Runtime.getRuntime().availableProcessors()));

    /** So many seats are looked at for one whose direction rests. Then any will do, even that of one who never came back from its work. */
    private static final int POLITE_TRIES = 8;

    private static final int TRIES = 16;

    private static final Map<Aead, Workbenches> ALL = new EnumMap<>(Aead.class);

    static {
        for (Aead aead : Aead.values()) {
            ALL.put(aead, new Workbenches(aead));
        }
    }

    private final Aead aead;
    private final AtomicReferenceArray<RecordProtection> seats = new AtomicReferenceArray<>(SEATS);
    private final AtomicInteger hand = new AtomicInteger();
    private final Pool<Workbench> unused = Pool.deep();

    private Workbenches(Aead aead) {
        this.aead = aead;
    }

    /** {@return those of this algorithm} */
    static Workbenches of(Aead aead) {
        return ALL.get(aead);
    }

    /** {@return how many directions can have a bench at rest} */
    static int seats() {
        return SEATS;
    }

    /** {@return a bench for a direction that has none, which has a seat from now on} */
    Workbench seat(RecordProtection direction) throws SspiException {
        Workbench taken = null;
        for (int i = 0; i < TRIES; i++) {
            int seat = hand.getAndIncrement() & SEATS - 1;
            RecordProtection other = seats.get(seat);
            if (other != null && taken == null) {
                if (other.wasActive() && i < POLITE_TRIES) {
                    continue;
                }
                taken = other.yieldBench();
                if (taken == null && i < POLITE_TRIES) {
                    // It is at work, or has lost its bench to somebody who is about to take the seat.
                    continue;
                }
            } else if (other != null) {
                continue;
            }
            if (seats.compareAndSet(seat, other, direction)) {
                direction.seat(seat);
                break;
            }
        }
        if (taken == null) {
            taken = unused.take();
        }
        return taken == null ? new Workbench(aead) : taken;
    }

    /** {@return whether the one direction has the seat of the other now} */
    boolean succeed(RecordProtection former, RecordProtection next, int seat) {
        return seat >= 0 && seats.compareAndSet(seat, former, next);
    }

    /** Takes back the bench, if there is one, of a direction that is at its end. */
    void leave(RecordProtection direction, int seat, Workbench bench) {
        if (seat >= 0) {
            seats.compareAndSet(seat, direction, null);
        }
        if (bench != null && bench.forget()) {
            unused.give(bench);
        }
    }
}
