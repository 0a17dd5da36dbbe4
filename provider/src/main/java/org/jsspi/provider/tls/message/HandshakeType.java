package org.jsspi.provider.tls.message;

import java.util.EnumSet;
import java.util.Optional;

/**
 * The type of a handshake message (RFC 8446 4, RFC 5246 7.4 and RFC 8446 B.3).
 *
 * <p>{@link #HELLO_RETRY_REQUEST} is a type only to rules such as {@link ExtensionType#allowedIn}: on the wire it is a
 * ServerHello with a random of its own.
 */
public enum HandshakeType implements Coded {
    HELLO_REQUEST(0),
    CLIENT_HELLO(1),
    SERVER_HELLO(2),
    HELLO_VERIFY_REQUEST(3),
    NEW_SESSION_TICKET(4),
    END_OF_EARLY_DATA(5),
    /** A ServerHello on the wire; the number is the reserved one of early drafts and is never sent. */
    HELLO_RETRY_REQUEST(6),
    ENCRYPTED_EXTENSIONS(8),
    CERTIFICATE(11),
    SERVER_KEY_EXCHANGE(12),
    CERTIFICATE_REQUEST(13),
    SERVER_HELLO_DONE(14),
    CERTIFICATE_VERIFY(15),
    CLIENT_KEY_EXCHANGE(16),
    FINISHED(20),
    CERTIFICATE_URL(21),
    CERTIFICATE_STATUS(22),
    SUPPLEMENTAL_DATA(23),
    KEY_UPDATE(24),
    COMPRESSED_CERTIFICATE(25),
    /** Never on the wire: stands for the first ClientHello in the transcript (RFC 8446 4.4.1). */
    MESSAGE_HASH(254);

    // A HELLO_RETRY_REQUEST has the number of a SERVER_HELLO.
    private static final CodeTable<HandshakeType> BY_CODE = new CodeTable<>(
            EnumSet.complementOf(EnumSet.of(HELLO_RETRY_REQUEST)).toArray(new HandshakeType[0]));

    private final int code;

    HandshakeType(int code) {
        this.code = code;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return this == HELLO_RETRY_REQUEST ? SERVER_HELLO.code : code;
    }

    /** {@return the type with that number, or empty when it is not known here} */
    public static Optional<HandshakeType> of(int code) {
        return BY_CODE.find(code);
    }
}
