package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** renegotiation_info (RFC 5746 3.2): the verify data of the handshake before this one, or nothing in the first. */
public record RenegotiationInfo(byte[] renegotiatedConnection) implements Extension {

    @Override
    public Shape<RenegotiationInfo> shape() {
        return Shape.RENEGOTIATION_INFO;
    }

    // struct { opaque renegotiated_connection<0..255>; } RenegotiationInfo;
    static RenegotiationInfo decode(Reader in) throws SspiException {
        return new RenegotiationInfo(in.vector8Bytes(0, 255));
    }

    @Override
    public void encode(Writer out) {
        out.vector8(renegotiatedConnection);
    }

    @Override
    public String toString() {
        return "RenegotiationInfo[" + Bytes.print(renegotiatedConnection) + "]";
    }
}
