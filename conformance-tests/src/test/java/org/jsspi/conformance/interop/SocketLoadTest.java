package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many sockets with much to say in both directions at once. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketLoadTest {
    private static final int CONNECTIONS = 64;
    private static final int BYTES = 10_000_000;

    @Test
    void sixtyFourConnectionsCarryTenMegabytesEachWay() throws Exception {
        run(Roles.OURS_BOTH, CONNECTIONS, BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void someConnectionsCarryMegabytesEachWay(Roles roles) throws Exception {
        run(roles, 4, 3_000_000);
    }

    private static void run(Roles roles, int connections, int bytes) throws Exception {
        SSLContext serverContext = roles.server.server(KeyKind.EC_P256);
        SSLContext clientContext = roles.client.client();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Void>> all = new ArrayList<>();
        CountDownLatch served = new CountDownLatch(connections);
        try (Listening server = Listening.tls(serverContext, socket -> {
            int seed = socket.getInputStream().read();
            socket.getOutputStream().write(seed);
            Future<Void> writer = threads.submit(() -> write(socket, 1000 + seed, bytes));
            read(socket, seed, bytes);
            writer.get();
            // Until the client has read all and says so by closing.
            assertEquals(-1, socket.getInputStream().read());
            served.countDown();
        })) {
            for (int i = 0; i < connections; i++) {
                int seed = i;
                all.add(threads.submit(() -> {
                    try (SSLSocket socket = (SSLSocket) clientContext
                            .getSocketFactory()
                            .createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                        socket.setSoTimeout(120_000);
                        socket.getOutputStream().write(seed);
                        assertEquals(seed, socket.getInputStream().read());
                        Future<Void> writer = threads.submit(() -> write(socket, seed, bytes));
                        read(socket, 1000 + seed, bytes);
                        writer.get();
                    }
                    return null;
                }));
            }
            for (Future<Void> one : all) {
                one.get(150, TimeUnit.SECONDS);
            }
            assertTrue(served.await(20, TimeUnit.SECONDS), "the server failed: " + server.failure());
        } finally {
            threads.shutdownNow();
        }
    }

    /** The same seed gives both ends the same bytes: blocks of 64 KB, each begun with its number. */
    private static Void write(SSLSocket socket, int seed, int bytes) throws Exception {
        Random sizes = new Random(~seed);
        Pattern pattern = new Pattern(seed);
        OutputStream out = socket.getOutputStream();
        byte[] block = new byte[70_000];
        for (int sent = 0; sent < bytes; ) {
            int size = Math.min(bytes - sent, size(sizes));
            pattern.fill(block, size);
            out.write(block, 0, size);
            sent += size;
        }
        out.flush();
        return null;
    }

    private static void read(SSLSocket socket, int seed, int bytes) throws Exception {
        Random sizes = new Random(seed * 31L);
        Pattern pattern = new Pattern(seed);
        InputStream in = socket.getInputStream();
        byte[] arrived = new byte[70_000];
        byte[] expected = new byte[70_000];
        for (int received = 0; received < bytes; ) {
            int count = in.read(arrived, 0, Math.min(bytes - received, size(sizes)));
            if (count < 0) {
                throw new AssertionError("the stream ended after " + received + " bytes");
            }
            pattern.fill(expected, count);
            if (!Arrays.equals(arrived, 0, count, expected, 0, count)) {
                throw new AssertionError("other bytes than were sent, after " + received);
            }
            received += count;
        }
    }

    /** Mostly large, sometimes a few bytes. */
    private static int size(Random random) {
        return random.nextInt(8) == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(60_000);
    }

    /** A cheap stream of bytes in which no two places look alike. */
    private static final class Pattern {
        private final int seed;
        private int at;

        Pattern(int seed) {
            this.seed = seed;
        }

        void fill(byte[] target, int count) {
            for (int i = 0; i < count; i++) {
                int n = at++;
                target[i] = (byte) ((n * 0x9E3779B1 + seed * 0x85EBCA6B) >>> 17 ^ n);
            }
        }
    }
}
