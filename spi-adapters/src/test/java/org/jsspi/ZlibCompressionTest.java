package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class ZlibCompressionTest {
    private static final CertificateCompression ZLIB = CertificateCompression.ZLIB;

    private static byte[] text(int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) "certificate".charAt(i % 11);
        }
        return text;
    }

    @Test
    void whatIsCompressedIsRestored() {
        for (int length : new int[] {100, 3_000, 65_536}) {
            byte[] message = text(length);
            byte[] compressed = ZLIB.compress(message);
            assertTrue(compressed.length < length);
            byte[] restored = new byte[length];
            assertTrue(ZLIB.decompress(compressed, restored));
            assertArrayEquals(message, restored);
        }
    }

    @Test
    void whatWouldNotBecomeShorterIsNotCompressed() {
        byte[] noise = new byte[1000];
        new Random(1).nextBytes(noise);
        assertNull(ZLIB.compress(noise));
        assertNull(ZLIB.compress(new byte[0]));
    }

    /** RFC 8879 4: the length has to be the one that was said. */
    @Test
    void anotherLengthThanSaidIsRefused() {
        byte[] message = text(1000);
        byte[] compressed = ZLIB.compress(message);
        for (int length : new int[] {0, 1, 999, 1001, 65_536}) {
            assertFalse(ZLIB.decompress(compressed, new byte[length]), "length " + length);
        }
    }

    @Test
    void everyBeginningAndWhatFollowsTheEndIsRefused() {
        byte[] message = text(1000);
        byte[] compressed = ZLIB.compress(message);
        for (int length = 0; length < compressed.length; length++) {
            assertFalse(ZLIB.decompress(Arrays.copyOf(compressed, length), new byte[1000]), "length " + length);
        }
        assertFalse(ZLIB.decompress(Arrays.copyOf(compressed, compressed.length + 1), new byte[1000]));
    }

    @Test
    void whatIsNotZlibIsRefused() {
        assertFalse(ZLIB.decompress("not compressed at all".getBytes(), new byte[100]));
        byte[] flipped = ZLIB.compress(text(1000));
        // The checksum at the end (RFC 1950 2.2).
        flipped[flipped.length - 1] ^= 1;
        assertFalse(ZLIB.decompress(flipped, new byte[1000]));
    }

    /** A stream that wants a dictionary gets none, and does not make us wait for one. */
    @Test
    void aDictionaryIsRefused() {
        Deflater deflater = new Deflater();
        deflater.setDictionary(text(50));
        deflater.setInput(text(1000));
        deflater.finish();
        byte[] compressed = new byte[1000];
        int length = deflater.deflate(compressed);
        deflater.end();
        assertFalse(ZLIB.decompress(Arrays.copyOf(compressed, length), new byte[1000]));
    }

    @Test
    void nothingCanBeCompressedToo() {
        Deflater deflater = new Deflater();
        deflater.finish();
        byte[] compressed = new byte[100];
        int length = deflater.deflate(compressed);
        deflater.end();
        assertTrue(ZLIB.decompress(Arrays.copyOf(compressed, length), new byte[0]));
    }

    @Test
    void aContextTakesEachAlgorithmOnce() {
        List<CertificateCompression> twice = new ArrayList<>(List.of(ZLIB, ZLIB));
        ContextOptions.Builder builder = ContextOptions.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.certificateCompressions(twice));
        assertEquals(
                List.of(ZLIB),
                builder.certificateCompressions(List.of(ZLIB)).build().certificateCompressions());
        assertEquals(1, ZLIB.algorithm());
    }
}
