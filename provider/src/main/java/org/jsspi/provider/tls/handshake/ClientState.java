package org.jsspi.provider.tls.handshake;

/** A client waits. */
abstract non-sealed class ClientState implements State {}
