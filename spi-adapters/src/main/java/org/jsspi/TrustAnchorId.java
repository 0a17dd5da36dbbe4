package org.jsspi;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of a trust anchor (draft-ietf-tls-trust-anchor-ids): an object identifier below {@code 1.3.6.1.4.1}, the arc of private
 * enterprises, which authorities give out with their certificates. It is much shorter than the distinguished name of the authority, so that
 * a client can say by a few bytes whose certificates it takes. Immutable; compared byte by byte.
 *
 * @see ContextOptions#trustAnchors()
 * @see Identity#trustAnchor()
 */
public final class TrustAnchorId {
    /** The longest encoding, in bytes. */
    public static final int LONGEST = 255;

    private static final String MALFORMED =
            "a trust anchor identifier is numbers with dots between them, such as 32473.1";

    private final byte[] encoded;

    private TrustAnchorId(byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * {@return the identifier that travels as these bytes}
     *
     * @param encoded the contents of a relative object identifier in DER (X.690 8.20), 1 to 255 bytes, copied. Whether they are well formed
     *     is not looked at: to both sides of TLS they are a name and nothing more
     */
    public static TrustAnchorId of(byte[] encoded) {
        if (encoded.length == 0 || encoded.length > LONGEST) {
            throw new IllegalArgumentException(
                    "a trust anchor identifier has 1 to " + LONGEST + " bytes, not " + encoded.length);
        }
        return new TrustAnchorId(encoded.clone());
    }

    /**
     * {@return the identifier in this notation}
     *
     * @param numbers in decimal with dots between them, relative to {@code 1.3.6.1.4.1}: {@code 32473.1}
     * @throws IllegalArgumentException if it is something else, or longer than 255 bytes
     */
    public static TrustAnchorId parse(String numbers) {
        if (!numbers.matches("(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))*") || numbers.length() > 4 * LONGEST) {
            throw new IllegalArgumentException(MALFORMED);
        }
        byte[] encoded = {};
        for (String number : numbers.split("\\.")) {
            byte[] component = component(new BigInteger(number));
            int end = encoded.length;
            encoded = Arrays.copyOf(encoded, end + component.length);
            System.arraycopy(component, 0, encoded, end, component.length);
        }
        return of(encoded);
    }

    /** X.690 8.19.2: seven bits to a byte, the most significant first; the highest bit says that more follow. */
    private static byte[] component(BigInteger value) {
        byte[] bytes = new byte[Math.max(1, (value.bitLength() + 6) / 7)];
        for (int i = 0; i < bytes.length; i++) {
            int shift = 7 * (bytes.length - 1 - i);
            bytes[i] = (byte) (value.shiftRight(shift).intValue() & 0x7F | (shift == 0 ? 0 : 0x80));
        }
        return bytes;
    }

    /** {@return the bytes that travel, a copy} */
    public byte[] encoded() {
        return encoded.clone();
    }

    /** {@return how many bytes travel} */
    public int length() {
        return encoded.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustAnchorId that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    /** {@return the numbers with dots between them; the bytes in hexadecimal, if they are no object identifier} */
    @Override
    public String toString() {
        StringBuilder numbers = new StringBuilder();
        BigInteger value = null;
        for (byte next : encoded) {
            if (value == null && next == (byte) 0x80) {
                // X.690 8.19.2: no leading zeros.
                return hex();
            }
            value = (value == null ? BigInteger.ZERO : value.shiftLeft(7)).or(BigInteger.valueOf(next & 0x7F));
            if (next >= 0) {
                numbers.append(numbers.isEmpty() ? "" : ".").append(value);
                value = null;
            }
        }
        return value == null ? numbers.toString() : hex();
    }

    private String hex() {
        return "0x" + HexFormat.of().formatHex(encoded);
    }
}
