package org.jsspi.provider.ntlm;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * What lies behind the fixed fields of a message, and the fields that point there (MS-NLMP 2.2.1):
 *
 * <pre>
 * struct { u16 Len; u16 MaxLen; u32 BufferOffset; }
 * </pre>
 */
final class Payload {
    static final byte[] SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);

    /** Nobody sends a longer message: names have at most 255 characters, and there are about ten of them. */
    static final int MAXIMUM_MESSAGE = 16384;

    private static final int MOST_FIELDS = 6;

    private Payload() {}

    /** {@return the number of the message, after its signature} */
    static int messageType(Reader in) throws SspiException {
        if (in.remaining() > MAXIMUM_MESSAGE) {
            throw Reader.malformed("an NTLM message of " + in.remaining() + " bytes");
        }
        if (!Arrays.equals(in.bytes(SIGNATURE.length), SIGNATURE)) {
            throw Reader.malformed("not an NTLM message");
        }
        return (int) in.u32LittleEndian();
    }

    /** {@return a reader of the fields after the type} */
    static Reader open(byte[] message, int type, int minimum) throws SspiException {
        Reader in = Reader.of(message);
        if (in.remaining() < minimum) {
            throw Reader.malformed("an NTLM message of " + in.remaining() + " bytes");
        }
        int found = messageType(in);
        if (found != type) {
            throw Reader.malformed("NTLM message " + Integer.toUnsignedString(found) + " where " + type + " is due");
        }
        return in;
    }

    /** {@return the characters that names of a message are in} OEM has no one meaning: ours is ISO 8859-1. */
    static Charset charset(NegotiateFlags flags) {
        return flags.has(NegotiateFlags.UNICODE) ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1;
    }

    /** Reads the fields of one message; no two of them may share a byte, and none may reach out of the payload. */
    static final class In {
        private final byte[] message;
        private final int headerLength;
        private final long[] starts = new long[MOST_FIELDS];
        private final int[] lengths = new int[MOST_FIELDS];
        private int count;

        /** @param headerLength the fixed fields that every form of the message has; the payload begins there or later */
        In(byte[] message, int headerLength) {
            this.message = message;
            this.headerLength = headerLength;
        }

        /** {@return the bytes that the next field of {@code in} points to; where it is empty its offset means nothing} */
        byte[] field(Reader in) throws SspiException {
            int length = in.u16LittleEndian();
            in.skip(2);
            long start = in.u32LittleEndian();
            if (length == 0) {
                return new byte[0];
            }
            if (start < headerLength || start + length > message.length) {
                throw Reader.malformed(
                        "a field of " + length + " bytes at " + start + " in a message of " + message.length);
            }
            for (int i = 0; i < count; i++) {
                if (start < starts[i] + lengths[i] && starts[i] < start + length) {
                    throw Reader.malformed("two fields overlap");
                }
            }
            starts[count] = start;
            lengths[count++] = length;
            return Arrays.copyOfRange(message, (int) start, (int) start + length);
        }

        String text(Reader in, Charset charset) throws SspiException {
            byte[] bytes = field(in);
            if (charset == StandardCharsets.UTF_16LE && bytes.length % 2 != 0) {
                throw Reader.malformed("UTF-16 text of " + bytes.length + " bytes");
            }
            return new String(bytes, charset);
        }

        /** {@return the offset of the first byte that a field points to: the fixed fields end before it} */
        int start() {
            long first = message.length;
            for (int i = 0; i < count; i++) {
                first = Math.min(first, starts[i]);
            }
            return (int) first;
        }
    }

    /** Writes fields and keeps the payload until {@link #finish}. */
    static final class Out {
        private final Writer header;
        private final Writer payload = new Writer();
        private final int headerLength;

        Out(int type, int headerLength) {
            this.header = new Writer(headerLength).bytes(SIGNATURE).u32LittleEndian(type);
            this.headerLength = headerLength;
        }

        /** {@return where the fixed fields go} */
        Writer header() {
            return header;
        }

        Out field(byte[] value) {
            header.u16LittleEndian(value.length)
                    .u16LittleEndian(value.length)
                    .u32LittleEndian(headerLength + payload.size());
            payload.bytes(value);
            return this;
        }

        /** {@return the offset in the payload of the bytes that this appends} */
        int append(byte[] value) {
            int offset = payload.size();
            payload.bytes(value);
            return offset;
        }

        /** A field whose value {@link #append} has put there. */
        Out fieldAt(int offset, int length) {
            header.u16LittleEndian(length).u16LittleEndian(length).u32LittleEndian(headerLength + offset);
            return this;
        }

        byte[] finish() {
            if (header.size() != headerLength) {
                throw new IllegalStateException("fixed fields of " + header.size() + " bytes, not " + headerLength);
            }
            return header.bytes(payload.view()).toByteArray();
        }
    }
}
