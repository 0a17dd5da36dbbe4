package org.jsspi.provider.tls.message;

import java.util.Optional;

/** What a record carries (RFC 8446 5.1). */
public enum ContentType implements Coded {
    CHANGE_CIPHER_SPEC(20),
    ALERT(21),
    HANDSHAKE(22),
    APPLICATION_DATA(23),
    HEARTBEAT(24);

    private static final CodeTable<ContentType> BY_CODE = new CodeTable<>(values());

    private final int code;

    ContentType(int code) {
        this.code = code;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the type with that number, or empty when it is not known here} */
    public static Optional<ContentType> of(int code) {
        return BY_CODE.find(code);
    }
}
