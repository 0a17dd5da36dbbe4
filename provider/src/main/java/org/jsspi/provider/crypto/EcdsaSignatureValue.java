package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.util.Optional;

/**
 * {@code Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }} (RFC 3279 2.2.3) in DER, and in nothing but DER.
 *
 * <p>Both numbers are positive and below the order of the curve (FIPS 186-5 6.4.2).
 */
record EcdsaSignatureValue(BigInteger r, BigInteger s) {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    /** The value, or empty if the bytes are not the one DER encoding of two numbers from 1 to the order, exclusive. */
    static Optional<EcdsaSignatureValue> decode(byte[] der, NistCurve curve) {
        // The largest value of P-521 has 2 * (2 + 66) bytes of content, which needs the long form 0x81.
        int content = length(der, 0, SEQUENCE);
        int start = content < 0 ? -1 : headerLength(content);
        if (content < 0 || start + content != der.length) {
            return Optional.empty();
        }
        int rLength = length(der, start, INTEGER);
        int rStart = start + 2;
        int sLength = rLength < 0 ? -1 : length(der, rStart + rLength, INTEGER);
        int sStart = rStart + rLength + 2;
        if (sLength < 0 || sStart + sLength != der.length) {
            return Optional.empty();
        }
        if (!isPositive(der, rStart, rLength, curve) || !isPositive(der, sStart, sLength, curve)) {
            return Optional.empty();
        }
        BigInteger r = new BigInteger(der, rStart, rLength);
        BigInteger s = new BigInteger(der, sStart, sLength);
        return r.compareTo(curve.order()) < 0 && s.compareTo(curve.order()) < 0
                ? Optional.of(new EcdsaSignatureValue(r, s))
                : Optional.empty();
    }

    byte[] encode() {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        int content = 2 + first.length + 2 + second.length;
        int start = headerLength(content);
        byte[] der = new byte[start + content];
        der[0] = SEQUENCE;
        if (start == 3) {
            der[1] = (byte) 0x81;
        }
        der[start - 1] = (byte) content;
        put(first, der, start);
        put(second, der, start + 2 + first.length);
        return der;
    }

    private static void put(byte[] integer, byte[] der, int offset) {
        der[offset] = INTEGER;
        der[offset + 1] = (byte) integer.length;
        System.arraycopy(integer, 0, der, offset + 2, integer.length);
    }

    private static int headerLength(int content) {
        return content < 128 ? 2 : 3;
    }

    /** The length of the element at the offset, which ends within the array, or -1. */
    private static int length(byte[] der, int offset, int tag) {
        if (offset > der.length - 2 || der[offset] != tag) {
            return -1;
        }
        int length = der[offset + 1] & 0xFF;
        int start = offset + 2;
        if (tag == SEQUENCE && length == 0x81 && der.length > start) {
            length = der[start] & 0xFF;
            start++;
            if (length < 128) {
                return -1; // X.690 10.1: the shortest form of a length
            }
        } else if (length >= 128) {
            return -1;
        }
        return length <= der.length - start ? length : -1;
    }

    /** X.690 8.3.2: the first nine bits are not all zero; and the first is, for a positive number. */
    private static boolean isPositive(byte[] der, int offset, int length, NistCurve curve) {
        if (length == 0 || length > curve.fieldLength() + 1 || der[offset] < 0) {
            return false;
        }
        return length == 1 ? der[offset] > 0 : der[offset] != 0 || der[offset + 1] < 0;
    }
}
