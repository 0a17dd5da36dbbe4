package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that go away, or take their time, at any byte. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingPeerTest {
    /** One certificate, so that flights are short. */
    private static final Credential SERVER = TestPki.selfSigned();

    /** Lines that break at the same time: most of a connection is waiting. */
    private static final int LINES = 4;

    /** The peer, and how far apart the bytes are that it stops at: SunJSSE takes its time. */
    enum Stopping {
        OURS_AT_EVERY_BYTE(Jsse.OURS, 1),
        SUN_AT_SOME(Jsse.SUN, 13);

        final Jsse peer;
        final int step;

        Stopping(Jsse peer, int step) {
            this.peer = peer;
            this.step = step;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatClosesAtAnyByteLeavesNoClientHanging(Stopping stopping) throws Exception {
        SSLContext clientContext = Jsse.OURS.context(null, TestPki.trustManagers(SERVER.keyStore()));
        try (Listening server = Listening.tls(stopping.peer.context(SERVER), ClosingPeerTest::echo)) {
            tryEveryByte(stopping, cut -> talk(clientContext, server.port(), Integer.MAX_VALUE, cut));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatClosesAtAnyByteLeavesNoServerHanging(Stopping stopping) throws Exception {
        SSLContext clientContext = stopping.peer.context(null, TestPki.trustManagers(SERVER.keyStore()));
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (Listening server = Listening.tls(Jsse.OURS.context(SERVER), socket -> {
            begun.incrementAndGet();
            try {
                echo(socket);
            } finally {
                ended.incrementAndGet();
            }
        })) {
            tryEveryByte(stopping, cut -> talk(clientContext, server.port(), cut, Integer.MAX_VALUE));
            Listening.within(20, () -> {
                while (ended.get() < begun.get()) {
                    Thread.sleep(10);
                }
                return null;
            });
            assertEquals(begun.get(), ended.get());
        }
    }

    /** A connection over a line that breaks after so many bytes of one direction. */
    private interface Line {
        boolean carriesAMessage(int cut) throws Exception;
    }

    /** From the first byte on, until a position lies behind the end of everything. */
    private static void tryEveryByte(Stopping stopping, Line line) throws Exception {
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean whole = new AtomicBoolean();
        ExecutorService lines = Executors.newFixedThreadPool(LINES);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < LINES; i++) {
                all.add(lines.submit(() -> {
                    while (!whole.get()) {
                        if (line.carriesAMessage(next.getAndAdd(stopping.step))) {
                            whole.set(true);
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> each : all) {
                each.get(100, TimeUnit.SECONDS);
            }
        } finally {
            lines.shutdownNow();
        }
        assertTrue(next.get() > 300, "only " + next + " bytes");
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
}
