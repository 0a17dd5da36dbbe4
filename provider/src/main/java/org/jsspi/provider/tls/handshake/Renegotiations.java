package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;

/** What this side wants of the next handshake on a connection of TLS 1.2, which is asked for when one begins. */
@FunctionalInterface
public interface Renegotiations {
    /** {@return the settings, with a session of their own; what a renegotiation cannot have is left out by whoever asks} */
    HandshakeSettings settings() throws SspiException;
}
