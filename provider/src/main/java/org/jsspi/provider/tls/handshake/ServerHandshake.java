package org.jsspi.provider.tls.handshake;

/** The server's side of a handshake. */
public final class ServerHandshake {
    /** RFC 8446 4.6.1: seven days, in seconds. */
    static final long LONGEST_TICKET_LIFETIME = 604_800;

    private ServerHandshake() {}

    /** {@return the state that takes a ClientHello} */
    public static State start(HandshakeSettings settings) {
        throw new UnsupportedOperationException();
    }
}
