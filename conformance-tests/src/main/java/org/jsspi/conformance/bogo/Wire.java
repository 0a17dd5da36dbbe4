package org.jsspi.conformance.bogo;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The two directions of a connection as the test wants them: slow, held back, and looked at. */
final class Wire {
    private static final int RECORD_HEADER = 5;

    /** Message header 4, legacy_version 2: then comes the random of a ServerHello. */
    private static final int RANDOM = 6;

    private static final int RANDOM_LENGTH = 32;
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;

    /** And the id of its session behind it. */
    private static final int LONGEST_ID = 1 + 32;

    /** Enough for the random and the id of a ServerHello of which each byte has a record of its own. */
    private static final int REMEMBERED = (RECORD_HEADER + 1) * (RANDOM + RANDOM_LENGTH + LONGEST_ID);

    private final In in;
    private final Out out;

    /** @param oneByOne whether what arrives is handed on byte by byte */
    Wire(InputStream in, OutputStream out, boolean oneByOne) {
        this.in = new In(in, oneByOne);
        this.out = new Out(out);
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** Lets so many bytes pass and keeps what follows, until {@link #release()}. */
    void holdAfter(int bytes) {
        out.passing = bytes;
    }

    /** Sends what was kept. */
    void release() throws IOException {
        out.release();
    }

    /** {@return whether the server's first message was a HelloRetryRequest} */
    boolean retried(boolean server) {
        byte[] message = handshake(server ? out.begin.toByteArray() : in.begin.toByteArray());
        return message.length >= RANDOM + RANDOM_LENGTH
                && message[0] == SERVER_HELLO
                && Arrays.equals(message, RANDOM, RANDOM + RANDOM_LENGTH, retryRandom(), 0, RANDOM_LENGTH);
    }

    /** {@return whether the server's hello names a session} */
    boolean sessionId(boolean server) {
        byte[] message = handshake(server ? out.begin.toByteArray() : in.begin.toByteArray());
        return message.length > RANDOM + RANDOM_LENGTH && message[RANDOM + RANDOM_LENGTH] > 0;
    }

    /** {@return what the handshake records at the beginning carry} */
    private static byte[] handshake(byte[] records) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int at = 0; at + RECORD_HEADER <= records.length && records[at] == HANDSHAKE; ) {
            int length = (records[at + 3] & 0xFF) << 8 | records[at + 4] & 0xFF;
            at += RECORD_HEADER;
            content.write(records, at, Math.min(length, records.length - at));
            at += length;
        }
        return content.toByteArray();
    }

    /** RFC 8446 4.1.3: the random of a HelloRetryRequest is the SHA-256 of its name. */
    private static byte[] retryRandom() {
        try {
            return MessageDigest.getInstance("SHA-256").digest("HelloRetryRequest".getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void remember(ByteArrayOutputStream begin, byte[] bytes, int offset, int length) {
        begin.write(bytes, offset, Math.min(length, REMEMBERED - begin.size()));
    }

    private static final class In extends FilterInputStream {
        private final ByteArrayOutputStream begin = new ByteArrayOutputStream();
        private final boolean oneByOne;

        In(InputStream in, boolean oneByOne) {
            super(in);
            this.oneByOne = oneByOne;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, oneByOne ? Math.min(1, length) : length);
            if (count > 0) {
                remember(begin, bytes, offset, count);
            }
            return count;
        }
    }

    private static final class Out extends FilterOutputStream {
        private final ByteArrayOutputStream begin = new ByteArrayOutputStream();
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private int passing = Integer.MAX_VALUE;

        Out(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            remember(begin, bytes, offset, length);
            int passed = Math.min(passing, length);
            out.write(bytes, offset, passed);
            held.write(bytes, offset + passed, length - passed);
            passing -= passing == Integer.MAX_VALUE ? 0 : passed;
        }

        void release() throws IOException {
            passing = Integer.MAX_VALUE;
            out.write(held.toByteArray());
            held.reset();
            out.flush();
        }
    }
}
