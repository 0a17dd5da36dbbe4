package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsseSocketTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private final ToyPackage toy = new ToyPackage();
    private final SSLContext context = Toys.context(toy);
    private SSLServerSocket listener;
    private SSLSocket client;
    private SSLSocket server;

    @BeforeEach
    void connect() throws Exception {
        listener = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 5, LOCAL);
        client = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, listener.getLocalPort());
        server = (SSLSocket) listener.accept();
    }

    @AfterEach
    void close() throws Exception {
        CompletableFuture<Void> one = run(client::close);
        server.close();
        one.get(20, TimeUnit.SECONDS);
        listener.close();
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> run(Action action) {
        return call(() -> {
            action.run();
            return null;
        });
    }

    private static <T> CompletableFuture<T> call(Callable<T> callable) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(callable.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }

    private static <T extends Throwable> T thrownBy(Class<T> type, CompletableFuture<?> future) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        return assertInstanceOf(type, e.getCause());
    }

    private void handshake() throws Exception {
        CompletableFuture<Void> other = run(server::startHandshake);
        client.startHandshake();
        other.get(20, TimeUnit.SECONDS);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Test
    void randomWritesArriveBothWaysAtOnce() throws Exception {
        byte[] up = bytes(400_000);
        byte[] down = bytes(300_001);
        CompletableFuture<Void> one = run(() -> writeRandomly(client, up));
        CompletableFuture<Void> two = run(() -> writeRandomly(server, down));
        CompletableFuture<byte[]> received = call(() -> readRandomly(server));
        assertArrayEquals(down, readRandomly(client));
        assertArrayEquals(up, received.get(30, TimeUnit.SECONDS));
        one.get(20, TimeUnit.SECONDS);
        two.get(20, TimeUnit.SECONDS);
        assertEquals("TOYv1", client.getSession().getProtocol());
    }

    private static void writeRandomly(SSLSocket socket, byte[] data) throws IOException {
        Random random = new Random(3);
        OutputStream out = socket.getOutputStream();
        for (int at = 0; at < data.length; ) {
            int size = Math.min(data.length - at, 1 + random.nextInt(random.nextBoolean() ? 30 : 40_000));
            out.write(data, at, size);
            at += size;
        }
        socket.shutdownOutput();
    }

    private static byte[] readRandomly(SSLSocket socket) throws IOException {
        Random random = new Random(4);
        InputStream in = socket.getInputStream();
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        while (true) {
            byte[] part = new byte[1 + random.nextInt(random.nextBoolean() ? 30 : 40_000)];
            int count = in.read(part);
            if (count < 0) {
                return all.toByteArray();
            }
            assertNotEquals(0, count);
            all.write(part, 0, count);
        }
    }

    @Test
    void sessionStartsTheHandshakeByItself() throws Exception {
        CompletableFuture<SSLSession> other = call(server::getSession);
        assertEquals("TOYv1", client.getSession().getProtocol());
        assertEquals("TOYv1", other.get(20, TimeUnit.SECONDS).getProtocol());
        assertEquals(listener.getLocalPort(), client.getSession().getPeerPort());
        client.startHandshake();
    }

    @Test
    void timeoutLosesNothingInTheHandshakeAndAfterIt() throws Exception {
        client.setSoTimeout(50);
        assertThrows(SocketTimeoutException.class, client::startHandshake);
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
        CompletableFuture<Void> other = run(server::startHandshake);
        client.setSoTimeout(0);
        client.startHandshake();
        other.get(20, TimeUnit.SECONDS);
        client.setSoTimeout(50);
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
        assertThrows(SocketTimeoutException.class, () -> client.getInputStream().read());
        server.getOutputStream().write(bytes(100));
        client.setSoTimeout(0);
        assertArrayEquals(bytes(100), client.getInputStream().readNBytes(100));
    }

    @Test
    void timeoutInTheMiddleOfARecordLosesNothing() throws Exception {
        // A relay cuts the record of the server in two.
        try (ServerSocket relayListener = new ServerSocket(0, 1, LOCAL);
                SSLSocket slow =
                        (SSLSocket) context.getSocketFactory().createSocket(LOCAL, relayListener.getLocalPort());
                Socket relay = relayListener.accept()) {
            Toys.Pair pair = new Toys.Pair(new ToyPackage(), context);
            CompletableFuture<Void> peer = run(() -> serveByHand(relay, pair.server));
            slow.startHandshake();
            peer.get(20, TimeUnit.SECONDS);
            byte[] record = pair.record(pair.server, bytes(500));
            relay.getOutputStream().write(record, 0, 250);
            slow.setSoTimeout(50);
            byte[] received = new byte[500];
            assertThrows(
                    SocketTimeoutException.class, () -> slow.getInputStream().read(received));
            assertThrows(
                    SocketTimeoutException.class, () -> slow.getInputStream().read(received));
            relay.getOutputStream().write(record, 250, record.length - 250);
            slow.setSoTimeout(0);
            assertEquals(500, slow.getInputStream().read(received));
            assertArrayEquals(bytes(500), received);
            pair.server.closeOutbound();
            relay.getOutputStream().write(pair.record(pair.server, new byte[0]));
            assertEquals(-1, slow.getInputStream().read());
            assertEquals(-1, slow.getInputStream().read());
        }
    }

    /** The handshake of an engine over a plain socket. */
    private static void serveByHand(Socket socket, SSLEngine engine) throws IOException {
        engine.beginHandshake();
        java.nio.ByteBuffer in = java.nio.ByteBuffer.allocate(20_000).limit(0);
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(20_000);
                    engine.wrap(java.nio.ByteBuffer.allocate(0), out);
                    socket.getOutputStream().write(out.array(), 0, out.position());
                }
                case NEED_UNWRAP -> {
                    if (engine.unwrap(in, java.nio.ByteBuffer.allocate(0)).bytesConsumed() == 0) {
                        in.compact();
                        int count = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                        if (count < 0) {
                            throw new EOFException();
                        }
                        in.position(in.position() + count).flip();
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    @Test
    void closeWakesAReader() throws Exception {
        handshake();
        CompletableFuture<Integer> reader = call(() -> client.getInputStream().read());
        Thread.sleep(100);
        client.close();
        thrownBy(SocketException.class, reader);
        assertEquals(-1, server.getInputStream().read());
    }

    @Test
    void closeWakesAWriterWhosePeerDoesNotRead() throws Exception {
        handshake();
        CompletableFuture<Void> writer = run(() -> {
            while (true) {
                client.getOutputStream().write(new byte[100_000]);
            }
        });
        Thread.sleep(300);
        assertFalse(writer.isDone());
        long start = System.nanoTime();
        client.close();
        thrownBy(IOException.class, writer);
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10));
    }

    @Test
    void closeDuringTheHandshakeWakesIt() throws Exception {
        CompletableFuture<Void> shaking = run(client::startHandshake);
        Thread.sleep(100);
        client.close();
        thrownBy(IOException.class, shaking);
        assertThrows(SocketException.class, client::startHandshake);
    }

    @Test
    void shutdownOutputIsHalfOfAClose() throws Exception {
        handshake();
        client.shutdownOutput();
        assertTrue(client.isOutputShutdown());
        assertThrows(SocketException.class, client::getOutputStream);
        assertEquals(-1, server.getInputStream().read());
        server.getOutputStream().write(bytes(50_000));
        server.close();
        assertArrayEquals(bytes(50_000), client.getInputStream().readAllBytes());
    }

    @Test
    void shutdownInputComplainsThatThePeerHasNotClosed() throws Exception {
        handshake();
        InputStream in = client.getInputStream();
        assertThrows(SSLException.class, client::shutdownInput);
        assertTrue(client.isInputShutdown());
        assertEquals(-1, in.read());
        client.getOutputStream().write(1);
        assertEquals(1, server.getInputStream().read());
    }

    @Test
    void endWithoutCloseNotifyIsNoEnd() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, LOCAL);
                SSLSocket cut = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, plain.getLocalPort());
                Socket relay = plain.accept()) {
            Toys.Pair pair = new Toys.Pair(new ToyPackage(), context);
            CompletableFuture<Void> peer = run(() -> serveByHand(relay, pair.server));
            cut.startHandshake();
            peer.get(20, TimeUnit.SECONDS);
            relay.getOutputStream().write(pair.record(pair.server, bytes(10)));
            relay.shutdownOutput();
            assertArrayEquals(bytes(10), cut.getInputStream().readNBytes(10));
            for (int i = 0; i < 2; i++) {
                SSLException failure = assertThrows(
                        SSLException.class, () -> cut.getInputStream().read());
                assertTrue(failure.getMessage().startsWith("SSL peer shut down incorrectly"), failure.getMessage());
                assertTrue(failure.getMessage().contains("requireCloseNotify"), failure.getMessage());
                assertInstanceOf(EOFException.class, failure.getCause());
            }
        }
    }

    @Test
    void endWithoutCloseNotifyIsAnEndWhereTheApplicationWantsIt() throws Exception {
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "false");
        try (ServerSocket plain = new ServerSocket(0, 1, LOCAL);
                SSLSocket cut = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, plain.getLocalPort());
                Socket relay = plain.accept()) {
            Toys.Pair pair = new Toys.Pair(new ToyPackage(), context);
            CompletableFuture<Void> peer = run(() -> serveByHand(relay, pair.server));
            cut.startHandshake();
            peer.get(20, TimeUnit.SECONDS);
            relay.shutdownOutput();
            assertEquals(-1, cut.getInputStream().read());
        } finally {
            System.clearProperty("com.sun.net.ssl.requireCloseNotify");
        }
    }

    @Test
    void endDuringTheHandshakeIsAHandshakeFailure() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, LOCAL);
                SSLSocket cut = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, plain.getLocalPort());
                Socket relay = plain.accept()) {
            relay.shutdownOutput();
            SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, cut::startHandshake);
            assertInstanceOf(EOFException.class, failure.getCause());
            assertThrows(SocketException.class, () -> cut.getInputStream().read());
            assertEquals("NONE", cut.getSession().getProtocol());
        }
    }

    @Test
    void managersSeeTheSocketAndTheirRefusalReachesBothSides() throws Exception {
        AtomicReference<Socket> seen = new AtomicReference<>();
        CertificateException refusal = new CertificateException("not today");
        TrustManager[] trust = {
            new X509ExtendedTrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
                    // not asked
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                        throws CertificateException {
                    seen.set(socket);
                    assertEquals(
                            "TOYv1", ((SSLSocket) socket).getHandshakeSession().getProtocol());
                    // A manager that asks for the session must not start the handshake that it is part of.
                    assertEquals("NONE", ((SSLSocket) socket).getSession().getProtocol());
                    throw refusal;
                }

                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                    // not asked
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                    // not asked
                }

                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType) {
                    // not asked
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType) {
                    // not asked
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            }
        };
        SSLContext strict = Toys.context(toy, null, trust);
        try (SSLSocket doubting = (SSLSocket) strict.getSocketFactory().createSocket(LOCAL, listener.getLocalPort());
                SSLSocket peer = (SSLSocket) listener.accept()) {
            CompletableFuture<Void> other = run(peer::startHandshake);
            SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, doubting::startHandshake);
            assertSame(refusal, failure.getCause());
            assertSame(doubting, seen.get());
            assertTrue(thrownBy(SSLHandshakeException.class, other).getMessage().contains("46"));
            assertTrue(doubting.isClosed());
        }
    }

    @Test
    void listenersHearOfTheHandshakeOnce() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        AtomicReference<SSLSession> session = new AtomicReference<>();
        client.addHandshakeCompletedListener(event -> {
            assertSame(client, event.getSocket());
            session.set(event.getSession());
            heard.countDown();
        });
        handshake();
        assertTrue(heard.await(20, TimeUnit.SECONDS));
        assertEquals(client.getSession(), session.get());
        assertThrows(IllegalArgumentException.class, () -> client.removeHandshakeCompletedListener(event -> {}));
    }

    @Test
    void keyUpdatesCrossTheDataUnseen() throws Exception {
        handshake();
        for (int i = 0; i < 50; i++) {
            toy.contexts.get(i % 2).demandKeyUpdate();
            SSLSocket from = i % 4 < 2 ? client : server;
            SSLSocket to = i % 4 < 2 ? server : client;
            from.getOutputStream().write(bytes(30));
            assertArrayEquals(bytes(30), to.getInputStream().readNBytes(30));
        }
    }

    @Test
    void layeredSocketGivesTheTransportBackWhereItStopped() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, LOCAL);
                Socket near = new Socket(LOCAL, plain.getLocalPort());
                Socket far = plain.accept()) {
            CompletableFuture<Void> other = run(() -> {
                int first = far.getInputStream().read();
                SSLSocket secured = (SSLSocket) context.getSocketFactory()
                        .createSocket(far, new ByteArrayInputStream(new byte[] {(byte) first}), false);
                assertFalse(secured.getUseClientMode());
                assertArrayEquals(bytes(20_000), secured.getInputStream().readNBytes(20_000));
                secured.close();
                far.getOutputStream().write("in the clear".getBytes());
            });
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(near, "toy.example.com", 443, false);
            secured.getOutputStream().write(bytes(20_000));
            secured.close();
            assertTrue(secured.isClosed());
            assertFalse(near.isClosed());
            assertEquals("in the clear", new String(near.getInputStream().readNBytes(12)));
            other.get(20, TimeUnit.SECONDS);
            assertEquals("toy.example.com", secured.getSession().getPeerHost());
        }
    }

    @Test
    void layeredSocketReadsNothingBeyondThePeersClose() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, LOCAL);
                Socket near = new Socket(LOCAL, plain.getLocalPort());
                Socket far = plain.accept()) {
            SSLSocket secured =
                    (SSLSocket) context.getSocketFactory().createSocket(near, "toy.example.com", 443, false);
            Toys.Pair pair = new Toys.Pair(new ToyPackage(), context);
            CompletableFuture<Void> peer = run(() -> serveByHand(far, pair.server));
            secured.startHandshake();
            peer.get(20, TimeUnit.SECONDS);
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            all.write(pair.record(pair.server, bytes(10)));
            pair.server.closeOutbound();
            all.write(pair.record(pair.server, new byte[0]));
            all.write("in the clear".getBytes());
            far.getOutputStream().write(all.toByteArray());
            assertArrayEquals(bytes(10), secured.getInputStream().readAllBytes());
            secured.close();
            near.setSoTimeout(5_000);
            assertEquals("in the clear", new String(near.getInputStream().readNBytes(12)));
        }
    }

    @Test
    void unconnectedSocketSaysSo() throws Exception {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        assertThrows(SocketException.class, socket::startHandshake);
        assertThrows(SocketException.class, socket::getInputStream);
        assertEquals("NONE", socket.getSession().getProtocol());
        socket.close();
        assertTrue(socket.isClosed());
        assertThrows(SocketException.class, () -> socket.connect(listener.getLocalSocketAddress()));
    }

    @Test
    void acceptedSocketsTakeTheParametersOfTheListener() throws Exception {
        listener.setNeedClientAuth(true);
        try (SSLSocket other = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, listener.getLocalPort());
                SSLSocket accepted = (SSLSocket) listener.accept()) {
            assertTrue(accepted.getNeedClientAuth());
            CompletableFuture<Void> peer = run(accepted::startHandshake);
            other.startHandshake();
            peer.get(20, TimeUnit.SECONDS);
            assertEquals(Toys.certificate("toy.p12"), accepted.getSession().getPeerCertificates()[0]);
        }
    }

    @Test
    void aSocketAtRestHoldsNoRecords() throws Exception {
        handshake();
        byte[] data = bytes(100_000);
        CompletableFuture<Void> writer = run(() -> server.getOutputStream().write(data));
        byte[] received = new byte[data.length];
        // Small reads: what is left of a record waits in the socket.
        for (int count = 0; count < data.length; ) {
            count += client.getInputStream().read(received, count, Math.min(1000, data.length - count));
        }
        writer.get(20, TimeUnit.SECONDS);
        assertArrayEquals(data, received);
        assertEquals(0, ((JsseSocket) server).heldMemory(), "the writer's");
        assertEquals(0, ((JsseSocket) client).heldMemory(), "the reader's");

        CompletableFuture<Integer> reader = call(() -> client.getInputStream().read(new byte[10]));
        while (((JsseSocket) client).heldMemory() == 0) {
            Thread.sleep(1);
        }
        Thread.sleep(50);
        assertEquals(512, ((JsseSocket) client).heldMemory(), "that of one who waits");
        server.getOutputStream().write(1);
        assertEquals(1, reader.get(20, TimeUnit.SECONDS));
    }

    /** Buffers go from one socket to the next: nothing of the one may reach the other. */
    @Test
    void manySocketsSharingTheirMemoryDoNotMixTheirData() throws Exception {
        handshake();
        CompletableFuture<?>[] all = new CompletableFuture<?>[6];
        for (int i = 0; i < all.length; i++) {
            int seed = i;
            all[i] = run(() -> exchange(seed));
        }
        CompletableFuture.allOf(all).get(40, TimeUnit.SECONDS);
    }

    private void exchange(int seed) throws Exception {
        try (SSLServerSocket own =
                        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 5, LOCAL);
                SSLSocket one = (SSLSocket) context.getSocketFactory().createSocket(LOCAL, own.getLocalPort());
                SSLSocket other = (SSLSocket) own.accept()) {
            Random random = new Random(seed);
            byte[] data = new byte[300_000];
            random.nextBytes(data);
            CompletableFuture<Void> writer = run(() -> {
                for (int sent = 0; sent < data.length; ) {
                    int size = Math.min(data.length - sent, 1 + new Random(sent).nextInt(40_000));
                    one.getOutputStream().write(data, sent, size);
                    sent += size;
                }
                one.shutdownOutput();
            });
            java.io.ByteArrayOutputStream received = new java.io.ByteArrayOutputStream();
            byte[] bytes = new byte[20_000];
            for (int count; (count = other.getInputStream().read(bytes, 0, 1 + random.nextInt(bytes.length))) >= 0; ) {
                received.write(bytes, 0, count);
            }
            writer.get(20, TimeUnit.SECONDS);
            assertArrayEquals(data, received.toByteArray());
        }
    }

    @Test
    void aThreadThatWasInterruptedStillSaysGoodBye() throws Exception {
        handshake();
        CompletableFuture<Boolean> interrupted = call(() -> {
            Thread.currentThread().interrupt();
            client.close();
            return Thread.interrupted();
        });
        // Without a close_notify this would throw.
        assertEquals(-1, server.getInputStream().read());
        assertTrue(interrupted.get(20, TimeUnit.SECONDS), "and stays interrupted");
    }

    @Test
    void aServerGoesOnWithWhatWasReadFromTheClientAlready() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, LOCAL);
                Socket below = new Socket(LOCAL, plain.getLocalPort());
                Socket accepted = plain.accept();
                SSLSocket one = (SSLSocket) context.getSocketFactory().createSocket(below, "toy.test", 1, true)) {
            CompletableFuture<Void> handshaking = run(one::startHandshake);
            byte[] read = accepted.getInputStream().readNBytes(3);
            SSLSocket other =
                    (SSLSocket) context.getSocketFactory().createSocket(accepted, new ByteArrayInputStream(read), true);
            assertFalse(other.getUseClientMode());
            other.startHandshake();
            handshaking.get(20, TimeUnit.SECONDS);
            one.getOutputStream().write(7);
            assertEquals(7, other.getInputStream().read());
            other.close();
        }
    }
}
