package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;

/**
 * Where a handshake stands: what may arrive next, and what that does. A state holds exactly what it may use; a message that it
 * does not wait for has nowhere to go and ends the connection.
 */
public sealed interface State permits Busy, ClientState, ServerState, Connected {
    /**
     * Takes the peer's next message.
     *
     * @return the state that follows
     * @throws SspiException with the alert that tells the peer what it did wrong
     */
    State on(Inbound message, Effects out) throws SspiException;

    /** {@return true while change_cipher_spec may arrive and is ignored (RFC 8446 5)} */
    default boolean acceptsChangeCipherSpec() {
        return true;
    }
}
