package org.jsspi;

import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An SSPI call that failed: the status, and for stream protocols the alert that tells the peer.
 *
 * <p>It is thrown once, where the cause is known, with a message that says in a phrase what was wrong; no layer above
 * translates it. The message never holds key material or plaintext.
 */
public final class SspiException extends GeneralSecurityException {
    private static final long serialVersionUID = 1L;

    /** What failed, in the terms that JSSE callers distinguish. */
    public enum Kind {
        /** The two sides could not agree, or the peer broke the rules of the exchange. */
        HANDSHAKE,
        /** The peer did not prove the identity that was asked for. */
        PEER_UNVERIFIED,
        /** What arrived is not the protocol: framing, records, alerts. */
        PROTOCOL,
        /** A key of our own is missing, does not fit or cannot be used. */
        KEY
    }

    private final SecurityStatus status;
    private final Kind kind;
    private final int alert;

    /** A failure without an alert of its own. */
    public SspiException(SecurityStatus status, String message) {
        this(status, Kind.PROTOCOL, message, null);
    }

    /**
     * A failure without an alert of its own, and what caused it.
     *
     * @param cause may be null
     */
    public SspiException(SecurityStatus status, Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.status = Objects.requireNonNull(status, "status");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.alert = -1;
    }

    /**
     * A failure that the peer is told with an alert, or told us with one.
     *
     * @param alert the alert number of the protocol, 0 to 255
     * @param cause may be null
     */
    public SspiException(SecurityStatus status, Kind kind, int alert, String message, Throwable cause) {
        super(message, cause);
        this.status = Objects.requireNonNull(status, "status");
        this.kind = Objects.requireNonNull(kind, "kind");
        this.alert = Objects.checkIndex(alert, 256);
    }

    /** {@return the SECURITY_STATUS that the C interface would have returned} */
    public SecurityStatus status() {
        return status;
    }

    /** {@return what failed} */
    public Kind kind() {
        return kind;
    }

    /** {@return the alert that the peer is sent, or that the peer sent} */
    public OptionalInt alert() {
        return alert < 0 ? OptionalInt.empty() : OptionalInt.of(alert);
    }
}
