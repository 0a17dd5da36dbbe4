package org.jsspi;

import java.util.Map;
import java.util.StringJoiner;

/**
 * A set of context flags. Requests and returns of the two sides are four types, because their bits diverge from 0x40 on:
 * whoever passes client flags to the server's call gets another meaning, and here does not compile.
 *
 * @param <F> the type itself
 */
public abstract sealed class ContextFlags<F extends ContextFlags<F>> permits IscReq, IscRet, AscReq, AscRet {
    private final long bits;

    ContextFlags(long bits) {
        this.bits = bits;
    }

    abstract F with(long newBits);

    abstract Map<Long, String> names();

    /** {@return the bits as the C interface has them; those above bit 31 travel in a FLAGS buffer there} */
    public final long bits() {
        return bits;
    }

    /** {@return true if every flag of {@code flags} is set here} */
    public final boolean has(F flags) {
        return (bits & flags.bits()) == flags.bits();
    }

    /** {@return the flags of both} */
    public final F or(F flags) {
        return with(bits | flags.bits());
    }

    /** {@return these flags less those of {@code flags}} */
    public final F without(F flags) {
        return with(bits & ~flags.bits());
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && ((ContextFlags<?>) other).bits == bits;
    }

    @Override
    public final int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public final String toString() {
        StringJoiner text = new StringJoiner("|", "[", "]");
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            long bit = Long.lowestOneBit(rest);
            text.add(names().getOrDefault(bit, "0x" + Long.toHexString(bit)));
        }
        return text.toString();
    }
}
