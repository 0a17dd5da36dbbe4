package org.jsspi.provider.tls.message;

import org.jsspi.provider.wire.Writer;

/** encrypted_client_hello of a ClientHelloInner (RFC 9849 5): it says that this hello was encrypted, and nothing else. */
public record EchInner() implements Extension {
    /** ECHClientHelloType inner. */
    static final int TYPE = 1;

    @Override
    public Shape<EchInner> shape() {
        return Shape.ECH_INNER;
    }

    @Override
    public void encode(Writer out) {
        out.u8(TYPE);
    }
}
