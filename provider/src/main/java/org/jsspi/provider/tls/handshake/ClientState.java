package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A client waits for the next message of the server. */
sealed interface ClientState extends State
        permits ClientHandshake.WaitServerHello,
                ClientHandshake.WaitEncryptedExtensions,
                ClientHandshake.WaitCertificateOrRequest,
                ClientHandshake.WaitCertificate,
                ClientHandshake.WaitCertificateVerify,
                ClientHandshake.WaitFinished,
                ClientState12 {
    /** {@return what all states of the handshake share} */
    Exchange exchange();

    @Override
    default ProtocolVersion version() {
        return exchange().version();
    }

    @Override
    default KeyExchangeAlgorithm keyExchange() {
        return exchange().keyExchange();
    }

    @Override
    default boolean mayBeTls13() {
        return exchange().mayBeTls13();
    }

    @Override
    default void destroy() {
        exchange().vault().destroy();
    }
}
