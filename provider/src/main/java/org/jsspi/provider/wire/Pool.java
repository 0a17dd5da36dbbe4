package org.jsspi.provider.wire;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * Things that are dear to make and serve any connection: a bounded pool in stripes, one for the whole JVM and each kind.
 *
 * <p>Something is held inside one call and never across two, so that a connection at rest owns none. There is no ThreadLocal,
 * which would cost one for every virtual thread, and nobody waits: where a stripe is empty the caller makes another, where
 * it is full what is returned is left to the garbage collector.
 *
 * @param <T> what is pooled; nothing secret may be in it when it is given back
 */
public final class Pool<T> {
    private static final int DEPTH = 4;
    // A cache line holds 16 references: stripes do not share one.
    private static final int STRIDE = 32;
    private static final int DEEPEST = STRIDE - 16;
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(64, 2 * Runtime.getRuntime().availableProcessors() - 1));

    private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>((STRIPES + 1) * STRIDE);
    private final int depth;

    /** A pool of what a call needs one of, or few. */
    public Pool() {
        this(DEPTH);
    }

    private Pool(int depth) {
        this.depth = depth;
    }

    /** {@return a pool of what many connections may give back at about the same time} */
    public static <T> Pool<T> deep() {
        return new Pool<>(DEEPEST);
    }

    /** {@return something that is the caller's until {@link #give}, or null if it has to make one} */
    public T take() {
        int first = stripe();
        for (int i = first; i < first + depth; i++) {
            T pooled = slots.get(i);
            if (pooled != null && slots.compareAndSet(i, pooled, null)) {
                return pooled;
            }
        }
        return null;
    }

    /** Gives something back, or takes in what was made for want of it. */
    public void give(T pooled) {
        int first = stripe();
        for (int i = first; i < first + depth; i++) {
            if (slots.get(i) == null && slots.compareAndSet(i, null, pooled)) {
                return;
            }
        }
    }

    /** {@return something pooled, wherever it is, that is to be taken out, or null if there is nothing such} */
    public T takeIf(Predicate<T> isDue) {
        for (int i = STRIDE; i < slots.length(); i++) {
            T pooled = slots.get(i);
            if (pooled != null && isDue.test(pooled) && slots.compareAndSet(i, pooled, null)) {
                return pooled;
            }
        }
        return null;
    }

    /** {@return how many things a pool can hold that is not deep} */
    public static int capacity() {
        return STRIPES * DEPTH;
    }

    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread()) * 0x9E3779B9;
        return STRIDE + (hash >>> 16 & STRIPES - 1) * STRIDE;
    }
}
