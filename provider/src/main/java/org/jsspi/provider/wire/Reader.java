package org.jsspi.provider.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * Reads the fields of a message in order, and never past its end.
 *
 * <p>A reader is a view: it aliases the bytes it was made of and moves only its own position. The bytes must not change
 * while it is in use; {@link #bytes(int)} and the {@code vector..Bytes} methods copy, sub-readers alias.
 *
 * <p>Bytes that do not have the asked form end in an {@link SspiException} with {@code SEC_E_INVALID_TOKEN}, kind
 * {@code PROTOCOL} and no alert. After an exception the position is unspecified.
 *
 * <p>Numbers are big-endian, as in TLS (RFC 8446 3.3), unless the method says {@code LittleEndian}, as in NTLM.
 */
public final class Reader {
    private final byte[] source;
    private final int start;
    private final int end;
    private int next;

    private Reader(byte[] source, int start, int end) {
        this.source = source;
        this.start = start;
        this.end = end;
        this.next = start;
    }

    /** {@return a reader of all of {@code source}, which is aliased} */
    public static Reader of(byte[] source) {
        return new Reader(source, 0, source.length);
    }

    /** {@return a reader of {@code length} bytes of {@code source} from {@code offset}, which are aliased} */
    public static Reader of(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        return new Reader(source, offset, offset + length);
    }

    /** {@return another reader of what is left, which moves by itself} */
    public Reader fork() {
        return new Reader(source, next, end);
    }

    /** {@return how many bytes are left} */
    public int remaining() {
        return end - next;
    }

    /** {@return whether a byte is left} */
    public boolean hasRemaining() {
        return next < end;
    }

    /** {@return the offset of the next byte from the first byte of this reader} */
    public int position() {
        return next - start;
    }

    /** Requires that everything has been read: bytes after the last field are an error. */
    public void end() throws SspiException {
        if (hasRemaining()) {
            throw malformed(remaining() + " bytes after the end of the message or field");
        }
    }

    /** {@return the next 8 bits, unsigned} */
    public int u8() throws SspiException {
        return (int) number(1);
    }

    /** {@return the next 16 bits, unsigned} */
    public int u16() throws SspiException {
        return (int) number(2);
    }

    /** {@return the next 24 bits, unsigned} */
    public int u24() throws SspiException {
        return (int) number(3);
    }

    /** {@return the next 32 bits, unsigned} */
    public long u32() throws SspiException {
        return number(4);
    }

    /** {@return the next 64 bits; the sign bit is bit 63 of the unsigned number} */
    public long u64() throws SspiException {
        return number(8);
    }

    private long number(int count) throws SspiException {
        need(count);
        long number = 0;
        for (int i = 0; i < count; i++) {
            number = number << 8 | source[next++] & 0xFF;
        }
        return number;
    }

    /** {@return the next 16 bits, unsigned, least significant byte first} */
    public int u16LittleEndian() throws SspiException {
        return Integer.reverseBytes(u16()) >>> 16;
    }

    /** {@return the next 32 bits, unsigned, least significant byte first} */
    public long u32LittleEndian() throws SspiException {
        return Integer.reverseBytes((int) u32()) & 0xFFFF_FFFFL;
    }

    /** {@return the next 64 bits, least significant byte first} */
    public long u64LittleEndian() throws SspiException {
        return Long.reverseBytes(u64());
    }

    /** {@return a copy of the next {@code count} bytes} */
    public byte[] bytes(int count) throws SspiException {
        need(count);
        next += count;
        return Arrays.copyOfRange(source, next - count, next);
    }

    /** {@return a copy of everything that is left} */
    public byte[] rest() throws SspiException {
        return bytes(remaining());
    }

    /** {@return a read-only view of everything that is left, without moving on} */
    public ByteBuffer view() {
        return ByteBuffer.wrap(source, next, remaining()).slice().asReadOnlyBuffer();
    }

    /** Passes over {@code count} bytes. */
    public void skip(int count) throws SspiException {
        need(count);
        next += count;
    }

    /** {@return a reader of the next {@code count} bytes, which this reader passes over} */
    public Reader slice(int count) throws SspiException {
        need(count);
        next += count;
        return new Reader(source, next - count, next);
    }

    /**
     * {@return a reader of the {@code count} bytes at {@code offset} of this reader, wherever it stands}
     *
     * <p>For formats that name their fields by offset and length (NTLM). The position does not move.
     */
    public Reader slice(long offset, long count) throws SspiException {
        int size = end - start;
        if (offset < 0 || count < 0 || offset > size || count > size - offset) {
            throw malformed("a field of " + count + " bytes at offset " + offset + " lies outside the message of "
                    + size + " bytes");
        }
        return new Reader(source, start + (int) offset, start + (int) (offset + count));
    }

    /** {@return the body of a vector {@code <min..max>} with an 8-bit length} */
    public Reader vector8(int min, int max) throws SspiException {
        return vector(u8(), min, max);
    }

    /** {@return the body of a vector {@code <min..max>} with a 16-bit length} */
    public Reader vector16(int min, int max) throws SspiException {
        return vector(u16(), min, max);
    }

    /** {@return the body of a vector {@code <min..max>} with a 24-bit length} */
    public Reader vector24(int min, int max) throws SspiException {
        return vector(u24(), min, max);
    }

    /** {@return a copy of the body of a vector {@code <min..max>} with an 8-bit length} */
    public byte[] vector8Bytes(int min, int max) throws SspiException {
        return bytes(within(u8(), min, max));
    }

    /** {@return a copy of the body of a vector {@code <min..max>} with a 16-bit length} */
    public byte[] vector16Bytes(int min, int max) throws SspiException {
        return bytes(within(u16(), min, max));
    }

    /** {@return a copy of the body of a vector {@code <min..max>} with a 24-bit length} */
    public byte[] vector24Bytes(int min, int max) throws SspiException {
        return bytes(within(u24(), min, max));
    }

    /** {@return the error for bytes that do not have the form they must have; {@code message} says what is wrong} */
    public static SspiException malformed(String message) {
        return new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, SspiException.Kind.PROTOCOL, message, null);
    }

    private Reader vector(int length, int min, int max) throws SspiException {
        return slice(within(length, min, max));
    }

    private static int within(int length, int min, int max) throws SspiException {
        if (length < min || length > max) {
            throw malformed("a vector of " + length + " bytes, where " + min + " to " + max + " are allowed");
        }
        return length;
    }

    private void need(int count) throws SspiException {
        if (count < 0 || count > remaining()) {
            throw malformed("a field of " + count + " bytes where " + remaining() + " are left");
        }
    }

    /** {@return position and size, without the bytes} */
    @Override
    public String toString() {
        return "Reader[" + position() + " of " + (end - start) + "]";
    }
}
