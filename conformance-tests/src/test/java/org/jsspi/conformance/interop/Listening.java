package org.jsspi.conformance.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server on the loopback interface that serves one connection after the other on threads of its own. */
final class Listening implements AutoCloseable {
    /** What is done with a connection. */
    @FunctionalInterface
    interface Service<S extends Socket> {
        void serve(S connection) throws Exception;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Throwable failure;

    private Listening(ServerSocket listener) {
        this.listener = listener;
    }

    /** A server on plain sockets. */
    static Listening plain(Service<Socket> service) throws IOException {
        return new Listening(new ServerSocket(0, 100, InetAddress.getLoopbackAddress())).start(service);
    }

    /** A server on this context's sockets. */
    static Listening tls(SSLContext context, Service<SSLSocket> service) throws IOException {
        return tls(
                (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 100, InetAddress.getLoopbackAddress()),
                service);
    }

    /** A server on this socket. */
    static Listening tls(SSLServerSocket socket, Service<SSLSocket> service) {
        return new Listening(socket).start(connection -> service.serve((SSLSocket) connection));
    }

    private Listening start(Service<Socket> service) {
        threads.execute(() -> {
            while (!listener.isClosed()) {
                Socket connection;
                try {
                    connection = listener.accept();
                    connection.setSoTimeout(20_000);
                    // Records of a few bytes wait for nobody's acknowledgement.
                    connection.setTcpNoDelay(true);
                } catch (IOException e) {
                    return;
                }
                threads.execute(() -> {
                    try (connection) {
                        service.serve(connection);
                    } catch (Exception | AssertionError e) {
                        failure = e;
                    }
                });
            }
        });
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@return a plain connection to here} */
    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** {@return how the last connection failed, or null; waits a moment for it} */
    Throwable failure() throws InterruptedException {
        for (int i = 0; i < 500 && failure == null; i++) {
            Thread.sleep(10);
        }
        return failure;
    }

    /** {@return what this computes, on another thread, within some seconds} */
    static <T> T within(int seconds, Callable<T> work) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<T> future = thread.submit(work);
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("hangs for more than " + seconds + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } finally {
            thread.shutdownNow();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
