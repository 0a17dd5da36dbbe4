package org.jsspi.jsse;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLProtocolException;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** What went wrong in SSPI's terms, said in those of {@code javax.net.ssl}. */
final class Failures {
    private Failures() {}

    /**
     * {@return the exception that callers of {@code javax.net.ssl} look for}
     *
     * <p>The message stays. The cause is the original one, such as the CertificateException of a trust manager; without one
     * it is {@code failure} itself.
     *
     * @param established whether the handshake was complete
     */
    static SSLException translate(SspiException failure, boolean established) {
        Throwable cause = failure.getCause();
        String message = failure.getMessage();
        SSLException translated =
                switch (failure.kind()) {
                    case HANDSHAKE -> established ? new SSLException(message) : new SSLHandshakeException(message);
                    // As the platform's: a certificate that was refused, here or by the peer's alert, is a failed
                    // handshake.
                    case PEER_UNVERIFIED -> new SSLHandshakeException(message);
                    case PROTOCOL ->
                        !established || failure.status() == SecurityStatus.SEC_E_ILLEGAL_MESSAGE
                                ? new SSLProtocolException(message)
                                : new SSLException(message);
                    case KEY -> new SSLKeyException(message);
                };
        translated.initCause(cause == null ? failure : cause);
        if (cause != null) {
            translated.addSuppressed(failure);
        }
        return translated;
    }
}
