package org.jsspi.jsse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The memory of all sockets of a JVM: a bounded pool of buffers that hold any record. A socket takes one while bytes move, and
 * gives it back before it waits, so that one at rest owns none. Nobody waits here: where the pool is empty a fresh buffer is made,
 * where it is full a returned one is left to the garbage collector.
 */
final class RecordBuffers {
    private static final int DEPTH = 4;
    // A cache line holds 16 references: stripes do not share one.
    private static final int STRIDE = 32;
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(64, 2 * Runtime.getRuntime().availableProcessors() - 1));
    private static final AtomicReferenceArray<ByteBuffer> POOL = new AtomicReferenceArray<>((STRIPES + 1) * STRIDE);

    private RecordBuffers() {}

    /** {@return an empty buffer of {@link JsseSession#PACKET_BUFFER_SIZE} bytes with an array, the caller's until {@link #give}} */
    static ByteBuffer take() {
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            ByteBuffer buffer = POOL.get(i);
            if (buffer != null && POOL.compareAndSet(i, buffer, null)) {
                return buffer.clear();
            }
        }
        return ByteBuffer.allocate(JsseSession.PACKET_BUFFER_SIZE);
    }

    /**
     * Gives a buffer back; one of another size is not kept.
     *
     * @param secret how many bytes of it, from the begin on, held plaintext; they are zeroed
     */
    static void give(ByteBuffer buffer, int secret) {
        Arrays.fill(buffer.array(), 0, secret, (byte) 0);
        if (buffer.capacity() != JsseSession.PACKET_BUFFER_SIZE) {
            return;
        }
        int first = stripe();
        for (int i = first; i < first + DEPTH; i++) {
            if (POOL.get(i) == null && POOL.compareAndSet(i, null, buffer)) {
                return;
            }
        }
    }

    private static int stripe() {
        int hash = System.identityHashCode(Thread.currentThread()) * 0x9E3779B9;
        return STRIDE + (hash >>> 16 & STRIPES - 1) * STRIDE;
    }
}
