package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * max_fragment_length (RFC 6066 4): a power of two by its number, 1 for 2^9 to 4 for 2^12.
 *
 * <p>Other numbers decode too: whether one is answered with illegal_parameter depends on whether the extension is used
 * at all, which record_size_limit decides (RFC 8449 5).
 */
public record MaxFragmentLength(int number) implements Extension {

    @Override
    public Shape<MaxFragmentLength> shape() {
        return Shape.MAX_FRAGMENT_LENGTH;
    }

    // enum { 2^9(1), 2^10(2), 2^11(3), 2^12(4), (255) } MaxFragmentLength;
    static MaxFragmentLength decode(Reader in) throws SspiException {
        return new MaxFragmentLength(in.u8());
    }

    @Override
    public void encode(Writer out) {
        out.u8(number);
    }
}
