package org.jsspi.jsse;

import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLProtocolException;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** What went wrong in SSPI's terms, said in those of {@code javax.net.ssl}. */
final class Failures {
    /** Where people look next, by the number of the alert; an X stands for client or server. */
    private static final Map<Integer, String> SETTINGS = Map.of(
            40,
            "protocols, cipher suites, groups, signature schemes and certificates of both sides have to overlap: SSLParameters,"
                    + " jdk.tls.X.cipherSuites, jdk.tls.namedGroups, jdk.tls.X.SignatureSchemes, jdk.tls.disabledAlgorithms",
            45,
            "the clock of this machine, and the validity of the peer's certificate",
            46,
            "the trust manager of the SSLContext",
            48,
            "the trust manager of the SSLContext, or javax.net.ssl.trustStore for the default one",
            70,
            "setEnabledProtocols, jdk.tls.X.protocols, jdk.tls.disabledAlgorithms",
            71,
            "jdk.tls.disabledAlgorithms, and the constraints of SSLParameters",
            112,
            "setServerNames of the client, setSNIMatchers of the server",
            116,
            "setNeedClientAuth or setWantClientAuth of the server, and the key manager of the client",
            120,
            "setApplicationProtocols of both sides",
            121,
            "EchConfigs, with the retryConfigs of the cause");

    private Failures() {}

    /**
     * {@return the exception that callers of {@code javax.net.ssl} look for}
     *
     * <p>Its message is one line: what went wrong, on which connection, and which setting may help. The cause is the original one,
     * such as the CertificateException of a trust manager; without one it is {@code failure} itself.
     *
     * @param client which side we are
     * @param peer who is at the other end, as far as known
     * @param established whether the handshake was complete
     */
    static SSLException translate(SspiException failure, boolean client, String peer, boolean established) {
        Throwable cause = failure.getCause();
        String message = failure.getMessage() + " (" + (established ? "" : "handshake as ")
                + (client ? "client" : "server") + " of " + peer
                + (failure.alert().isPresent() ? ", alert " + failure.alert().getAsInt() : "")
                + (established ? "" : settings(failure, client)) + ")";
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

    private static String settings(SspiException failure, boolean client) {
        String hint;
        if (failure.status() == SecurityStatus.SEC_E_WRONG_PRINCIPAL) {
            hint = "the host that the engine or socket was made for, and setEndpointIdentificationAlgorithm";
        } else if (failure.status() == SecurityStatus.SEC_E_ALGORITHM_MISMATCH) {
            hint = SETTINGS.get(71);
        } else {
            hint = SETTINGS.get(failure.alert().orElse(-1));
        }
        return hint == null ? "" : "; see " + hint.replace(".X.", client ? ".client." : ".server.");
    }
}
