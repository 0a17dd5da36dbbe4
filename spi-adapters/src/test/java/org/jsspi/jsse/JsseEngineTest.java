package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jsspi.jsse.Toys.Memory;
import org.jsspi.jsse.Toys.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JsseEngineTest {
    private static final int OVERHEAD = ToyContext.HEADER + ToyContext.TRAILER;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private static ByteBuffer packet() {
        return ByteBuffer.allocate(JsseSession.PACKET_BUFFER_SIZE);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static void assertResult(SSLEngineResult result, Status status, int consumed, int produced) {
        assertEquals(status, result.getStatus());
        assertEquals(consumed, result.bytesConsumed());
        assertEquals(produced, result.bytesProduced());
    }

    // ---- the handshake

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void finishedIsReportedOnceOnEachSide(boolean tickets) throws Exception {
        ToyPackage toy = new ToyPackage();
        toy.tickets = tickets;
        Pair pair = new Pair(toy).connected();
        assertEquals(1, pair.clientFinished);
        assertEquals(1, pair.serverFinished);
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.client.getHandshakeStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        assertEquals(tickets ? 1 : 0, pair.clientContext().ticketsSeen);
        pair.handshake();
        assertEquals(1, pair.clientFinished);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void finishedIsReportedOnceWhereTheHandshakeEndsInsideATask(boolean tickets) throws Exception {
        ToyPackage toy = new ToyPackage();
        toy.tickets = tickets;
        Pair pair = new Pair(toy);
        pair.server.setNeedClientAuth(true);
        pair.handshake();
        assertEquals(1, pair.clientFinished);
        assertEquals(1, pair.serverFinished);
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        assertEquals(Toys.certificate("toy.p12"), pair.server.getSession().getPeerCertificates()[0]);
    }

    @Test
    void modeHasToBeSetFirst() {
        SSLEngine engine = Toys.context(new ToyPackage()).createSSLEngine();
        assertThrows(IllegalStateException.class, engine::beginHandshake);
        assertThrows(IllegalStateException.class, () -> engine.wrap(NOTHING, packet()));
        assertThrows(IllegalStateException.class, () -> engine.unwrap(NOTHING, packet()));
        assertFalse(engine.getUseClientMode());
    }

    @Test
    void modeIsFixedOnceTheHandshakeHasBegun() throws Exception {
        Pair pair = new Pair();
        pair.client.beginHandshake();
        assertThrows(IllegalArgumentException.class, () -> pair.client.setUseClientMode(false));
        pair.client.setUseClientMode(true);
    }

    @Test
    void freshEngineAnswersLikeThePlatforms() {
        SSLEngine engine = Toys.context(new ToyPackage()).createSSLEngine();
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, engine.getHandshakeStatus());
        SSLSession session = engine.getSession();
        assertEquals("SSL_NULL_WITH_NULL_NULL", session.getCipherSuite());
        assertEquals("NONE", session.getProtocol());
        assertFalse(session.isValid());
        assertEquals(0, session.getId().length);
        assertEquals(16709, session.getPacketBufferSize());
        assertEquals(16704, session.getApplicationBufferSize());
        assertThrows(SSLPeerUnverifiedException.class, session::getPeerCertificates);
        assertNull(engine.getHandshakeSession());
        assertNull(engine.getApplicationProtocol());
        assertNull(engine.getHandshakeApplicationProtocol());
        assertNull(engine.getDelegatedTask());
        SSLParameters parameters = engine.getSSLParameters();
        assertTrue(parameters.getUseCipherSuitesOrder());
        assertEquals(16709, parameters.getMaximumPacketSize());
        assertEquals(0, parameters.getApplicationProtocols().length);
        assertNull(parameters.getServerNames());
        assertNull(engine.getPeerHost());
        assertEquals(-1, engine.getPeerPort());
    }

    @Test
    void clientBeginsWithWrapAndServerWithUnwrap() throws Exception {
        Pair pair = new Pair();
        pair.client.beginHandshake();
        pair.server.beginHandshake();
        assertEquals(HandshakeStatus.NEED_WRAP, pair.client.getHandshakeStatus());
        assertEquals(HandshakeStatus.NEED_UNWRAP, pair.server.getHandshakeStatus());
        assertResult(pair.client.unwrap(ByteBuffer.wrap(new byte[100]), packet()), Status.OK, 0, 0);
        assertResult(pair.server.wrap(NOTHING, packet()), Status.OK, 0, 0);
    }

    @Test
    void taskIsHandedOutOnceAndLeavesTheRightStatus() throws Exception {
        Pair pair = new Pair();
        ByteBuffer hello = packet();
        pair.client.wrap(NOTHING, hello);
        SSLEngineResult result = pair.server.unwrap(hello.flip(), NOTHING_TO_FILL());
        assertEquals(HandshakeStatus.NEED_TASK, result.getHandshakeStatus());
        assertFalse(hello.hasRemaining());
        Runnable task = pair.server.getDelegatedTask();
        assertNotNull(task);
        assertNull(pair.server.getDelegatedTask());
        assertResult(pair.server.wrap(NOTHING, packet()), Status.OK, 0, 0);
        assertEquals(HandshakeStatus.NEED_TASK, pair.server.getHandshakeStatus());
        CompletableFuture.runAsync(task).get(10, TimeUnit.SECONDS);
        assertEquals(HandshakeStatus.NEED_WRAP, pair.server.getHandshakeStatus());
        task.run();
        assertEquals(HandshakeStatus.NEED_WRAP, pair.server.getHandshakeStatus());
        result = pair.server.wrap(NOTHING, packet());
        assertEquals(HandshakeStatus.NEED_WRAP, result.getHandshakeStatus(), "two records in this flight");
        result = pair.server.wrap(NOTHING, packet());
        assertEquals(HandshakeStatus.NEED_UNWRAP, result.getHandshakeStatus());
    }

    private static ByteBuffer NOTHING_TO_FILL() {
        return ByteBuffer.allocate(0);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void everyHandshakeRecordNeedsItsOwnSizeAndNoMore(Memory memory) throws Exception {
        Pair pair = new Pair();
        pair.client.beginHandshake();
        pair.server.beginHandshake();
        SSLEngine[] engines = {pair.client, pair.server};
        ByteBuffer[] inbox = {memory.room(0), memory.room(0)};
        int finished = 0;
        for (int round = 0; round < 100 && finished < 2; round++) {
            int i = round % 2;
            SSLEngine engine = engines[i];
            for (boolean moved = true; moved; ) {
                moved = false;
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> {
                        engine.getDelegatedTask().run();
                        moved = true;
                    }
                    case NEED_WRAP -> {
                        SSLEngineResult result = null;
                        ByteBuffer record = null;
                        for (int room = 0; result == null || result.getStatus() == Status.BUFFER_OVERFLOW; room++) {
                            record = memory.room(room);
                            result = engine.wrap(NOTHING, record);
                            assertEquals(result.getStatus() == Status.OK ? room : 0, result.bytesProduced());
                        }
                        finished += result.getHandshakeStatus() == HandshakeStatus.FINISHED ? 1 : 0;
                        inbox[1 - i] = join(memory, inbox[1 - i], record.flip());
                        moved = true;
                    }
                    case NEED_UNWRAP -> {
                        if (inbox[i].hasRemaining()) {
                            ByteBuffer source = inbox[i].asReadOnlyBuffer();
                            int whole = 8 + (source.getShort(source.position() + 2) & 0xFFFF);
                            for (int prefix = 0; prefix < whole; prefix++) {
                                ByteBuffer part = source.duplicate().limit(source.position() + prefix);
                                SSLEngineResult result = engine.unwrap(part, NOTHING_TO_FILL());
                                assertResult(result, Status.BUFFER_UNDERFLOW, 0, 0);
                                assertEquals(source.position(), part.position());
                            }
                            SSLEngineResult result = engine.unwrap(source, NOTHING_TO_FILL());
                            assertResult(result, Status.OK, whole, 0);
                            finished += result.getHandshakeStatus() == HandshakeStatus.FINISHED ? 1 : 0;
                            inbox[i].position(source.position());
                            moved = true;
                        }
                    }
                    default -> {
                        // done
                    }
                }
            }
        }
        assertEquals(2, finished);
    }

    private static ByteBuffer join(Memory memory, ByteBuffer first, ByteBuffer second) {
        return memory.room(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    // ---- data

    @ParameterizedTest
    @EnumSource(Memory.class)
    void unwrapIsAllOrNothingForEveryPrefixAndEveryRoom(Memory memory) throws Exception {
        for (int size : new int[] {0, 1, 2, 17, 300}) {
            Pair pair = new Pair().connected();
            byte[] data = bytes(size);
            byte[] record = size == 0 ? new byte[0] : pair.record(pair.client, data);
            for (int prefix = 0; prefix < record.length; prefix++) {
                ByteBuffer part = memory.of(Arrays.copyOf(record, prefix)).asReadOnlyBuffer();
                ByteBuffer room = memory.room(400);
                assertResult(pair.server.unwrap(part, room), Status.BUFFER_UNDERFLOW, 0, 0);
                assertEquals(0, part.position());
                assertEquals(0, room.position());
            }
            ByteBuffer whole = memory.of(record).asReadOnlyBuffer();
            for (int room = 0; room < size; room++) {
                ByteBuffer small = memory.room(room);
                assertResult(pair.server.unwrap(whole, small), Status.BUFFER_OVERFLOW, 0, 0);
                assertEquals(0, whole.position());
                assertEquals(0, small.position());
            }
            if (size > 0) {
                ByteBuffer exact = memory.room(size);
                assertResult(pair.server.unwrap(whole, exact), Status.OK, record.length, size);
                assertEquals(memory.of(data), exact.flip());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void wrapNeedsRoomForItsRecordAndNoMore(Memory memory) throws Exception {
        Pair pair = new Pair().connected();
        byte[] data = bytes(50);
        ByteBuffer source = memory.of(data).asReadOnlyBuffer();
        for (int room = 0; room < 50 + OVERHEAD; room++) {
            ByteBuffer small = memory.room(room);
            assertResult(pair.client.wrap(source, small), Status.BUFFER_OVERFLOW, 0, 0);
            assertEquals(0, small.position());
            assertEquals(0, source.position());
        }
        ByteBuffer exact = memory.room(50 + OVERHEAD);
        assertResult(pair.client.wrap(source, exact), Status.OK, 50, 50 + OVERHEAD);
        ByteBuffer plain = memory.room(50);
        pair.server.unwrap(exact.flip(), plain);
        assertEquals(memory.of(data), plain.flip());
    }

    @Test
    void wrapTakesAtMostOneMessage() throws Exception {
        Pair pair = new Pair().connected();
        ByteBuffer source = ByteBuffer.wrap(bytes(40_000));
        SSLEngineResult result = pair.client.wrap(source, ByteBuffer.allocate(50_000));
        assertResult(result, Status.OK, ToyContext.MAXIMUM, ToyContext.MAXIMUM + OVERHEAD);
        assertEquals(ToyContext.MAXIMUM, source.position());
    }

    @Test
    void gatherAndScatterKeepTheOrderOverAnyMixOfBuffers() throws Exception {
        Pair pair = new Pair().connected();
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            byte[] data = bytes(1 + random.nextInt(200));
            ByteBuffer[] parts = split(random, data.length);
            int at = 0;
            for (ByteBuffer part : parts) {
                int size = part.remaining();
                part.put(data, at, size).flip();
                at += size;
            }
            ByteBuffer[] sources = surrounded(parts);
            ByteBuffer record = packet();
            record.position(3);
            SSLEngineResult result = pair.client.wrap(sources, 1, parts.length, record);
            assertResult(result, Status.OK, data.length, data.length + OVERHEAD);
            assertTrue(sources[0].hasRemaining() && sources[sources.length - 1].hasRemaining());
            record.flip().position(3);
            ByteBuffer[] targets = split(random, data.length);
            result = pair.server.unwrap(record, surrounded(targets), 1, targets.length);
            assertResult(result, Status.OK, data.length + OVERHEAD, data.length);
            ByteBuffer all = ByteBuffer.allocate(data.length);
            for (ByteBuffer target : targets) {
                all.put(target.flip());
            }
            assertArrayEquals(data, all.array());
        }
    }

    private static ByteBuffer[] split(Random random, int total) {
        ByteBuffer[] parts = new ByteBuffer[1 + random.nextInt(5)];
        for (int i = 0; i < parts.length; i++) {
            int size = i == parts.length - 1 ? total : random.nextInt(total + 1);
            total -= size;
            parts[i] = Memory.values()[random.nextInt(3)].room(size);
        }
        return parts;
    }

    private static ByteBuffer[] surrounded(ByteBuffer[] parts) {
        ByteBuffer[] all = new ByteBuffer[parts.length + 2];
        System.arraycopy(parts, 0, all, 1, parts.length);
        all[0] = ByteBuffer.allocate(5);
        all[all.length - 1] = ByteBuffer.allocate(5);
        return all;
    }

    @Test
    void unwrapLeavesTheNextRecordInTheSource() throws Exception {
        Pair pair = new Pair().connected();
        byte[] first = pair.record(pair.client, bytes(10));
        byte[] second = pair.record(pair.client, bytes(20));
        ByteBuffer both = join(Memory.HEAP, ByteBuffer.wrap(first), ByteBuffer.wrap(second));
        assertResult(pair.server.unwrap(both, packet()), Status.OK, first.length, 10);
        assertResult(pair.server.unwrap(both, packet()), Status.OK, second.length, 20);
        assertResult(pair.server.unwrap(both, packet()), Status.BUFFER_UNDERFLOW, 0, 0);
    }

    @Test
    void callsRefuseBuffersThatCannotServe() throws Exception {
        Pair pair = new Pair().connected();
        SSLEngine engine = pair.client;
        assertThrows(ReadOnlyBufferException.class, () -> engine.wrap(NOTHING, packet().asReadOnlyBuffer()));
        assertThrows(ReadOnlyBufferException.class, () -> engine.unwrap(NOTHING, packet().asReadOnlyBuffer()));
        assertThrows(IllegalArgumentException.class, () -> engine.wrap((ByteBuffer) null, packet()));
        assertThrows(IllegalArgumentException.class, () -> engine.unwrap(NOTHING, (ByteBuffer) null));
        assertThrows(IndexOutOfBoundsException.class, () -> engine.wrap(new ByteBuffer[] {packet()}, 1, 1, packet()));
    }

    @Test
    void emptyWrapSendsNothing() throws Exception {
        Pair pair = new Pair().connected();
        assertResult(pair.client.wrap(NOTHING, NOTHING_TO_FILL()), Status.OK, 0, 0);
    }

    @Test
    void tokenThatIsDueLeavesBeforeTheData() throws Exception {
        Pair pair = new Pair().connected();
        pair.clientContext().demandKeyUpdate();
        ByteBuffer source = ByteBuffer.wrap(bytes(10));
        assertResult(pair.client.wrap(source, ByteBuffer.allocate(OVERHEAD - 1)), Status.BUFFER_OVERFLOW, 0, 0);
        ByteBuffer update = packet();
        assertResult(pair.client.wrap(source, update), Status.OK, 0, OVERHEAD);
        ByteBuffer record = packet();
        assertResult(pair.client.wrap(source, record), Status.OK, 10, 10 + OVERHEAD);

        SSLEngineResult result = pair.server.unwrap(update.flip(), NOTHING_TO_FILL());
        assertResult(result, Status.OK, OVERHEAD, 0);
        assertEquals(HandshakeStatus.NEED_WRAP, result.getHandshakeStatus());
        assertResult(pair.server.unwrap(record.flip(), packet()), Status.OK, 10 + OVERHEAD, 10);
        ByteBuffer answer = packet();
        result = pair.server.wrap(ByteBuffer.wrap(bytes(5)), answer);
        assertResult(result, Status.OK, 0, OVERHEAD);
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, result.getHandshakeStatus());
        result = pair.client.unwrap(answer.flip(), packet());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, result.getHandshakeStatus());
        assertEquals(1, pair.clientContext().answered);
    }

    @Test
    void wrapAndUnwrapRunOnTwoThreads() throws Exception {
        Pair pair = new Pair().connected();
        CompletableFuture<Long> up = transfer(pair.client, pair.server, pair.clientContext());
        CompletableFuture<Long> down = transfer(pair.server, pair.client, pair.serverContext());
        assertEquals(EXPECTED_SUM, up.get(50, TimeUnit.SECONDS));
        assertEquals(EXPECTED_SUM, down.get(50, TimeUnit.SECONDS));
    }

    private static final int RECORDS = 2_000;
    private static final long EXPECTED_SUM = (long) RECORDS * (RECORDS - 1) / 2;

    /** One thread wraps the numbers, another unwraps and adds them; key updates go to and fro in between. */
    private static CompletableFuture<Long> transfer(SSLEngine from, SSLEngine to, ToyContext sender) {
        SynchronousQueue<ByteBuffer> wire = new SynchronousQueue<>();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(
                () -> {
                    try {
                        for (int i = 0; i < RECORDS; i++) {
                            if (i % 100 == 7) {
                                sender.demandKeyUpdate();
                            }
                            ByteBuffer source = ByteBuffer.allocate(4).putInt(i).flip();
                            while (source.hasRemaining()) {
                                ByteBuffer record = ByteBuffer.allocate(100);
                                assertEquals(
                                        Status.OK, from.wrap(source, record).getStatus());
                                wire.put(record.flip());
                            }
                        }
                    } catch (SSLException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task).start());
        return CompletableFuture.supplyAsync(
                () -> {
                    long sum = 0;
                    try {
                        for (int received = 0; received < RECORDS; ) {
                            ByteBuffer record = wire.poll(20, TimeUnit.SECONDS);
                            assertNotNull(record, "the writer has stopped");
                            ByteBuffer plain = ByteBuffer.allocate(10);
                            assertEquals(Status.OK, to.unwrap(record, plain).getStatus());
                            if (plain.flip().hasRemaining()) {
                                sum += plain.getInt();
                                received++;
                            }
                        }
                        writer.join();
                        return sum;
                    } catch (SSLException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> new Thread(task).start());
    }

    // ---- failure

    @Test
    void alertLeavesAfterUnwrapThrew() throws Exception {
        Pair pair = new Pair().connected();
        byte[] record = pair.record(pair.client, bytes(10));
        record[6] ^= 1;
        ByteBuffer plain = packet();
        assertThrows(SSLException.class, () -> pair.server.unwrap(ByteBuffer.wrap(record), plain));
        assertEquals(0, plain.position());
        assertEquals(HandshakeStatus.NEED_WRAP, pair.server.getHandshakeStatus());
        assertTrue(pair.server.isInboundDone());
        assertFalse(pair.server.isOutboundDone());
        assertResult(pair.server.wrap(NOTHING, ByteBuffer.allocate(OVERHEAD)), Status.BUFFER_OVERFLOW, 0, 0);
        ByteBuffer alert = packet();
        assertResult(pair.server.wrap(ByteBuffer.wrap(bytes(3)), alert), Status.CLOSED, 0, OVERHEAD + 1);
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        assertTrue(pair.server.isOutboundDone());
        assertTrue(pair.serverContext().closed, "the keys are wiped");
        SSLException told = assertThrows(SSLException.class, () -> pair.client.unwrap(alert.flip(), packet()));
        assertTrue(told.getMessage().contains("20"));
        assertResult(pair.server.unwrap(ByteBuffer.wrap(record), packet()), Status.CLOSED, 0, 0);
        assertResult(pair.server.wrap(NOTHING, packet()), Status.CLOSED, 0, 0);
    }

    @Test
    void whatIsNoRecordIsRefusedAtOnce() throws Exception {
        Pair pair = new Pair().connected();
        assertThrows(
                SSLException.class, () -> pair.server.unwrap(ByteBuffer.wrap("GET / HTTP/1.1".getBytes()), packet()));
        Pair fresh = new Pair();
        assertThrows(SSLException.class, () -> fresh.server.unwrap(ByteBuffer.wrap("GET /".getBytes()), packet()));
        ByteBuffer alert = packet();
        assertEquals(Status.CLOSED, fresh.server.wrap(NOTHING, alert).getStatus());
        assertTrue(alert.position() > 0);
    }

    @Test
    void refusedCertificateIsTheCauseOfTheHandshakeException() throws Exception {
        CertificateException refusal = new CertificateException("not today");
        TrustManager[] trust = {
            new AllTrust() {
                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                        throws CertificateException {
                    throw refusal;
                }
            }
        };
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy, Toys.keys(), trust));
        SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, pair::handshake);
        assertSame(refusal, failure.getCause());
        assertEquals(HandshakeStatus.NEED_WRAP, pair.client.getHandshakeStatus());
        ByteBuffer alert = packet();
        assertEquals(Status.CLOSED, pair.client.wrap(NOTHING, alert).getStatus());
        failure = assertThrows(SSLHandshakeException.class, () -> pair.server.unwrap(alert.flip(), packet()));
        assertTrue(failure.getMessage().contains("46"));
    }

    @Test
    void failureOfATaskIsThrownByTheCallThatFollows() throws Exception {
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy, new KeyManager[0], Toys.trust()));
        ByteBuffer hello = packet();
        pair.client.wrap(NOTHING, hello);
        pair.server.unwrap(hello.flip(), NOTHING_TO_FILL());
        pair.server.getDelegatedTask().run();
        assertEquals(HandshakeStatus.NEED_WRAP, pair.server.getHandshakeStatus());
        assertThrows(SSLHandshakeException.class, () -> pair.server.unwrap(NOTHING, packet()));
        ByteBuffer alert = packet();
        assertEquals(Status.CLOSED, pair.server.wrap(NOTHING, alert).getStatus());
        assertTrue(alert.position() > 0);
    }

    @Test
    void runtimeExceptionOfAManagerFailsTheHandshakeAndNothingElse() throws Exception {
        RuntimeException broken = new IllegalStateException("broken");
        TrustManager[] trust = {
            new AllTrust() {
                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                    throw broken;
                }
            }
        };
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy, Toys.keys(), trust));
        SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, pair::handshake);
        assertSame(broken, failure.getCause().getCause());
    }

    // ---- closing

    @Test
    void closeOutboundIsOneWrapAndLeavesTheOtherDirectionOpen() throws Exception {
        Pair pair = new Pair().connected();
        pair.client.closeOutbound();
        assertFalse(pair.client.isOutboundDone());
        assertEquals(HandshakeStatus.NEED_WRAP, pair.client.getHandshakeStatus());
        assertResult(pair.client.wrap(ByteBuffer.wrap(bytes(9)), ByteBuffer.allocate(3)), Status.BUFFER_OVERFLOW, 0, 0);
        ByteBuffer close = packet();
        assertResult(pair.client.wrap(ByteBuffer.wrap(bytes(9)), close), Status.CLOSED, 0, OVERHEAD);
        assertTrue(pair.client.isOutboundDone());
        assertFalse(pair.client.isInboundDone());
        assertResult(pair.client.wrap(ByteBuffer.wrap(bytes(9)), packet()), Status.CLOSED, 0, 0);

        assertResult(pair.server.unwrap(close.flip(), packet()), Status.CLOSED, OVERHEAD, 0);
        assertTrue(pair.server.isInboundDone());
        assertFalse(pair.server.isOutboundDone());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        byte[] data = bytes(30);
        byte[] record = pair.record(pair.server, data);
        ByteBuffer plain = packet();
        assertResult(pair.client.unwrap(ByteBuffer.wrap(record), plain), Status.OK, record.length, 30);
        pair.server.closeInbound();
        pair.server.closeOutbound();
        close = packet();
        assertResult(pair.server.wrap(NOTHING, close), Status.CLOSED, 0, OVERHEAD);
        assertResult(pair.client.unwrap(close.flip(), packet()), Status.CLOSED, OVERHEAD, 0);
        for (SSLEngine engine : List.of(pair.client, pair.server)) {
            assertTrue(engine.isInboundDone() && engine.isOutboundDone());
            assertEquals(HandshakeStatus.NOT_HANDSHAKING, engine.getHandshakeStatus());
        }
        assertTrue(pair.clientContext().closed && pair.serverContext().closed);
        assertTrue(pair.client.getSession().isValid());
    }

    @Test
    void closeInboundWithoutCloseNotifyIsReportedOnceAndKeepsTheSession() throws Exception {
        Pair pair = new Pair().connected();
        assertThrows(SSLException.class, pair.client::closeInbound);
        pair.client.closeInbound();
        assertTrue(pair.client.isInboundDone());
        assertTrue(pair.client.getSession().isValid());
        assertEquals(
                Status.OK, pair.client.wrap(ByteBuffer.wrap(bytes(3)), packet()).getStatus());
    }

    @Test
    void closingAnEngineThatNeverBeganSendsNothing() throws Exception {
        Pair pair = new Pair();
        pair.client.closeOutbound();
        assertResult(pair.client.wrap(NOTHING, packet()), Status.CLOSED, 0, 0);
        assertTrue(pair.client.isOutboundDone() && pair.client.isInboundDone());
        assertThrows(SSLException.class, pair.client::beginHandshake);
        pair.server.closeInbound();
    }

    @Test
    void closeDuringTheHandshakeEndsWithOneWrap() throws Exception {
        Pair pair = new Pair();
        ByteBuffer hello = packet();
        pair.client.wrap(NOTHING, hello);
        pair.server.unwrap(hello.flip(), NOTHING_TO_FILL());
        pair.server.closeOutbound();
        ByteBuffer close = packet();
        assertEquals(Status.CLOSED, pair.server.wrap(NOTHING, close).getStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        SSLEngineResult result = pair.client.unwrap(close.flip(), packet());
        assertEquals(Status.CLOSED, result.getStatus());
        assertEquals(HandshakeStatus.NEED_WRAP, result.getHandshakeStatus());
        assertEquals(Status.CLOSED, pair.client.wrap(NOTHING, packet()).getStatus());
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.client.getHandshakeStatus());
    }

    @Test
    void closeWhileATaskRunsWaitsForNobody() throws Exception {
        Pair pair = new Pair();
        ByteBuffer hello = packet();
        pair.client.wrap(NOTHING, hello);
        pair.server.unwrap(hello.flip(), NOTHING_TO_FILL());
        Runnable task = pair.server.getDelegatedTask();
        pair.server.closeOutbound();
        assertEquals(Status.CLOSED, pair.server.wrap(NOTHING, packet()).getStatus());
        task.run();
        assertEquals(HandshakeStatus.NOT_HANDSHAKING, pair.server.getHandshakeStatus());
        assertTrue(pair.serverContext().closed);
    }

    @Test
    void ticketAfterCloseOutboundDoesNotEndTheInput() throws Exception {
        Pair pair = new Pair().connected();
        pair.client.closeOutbound();
        pair.client.wrap(NOTHING, packet());
        pair.serverContext().demandKeyUpdate();
        ByteBuffer update = packet();
        assertEquals(
                Status.OK, pair.server.wrap(ByteBuffer.wrap(bytes(5)), update).getStatus());
        assertResult(pair.client.unwrap(update.flip(), packet()), Status.OK, OVERHEAD, 0);
        byte[] record = pair.record(pair.server, bytes(5));
        assertResult(pair.client.unwrap(ByteBuffer.wrap(record), packet()), Status.OK, record.length, 5);
        assertFalse(pair.client.isInboundDone());
    }

    @Test
    void closeIsAcknowledgedAtOnceWhereTheApplicationWantsIt() throws Exception {
        System.setProperty("jdk.tls.acknowledgeCloseNotify", "true");
        try {
            Pair pair = new Pair().connected();
            pair.client.closeOutbound();
            ByteBuffer close = packet();
            pair.client.wrap(NOTHING, close);
            SSLEngineResult result = pair.server.unwrap(close.flip(), packet());
            assertEquals(Status.CLOSED, result.getStatus());
            assertEquals(HandshakeStatus.NEED_WRAP, result.getHandshakeStatus());
            assertResult(pair.server.wrap(ByteBuffer.wrap(bytes(5)), packet()), Status.CLOSED, 0, OVERHEAD);
            assertTrue(pair.server.isOutboundDone() && pair.server.isInboundDone());
        } finally {
            System.clearProperty("jdk.tls.acknowledgeCloseNotify");
        }
    }

    // ---- everything at once

    @Test
    void anyOrderOfCallsWithAnyRoomMakesProgressAndDeliversInOrder() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            new Interleaving(seed).run();
        }
    }

    /** Two engines called at random, with random room, until both directions have delivered everything and are closed. */
    private static final class Interleaving {
        private final Random random;
        private final Pair pair = new Pair();
        private final SSLEngine[] engines = {pair.client, pair.server};
        private final ByteBuffer[] wire = {ByteBuffer.allocate(200_000), ByteBuffer.allocate(200_000)};
        private final int[] arrived = new int[2];
        private final byte[][] sent;
        private final ByteBuffer[] source;
        private final ByteBuffer[] received;
        private final int[] finished = new int[2];
        private final String name;

        Interleaving(int seed) {
            random = new Random(seed);
            name = "seed " + seed;
            pair.toy.tickets = random.nextBoolean();
            pair.server.setWantClientAuth(random.nextBoolean());
            sent = new byte[][] {bytes(random.nextInt(3_000)), bytes(random.nextInt(3_000))};
            source = new ByteBuffer[] {
                ByteBuffer.wrap(sent[0]).asReadOnlyBuffer(),
                ByteBuffer.wrap(sent[1]).asReadOnlyBuffer()
            };
            received = new ByteBuffer[] {ByteBuffer.allocate(sent[1].length), ByteBuffer.allocate(sent[0].length)};
        }

        void run() throws Exception {
            for (int calls = 0; !done(); calls++) {
                assertTrue(calls < 200_000, () -> name + " makes no progress: " + Arrays.toString(engines));
                int i = random.nextInt(2);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        Runnable task = engines[i].getDelegatedTask();
                        if (task != null) {
                            task.run();
                        }
                    }
                    case 1, 2, 3 -> wrap(i);
                    case 4, 5, 6 -> unwrap(i);
                    default -> {
                        if (!source[i].hasRemaining() && finished[i] == 1) {
                            engines[i].closeOutbound();
                        } else if (finished[i] == 1 && random.nextInt(10) == 0) {
                            pair.toy.contexts.get(contextOf(i)).demandKeyUpdate();
                        }
                    }
                }
            }
            for (int i = 0; i < 2; i++) {
                assertEquals(1, finished[i], name);
                assertArrayEquals(sent[1 - i], received[i].array(), name);
                assertEquals(HandshakeStatus.NOT_HANDSHAKING, engines[i].getHandshakeStatus(), name);
                assertTrue(pair.toy.contexts.get(i).closed, name);
            }
        }

        private int contextOf(int engine) {
            return pair.toy.contexts.get(0).initiated() == (engine == 0) ? 0 : 1;
        }

        private boolean done() {
            return Arrays.stream(engines).allMatch(engine -> engine.isInboundDone() && engine.isOutboundDone());
        }

        private ByteBuffer room() {
            int size = random.nextInt(4) == 0 ? 16_709 : random.nextInt(700);
            return Memory.values()[random.nextInt(3)].room(size);
        }

        private void wrap(int i) throws SSLException {
            ByteBuffer part = source[i].duplicate();
            part.limit(part.position() + Math.min(part.remaining(), random.nextInt(400)));
            ByteBuffer record = room();
            SSLEngineResult result = engines[i].wrap(part, record);
            assertEquals(record.position(), result.bytesProduced(), name);
            source[i].position(part.position());
            wire[1 - i].put(record.flip());
            count(i, result);
        }

        private void unwrap(int i) throws SSLException {
            // Bytes arrive in pieces of any size.
            int more = wire[i].position() - arrived[i];
            arrived[i] += Math.min(more, random.nextInt(2_000));
            ByteBuffer network =
                    wire[i].duplicate().limit(arrived[i]).position(0).asReadOnlyBuffer();
            ByteBuffer plain = room();
            boolean whole = network.remaining() >= 8 && network.remaining() >= 8 + (network.getShort(2) & 0xFFFF);
            SSLEngineResult result = engines[i].unwrap(network, plain);
            assertEquals(network.position(), result.bytesConsumed(), name);
            assertEquals(plain.position(), result.bytesProduced(), name);
            assertFalse(finished[i] == 0 && result.bytesProduced() > 0, name);
            assertFalse(
                    whole
                            && result.getStatus() == Status.OK
                            && result.bytesConsumed() == 0
                            && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP,
                    name);
            wire[i].limit(wire[i].position()).position(result.bytesConsumed());
            wire[i].compact();
            arrived[i] -= result.bytesConsumed();
            received[i].put(plain.flip());
            count(i, result);
        }

        private void count(int i, SSLEngineResult result) {
            if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                finished[i]++;
            }
        }
    }

    // ---- managers, sessions, protocols

    @Test
    void managersSeeTheEngineOfTheApplicationAndItsHandshakeSession() throws Exception {
        AtomicReference<SSLEngine> atKeys = new AtomicReference<>();
        AtomicReference<SSLEngine> atTrust = new AtomicReference<>();
        KeyManager[] keys = {
            new OneKey() {
                @Override
                public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
                    atKeys.set(engine);
                    ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
                    assertEquals(List.of(new SNIHostName("toy.example.com")), session.getRequestedServerNames());
                    session.putValue("seen", "yes");
                    return keyType.equals("EC") ? "toy" : null;
                }
            }
        };
        TrustManager[] trust = {
            new AllTrust() {
                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                    atTrust.set(engine);
                    assertEquals("toy.example.com", engine.getHandshakeSession().getPeerHost());
                    assertEquals("TOYv1", engine.getHandshakeSession().getProtocol());
                }
            }
        };
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy, keys, trust)).connected();
        assertSame(pair.server, atKeys.get());
        assertSame(pair.client, atTrust.get());
        assertNull(pair.client.getHandshakeSession());
        assertEquals("yes", pair.server.getSession().getValue("seen"));
        assertEquals("toy.example.com", pair.client.getSession().getPeerHost());
        assertEquals(443, pair.client.getSession().getPeerPort());
        assertEquals("TOY_XOR", pair.client.getSession().getCipherSuite());
        assertEquals(Toys.certificate("toy.p12"), pair.server.getSession().getLocalCertificates()[0]);
    }

    @Test
    void statusAndSessionDoNotBlockWhileATaskRuns() throws Exception {
        AtomicReference<Pair> holder = new AtomicReference<>();
        TrustManager[] trust = {
            new AllTrust() {
                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
                    HandshakeStatus status = CompletableFuture.supplyAsync(() -> {
                                try {
                                    assertNull(engine.getDelegatedTask());
                                    assertResult(engine.wrap(NOTHING, packet()), Status.OK, 0, 0);
                                } catch (SSLException e) {
                                    throw new AssertionError(e);
                                }
                                return engine.getHandshakeStatus();
                            })
                            .join();
                    assertEquals(HandshakeStatus.NEED_TASK, status);
                    holder.get().toy.tickets = false;
                }
            }
        };
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy, Toys.keys(), trust));
        holder.set(pair);
        pair.handshake();
        assertFalse(toy.tickets);
    }

    @Test
    void platformTrustManagerIdentifiesTheEndpoint() throws Exception {
        ToyPackage toy = new ToyPackage();
        for (TrustManager[] trust : List.of(Toys.trust(), Toys.plainTrust())) {
            SSLContext context = Toys.context(toy, Toys.keys(), trust);
            for (String host : List.of("toy.example.com", "a.wild.example.com", "192.0.2.7")) {
                handshake(toy, context, host, "HTTPS");
            }
            handshake(toy, context, "other.example.net", null);
            SSLHandshakeException failure = assertThrows(
                    SSLHandshakeException.class, () -> handshake(toy, context, "other.example.net", "HTTPS"));
            assertInstanceOf(CertificateException.class, failure.getCause());
        }
    }

    private static void handshake(ToyPackage toy, SSLContext context, String host, String identification)
            throws SSLException {
        Pair pair = new Pair(toy, context);
        SSLEngine client = context.createSSLEngine(host, 443);
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(identification);
        client.setSSLParameters(parameters);
        ByteBuffer record = packet();
        client.wrap(NOTHING, record);
        pair.server.unwrap(record.flip(), NOTHING_TO_FILL());
        pair.server.getDelegatedTask().run();
        for (int i = 0; i < 2; i++) {
            record = packet();
            pair.server.wrap(NOTHING, record);
            client.unwrap(record.flip(), NOTHING_TO_FILL());
        }
        client.getDelegatedTask().run();
        assertEquals(HandshakeStatus.FINISHED, client.wrap(NOTHING, packet()).getHandshakeStatus());
    }

    @Test
    void applicationProtocolIsAgreedByListAndBySelector() throws Exception {
        assertEquals("h2", agreed(List.of("http/1.1", "h2"), List.of("h2", "http/1.1"), false));
        assertEquals("", agreed(List.of(), List.of("h2"), false));
        assertEquals("", agreed(List.of("h2"), List.of(), false));
        assertEquals("http/1.1", agreed(List.of("h2", "http/1.1"), List.of("h2"), true));
        assertThrows(SSLHandshakeException.class, () -> agreed(List.of("h2"), List.of("spdy"), false));
    }

    private static String agreed(List<String> client, List<String> server, boolean selector) throws SSLException {
        Pair pair = new Pair();
        SSLParameters parameters = pair.client.getSSLParameters();
        parameters.setApplicationProtocols(client.toArray(String[]::new));
        pair.client.setSSLParameters(parameters);
        parameters = pair.server.getSSLParameters();
        parameters.setApplicationProtocols(server.toArray(String[]::new));
        pair.server.setSSLParameters(parameters);
        if (selector) {
            pair.server.setHandshakeApplicationProtocolSelector((engine, offered) -> {
                assertSame(pair.server, engine);
                return offered.get(offered.size() - 1);
            });
        }
        pair.handshake();
        assertEquals(pair.client.getApplicationProtocol(), pair.server.getApplicationProtocol());
        return pair.client.getApplicationProtocol();
    }

    @Test
    void serverNameMatcherRefusesOtherNames() throws Exception {
        for (String pattern : List.of("toy\\.example\\.com", "other\\.example")) {
            Pair pair = new Pair();
            SSLParameters parameters = pair.server.getSSLParameters();
            parameters.setSNIMatchers(List.of(SNIHostName.createSNIMatcher(pattern)));
            pair.server.setSSLParameters(parameters);
            if (pattern.startsWith("toy")) {
                pair.handshake();
            } else {
                assertThrows(SSLHandshakeException.class, pair::handshake);
            }
        }
    }

    @Test
    void serverThatNeedsAClientRefusesOneWithoutCertificate() throws Exception {
        ToyPackage toy = new ToyPackage();
        Pair pair = new Pair(toy, Toys.context(toy));
        pair.server.setNeedClientAuth(true);
        SSLContext keyless = Toys.context(toy, null, Toys.trust());
        Pair other = new Pair(toy, keyless);
        ByteBuffer record = packet();
        other.client.wrap(NOTHING, record);
        pair.server.unwrap(record.flip(), NOTHING_TO_FILL());
        pair.server.getDelegatedTask().run();
        for (int i = 0; i < 2; i++) {
            record = packet();
            pair.server.wrap(NOTHING, record);
            other.client.unwrap(record.flip(), NOTHING_TO_FILL());
        }
        other.client.getDelegatedTask().run();
        ByteBuffer finished = packet();
        other.client.wrap(NOTHING, finished);
        assertThrows(SSLHandshakeException.class, () -> pair.server.unwrap(finished.flip(), NOTHING_TO_FILL()));
    }

    @Test
    void keyingMaterialIsExportedWhileTheConnectionLives() throws Exception {
        Pair pair = new Pair().connected();
        JsseSession session = (JsseSession) pair.client.getSession();
        assertEquals(32, session.exportKeyingMaterialData("EXPORTER-test", null, 32).length);
        assertEquals(
                "AES",
                session.exportKeyingMaterialKey("AES", "label", new byte[3], 16).getAlgorithm());
        assertThrows(
                javax.net.ssl.SSLKeyException.class,
                () -> JsseSession.none().exportKeyingMaterialData("label", null, 16));
    }

    /** Trusts all; tests override one method. */
    private static class AllTrust extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, java.net.Socket socket) {
            // trusted
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            // trusted
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // trusted
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // trusted
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Has the toy key; tests override the choice. */
    private static class OneKey extends X509ExtendedKeyManager {
        private final X509ExtendedKeyManager keys = (X509ExtendedKeyManager) Toys.keys()[0];

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, java.net.Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, java.net.Socket socket) {
            return "toy";
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public java.security.PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
