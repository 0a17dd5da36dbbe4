package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A point of the handshake, and what may happen there. */
public sealed interface State permits Busy, Connected, Waiting {
    /**
     * Takes the next message.
     *
     * @return the next state; this one is not to be used again, unless it is the same
     * @throws SspiException if the message breaks a rule or the handshake cannot go on; {@link #destroy()} is due
     */
    State on(Inbound message, Effects out) throws SspiException;

    /** {@return the version that is agreed, or null before one is} */
    ProtocolVersion version();

    /** {@return how keys are exchanged by the suite that is agreed, in TLS 1.2} */
    default KeyExchangeAlgorithm keyExchange() {
        return KeyExchangeAlgorithm.ECDHE;
    }

    /** {@return whether TLS 1.3 is agreed or may still be: then a change_cipher_spec means nothing (RFC 8446 5)} */
    boolean mayBeTls13();

    /**
     * Takes the peer's change_cipher_spec, once TLS 1.2 is agreed (RFC 5246 7.1).
     *
     * @return the next state
     * @throws SspiException unexpected_message where it has no place
     */
    default State onChangeCipherSpec(Effects out) throws SspiException {
        throw AlertDescription.UNEXPECTED_MESSAGE.because("a change_cipher_spec where none is due");
    }

    /**
     * {@return whether records that cannot be opened, or application data records in front of a second ClientHello, are to
     * be passed over: a client sent early data, which is not accepted (RFC 8446 4.2.10)}
     *
     * <p>The driver bounds how much it passes over, and stops with the first record that is something else.
     */
    default boolean skipEarlyData() {
        return false;
    }

    /** {@return whether this is a renegotiation that the peer may still refuse, with the warning no_renegotiation (RFC 5246 7.2.2)} */
    default boolean isRefusable() {
        return false;
    }

    /** Wipes every secret of the handshake or connection; doing it again does nothing. */
    void destroy();
}
