package org.jsspi.conformance.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * An engine over a channel that does not block. Buffers are the thread's; a connection holds only what a call left over: the
 * beginning of a record, or bytes that the socket did not take. For the thread of its {@link EchoLoop} alone.
 */
final class EchoConnection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The buffers of a thread: direct ones for the network, as servers have them. */
    static final class Buffers {
        private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
        private final ByteBuffer data = ByteBuffer.allocate(1 << 16);
    }

    /** What happens on a connection. */
    interface Listener {
        void established(EchoConnection connection) throws IOException;

        /** Takes all of the data, which is the thread's buffer. */
        void received(EchoConnection connection, ByteBuffer data) throws IOException;
    }

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final SelectionKey key;
    private final Listener listener;
    private final Buffers buffers;
    private ByteBuffer unread = NOTHING;
    private ByteBuffer unsent = NOTHING;
    private boolean established;

    /** For the client's use: when the last message was sent, and how much of its echo is missing. */
    long sentAt;

    int missing;

    EchoConnection(SocketChannel channel, SSLEngine engine, SelectionKey key, Listener listener, Buffers buffers) {
        this.channel = channel;
        this.engine = engine;
        this.key = key;
        this.listener = listener;
        this.buffers = buffers;
    }

    /** Begins the handshake. */
    void open() throws IOException {
        engine.beginHandshake();
        advance(NOTHING);
    }

    /** Protects all of the data and sends it, or keeps what the socket does not take. */
    void send(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            SSLEngineResult result = engine.wrap(data, buffers.out.clear());
            if (result.getStatus() != Status.OK) {
                throw new SSLException("wrap: " + result);
            }
            write(buffers.out.flip());
        }
    }

    /** Does what the selector says is possible. */
    void ready() throws IOException {
        if (key.isWritable()) {
            ByteBuffer rest = unsent;
            unsent = NOTHING;
            key.interestOps(SelectionKey.OP_READ);
            write(rest);
        }
        if (key.isReadable()) {
            ByteBuffer in = buffers.in.clear().put(unread);
            unread = NOTHING;
            if (channel.read(in) < 0) {
                throw new SSLException("the peer has closed the connection");
            }
            advance(in.flip());
            if (in.hasRemaining()) {
                unread = ByteBuffer.allocate(in.remaining()).put(in).flip();
            }
        }
    }

    private void advance(ByteBuffer in) throws IOException {
        boolean moved = true;
        while (moved) {
            HandshakeStatus status = engine.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            } else if (status == HandshakeStatus.NEED_WRAP) {
                SSLEngineResult result = engine.wrap(NOTHING, buffers.out.clear());
                write(buffers.out.flip());
                note(result);
                moved = result.bytesProduced() > 0 || engine.getHandshakeStatus() != status;
            } else if (in.hasRemaining()) {
                SSLEngineResult result = engine.unwrap(in, buffers.data.clear());
                if (result.getStatus() == Status.CLOSED || result.getStatus() == Status.BUFFER_OVERFLOW) {
                    throw new SSLException("unwrap: " + result);
                }
                note(result);
                if (buffers.data.position() > 0) {
                    listener.received(this, buffers.data.flip());
                }
                moved = result.bytesConsumed() > 0 || engine.getHandshakeStatus() != status;
            } else {
                moved = false;
            }
        }
    }

    private void note(SSLEngineResult result) throws IOException {
        if (!established && result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            established = true;
            listener.established(this);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        if (unsent.hasRemaining()) {
            unsent = ByteBuffer.allocate(unsent.remaining() + bytes.remaining())
                    .put(unsent)
                    .put(bytes)
                    .flip();
            return;
        }
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            unsent = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }
}
