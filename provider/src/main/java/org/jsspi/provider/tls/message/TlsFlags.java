package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * tls_flags (draft-ietf-tls-tlsflags): features that need no more than a bit. What is not known is ignored, but its form is judged.
 *
 * @param flags eight to a byte, the first in the lowest bit; 1 to 255 bytes, of which the last is not zero
 */
public record TlsFlags(byte[] flags) implements Extension {
    /** Of a ticket: every server of a name in the certificate resumes with it (draft-ietf-tls-cross-sni-resumption). */
    public static final int RESUMPTION_ACROSS_NAMES = 8;

    /** {@return the extension with this flag alone, 0 to 2039} */
    public static TlsFlags of(int flag) {
        byte[] flags = new byte[flag / Byte.SIZE + 1];
        flags[flags.length - 1] = (byte) (1 << flag % Byte.SIZE);
        return new TlsFlags(flags);
    }

    /** {@return whether this flag is there} */
    public boolean has(int flag) {
        return flag / Byte.SIZE < flags.length && (flags[flag / Byte.SIZE] >> flag % Byte.SIZE & 1) == 1;
    }

    @Override
    public Shape<TlsFlags> shape() {
        return Shape.TLS_FLAGS;
    }

    // struct { opaque flags<1..255>; } FlagExtensions;
    static TlsFlags decode(Reader in) throws SspiException {
        byte[] flags = in.vector8Bytes(1, 255);
        if (flags[flags.length - 1] == 0) {
            // draft-ietf-tls-tlsflags 2: all zero, or with trailing zero bytes, is illegal_parameter.
            throw AlertDescription.ILLEGAL_PARAMETER.because("tls_flags with zeros at the end");
        }
        return new TlsFlags(flags);
    }

    @Override
    public void encode(Writer out) {
        out.vector8(flags);
    }

    @Override
    public String toString() {
        return "TlsFlags[" + Bytes.print(flags) + "]";
    }
}
