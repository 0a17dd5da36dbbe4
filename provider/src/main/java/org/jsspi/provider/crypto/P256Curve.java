package org.jsspi.provider.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECFieldElement;
import org.bouncycastle.math.ec.ECLookupTable;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.custom.sec.SecP256R1Curve;
import org.bouncycastle.math.ec.custom.sec.SecP256R1FieldElement;

/**
 * bcprov's P-256 with another way to read its tables of points. All arithmetic is bcprov's.
 *
 * <p>A multiplication by a secret reads an entry of a table for every few bits of it, and must not show by what it touches which:
 * the whole table is read and masked. bcprov does so with an array of sums in memory, int by int, which takes a quarter of a
 * fixed-base multiplication. Here the sums are eight numbers of 64 bits that stay in registers.
 *
 * <p>What is read, and in which order, is the same for every index: each word of the table once, from the first to the last, with no branch
 * but the loop's. The mask is made from the index by arithmetic alone.
 */
final class P256Curve extends SecP256R1Curve {
    private static final int FIELD_LENGTH = 32;

    /** Of 64 bits, to a coordinate. */
    private static final int WORDS = FIELD_LENGTH / Long.BYTES;

    private static final int WORDS_OF_POINT = 2 * WORDS;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** An element of the field with these words of 32 bits, the lowest first, which are below the prime and taken over. */
    private static final class Element extends SecP256R1FieldElement {
        Element(int[] words) {
            super(words);
        }
    }

    @Override
    protected ECCurve cloneCurve() {
        return new P256Curve();
    }

    /** {@inheritDoc} The points are normalised. */
    @Override
    public ECLookupTable createCacheSafeLookupTable(ECPoint[] points, int offset, int length) {
        long[] words = new long[length * WORDS_OF_POINT];
        byte[] encoded = new byte[FIELD_LENGTH];
        for (int i = 0; i < length; i++) {
            ECPoint point = points[offset + i];
            put(point.getRawXCoord(), encoded, words, i * WORDS_OF_POINT);
            put(point.getRawYCoord(), encoded, words, i * WORDS_OF_POINT + WORDS);
        }
        return new Table(words, length);
    }

    /** Writes a coordinate, its lowest word first. */
    private static void put(ECFieldElement coordinate, byte[] encoded, long[] words, int offset) {
        coordinate.encodeTo(encoded, 0);
        for (int i = 0; i < WORDS; i++) {
            words[offset + i] = (long) LONG.get(encoded, FIELD_LENGTH - (i + 1) * Long.BYTES);
        }
    }

    private ECPoint point(long x0, long x1, long x2, long x3, long y0, long y1, long y2, long y3) {
        return createRawPoint(element(x0, x1, x2, x3), element(y0, y1, y2, y3));
    }

    private static Element element(long w0, long w1, long w2, long w3) {
        return new Element(new int[] {
            (int) w0, (int) (w0 >>> 32), (int) w1, (int) (w1 >>> 32),
            (int) w2, (int) (w2 >>> 32), (int) w3, (int) (w3 >>> 32)
        });
    }

    /** Points: | x 4 | y 4 | words each. */
    private final class Table implements ECLookupTable {
        private final long[] words;
        private final int length;

        Table(long[] words, int length) {
            this.words = words;
            this.length = length;
        }

        @Override
        public int getSize() {
            return length;
        }

        @Override
        public ECPoint lookup(int index) {
            long[] from = words;
            long x0 = 0;
            long x1 = 0;
            long x2 = 0;
            long x3 = 0;
            long y0 = 0;
            long y1 = 0;
            long y2 = 0;
            long y3 = 0;
            for (int i = 0, at = 0; i < length; i++, at += WORDS_OF_POINT) {
                // All ones where i is the index, because 0 - 1 is negative, and zeros elsewhere.
                long mask = (i ^ index) - 1 >> 31;
                x0 |= from[at] & mask;
                x1 |= from[at + 1] & mask;
                x2 |= from[at + 2] & mask;
                x3 |= from[at + 3] & mask;
                y0 |= from[at + 4] & mask;
                y1 |= from[at + 5] & mask;
                y2 |= from[at + 6] & mask;
                y3 |= from[at + 7] & mask;
            }
            return point(x0, x1, x2, x3, y0, y1, y2, y3);
        }

        @Override
        public ECPoint lookupVar(int index) {
            int at = index * WORDS_OF_POINT;
            return point(
                    words[at],
                    words[at + 1],
                    words[at + 2],
                    words[at + 3],
                    words[at + 4],
                    words[at + 5],
                    words[at + 6],
                    words[at + 7]);
        }
    }
}
