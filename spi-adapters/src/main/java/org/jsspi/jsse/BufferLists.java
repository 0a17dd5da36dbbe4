package org.jsspi.jsse;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jsspi.SecBufferDesc;

/**
 * Lists of buffers for the calls of all engines: one is taken for a call and given back behind it, so that a record costs no
 * allocation and an engine at rest holds no list. Nobody waits: who finds none makes one, and what there is no place for is left to
 * the garbage collector.
 */
final class BufferLists {
    private static final int DEPTH = 4;
    // A cache line holds 16 references: stripes do not share one.
    private static final int STRIDE = 32;
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(64, 2 * Runtime.getRuntime().availableProcessors() - 1));

    private static final AtomicReferenceArray<SecBufferDesc> SLOTS = new AtomicReferenceArray<>((STRIPES + 1) * STRIDE);

    /** A list that has served a call with more buffers is not kept. */
    private static final int LONGEST = 16;

    private BufferLists() {}

    /** {@return an empty list, which is the caller's until it is given back} */
    static SecBufferDesc take() {
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            SecBufferDesc list = SLOTS.get(i);
            if (list != null && SLOTS.compareAndSet(i, list, null)) {
                return list;
            }
        }
        return new SecBufferDesc();
    }

    /** Clears a list and gives it back: what it referred to is not held any longer. */
    static void give(SecBufferDesc list) {
        boolean kept = list.count() <= LONGEST;
        list.clear();
        int first = stripe();
        for (int i = first; kept && i < first + DEPTH; i++) {
            if (SLOTS.getPlain(i) == null) {
                // Where two threads find the same place empty one list is lost to the garbage collector, which
                // costs less than a fence for each record.
                SLOTS.setRelease(i, list);
                return;
            }
        }
    }

    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread()) * 0x9E3779B9;
        return STRIDE + (hash >>> 16 & STRIPES - 1) * STRIDE;
    }
}
