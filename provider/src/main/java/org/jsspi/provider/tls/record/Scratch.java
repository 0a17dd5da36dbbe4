package org.jsspi.provider.tls.record;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The scratch memory of all connections of a JVM: one bounded pool of arrays that hold any record.
 *
 * <p>An array is held inside one call and never across two, so that a connection at rest owns none. There is no ThreadLocal,
 * which would cost an array for every virtual thread, and nobody waits: where a stripe is empty a fresh array is allocated,
 * where it is full a returned one is left to the garbage collector.
 */
final class Scratch {
    /** The length of an array: a record of the largest legal length, and what some ciphers want beyond it. */
    static final int SIZE = RecordFormat.HEADER + RecordFormat.MAX_CIPHERTEXT + 123;

    private static final int DEPTH = 4;
    // A cache line holds 16 references: stripes do not share one.
    private static final int STRIDE = 32;
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(64, 2 * Runtime.getRuntime().availableProcessors() - 1));
    private static final AtomicReferenceArray<byte[]> POOL = new AtomicReferenceArray<>((STRIPES + 1) * STRIDE);

    private Scratch() {}

    /** {@return an array of at least {@code size} bytes, whose content is of no meaning and no secret} */
    static byte[] take(int size) {
        if (size > SIZE) {
            return new byte[size];
        }
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            byte[] array = POOL.get(i);
            if (array != null && POOL.compareAndSet(i, array, null)) {
                return array;
            }
        }
        return new byte[SIZE];
    }

    /** {@return an array that holds any record} */
    static byte[] take() {
        return take(SIZE);
    }

    /**
     * Gives an array back.
     *
     * @param secret how many bytes from its begin on held plaintext, which are zeroed
     */
    static void give(byte[] array, int secret) {
        Arrays.fill(array, 0, secret, (byte) 0);
        if (array.length != SIZE) {
            return;
        }
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            if (POOL.get(i) == null && POOL.compareAndSet(i, null, array)) {
                return;
            }
        }
    }

    /** {@return how many arrays the pool can hold} */
    static int capacity() {
        return STRIPES * DEPTH;
    }

    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread()) * 0x9E3779B9;
        return STRIDE + (hash >>> 16 & STRIPES - 1) * STRIDE;
    }
}
