package org.jsspi.provider.tls.record;

import java.util.Arrays;
import org.jsspi.provider.wire.Pool;

/**
 * The scratch memory of all connections of a JVM: pooled pairs of arrays that hold any record, one for plaintext
 * and one for what is sealed. A record between two direct buffers needs both: a pair costs one visit to the pool.
 */
final class Scratch {
    /** The length of an array: a record of the largest legal length, and what some ciphers want beyond it. */
    static final int SIZE = RecordFormat.HEADER + RecordFormat.MAX_CIPHERTEXT + 123;

    /** From here on the arrays of a record do not all fit into the nearest cache. */
    private static final int LARGE = 4096;

    private static final Pool<Scratch> POOL = new Pool<>();

    // Null until needed.
    private byte[] plain;
    private byte[] sealed;

    private Scratch() {}

    /** {@return a pair that is the caller's until {@link #give}} */
    static Scratch take() {
        Scratch pair = POOL.take();
        return pair == null ? new Scratch() : pair;
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
        POOL.give(this);
    }

    /** {@return how many pairs the pool can hold} */
    static int capacity() {
        return Pool.capacity();
    }
}
