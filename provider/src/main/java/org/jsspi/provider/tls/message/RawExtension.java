package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** An extension as it came: unknown, GREASE, or one whose body is not read here. */
public record RawExtension(int code, byte[] body) implements Extension {
    static RawExtension decode(int code, Reader in) throws SspiException {
        return new RawExtension(code, in.rest());
    }

    @Override
    public Shape<RawExtension> shape() {
        return Shape.RAW;
    }

    @Override
    public void encode(Writer out) {
        out.bytes(body);
    }

    @Override
    public String toString() {
        String name = ExtensionType.of(code).map(ExtensionType::toString).orElseGet(() -> Integer.toString(code));
        return "RawExtension[" + name + (Grease.isGrease(code) ? " (GREASE), " : ", ") + Bytes.print(body) + "]";
    }
}
