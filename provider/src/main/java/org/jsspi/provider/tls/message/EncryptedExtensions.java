package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** EncryptedExtensions (RFC 8446 4.3.1): the server's answers that no key depends on. */
public record EncryptedExtensions(Extensions extensions) implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.ENCRYPTED_EXTENSIONS;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct { Extension extensions<0..2^16-1>; } EncryptedExtensions;
    public static EncryptedExtensions decode(Reader in) throws SspiException {
        Extensions extensions = Extensions.decode(in, HandshakeType.ENCRYPTED_EXTENSIONS, 0, 0xFFFF);
        in.end();
        return new EncryptedExtensions(extensions);
    }

    @Override
    public void encode(Writer out) {
        extensions.encode(out);
    }
}
