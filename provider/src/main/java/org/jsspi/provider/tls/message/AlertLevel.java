package org.jsspi.provider.tls.message;

import java.util.Optional;

/** The level of an alert (RFC 8446 6); in TLS 1.3 the description alone decides what is fatal. */
public enum AlertLevel {
    WARNING(1),
    FATAL(2);

    private final int code;

    AlertLevel(int code) {
        this.code = code;
    }

    /** {@return the number on the wire} */
    public int code() {
        return code;
    }

    /** {@return the level with that number, or empty when there is none} */
    public static Optional<AlertLevel> of(int code) {
        return code == 1 ? Optional.of(WARNING) : code == 2 ? Optional.of(FATAL) : Optional.empty();
    }
}
