package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * An immutable list of the 16-bit numbers that TLS negotiates with - suites, groups, schemes, versions - in the order
 * of preference, unknown and GREASE ones included.
 */
public final class Codes implements Writer.Body {
    private final int[] codes;

    private Codes(int[] codes) {
        this.codes = codes;
    }

    /** {@return the list of these numbers, each from 0 to 65535} */
    public static Codes of(int... codes) {
        return new Codes(codes.clone());
    }

    /** {@return these numbers behind this one} */
    public Codes after(int first) {
        int[] longer = new int[codes.length + 1];
        longer[0] = first;
        System.arraycopy(codes, 0, longer, 1, codes.length);
        return new Codes(longer);
    }

    /** {@return these numbers before this one} */
    public Codes before(int last) {
        int[] longer = Arrays.copyOf(codes, codes.length + 1);
        longer[codes.length] = last;
        return new Codes(longer);
    }

    /** {@return how many there are} */
    public int size() {
        return codes.length;
    }

    /** {@return the number at {@code index}} */
    public int get(int index) {
        return codes[index];
    }

    /** {@return whether {@code code} is among them} */
    public boolean contains(int code) {
        return indexOf(code) >= 0;
    }

    /** {@return the first place of {@code code}, or -1} */
    public int indexOf(int code) {
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] == code) {
                return i;
            }
        }
        return -1;
    }

    /** {@return the numbers in their order} */
    public IntStream stream() {
        return Arrays.stream(codes);
    }

    /** {@return those that {@code lookup} knows, in their order: {@code suites.known(CipherSuite::of)}} */
    public <T> Stream<T> known(IntFunction<Optional<T>> lookup) {
        return stream().mapToObj(lookup).flatMap(Optional::stream);
    }

    /** Reads the rest of {@code in}, the body of a vector of 16-bit numbers. */
    static Codes decode(Reader in) throws SspiException {
        if (in.remaining() % 2 != 0) {
            throw Reader.malformed("a list of 16-bit numbers with an odd number of bytes");
        }
        int[] codes = new int[in.remaining() / 2];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = in.u16();
        }
        return new Codes(codes);
    }

    /** The numbers are the body of a vector: {@code out.vector16(codes)}. */
    @Override
    public void writeTo(Writer out) {
        for (int code : codes) {
            out.u16(code);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Codes that && Arrays.equals(codes, that.codes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes);
    }

    /** {@return the numbers in hexadecimal} */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return stream().mapToObj(code -> hex.toHexDigits((char) code)).toList().toString();
    }
}
