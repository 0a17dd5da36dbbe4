package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/** A client and a server that talk through memory. Delegated tasks run at once, by the calling thread. */
final class Pair {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine client;
    private final SSLEngine server;
    private final Wire wire;
    private final Protocol protocol;
    private boolean clientFinished;
    private boolean serverFinished;

    /** The memory between two engines, reused by one pair after the other so that none pays for it. */
    static final class Wire {
        private final ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
        private final ByteBuffer message = ByteBuffer.allocate(1);
        private final ByteBuffer data = ByteBuffer.allocate(1 << 15);
    }

    /** Takes two fresh engines and gives them their roles; what else they are to be, the caller sets. */
    Pair(Protocol protocol, SSLEngine client, SSLEngine server, Wire wire) {
        this.client = client;
        this.server = server;
        this.wire = wire;
        this.protocol = protocol;
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        wire.toServer.clear();
        wire.toClient.clear();
    }

    SSLEngine client() {
        return client;
    }

    SSLEngine server() {
        return server;
    }

    /** Handshakes, then sends a byte from server to client: some servers send tickets only with their first data. */
    void handshake() throws SSLException {
        begin();
        complete();
    }

    /**
     * Handshakes like {@link #handshake} and looks at the messages that are in clear.
     *
     * @throws IllegalStateException if it came to another protocol version or cipher suite, or to more than one key share
     */
    Hellos watchedHandshake() throws SSLException {
        begin();
        advanceClient();
        ByteBuffer clientHello = wire.toServer.duplicate().flip();
        byte[] first = new byte[clientHello.remaining()];
        clientHello.get(first);
        advanceServer();
        Hellos hellos =
                Hellos.read(ByteBuffer.wrap(first), wire.toClient.duplicate().flip());
        complete();
        for (SSLEngine engine : new SSLEngine[] {client, server}) {
            SSLSession session = engine.getSession();
            if (!session.getProtocol().equals(protocol.toString())
                    || !session.getCipherSuite().equals(protocol.suite())) {
                throw new IllegalStateException(session.getProtocol() + " with " + session.getCipherSuite());
            }
        }
        if (protocol == Protocol.TLS13 && hellos.offeredShares().size() != 1) {
            throw new IllegalStateException("the client offers key shares of " + hellos.offeredShares());
        }
        return hellos;
    }

    /** Closes both directions properly: a session survives, and native memory is released. */
    void close() throws SSLException {
        client.closeOutbound();
        server.closeOutbound();
        while (advanceClient() | advanceServer()) {
            // until nothing moves
        }
    }

    private void begin() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
    }

    private void complete() throws SSLException {
        wire.data.clear();
        while (advanceClient() | advanceServer()) {
            // until nothing moves
        }
        if (!clientFinished || !serverFinished) {
            throw new IllegalStateException("the handshake stopped: client " + client.getHandshakeStatus() + ", server "
                    + server.getHandshakeStatus());
        }
        wire.message.clear();
        while (wire.message.hasRemaining()) {
            server.wrap(wire.message, wire.toClient);
        }
        wire.data.clear();
        while (wire.data.position() == 0) {
            if (!advanceClient()) {
                throw new IllegalStateException("the server's first byte does not arrive");
            }
        }
    }

    private boolean advanceClient() throws SSLException {
        return advance(client, wire.toClient, wire.toServer);
    }

    private boolean advanceServer() throws SSLException {
        return advance(server, wire.toServer, wire.toClient);
    }

    /** Does all that one side can do. {@return whether that was anything} */
    private boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        boolean moved = false;
        in.flip();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                Runnable task = engine.getDelegatedTask();
                if (task == null) {
                    throw new IllegalStateException("NEED_TASK without a task");
                }
                for (; task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                moved = true;
            } else if (status == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.wrap(NOTHING, out);
                note(engine, result);
                if (result.bytesProduced() == 0 && engine.getHandshakeStatus() == status) {
                    break;
                }
                moved = true;
            } else if (in.hasRemaining() && !engine.isInboundDone()) {
                SSLEngineResult result = engine.unwrap(in, wire.data);
                note(engine, result);
                if (result.getStatus() == Status.BUFFER_OVERFLOW
                        || result.bytesConsumed() == 0 && engine.getHandshakeStatus() == status) {
                    break;
                }
                moved = true;
            } else {
                break;
            }
        }
        in.compact();
        return moved;
    }

    private void note(SSLEngine engine, SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            if (engine == client) {
                clientFinished = true;
            } else {
                serverFinished = true;
            }
        }
    }
}
