package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.tls.message.KeyExchangeAlgorithm;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** A handshake that has begun waits for the peer's next message. */
sealed interface Waiting extends State permits ClientState, ServerState {
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
