package org.jsspi.provider.tls.message;

import static org.jsspi.SecurityStatus.CRYPT_E_REVOKED;
import static org.jsspi.SecurityStatus.SEC_E_ALGORITHM_MISMATCH;
import static org.jsspi.SecurityStatus.SEC_E_APPLICATION_PROTOCOL_MISMATCH;
import static org.jsspi.SecurityStatus.SEC_E_CERT_EXPIRED;
import static org.jsspi.SecurityStatus.SEC_E_CERT_UNKNOWN;
import static org.jsspi.SecurityStatus.SEC_E_DECRYPT_FAILURE;
import static org.jsspi.SecurityStatus.SEC_E_ILLEGAL_MESSAGE;
import static org.jsspi.SecurityStatus.SEC_E_INTERNAL_ERROR;
import static org.jsspi.SecurityStatus.SEC_E_LOGON_DENIED;
import static org.jsspi.SecurityStatus.SEC_E_MESSAGE_ALTERED;
import static org.jsspi.SecurityStatus.SEC_E_UNFINISHED_CONTEXT_DELETED;
import static org.jsspi.SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION;
import static org.jsspi.SecurityStatus.SEC_E_UNTRUSTED_ROOT;
import static org.jsspi.SecurityStatus.SEC_I_CONTEXT_EXPIRED;

import java.util.Locale;
import java.util.Optional;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;

/**
 * What an alert says (RFC 8446 6, and the alerts of TLS 1.2 and its extensions), with the status that Schannel
 * reports for it and the kind of failure it is.
 *
 * <p>{@link #because} makes the error of a rule that was broken: {@code throw ILLEGAL_PARAMETER.because("...")}.
 */
public enum AlertDescription implements Coded {
    CLOSE_NOTIFY(0, SEC_I_CONTEXT_EXPIRED, Kind.PROTOCOL),
    UNEXPECTED_MESSAGE(10, SEC_E_ILLEGAL_MESSAGE, Kind.PROTOCOL),
    BAD_RECORD_MAC(20, SEC_E_MESSAGE_ALTERED, Kind.PROTOCOL),
    /** Reserved since TLS 1.1. */
    DECRYPTION_FAILED(21, SEC_E_DECRYPT_FAILURE, Kind.PROTOCOL),
    RECORD_OVERFLOW(22, SEC_E_ILLEGAL_MESSAGE, Kind.PROTOCOL),
    /** Reserved since TLS 1.3. */
    DECOMPRESSION_FAILURE(30, SEC_E_MESSAGE_ALTERED, Kind.PROTOCOL),
    HANDSHAKE_FAILURE(40, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    /** SSL 3.0 only. */
    NO_CERTIFICATE(41, SEC_E_ILLEGAL_MESSAGE, Kind.PEER_UNVERIFIED),
    BAD_CERTIFICATE(42, SEC_E_CERT_UNKNOWN, Kind.PEER_UNVERIFIED),
    UNSUPPORTED_CERTIFICATE(43, SEC_E_CERT_UNKNOWN, Kind.PEER_UNVERIFIED),
    CERTIFICATE_REVOKED(44, CRYPT_E_REVOKED, Kind.PEER_UNVERIFIED),
    CERTIFICATE_EXPIRED(45, SEC_E_CERT_EXPIRED, Kind.PEER_UNVERIFIED),
    CERTIFICATE_UNKNOWN(46, SEC_E_CERT_UNKNOWN, Kind.PEER_UNVERIFIED),
    ILLEGAL_PARAMETER(47, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    UNKNOWN_CA(48, SEC_E_UNTRUSTED_ROOT, Kind.PEER_UNVERIFIED),
    ACCESS_DENIED(49, SEC_E_LOGON_DENIED, Kind.HANDSHAKE),
    DECODE_ERROR(50, SEC_E_ILLEGAL_MESSAGE, Kind.PROTOCOL),
    DECRYPT_ERROR(51, SEC_E_DECRYPT_FAILURE, Kind.HANDSHAKE),
    /** RFC 9147, DTLS 1.3 only. */
    TOO_MANY_CIDS_REQUESTED(52, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    /** Reserved since TLS 1.1. */
    EXPORT_RESTRICTION(60, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    PROTOCOL_VERSION(70, SEC_E_UNSUPPORTED_FUNCTION, Kind.HANDSHAKE),
    INSUFFICIENT_SECURITY(71, SEC_E_ALGORITHM_MISMATCH, Kind.HANDSHAKE),
    INTERNAL_ERROR(80, SEC_E_INTERNAL_ERROR, Kind.HANDSHAKE),
    INAPPROPRIATE_FALLBACK(86, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    USER_CANCELED(90, SEC_E_UNFINISHED_CONTEXT_DELETED, Kind.HANDSHAKE),
    /** TLS 1.2 only. */
    NO_RENEGOTIATION(100, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    MISSING_EXTENSION(109, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    UNSUPPORTED_EXTENSION(110, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    /** RFC 6066; reserved since TLS 1.3. */
    CERTIFICATE_UNOBTAINABLE(111, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    UNRECOGNIZED_NAME(112, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    BAD_CERTIFICATE_STATUS_RESPONSE(113, SEC_E_ILLEGAL_MESSAGE, Kind.PEER_UNVERIFIED),
    /** RFC 6066; reserved since TLS 1.3. */
    BAD_CERTIFICATE_HASH_VALUE(114, SEC_E_ILLEGAL_MESSAGE, Kind.PEER_UNVERIFIED),
    UNKNOWN_PSK_IDENTITY(115, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    CERTIFICATE_REQUIRED(116, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE),
    NO_APPLICATION_PROTOCOL(120, SEC_E_APPLICATION_PROTOCOL_MISMATCH, Kind.HANDSHAKE),
    /** RFC 9849. */
    ECH_REQUIRED(121, SEC_E_ILLEGAL_MESSAGE, Kind.HANDSHAKE);

    private static final CodeTable<AlertDescription> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final SecurityStatus status;
    private final Kind kind;

    AlertDescription(int code, SecurityStatus status, Kind kind) {
        this.code = code;
        this.status = status;
        this.kind = kind;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /**
     * {@return the status that Schannel reports when this alert arrives}
     *
     * <p>Source: "Schannel error codes for TLS and SSL alerts"; an alert that page does not list is
     * {@code SEC_E_ILLEGAL_MESSAGE}. close_notify is no error and has {@code SEC_I_CONTEXT_EXPIRED}.
     */
    public SecurityStatus status() {
        return status;
    }

    /** {@return the kind of failure that ends with this alert} */
    public Kind kind() {
        return kind;
    }

    /** {@return the error that ends the connection with this alert; {@code message} says what the peer did} */
    public SspiException because(String message) {
        return because(message, null);
    }

    /**
     * {@return the error that ends the connection with this alert}
     *
     * @param message what the peer did, in a phrase
     * @param cause may be null
     */
    public SspiException because(String message, Throwable cause) {
        return new SspiException(status, kind, code, message, cause);
    }

    /** {@return the name as RFC 8446 spells it, such as {@code illegal_parameter}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the description with that number, or empty when it is not known here} */
    public static Optional<AlertDescription> of(int code) {
        return BY_CODE.find(code);
    }
}
