package org.jsspi.provider.tls.message;

import java.util.Optional;

/** What a record carries (RFC 8446 5.1). */
public enum ContentType {
    CHANGE_CIPHER_SPEC(20),
    ALERT(21),
    HANDSHAKE(22),
    APPLICATION_DATA(23),
    HEARTBEAT(24);

    private final int code;

    ContentType(int code) {
        this.code = code;
    }

    /** {@return the number on the wire} */
    public int code() {
        return code;
    }

    /** {@return the type with that number, or empty when it is not known here} */
    public static Optional<ContentType> of(int code) {
        return switch (code) {
            case 20 -> CHANGE_CIPHER_SPEC.found;
            case 21 -> ALERT.found;
            case 22 -> HANDSHAKE.found;
            case 23 -> APPLICATION_DATA.found;
            case 24 -> HEARTBEAT.found;
            default -> Optional.empty();
        };
    }

    private final Optional<ContentType> found = Optional.of(this);
}
