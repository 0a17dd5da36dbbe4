package org.jsspi;

import java.util.Objects;

/**
 * Thrown by a callback to refuse the connection with an alert of its choice: {@code access_denied} to a client whose certificate
 * is valid and not welcome, {@code handshake_failure} where nothing more shall be said.
 *
 * <p>Every method of {@link ContextCallbacks} may throw it, and so may what stands behind them in JSSE: trust managers, key
 * managers, matchers of server names and selectors of application protocols. Any other exception that is not a
 * {@link java.security.cert.CertificateException} of a trust decision is a defect of the callback, and the peer hears
 * {@code internal_error}.
 */
public final class RefusalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** access_denied, RFC 8446 6.2: a valid certificate was received, and the sender decided not to proceed. */
    public static final int ACCESS_DENIED = 49;
    /** handshake_failure, RFC 8446 6.2: no acceptable set of parameters. */
    public static final int HANDSHAKE_FAILURE = 40;
    /** insufficient_security, RFC 8446 6.2: parameters more secure than those of the client are required. */
    public static final int INSUFFICIENT_SECURITY = 71;
    /** internal_error, RFC 8446 6.2: an error that has nothing to do with the peer, overload for one. */
    public static final int INTERNAL_ERROR = 80;

    private static final int CLOSE_NOTIFY = 0;
    private static final int USER_CANCELED = 90;
    private static final int NO_RENEGOTIATION = 100;

    private final int alert;

    /**
     * A refusal.
     *
     * @param alert the number of an error alert in the TLS registry, 1 to 255
     * @param message why, for this side: the peer hears the alert alone
     * @throws IllegalArgumentException for an alert that is no error: close_notify, user_canceled, no_renegotiation
     */
    public RefusalException(int alert, String message) {
        super(Objects.requireNonNull(message, "message"));
        if (alert == CLOSE_NOTIFY || alert == USER_CANCELED || alert == NO_RENEGOTIATION || alert < 0 || alert > 255) {
            throw new IllegalArgumentException("alert " + alert + " refuses nothing");
        }
        this.alert = alert;
    }

    /** {@return the number of the alert that the peer is told} */
    public int alert() {
        return alert;
    }
}
