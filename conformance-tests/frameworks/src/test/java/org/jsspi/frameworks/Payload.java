package org.jsspi.frameworks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;

/** Fifty megabytes that are known at every position: no byte can be lost, repeated or moved without notice. */
final class Payload {
    static final int SIZE = 50 * 1024 * 1024;

    /** Prime to every power of two, so that neither records nor buffers come round with it. */
    private static final int PERIOD = 999_983;

    private static final byte[] PATTERN = pattern();

    private Payload() {}

    private static byte[] pattern() {
        byte[] pattern = new byte[PERIOD];
        new Random(PERIOD).nextBytes(pattern);
        return pattern;
    }

    static void writeTo(OutputStream out) throws IOException {
        byte[] part = new byte[40_000];
        for (int position = 0; position < SIZE; position += part.length) {
            int length = Math.min(part.length, SIZE - position);
            fill(position, part, 0, length);
            out.write(part, 0, length);
        }
    }

    /** {@return how many bytes were right; stops at the first that is not} */
    static long readFrom(InputStream in) throws IOException {
        Check check = new Check();
        byte[] part = new byte[50_000];
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            check.next(part, 0, length);
        }
        return check.good();
    }

    static InputStream stream() {
        return new InputStream() {
            private int position;

            @Override
            public int available() {
                return SIZE - position;
            }

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                Objects.checkFromIndexSize(offset, length, bytes.length);
                if (position == SIZE) {
                    return -1;
                }
                int count = Math.min(length, SIZE - position);
                fill(position, bytes, offset, count);
                position += count;
                return count;
            }
        };
    }

    static byte[] bytes() {
        byte[] all = new byte[SIZE];
        fill(0, all, 0, SIZE);
        return all;
    }

    static void fill(long position, byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            int from = (int) ((position + done) % PERIOD);
            int count = Math.min(length - done, PERIOD - from);
            System.arraycopy(PATTERN, from, bytes, offset + done, count);
            done += count;
        }
    }

    /** Compares what arrives, in pieces of any size. */
    static final class Check {
        private long good;
        private boolean wrong;

        void next(byte[] bytes, int offset, int length) {
            int done = 0;
            while (done < length && !wrong) {
                int from = (int) (good % PERIOD);
                int count = Math.min(length - done, PERIOD - from);
                int start = offset + done;
                int differs = Arrays.mismatch(bytes, start, start + count, PATTERN, from, from + count);
                wrong = differs >= 0;
                good += wrong ? differs : count;
                done += count;
            }
        }

        long good() {
            return good;
        }

        boolean wrong() {
            return wrong;
        }
    }
}
