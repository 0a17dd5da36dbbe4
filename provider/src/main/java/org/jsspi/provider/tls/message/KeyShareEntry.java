package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** The public value of one side for one group (RFC 8446 4.2.8); its form depends on the group (4.2.8.1, 4.2.8.2). */
public record KeyShareEntry(int group, byte[] keyExchange) implements Writer.Body {
    // struct { NamedGroup group; opaque key_exchange<1..2^16-1>; } KeyShareEntry;
    static KeyShareEntry decode(Reader in) throws SspiException {
        return new KeyShareEntry(in.u16(), in.vector16Bytes(1, 0xFFFF));
    }

    @Override
    public void writeTo(Writer out) {
        out.u16(group).vector16(keyExchange);
    }

    @Override
    public String toString() {
        String name = NamedGroup.of(group).map(NamedGroup::toString).orElseGet(() -> Integer.toString(group));
        return name + ":" + Bytes.print(keyExchange);
    }
}
