package org.jsspi.conformance.bench;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/** A thread with a selector and its connections. The first failure ends it, and is told to whoever asks. */
final class EchoLoop extends Thread {
    /** Work for the thread. */
    interface Task {
        void run() throws IOException;
    }

    private final Selector selector = Selector.open();
    private final EchoConnection.Buffers buffers = new EchoConnection.Buffers();
    private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final EchoConnection.Listener listener;
    private final Supplier<SSLEngine> engines;
    private volatile Throwable failure;

    EchoLoop(String name, Supplier<SSLEngine> engines, EchoConnection.Listener listener) throws IOException {
        super(name);
        setDaemon(true);
        this.engines = engines;
        this.listener = listener;
    }

    /** Accepts what comes. Before {@link #start}. */
    void listen(ServerSocketChannel server) throws IOException {
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Has the thread do something. */
    void submit(Task task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Takes a connection to its end of a handshake. By the thread itself. */
    void adopt(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        EchoConnection connection = new EchoConnection(channel, engines.get(), key, listener, buffers);
        key.attach(connection);
        connection.open();
    }

    /** @throws IllegalStateException if the thread has ended */
    void check() {
        if (failure != null) {
            throw new IllegalStateException(getName() + " has failed", failure);
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                selector.select();
                for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof EchoConnection connection) {
                        connection.ready();
                    } else {
                        accept(key.channel());
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException | Error e) {
            close(e);
            failure = e;
        }
    }

    /** Lets go of all connections: without a file descriptor nobody can even load the class that tells of the failure. */
    private void close(Throwable failure) {
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void accept(SelectableChannel server) throws IOException {
        for (SocketChannel channel = ((ServerSocketChannel) server).accept();
                channel != null;
                channel = ((ServerSocketChannel) server).accept()) {
            adopt(channel);
        }
    }
}
