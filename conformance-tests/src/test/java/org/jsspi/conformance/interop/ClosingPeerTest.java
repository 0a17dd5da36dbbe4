package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that go away, or take their time, at any byte. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingPeerTest {
    /** What reaches the peer in one handshake and one message is less than this; positions beyond the end cut nothing. */
    private static final int FLIGHT = 3200;

    @Test
    void aServerThatClosesAtAnyByteLeavesNoClientHanging() throws Exception {
        SSLContext serverContext = Jsse.SUN.server(KeyKind.EC_P256);
        SSLContext clientContext = Jsse.OURS.client();
        try (Listening server = Listening.tls(serverContext, ClosingPeerTest::echo)) {
            Listening.within(60, () -> {
                int whole = 0;
                for (int cut = 0; cut < FLIGHT; cut += step(cut)) {
                    whole += talk(clientContext, server.port(), Integer.MAX_VALUE, cut) ? 1 : 0;
                }
                assertTrue(whole > 0, "no position lay behind the end");
                return null;
            });
        }
    }

    @Test
    void aClientThatClosesAtAnyByteLeavesNoServerHanging() throws Exception {
        SSLContext serverContext = Jsse.OURS.server(KeyKind.EC_P256);
        SSLContext clientContext = Jsse.SUN.client();
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (Listening server = Listening.tls(serverContext, socket -> {
            begun.incrementAndGet();
            try {
                echo(socket);
            } finally {
                ended.incrementAndGet();
            }
        })) {
            Listening.within(60, () -> {
                int whole = 0;
                for (int cut = 0; cut < 1200; cut += step(cut)) {
                    whole += talk(clientContext, server.port(), cut, Integer.MAX_VALUE) ? 1 : 0;
                }
                assertTrue(whole > 0, "no position lay behind the end");
                while (ended.get() < begun.get()) {
                    Thread.sleep(10);
                }
                return null;
            });
            assertEquals(begun.get(), ended.get());
        }
    }

    @Test
    void aPeerThatSendsByteByByteIsUnderstood() throws Exception {
        for (Roles roles : Roles.values()) {
            try (Listening server = Listening.tls(roles.server.server(KeyKind.EC_P256), ClosingPeerTest::echo);
                    Listening slow = Listening.plain(near -> {
                        Socket far = server.connect();
                        pipe(far, near, Integer.MAX_VALUE, 1);
                        pump(near, far, Integer.MAX_VALUE, 1);
                    })) {
                Listening.within(30, () -> {
                    try (SSLSocket socket = connect(roles.client.client(), slow.port())) {
                        socket.getOutputStream().write(new byte[] {1, 2, 3});
                        assertEquals(3, socket.getInputStream().readNBytes(3).length);
                    }
                    return null;
                });
            }
        }
    }

    /** {@return true if a message went there and back through a line that breaks after so many bytes of either direction} */
    private static boolean talk(SSLContext context, int port, int cutToServer, int cutToClient) throws Exception {
        try (Listening line = Listening.plain(near -> {
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
                    pipe(far, near, cutToClient, 4096);
                    pump(near, far, cutToServer, 4096);
                });
                SSLSocket socket = connect(context, line.port())) {
            socket.getOutputStream().write(new byte[] {1, 2, 3});
            return socket.getInputStream().readNBytes(3).length == 3;
        } catch (IOException broken) {
            return false;
        }
    }

    private static SSLSocket connect(SSLContext context, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void echo(SSLSocket socket) throws IOException {
        byte[] bytes = new byte[100];
        InputStream in = socket.getInputStream();
        for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
            socket.getOutputStream().write(bytes, 0, count);
        }
    }

    private static void pipe(Socket from, Socket to, int limit, int block) {
        Thread thread = new Thread(() -> {
            try {
                pump(from, to, limit, block);
            } catch (IOException closed) {
                // The other direction has ended.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Carries so many bytes, then closes both sides. */
    private static void pump(Socket from, Socket to, int limit, int block) throws IOException {
        try (from;
                to) {
            to.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[block];
            for (int left = limit; left > 0; ) {
                int count = in.read(bytes, 0, Math.min(block, left));
                if (count < 0) {
                    return;
                }
                out.write(bytes, 0, count);
                left -= count;
            }
        }
    }

    /** Every byte of the first records' headers and of the last, short ones; every seventh between. */
    private static int step(int cut) {
        return cut < 12 ? 1 : 7;
    }
}
