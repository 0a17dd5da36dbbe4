package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** cookie (RFC 8446 4.2.2): what the server wants to see again in the second ClientHello. */
public record Cookie(byte[] cookie) implements Extension {

    @Override
    public Shape<Cookie> shape() {
        return Shape.COOKIE;
    }

    // struct { opaque cookie<1..2^16-1>; } Cookie;
    static Cookie decode(Reader in) throws SspiException {
        return new Cookie(in.vector16Bytes(1, 0xFFFF));
    }

    @Override
    public void encode(Writer out) {
        out.vector16(cookie);
    }

    @Override
    public String toString() {
        return "Cookie[" + Bytes.print(cookie) + "]";
    }
}
