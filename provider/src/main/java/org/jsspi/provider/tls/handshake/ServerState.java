package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A server waits for the next message of the client. */
sealed interface ServerState extends State
        permits ServerHandshake.WaitClientHello,
                ServerHandshake.WaitSecondClientHello,
                ServerHandshake.WaitEndOfEarlyData,
                ServerHandshake.WaitCertificate,
                ServerHandshake.WaitCertificateVerify,
                ServerHandshake.WaitFinished,
                ServerHandshake12.WaitCertificate,
                ServerHandshake12.WaitClientKeyExchange,
                ServerHandshake12.WaitKeyedClientKeyExchange,
                ServerHandshake12.WaitCertificateVerify,
                ServerHandshake12.WaitChangeCipherSpec,
                ServerHandshake12.WaitFinished {
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
