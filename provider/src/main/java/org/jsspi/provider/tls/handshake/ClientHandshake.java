package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;

/** The client's side of a handshake. */
public final class ClientHandshake {
    private ClientHandshake() {}

    /**
     * Sends a ClientHello.
     *
     * @return the state that takes the server's answer
     * @throws SspiException if the settings leave nothing to offer
     */
    public static State start(HandshakeSettings settings, Effects out) throws SspiException {
        throw new UnsupportedOperationException();
    }
}
