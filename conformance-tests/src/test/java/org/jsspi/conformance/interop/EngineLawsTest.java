package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What our engine promises its users at every step, whatever the peer does. */
class EngineLawsTest {
    static Stream<Arguments> suitesAndMemories() {
        List<Arguments> all = new ArrayList<>();
        for (Memory memory : Memory.values()) {
            all.add(Arguments.of("TLS_AES_128_GCM_SHA256", memory));
            all.add(Arguments.of("TLS_CHACHA20_POLY1305_SHA256", memory));
            all.add(Arguments.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", memory));
            all.add(Arguments.of("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", memory));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("suitesAndMemories")
    void tooFewBytesAndTooLittleRoomChangeNothing(String suite, Memory memory) throws Exception {
        LawfulEnd client = new LawfulEnd(Jsse.clientEngine(Jsse.OURS.client()), memory);
        LawfulEnd server = new LawfulEnd(Jsse.serverEngine(Jsse.OURS.server(KeyKind.EC_P256)), memory);
        Parameters.change(client.engine(), p -> p.setCipherSuites(new String[] {suite}));
        server.engine().setNeedClientAuth(false);
        Connection<LawfulEnd, LawfulEnd> pair = new Connection<>(client, server);
        client.engine().beginHandshake();
        server.engine().beginHandshake();

        pair.handshake();
        for (int size : new int[] {0, 1, 200}) {
            pair.exchange(client, size);
            pair.exchange(server, size);
        }
        if (!suite.startsWith("TLS_ECDHE")) {
            client.engine().beginHandshake(); // nothing, where TLS 1.2 would renegotiate
            pair.settle();
        }
        pair.exchange(client, 10);
        server.engine().closeOutbound();
        server.wrap(new byte[0], client);
        pair.settle();

        assertTrue(client.engine().isInboundDone());
        assertEquals(1, client.finished());
        assertEquals(1, server.finished());
        assertTrue(client.underflows() > 500 && server.underflows() > 300, "few prefixes were tried");
        assertTrue(client.overflows() > 300 && server.overflows() > 500, "few sizes were tried");
    }

    @ParameterizedTest
    @EnumSource
    void finishedIsReportedExactlyOnce(Roles roles) throws Exception {
        SSLContext clientContext = roles.client.client();
        SSLContext serverContext = roles.server.server(KeyKind.EC_P256);
        for (int round = 0; round < 2; round++) {
            EnginePair pair = new EnginePair(clientContext, serverContext).handshake();
            pair.exchange(pair.client(), 100);
            pair.exchange(pair.server(), 100);
            pair.client().engine().beginHandshake();
            pair.settle();
            pair.exchange(pair.server(), 100);

            assertEquals(1, roles.ours(pair).finished());
        }
    }

    @ParameterizedTest
    @EnumSource
    void noDataLeavesBeforeFinished(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        EngineEnd ours = roles.ours(pair);
        EngineEnd other = (EngineEnd) pair.peerOf(ours);
        byte[] early = {1, 2, 3};
        ours.engine().beginHandshake();
        other.engine().beginHandshake();
        while (ours.finished() == 0) {
            switch (ours.engine().getHandshakeStatus()) {
                case NEED_TASK -> ours.runTasks();
                case NEED_WRAP -> assertEquals(0, ours.wrap(early, other).bytesConsumed());
                default -> {
                    if (ours.waiting() > 0) {
                        ours.unwrap();
                    } else {
                        while (ours.waiting() == 0 && other.step(ours)) {
                            // the other end answers
                        }
                    }
                }
            }
        }
        assertEquals(3, ours.wrap(early, other).bytesConsumed());
        pair.settle();
        assertArrayEquals(early, other.takeReceived());
    }

    @ParameterizedTest
    @EnumSource
    void theAlertGetsOutAfterUnwrapThrew(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        EngineEnd ours = roles.ours(pair);
        EngineEnd other = (EngineEnd) pair.peerOf(ours);
        other.wrap(new byte[100], ours);
        byte[] record = ours.takeInbox();
        record[record.length - 1] ^= 1;
        ours.arrive(record);

        SSLException failure = Failures.of(ours::unwrap);

        assertEquals(20, alert(failure));
        assertEquals(HandshakeStatus.NEED_WRAP, ours.engine().getHandshakeStatus());
        SSLEngineResult result = ours.wrap(new byte[0], other);
        assertEquals(Status.CLOSED, result.getStatus());
        assertTrue(result.bytesProduced() > 0);
        assertTrue(ours.engine().isOutboundDone() && ours.engine().isInboundDone());
        SSLException told = Failures.of(other::unwrap);
        assertTrue(told.getMessage().contains("bad_record_mac"), told.getMessage());
        assertFails(ours);
    }

    @Test
    void aWrapThatComesFirstStillCarriesTheAlertOfAFailedTask() throws Exception {
        EnginePair pair = new EnginePair(
                Jsse.OURS.context(
                        null, TestPki.trustManagers(TestPki.selfSigned().keyStore())),
                Jsse.SUN.server(KeyKind.EC_P256));
        EngineEnd client = pair.client();

        SSLException failure = Failures.of(pair::handshake);

        assertNotNull(failure.getMessage());
        assertEquals(HandshakeStatus.NEED_WRAP, client.engine().getHandshakeStatus());
        assertEquals(Status.CLOSED, client.wrap(new byte[0], pair.server()).getStatus());
        SSLException told = Failures.of(() -> {
            while (pair.server().waiting() > 0) {
                pair.server().unwrap();
            }
        });
        assertTrue(told.getMessage().contains("alert"), told.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void afterCloseOutboundOneWrapSaysClosed(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        EngineEnd ours = roles.ours(pair);
        EngineEnd other = (EngineEnd) pair.peerOf(ours);

        ours.engine().closeOutbound();
        assertEquals(HandshakeStatus.NEED_WRAP, ours.engine().getHandshakeStatus());
        assertFalse(ours.engine().isOutboundDone());
        SSLEngineResult result = ours.wrap(new byte[] {1}, other);

        assertEquals(Status.CLOSED, result.getStatus());
        assertEquals(0, result.bytesConsumed());
        assertTrue(result.bytesProduced() > 0);
        assertTrue(ours.engine().isOutboundDone());
        assertEquals(Status.CLOSED, ours.wrap(new byte[] {1}, other).getStatus());
        assertEquals(Status.CLOSED, other.unwrap().getStatus());
    }

    /** Closes the server at every point of a handshake: what had not left must not be missed by anybody else. */
    @Test
    void anEngineThatIsClosedInTheMiddleOfAHandshakeHarmsNoOther() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = Jsse.OURS.server(KeyKind.EC_P256);
        for (boolean closeServer : new boolean[] {true, false}) {
            for (int steps = 1; steps < 12; steps++) {
                EnginePair pair = new EnginePair(client, server);
                pair.client().engine().beginHandshake();
                pair.server().engine().beginHandshake();
                for (int i = 0; i < steps; i++) {
                    EngineEnd end = i % 2 == 0 ? pair.client() : pair.server();
                    end.step(pair.peerOf(end));
                    end.step(pair.peerOf(end));
                }
                EngineEnd closing = closeServer ? pair.server() : pair.client();
                closing.engine().closeOutbound();
                assertEquals(Status.CLOSED, closing.wrap(new byte[0], null).getStatus());
                assertTrue(closing.engine().isOutboundDone());

                EnginePair next = new EnginePair(client, Jsse.SUN.server(KeyKind.EC_P256));
                next.handshake();
                new EnginePair(Jsse.SUN.client(), server).handshake();
            }
        }
    }

    @Test
    void aFreshEngineThatIsClosedHasNothingToSay() throws Exception {
        SSLEngine client = Jsse.clientEngine(Jsse.OURS.client());

        client.closeOutbound();

        SSLEngineResult result = client.wrap(ByteBuffer.allocate(0), ByteBuffer.allocate(EngineEnd.PLENTY));
        assertEquals(Status.CLOSED, result.getStatus());
        assertTrue(client.isOutboundDone());
    }

    @Test
    void closeInboundWithoutCloseNotifyIsATruncation() throws Exception {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.OURS.server(KeyKind.EC_P256)).handshake();

        assertThrows(SSLException.class, () -> pair.client().engine().closeInbound());

        assertTrue(pair.client().engine().isInboundDone());
        assertTrue(pair.client().engine().getSession().isValid(), "a truncation does not forbid resumption");
    }

    static Stream<Arguments> injections() {
        List<Arguments> all = new ArrayList<>();
        for (Roles roles : Roles.values()) {
            all.add(Arguments.of(roles, "KeyUpdate", new byte[] {22, 3, 3, 0, 5, 24, 0, 0, 1, 0}));
            all.add(Arguments.of(roles, "KeyUpdate that asks back", new byte[] {22, 3, 3, 0, 5, 24, 0, 0, 1, 1}));
            all.add(Arguments.of(roles, "NewSessionTicket", new byte[] {
                22, 3, 3, 0, 20, 4, 0, 0, 16, 0, 0, 0, 60, 0, 0, 0, 0, 1, 7, 0, 2, 9, 9, 0, 0
            }));
            all.add(Arguments.of(roles, "HelloRequest", new byte[] {22, 3, 3, 0, 4, 0, 0, 0, 0}));
            all.add(Arguments.of(roles, "application data in the clear", new byte[] {23, 3, 3, 0, 3, 1, 2, 3}));
            all.add(Arguments.of(roles, "close_notify in the clear", new byte[] {21, 3, 3, 0, 2, 1, 0}));
            all.add(Arguments.of(roles, "change_cipher_spec", new byte[] {20, 3, 3, 0, 1, 1}));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("injections")
    void aClearRecordAfterTheHandshakeIsRefused(Roles roles, String what, byte[] record) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        EngineEnd ours = roles.ours(pair);
        ours.arrive(record);

        SSLException failure = Failures.of(ours::unwrap);

        int expected = record[0] == 23 ? 20 : 10;
        assertEquals(expected, alert(failure), failure.getMessage());
        assertEquals(
                Status.CLOSED,
                ours.wrap(new byte[0], (EngineEnd) pair.peerOf(ours)).getStatus());
        assertFails(ours);
    }

    @ParameterizedTest
    @EnumSource
    void aReplayedRecordIsRefused(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        EngineEnd ours = roles.ours(pair);
        ((EngineEnd) pair.peerOf(ours)).wrap(new byte[10], ours);
        byte[] record = ours.takeInbox();
        ours.arrive(record);
        ours.unwrap();
        ours.arrive(record);

        assertEquals(20, alert(Failures.of(ours::unwrap)));
    }

    @ParameterizedTest
    @EnumSource
    void aBadTagLeavesNoPlaintextInTheTarget(Memory memory) throws Exception {
        for (String suite : List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")) {
            EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.OURS.server(KeyKind.EC_P256));
            Parameters.change(pair.client().engine(), p -> p.setCipherSuites(new String[] {suite}));
            pair.handshake();
            byte[] secret = new byte[4000];
            Arrays.fill(secret, (byte) 'S');
            pair.server().wrap(secret, pair.client());
            byte[] record = pair.client().takeInbox();
            record[record.length - 1] ^= 1;
            ByteBuffer target = memory.destination(EngineEnd.PLENTY);

            Failures.of(() -> pair.client().engine().unwrap(memory.source(record), target));

            assertEquals(0, target.position());
            for (int i = 0; i < target.capacity(); i++) {
                assertFalse(target.get(i) == 'S' && target.get(i + 1) == 'S', suite + " left plaintext at " + i);
            }
        }
    }

    @Test
    void aSessionMadeWithoutANameCheckIsNotResumedWithOne() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = Jsse.OURS.context(TestPki.named("somebody.else"));
        EnginePair full = new EnginePair(lax(client), Jsse.serverEngine(server)).handshake();
        EnginePair resumed = new EnginePair(lax(client), Jsse.serverEngine(server)).handshake();
        // A server that resumes sends no certificate.
        assertTrue(resumed.client().flight() < full.client().flight() - 400, "nothing is resumed at all");

        EnginePair strict = new EnginePair(Jsse.clientEngine(client), Jsse.serverEngine(server));
        SSLException failure = Failures.of(strict::handshake);

        // The platform's trust manager does not tell a wrong name from a wrong chain.
        assertEquals(SecurityStatus.SEC_E_CERT_UNKNOWN, Failures.sspi(failure).status());
        assertTrue(failure.getCause().getMessage().contains("localhost"), failure.toString());
    }

    @ParameterizedTest
    @EnumSource
    void wrapAndUnwrapRunOnTwoThreadsAtOnce(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        SSLEngine ours = roles.ours(pair).engine();
        SSLEngine other = ((EngineEnd) pair.peerOf(roles.ours(pair))).engine();
        int rounds = 400;
        List<byte[]> inbound = new ArrayList<>();
        EngineEnd collector = (EngineEnd) pair.peerOf(roles.ours(pair));
        for (int i = 0; i < rounds; i++) {
            EngineEnd sink = new EngineEnd(ours, Memory.HEAP);
            if (i % 50 == 25) {
                // A KeyUpdate that our reader meets while our writer writes.
                other.beginHandshake();
                collector.wrap(new byte[0], sink);
            }
            collector.wrap(new byte[] {(byte) i}, sink);
            inbound.add(sink.takeInbox());
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> reader = threads.submit(() -> {
                int total = 0;
                ByteBuffer target = ByteBuffer.allocate(EngineEnd.PLENTY);
                for (byte[] records : inbound) {
                    ByteBuffer source = ByteBuffer.wrap(records);
                    while (source.hasRemaining()) {
                        total += ours.unwrap(source, target).bytesProduced();
                        target.clear();
                    }
                }
                return total;
            });
            Future<List<byte[]>> writer = threads.submit(() -> {
                List<byte[]> records = new ArrayList<>();
                int sent = 0;
                while (sent < rounds) {
                    ByteBuffer target = ByteBuffer.allocate(EngineEnd.PLENTY);
                    sent += ours.wrap(ByteBuffer.wrap(new byte[] {(byte) sent}), target)
                            .bytesConsumed();
                    records.add(Arrays.copyOf(target.array(), target.position()));
                }
                return records;
            });
            assertEquals(rounds, reader.get(30, TimeUnit.SECONDS));
            for (byte[] record : writer.get(30, TimeUnit.SECONDS)) {
                collector.arrive(record);
            }
        } finally {
            threads.shutdownNow();
        }
        while (collector.waiting() > 0) {
            collector.unwrap();
        }
        byte[] arrived = collector.takeReceived();
        assertEquals(rounds, arrived.length);
        for (int i = 0; i < rounds; i++) {
            assertEquals((byte) i, arrived[i]);
        }
    }

    @Test
    void aFreshEngineAnswersAsSunJsseDoes() {
        SSLEngine engine = Jsse.OURS.client().createSSLEngine();

        assertEquals(HandshakeStatus.NOT_HANDSHAKING, engine.getHandshakeStatus());
        assertEquals("SSL_NULL_WITH_NULL_NULL", engine.getSession().getCipherSuite());
        assertEquals("NONE", engine.getSession().getProtocol());
        assertFalse(engine.getSession().isValid());
        assertEquals(0, engine.getSession().getId().length);
        assertEquals(16709, engine.getSession().getPacketBufferSize());
        assertEquals(16704, engine.getSession().getApplicationBufferSize());
        assertNull(engine.getApplicationProtocol());
        assertNull(engine.getHandshakeSession());
        assertNull(engine.getDelegatedTask());
        SSLParameters parameters = engine.getSSLParameters();
        assertEquals(0, parameters.getApplicationProtocols().length);
        assertNull(parameters.getServerNames());
        assertTrue(parameters.getUseCipherSuitesOrder());
        ByteBuffer none = ByteBuffer.allocate(0);
        ByteBuffer room = ByteBuffer.allocate(EngineEnd.PLENTY);
        assertThrows(IllegalStateException.class, engine::beginHandshake);
        assertThrows(IllegalStateException.class, () -> engine.wrap(none, room));
        assertThrows(IllegalStateException.class, () -> engine.unwrap(none, room));
    }

    private static SSLEngine lax(SSLContext client) {
        SSLEngine engine = client.createSSLEngine("localhost", 4433);
        engine.setUseClientMode(true);
        return engine;
    }

    private static int alert(SSLException failure) {
        SspiException cause = Failures.sspi(failure);
        assertNotNull(cause, "no SspiException below " + failure);
        return cause.alert().orElse(-1);
    }

    /** After a failure every call says closed or fails, and none hangs or delivers. */
    private static void assertFails(EngineEnd end) throws SSLException {
        SSLEngineResult result = end.wrap(new byte[] {1}, null);
        assertEquals(Status.CLOSED, result.getStatus());
        assertEquals(0, result.bytesProduced() + result.bytesConsumed());
        end.takeInbox();
        end.arrive(new byte[] {23, 3, 3, 0, 1, 0});
        try {
            assertEquals(Status.CLOSED, end.unwrap().getStatus());
        } catch (SSLException expected) {
            assertNotNull(expected.getMessage());
        }
    }
}
