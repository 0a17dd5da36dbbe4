package org.jsspi.provider.tls.handshake;

/** A server waits. */
abstract non-sealed class ServerState implements State {}
