package org.jsspi.provider.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Writes the fields of a message in order, into an array that grows.
 *
 * <p>Calls nest as the wire nests: {@code out.vector16(list -> list.u16(0x0304))} writes the length of what the lambda
 * wrote in front of it, in place, without a temporary copy.
 *
 * <p>A number or a vector that does not fit its field is a mistake of the caller and an
 * {@link IllegalArgumentException}. Numbers are big-endian, as in TLS (RFC 8446 3.3), unless the method says
 * {@code LittleEndian}, as in NTLM. Neither arrays that were outgrown nor those of {@link #bytesOf} are wiped: this is for
 * public wire data.
 */
public final class Writer {
    /** What writes the body of a vector. */
    @FunctionalInterface
    public interface Body {
        /** Writes the body to {@code out}, the writer whose vector method was called. */
        void writeTo(Writer out);
    }

    /** What is pooled has room for the messages of most handshakes, and at most for a chain of certificates. */
    private static final int POOLED = 1024;

    private static final int MOST_POOLED = 16384;
    private static final Pool<Writer> POOL = new Pool<>();

    private byte[] buffer;
    private int size;

    /** An empty writer with room for an ordinary message. */
    public Writer() {
        this(256);
    }

    /** An empty writer with room for {@code capacity} bytes before it has to grow. */
    public Writer(int capacity) {
        buffer = new byte[capacity];
    }

    /**
     * {@return a handshake message (RFC 8446 4): | type 1 | length 3 | what the body writes |, in an array of that length}
     *
     * <p>The memory that it is written to first is used again.
     */
    public static byte[] messageOf(int type, Body body) {
        Writer pooled = POOL.take();
        Writer out = pooled == null ? new Writer(POOLED) : pooled;
        try {
            return out.u8(type).vector24(body).toByteArray();
        } finally {
            out.size = 0;
            if (out.buffer.length <= MOST_POOLED) {
                POOL.give(out);
            }
        }
    }

    /** {@return how many bytes have been written: the offset of the next one} */
    public int size() {
        return size;
    }

    /** {@return a copy of what has been written} */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, size);
    }

    /** {@return a copy of what has been written from {@code from} up to {@code to}} */
    public byte[] toByteArray(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return Arrays.copyOfRange(buffer, from, to);
    }

    /** {@return a read-only view of what has been written; further writing may or may not show in it} */
    public ByteBuffer view() {
        return ByteBuffer.wrap(buffer, 0, size).slice().asReadOnlyBuffer();
    }

    /** Writes 8 bits. */
    public Writer u8(int value) {
        fits(value, 8);
        grow(1);
        buffer[size++] = (byte) value;
        return this;
    }

    /** Writes 16 bits. */
    public Writer u16(int value) {
        fits(value, 16);
        return number(value, 2);
    }

    /** Writes 24 bits. */
    public Writer u24(int value) {
        fits(value, 24);
        return number(value, 3);
    }

    /** Writes 32 bits of a number from 0 to 2^32 - 1. */
    public Writer u32(long value) {
        fits(value, 32);
        return number(value, 4);
    }

    /** Writes 64 bits. */
    public Writer u64(long value) {
        return number(value, 8);
    }

    /** Writes 16 bits, least significant byte first. */
    public Writer u16LittleEndian(int value) {
        fits(value, 16);
        return number(Long.reverseBytes(value) >>> 48, 2);
    }

    /** Writes 32 bits of a number from 0 to 2^32 - 1, least significant byte first. */
    public Writer u32LittleEndian(long value) {
        fits(value, 32);
        return number(Long.reverseBytes(value) >>> 32, 4);
    }

    /** Writes 64 bits, least significant byte first. */
    public Writer u64LittleEndian(long value) {
        return number(Long.reverseBytes(value), 8);
    }

    /** Writes all of {@code bytes}. */
    public Writer bytes(byte[] bytes) {
        return bytes(bytes, 0, bytes.length);
    }

    /** Writes {@code length} bytes of {@code bytes} from {@code offset}. */
    public Writer bytes(byte[] bytes, int offset, int length) {
        grow(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
        return this;
    }

    /** Writes the remaining bytes of {@code bytes}, whose position does not move. */
    public Writer bytes(ByteBuffer bytes) {
        int length = bytes.remaining();
        grow(length);
        bytes.get(bytes.position(), buffer, size, length);
        size += length;
        return this;
    }

    /** Writes {@code count} zero bytes. */
    public Writer zeros(int count) {
        grow(count);
        Arrays.fill(buffer, size, size + count, (byte) 0);
        size += count;
        return this;
    }

    /** Writes a vector with an 8-bit length. */
    public Writer vector8(Body body) {
        return vector(1, body);
    }

    /** Writes a vector with a 16-bit length. */
    public Writer vector16(Body body) {
        return vector(2, body);
    }

    /** Writes a vector with a 24-bit length. */
    public Writer vector24(Body body) {
        return vector(3, body);
    }

    /** Writes a vector with a 16-bit length of these bodies, in their order. */
    public Writer vector16(List<? extends Body> bodies) {
        return vector(2, bodies);
    }

    /** Writes a vector with a 24-bit length of these bodies, in their order. */
    public Writer vector24(List<? extends Body> bodies) {
        return vector(3, bodies);
    }

    /** Writes {@code body} as a vector with an 8-bit length. */
    public Writer vector8(byte[] body) {
        return u8(body.length).bytes(body);
    }

    /** Writes {@code body} as a vector with a 16-bit length. */
    public Writer vector16(byte[] body) {
        return u16(body.length).bytes(body);
    }

    /** Writes {@code body} as a vector with a 24-bit length. */
    public Writer vector24(byte[] body) {
        return u24(body.length).bytes(body);
    }

    /** Writes {@code bytes} over what was written at {@code offset}; all of it must have been written before. */
    public Writer overwrite(int offset, byte[] bytes) {
        Objects.checkFromIndexSize(offset, bytes.length, size);
        System.arraycopy(bytes, 0, buffer, offset, bytes.length);
        return this;
    }

    /** Overwrites all of what was written with zeros. */
    public void wipe() {
        Arrays.fill(buffer, 0, size, (byte) 0);
    }

    private Writer vector(int lengthBytes, Body body) {
        int start = size;
        zeros(lengthBytes);
        body.writeTo(this);
        return endVector(start, lengthBytes);
    }

    private Writer vector(int lengthBytes, List<? extends Body> bodies) {
        int start = size;
        zeros(lengthBytes);
        for (int i = 0; i < bodies.size(); i++) {
            bodies.get(i).writeTo(this);
        }
        return endVector(start, lengthBytes);
    }

    private Writer endVector(int start, int lengthBytes) {
        int length = size - start - lengthBytes;
        fits(length, 8 * lengthBytes);
        put(start, length, lengthBytes);
        return this;
    }

    private Writer number(long value, int count) {
        grow(count);
        put(size, value, count);
        size += count;
        return this;
    }

    private void put(int offset, long value, int count) {
        for (int i = 0; i < count; i++) {
            buffer[offset + i] = (byte) (value >>> 8 * (count - 1 - i));
        }
    }

    private static void fits(long value, int bits) {
        if (value >>> bits != 0) {
            throw new IllegalArgumentException(value + " does not fit into " + bits + " bits");
        }
    }

    private void grow(int count) {
        int needed = Math.addExact(size, count);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8)));
        }
    }

    /** {@return the size, without the bytes} */
    @Override
    public String toString() {
        return "Writer[" + size + "]";
    }
}
