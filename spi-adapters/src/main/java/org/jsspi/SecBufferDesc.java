package org.jsspi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * SecBufferDesc: the list of buffers that a call reads and rewrites in place.
 *
 * <p>Hot paths keep one and refill it with {@link #clear()} and {@link #add}: the {@link SecBuffer}s of earlier rounds are
 * used again, so that a message costs no allocation. Closing a descriptor wipes what packages have allocated for it.
 *
 * <p>Not safe for use by several threads.
 */
public final class SecBufferDesc implements AutoCloseable {
    private SecBuffer[] buffers;
    private int count;
    private int qop;
    private int messageSeqNo;

    /** An empty list that {@link #add} fills. */
    public SecBufferDesc() {
        this.buffers = new SecBuffer[4];
    }

    /** A list of these buffers. */
    public SecBufferDesc(SecBuffer... buffers) {
        for (SecBuffer buffer : buffers) {
            Objects.requireNonNull(buffer, "buffer");
        }
        this.buffers = buffers.clone();
        this.count = buffers.length;
    }

    /** {@return cBuffers} */
    public int count() {
        return count;
    }

    /** {@return buffer number {@code index}, from 0} */
    public SecBuffer get(int index) {
        return buffers[Objects.checkIndex(index, count)];
    }

    /** {@return the first buffer of this type, or null} */
    public SecBuffer find(SecBufferType type) {
        for (int i = 0; i < count; i++) {
            if (buffers[i].type() == type) {
                return buffers[i];
            }
        }
        return null;
    }

    /** Empties the list; the buffer objects stay for reuse, what packages allocated is wiped. */
    public SecBufferDesc clear() {
        for (int i = 0; i < count; i++) {
            buffers[i].free();
            buffers[i].clear();
        }
        count = 0;
        qop = 0;
        messageSeqNo = 0;
        return this;
    }

    /** {@return a further buffer at the end of the list, EMPTY and without memory} */
    public SecBuffer add() {
        if (count == buffers.length) {
            buffers = Arrays.copyOf(buffers, count * 2 + 1);
        }
        if (buffers[count] == null) {
            buffers[count] = new SecBuffer();
        }
        return buffers[count++];
    }

    /** Appends a buffer over the remaining bytes of {@code memory}. */
    public SecBuffer add(SecBufferType type, ByteBuffer memory) {
        return add().set(type, memory);
    }

    /** Appends a buffer over {@code length} bytes of {@code memory} from {@code offset} on. */
    public SecBuffer add(SecBufferType type, ByteBuffer memory, int offset, int length) {
        return add().set(type, memory, offset, length);
    }

    /** {@return the quality of protection that the last verify or decrypt call found} */
    public int qop() {
        return qop;
    }

    /** Set by packages: the quality of protection that the message had. */
    public void setQop(int qop) {
        this.qop = qop;
    }

    /** {@return the sequence number that the last verified or decrypted message carried} */
    public int messageSeqNo() {
        return messageSeqNo;
    }

    /** Set by packages: the sequence number that the message carried. */
    public void setMessageSeqNo(int messageSeqNo) {
        this.messageSeqNo = messageSeqNo;
    }

    /** Wipes what packages have allocated for this list: FreeContextBuffer. */
    @Override
    public void close() {
        for (int i = 0; i < count; i++) {
            buffers[i].free();
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(Arrays.copyOf(buffers, count));
    }
}
