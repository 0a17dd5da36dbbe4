package org.jsspi.provider.tls.record;

import java.nio.ByteBuffer;
import org.jsspi.provider.wire.Pool;

/**
 * Scratch memory outside the heap, for ciphers that read and write it in place and copy every array as a whole: pooled as
 * {@link Scratch} is, and only there where such a cipher serves.
 */
final class DirectScratch {
    private static final byte[] ZEROS = new byte[Scratch.SIZE];
    private static final Pool<DirectScratch> POOL = new Pool<>();

    private final ByteBuffer plain = ByteBuffer.allocateDirect(Scratch.SIZE);
    private final ByteBuffer sealed = ByteBuffer.allocateDirect(Scratch.SIZE);

    private DirectScratch() {}

    /** {@return a pair that is the caller's until {@link #give}} */
    static DirectScratch take() {
        DirectScratch pair = POOL.take();
        return pair == null ? new DirectScratch() : pair;
    }

    /** {@return the buffer for plaintext, from 0 to {@code limit}, which is not above {@link Scratch#SIZE}} */
    ByteBuffer plain(int limit) {
        return plain.clear().limit(limit);
    }

    /** {@return the buffer for what is sealed, from 0 to {@code limit}; no plaintext stays in it} */
    ByteBuffer sealed(int limit) {
        return sealed.clear().limit(limit);
    }

    /**
     * Gives the pair back.
     *
     * @param secret how many bytes of {@link #plain} held plaintext from its begin on; they are zeroed
     */
    void give(int secret) {
        plain.clear().put(0, ZEROS, 0, secret);
        POOL.give(this);
    }
}
