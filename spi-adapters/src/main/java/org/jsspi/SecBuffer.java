package org.jsspi;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * SecBuffer: a type laid over somebody else's memory.
 *
 * <p>It is a flyweight. It owns no bytes; calls rewrite its type, its place and its length, exactly as SSPI functions
 * rewrite {@code BufferType}, {@code pvBuffer} and {@code cbBuffer}. Offsets are absolute indexes into the
 * {@link ByteBuffer}; positions and limits of the caller's buffers are never moved.
 *
 * <p>A buffer has two places, <i>source</i> and <i>target</i>. For SSPI callers they are the same and messages are
 * protected in place. Where they differ the package reads the source only and writes the target only: that is the one-pass
 * path from the application's memory to the network's. The length counts for both.
 *
 * <p>Not safe for use by several threads.
 */
public final class SecBuffer {
    /** The bits of a buffer type that are attributes: SECBUFFER_ATTRMASK. */
    public static final int ATTRMASK = 0xF0000000;
    /**
     * The package must not modify the buffer: SECBUFFER_READONLY. Whether it is part of the signature is the package's rule,
     * see {@link SecurityContext}.
     */
    public static final int READONLY = 0x80000000;
    /** The package must not modify the buffer but includes it in the signature: SECBUFFER_READONLY_WITH_CHECKSUM. */
    public static final int READONLY_WITH_CHECKSUM = 0x10000000;

    private static final SecBufferType[] TYPES = SecBufferType.values();
    private static final int EMPTY = SecBufferType.EMPTY.ordinal();

    // A number and no reference, and places are stored only where they change: a reference that is stored into an old
    // object costs a collector's barrier, and a list is rewritten for every record.
    private int type = EMPTY;
    private int attributes;
    private ByteBuffer source;
    private int sourceOffset;
    private ByteBuffer target;
    private int targetOffset;
    private int length;
    private ByteBuffer allocated;

    /** An EMPTY buffer. */
    public SecBuffer() {}

    /** A buffer over the remaining bytes of {@code memory}. */
    public SecBuffer(SecBufferType type, ByteBuffer memory) {
        set(type, memory);
    }

    /** A buffer over the whole array. */
    public SecBuffer(SecBufferType type, byte[] memory) {
        set(type, ByteBuffer.wrap(memory));
    }

    /** {@return what the buffer holds} */
    public SecBufferType type() {
        return TYPES[type];
    }

    /** {@return the attribute bits: {@link #READONLY}, {@link #READONLY_WITH_CHECKSUM}} */
    public int attributes() {
        return attributes;
    }

    /** {@return cbBuffer, in bytes} */
    public int length() {
        return length;
    }

    /** {@return the memory that is read, or null} */
    public ByteBuffer source() {
        return source;
    }

    /** {@return the index of the first byte in {@link #source()}} */
    public int sourceOffset() {
        return sourceOffset;
    }

    /** {@return the memory that is written, or null} */
    public ByteBuffer target() {
        return target;
    }

    /** {@return the index of the first byte in {@link #target()}} */
    public int targetOffset() {
        return targetOffset;
    }

    /** {@return true if the buffer lies over any memory} */
    public boolean hasMemory() {
        return source != null || target != null;
    }

    /** {@return true if source and target are the same place} */
    public boolean inPlace() {
        return source == target && sourceOffset == targetOffset;
    }

    /** Makes this an EMPTY buffer without memory. */
    public SecBuffer clear() {
        type = EMPTY;
        attributes = 0;
        length = 0;
        // Offsets without memory mean nothing, but a cleared buffer is as a new one.
        if (source != null) {
            source = null;
        }
        sourceOffset = 0;
        if (target != null) {
            target = null;
        }
        targetOffset = 0;
        return this;
    }

    /** Lays the buffer over the remaining bytes of {@code memory}, source and target alike. */
    public SecBuffer set(SecBufferType newType, ByteBuffer memory) {
        return set(newType, memory, memory.position(), memory.remaining());
    }

    /**
     * Lays the buffer over {@code count} bytes of {@code memory} from {@code offset} on, source and target alike.
     *
     * @param memory may be null: then the length is a bare number, as for MISSING
     */
    public SecBuffer set(SecBufferType newType, ByteBuffer memory, int offset, int count) {
        return set(newType, memory, offset, memory, offset, count);
    }

    /**
     * Lays the buffer over {@code count} bytes to read at {@code from} and to write at {@code to}.
     *
     * @param from may be null: there is nothing to read
     * @param to may be null: there is nothing to write
     * @throws IndexOutOfBoundsException if the bytes do not lie below the limit of their memory
     */
    public SecBuffer set(
            SecBufferType newType, ByteBuffer from, int fromOffset, ByteBuffer to, int toOffset, int count) {
        this.type = Objects.requireNonNull(newType, "type").ordinal();
        if (from != null) {
            Objects.checkFromIndexSize(fromOffset, count, from.limit());
        }
        if (to != null && to != from) {
            Objects.checkFromIndexSize(toOffset, count, to.limit());
        }
        this.attributes = 0;
        if (this.source != from) {
            this.source = from;
        }
        this.sourceOffset = fromOffset;
        if (this.target != to) {
            this.target = to;
        }
        this.targetOffset = toOffset;
        this.length = count;
        return this;
    }

    /** Sets the attribute bits; the type stays. */
    public SecBuffer setAttributes(int bits) {
        if ((bits & ~ATTRMASK) != 0) {
            throw new IllegalArgumentException("not attribute bits: 0x%08X".formatted(bits));
        }
        this.attributes = bits;
        return this;
    }

    /** Changes the type alone. */
    public SecBuffer setType(SecBufferType newType) {
        this.type = Objects.requireNonNull(newType, "type").ordinal();
        return this;
    }

    /**
     * Changes the length alone, as a package does when it has produced fewer bytes than there was room for.
     *
     * @throws IndexOutOfBoundsException if the bytes do not lie below the limit of their memory
     */
    public SecBuffer setLength(int count) {
        if (source != null) {
            Objects.checkFromIndexSize(sourceOffset, count, source.limit());
        }
        if (target != null && target != source) {
            Objects.checkFromIndexSize(targetOffset, count, target.limit());
        }
        this.length = count;
        return this;
    }

    /**
     * Lays the buffer over memory that the package has allocated for this call (ALLOCATE_MEMORY). Closing the descriptor
     * wipes it.
     */
    public SecBuffer setAllocated(SecBufferType newType, ByteBuffer memory) {
        set(newType, memory);
        this.allocated = memory;
        return this;
    }

    /** {@return a new view of the bytes that the buffer lies over: of the target, or of the source where there is no target} */
    public ByteBuffer view() {
        if (target != null) {
            return target.slice(targetOffset, length);
        }
        return source == null ? ByteBuffer.allocate(0) : source.slice(sourceOffset, length);
    }

    /** {@return a copy of the bytes of {@link #view()}} */
    public byte[] toByteArray() {
        ByteBuffer view = view();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }

    /** Wipes and forgets what a package allocated: FreeContextBuffer. */
    void free() {
        if (allocated != null) {
            for (int i = 0; i < allocated.capacity(); i++) {
                allocated.put(i, (byte) 0);
            }
            allocated = null;
            clear();
        }
    }

    @Override
    public String toString() {
        return type() + "[" + length + "]";
    }
}
