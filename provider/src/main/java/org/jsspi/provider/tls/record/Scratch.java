package org.jsspi.provider.tls.record;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The scratch memory of all connections of a JVM: a bounded pool of pairs of arrays that hold any record, one for plaintext
 * and one for what is sealed. A record between two direct buffers needs both: a pair costs one visit to the pool.
 *
 * <p>A pair is held inside one call and never across two, so that a connection at rest owns none. There is no ThreadLocal,
 * which would cost a pair for every virtual thread, and nobody waits: where a stripe is empty a fresh pair is allocated,
 * where it is full a returned one is left to the garbage collector.
 */
final class Scratch {
    /** The length of an array: a record of the largest legal length, and what some ciphers want beyond it. */
    static final int SIZE = RecordFormat.HEADER + RecordFormat.MAX_CIPHERTEXT + 123;

    /** From here on the arrays of a record do not all fit into the nearest cache. */
    private static final int LARGE = 4096;

    private static final int DEPTH = 4;
    // A cache line holds 16 references: stripes do not share one.
    private static final int STRIDE = 32;
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(64, 2 * Runtime.getRuntime().availableProcessors() - 1));
    private static final AtomicReferenceArray<Scratch> POOL = new AtomicReferenceArray<>((STRIPES + 1) * STRIDE);

    // Null until needed.
    private byte[] plain;
    private byte[] sealed;

    private Scratch() {}

    /** {@return a pair that is the caller's until {@link #give}} */
    static Scratch take() {
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            Scratch pair = POOL.get(i);
            if (pair != null && POOL.compareAndSet(i, pair, null)) {
                return pair;
            }
        }
        return new Scratch();
    }

    /** {@return the array for plaintext, at least {@code size} bytes, whose content is of no meaning and no secret} */
    byte[] plain(int size) {
        if (plain == null || plain.length < size) {
            plain = new byte[Math.max(size, SIZE)];
        }
        return plain;
    }

    /** {@return the array for what is sealed, at least {@code size} bytes; no plaintext stays in it} */
    byte[] sealed(int size) {
        if (sealed == null || sealed.length < size) {
            sealed = new byte[Math.max(size, SIZE)];
        }
        return sealed;
    }

    /**
     * Gives the pair back.
     *
     * @param secret how many bytes of {@link #plain} held plaintext from its begin on; they are zeroed
     */
    void give(int secret) {
        if (secret > 0) {
            Arrays.fill(plain, 0, secret, (byte) 0);
        }
        if (plain != null && plain.length > SIZE) {
            plain = null;
        }
        if (sealed != null && sealed.length > SIZE) {
            sealed = null;
        }
        if (secret > LARGE) {
            // What was zeroed last is still in the processor's cache, and the next record begins with the sealed bytes.
            byte[] warm = plain;
            plain = sealed;
            sealed = warm;
        }
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            if (POOL.get(i) == null && POOL.compareAndSet(i, null, this)) {
                return;
            }
        }
    }

    /** {@return how many pairs the pool can hold} */
    static int capacity() {
        return STRIPES * DEPTH;
    }

    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread()) * 0x9E3779B9;
        return STRIDE + (hash >>> 16 & STRIPES - 1) * STRIDE;
    }
}
