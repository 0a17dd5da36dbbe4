package org.jsspi;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Certificate compression by zlib (RFC 8879 7.3, RFC 1950). */
final class ZlibCompression implements CertificateCompression {
    private static final int ZLIB = 1;

    @Override
    public int algorithm() {
        return ZLIB;
    }

    @Override
    public byte[] compress(byte[] message) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(message);
            deflater.finish();
            // What does not become shorter is not worth it.
            byte[] shorter = new byte[message.length];
            int length = deflater.deflate(shorter);
            return deflater.finished() ? Arrays.copyOf(shorter, length) : null;
        } finally {
            deflater.end();
        }
    }

    @Override
    public boolean decompress(byte[] compressed, byte[] message) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            int filled = 0;
            int step = 1;
            while (step > 0 && filled < message.length) {
                step = inflater.inflate(message, filled, message.length - filled);
                filled += step;
            }
            // The end of the stream is behind the last byte of the message, and nothing is behind it.
            boolean ended = inflater.finished() || inflater.inflate(new byte[1]) == 0 && inflater.finished();
            return ended && filled == message.length && inflater.getRemaining() == 0;
        } catch (DataFormatException notZlib) {
            return false;
        } finally {
            inflater.end();
        }
    }

    @Override
    public String toString() {
        return "zlib";
    }
}
