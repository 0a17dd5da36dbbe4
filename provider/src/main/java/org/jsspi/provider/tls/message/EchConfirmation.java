package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** encrypted_client_hello of a HelloRetryRequest (RFC 9849 5): whether the server has taken the ClientHelloInner. */
public record EchConfirmation(byte[] confirmation) implements Extension {
    /** The length of a confirmation in bytes, here and at the end of the random of a ServerHello. */
    public static final int LENGTH = 8;

    /** {@return one that says nothing yet: eight zeros, over which the real one is computed (RFC 9849 7.2.1)} */
    public static EchConfirmation blank() {
        return new EchConfirmation(new byte[LENGTH]);
    }

    @Override
    public Shape<EchConfirmation> shape() {
        return Shape.ECH_CONFIRMATION;
    }

    // struct { opaque confirmation[8]; } ECHHelloRetryRequest;
    static EchConfirmation decode(Reader in) throws SspiException {
        return new EchConfirmation(in.bytes(LENGTH));
    }

    @Override
    public void encode(Writer out) {
        out.bytes(confirmation);
    }

    @Override
    public String toString() {
        return "EchConfirmation[" + Bytes.print(confirmation) + "]";
    }
}
