package org.jsspi.provider.tls.record;

import java.nio.ByteBuffer;

/** Copies and comparisons at absolute indexes: no position of a caller's buffer ever moves. */
final class Memory {
    private Memory() {}

    /**
     * {@return whether no byte of both places is the same} A read-only buffer over an array does not say which: it may be this one, and
     * then they are not apart.
     */
    static boolean areApart(ByteBuffer a, int aOffset, int aLength, byte[] array, int from, int length) {
        if (!a.hasArray()) {
            return a.isDirect();
        }
        int start = a.arrayOffset() + aOffset;
        return a.array() != array || start >= from + length || from >= start + aLength;
    }

    /** {@return whether both indexes are the same place} */
    static boolean samePlace(ByteBuffer a, int aOffset, ByteBuffer b, int bOffset) {
        if (a == b) {
            return aOffset == bOffset;
        }
        return a != null
                && b != null
                && a.hasArray()
                && b.hasArray()
                && a.array() == b.array()
                && a.arrayOffset() + aOffset == b.arrayOffset() + bOffset;
    }

    static void get(ByteBuffer source, int offset, byte[] target, int targetOffset, int length) {
        source.get(offset, target, targetOffset, length);
    }

    static void put(byte[] source, int sourceOffset, ByteBuffer target, int offset, int length) {
        target.put(offset, source, sourceOffset, length);
    }
}
