package org.jsspi.provider.tls.message;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** A block of extensions, with its length, in the message whose number is the first byte. */
public final class ExtensionsFuzzTarget {
    /** Has no number of its own on the wire; this one stands for it here. */
    private static final int HELLO_RETRY_REQUEST = 6;

    private ExtensionsFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        HandshakeType message = data[0] == HELLO_RETRY_REQUEST
                ? HandshakeType.HELLO_RETRY_REQUEST
                : HandshakeType.of(data[0] & 0xFF).orElse(HandshakeType.CLIENT_HELLO);
        byte[] block = Arrays.copyOfRange(data, 1, data.length);
        Extensions extensions;
        try {
            Reader in = Reader.of(block);
            extensions = message == HandshakeType.CLIENT_HELLO || message == HandshakeType.SERVER_HELLO
                    ? Extensions.decodeHello(in, message)
                    : Extensions.decode(in, message, 0, 0xFFFF);
            in.end();
        } catch (SspiException refused) {
            return;
        }
        Writer out = new Writer();
        extensions.encode(out);
        if (!Arrays.equals(block, out.toByteArray())) {
            throw new AssertionError("written otherwise than it was read: " + extensions);
        }
        for (Extension extension : extensions.list()) {
            if (extensions.find(extension.code()).orElseThrow() != extension) {
                throw new AssertionError("two of type " + extension.code());
            }
        }
    }
}
