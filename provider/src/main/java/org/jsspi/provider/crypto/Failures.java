package org.jsspi.provider.crypto;

import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** The failures that this package can meet, each with its status, kind and alert (RFC 8446 6.2). */
final class Failures {
    private static final int ILLEGAL_PARAMETER = 47;
    private static final int INTERNAL_ERROR = 80;

    private Failures() {}

    /** The peer sent a value that no honest peer sends. */
    static SspiException illegalParameter(String message, Throwable cause) {
        return new SspiException(
                SecurityStatus.SEC_E_ILLEGAL_MESSAGE, SspiException.Kind.HANDSHAKE, ILLEGAL_PARAMETER, message, cause);
    }

    /** A key of ours does not do what it is asked for. */
    static SspiException key(String message, Throwable cause) {
        return new SspiException(
                SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, SspiException.Kind.KEY, INTERNAL_ERROR, message, cause);
    }

    /** No installed provider serves an algorithm that is needed. */
    static SspiException unsupported(String message, Throwable cause) {
        return new SspiException(
                SecurityStatus.SEC_E_CRYPTO_SYSTEM_INVALID,
                SspiException.Kind.HANDSHAKE,
                INTERNAL_ERROR,
                message,
                cause);
    }
}
