package org.jsspi.conformance.bogo;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;

/**
 * The runner's half of a test, played by the TLS of the JDK: it listens on loopback, takes the shim's number, and sees that
 * what it sends comes back with each bit flipped.
 */
final class RunnerStandIn implements AutoCloseable {
    static final long SHIM_ID = 0x0102_0304_0506_0708L;

    private static final int LIMIT_MILLIS = 30_000;

    private final ServerSocket listener;
    private FutureTask<byte[]> echo;

    RunnerStandIn() throws IOException {
        listener = new ServerSocket(0, 2, InetAddress.getByName("127.0.0.1"));
        listener.setSoTimeout(LIMIT_MILLIS);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Talks to one connection of a shim in a thread of its own; {@link #echo()} tells what came of it. */
    void expect(boolean shimIsServer, byte[] message) {
        echo = new FutureTask<>(exchange(shimIsServer, message));
        Thread thread = new Thread(echo, "runner");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return what came back} */
    byte[] echo() throws Exception {
        return echo.get();
    }

    private Callable<byte[]> exchange(boolean shimIsServer, byte[] message) {
        return () -> {
            try (Socket accepted = listener.accept()) {
                accepted.setSoTimeout(LIMIT_MILLIS);
                byte[] id = new DataInputStream(accepted.getInputStream()).readNBytes(Long.BYTES);
                if (ByteBuffer.wrap(id).order(ByteOrder.LITTLE_ENDIAN).getLong() != SHIM_ID) {
                    throw new IOException("not the number of the shim");
                }
                SSLSocket socket =
                        (SSLSocket) context().getSocketFactory().createSocket(accepted, "localhost", port(), true);
                socket.setUseClientMode(shimIsServer);
                socket.getOutputStream().write(message);
                socket.getOutputStream().flush();
                return new DataInputStream(socket.getInputStream()).readNBytes(message.length);
            }
        };
    }

    private static SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(TestPki.server(KeyKind.EC_P256).keyManagers(), TestPki.trustManagers(), null);
        return context;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
