package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jsspi.Identity;
import org.jsspi.provider.testing.OcspAnswers;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server's fetching against a responder on the loopback interface. */
@Timeout(60)
class OcspStaplingTest {
    private static final byte[] NONE = {};
    private static final byte[] NONCE = HexFormat.of().parseHex("3013301106092b0601050507300102040404020102");
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();

    /** How the responder answers. */
    private interface Answer {
        void to(HttpExchange exchange, byte[] request) throws IOException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<byte[]> requests = new ArrayList<>();
    private HttpServer responder;
    private volatile Answer answer;
    private Identity own;
    private X509Certificate certificate;
    private volatile Instant now = Instant.now();

    private Duration responseTimeout = Duration.ofSeconds(20);
    private int cacheSize = 256;
    private Duration cacheLifetime = Duration.ofHours(1);
    private URI configured;
    private boolean overrides;
    private boolean ignores;

    @BeforeEach
    void listen() throws IOException {
        responder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        responder.setExecutor(threads);
        responder.createContext("/", exchange -> {
            byte[] request = exchange.getRequestBody().readAllBytes();
            synchronized (requests) {
                requests.add(request);
            }
            answer.to(exchange, request);
            exchange.close();
        });
        responder.start();
        own = TestCertificates.of(KeyKind.P256).responder(uri("/ocsp")).signedBy(ROOT);
        certificate = own.chain().get(0);
        answer = (exchange, request) -> {
            assertEquals("POST", exchange.getRequestMethod());
            assertEquals(
                    "application/ocsp-request", exchange.getRequestHeaders().getFirst("Content-Type"));
            send(exchange, 200, OcspAnswers.by(ROOT).about(certificate));
        };
    }

    @AfterEach
    void close() {
        responder.stop(0);
        threads.shutdownNow();
    }

    private String uri(String path) {
        return "http://127.0.0.1:" + responder.getAddress().getPort() + path;
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void answer(byte[] body) {
        answer = (exchange, request) -> send(exchange, 200, body);
    }

    private OcspStapling stapling() {
        return new OcspStapling(
                new OcspStapling.Settings(responseTimeout, cacheSize, cacheLifetime, configured, overrides, ignores),
                () -> now);
    }

    private int asked() {
        synchronized (requests) {
            return requests.size();
        }
    }

    private static byte[] staple(OcspStapling stapling, Identity identity) {
        return stapling.responsesFor(identity.chain(), NONE).get(0);
    }

    @Test
    void aResponseIsFetchedOnceAndKept() {
        byte[] response = OcspAnswers.by(ROOT).about(certificate);
        answer(response);
        OcspStapling stapling = stapling();
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(response, staple(stapling, own));
        }
        assertEquals(1, asked());
    }

    @Test
    void aRevokedCertificateIsCalledSoAndALongResponseIsTaken() {
        answer(OcspAnswers.by(ROOT).revoked().about(certificate));
        assertTrue(staple(stapling(), own).length > 0);
        answer(OcspAnswers.by(ROOT).longer(0x7000).about(certificate));
        assertTrue(staple(stapling(), own).length > 0x7000);
    }

    @Test
    void whatIsNoAnswerIsNotStapled() {
        List<byte[]> useless = List.of(
                OcspAnswers.by(ROOT).unknown().about(certificate),
                OcspAnswers.by(ROOT).about(ROOT.chain().get(0)),
                OcspAnswers.by(ROOT).until(now.minusSeconds(1)).about(certificate),
                OcspAnswers.error(3),
                NONE,
                OcspAnswers.by(ROOT).longer(0x8000).about(certificate));
        for (byte[] body : useless) {
            answer(body);
            OcspStapling stapling = stapling();
            assertEquals(0, staple(stapling, own).length);
            // It counts as a failure, after which there is a pause.
            assertEquals(0, staple(stapling, own).length);
        }
        byte[] good = OcspAnswers.by(ROOT).about(certificate);
        for (int status : new int[] {500, 404, 302, 203}) {
            answer = (exchange, request) -> {
                exchange.getResponseHeaders().add("Location", uri("/elsewhere"));
                send(exchange, status, good);
            };
            assertEquals(0, staple(stapling(), own).length);
        }
        assertEquals(useless.size() + 4, asked());
    }

    @Test
    void aResponderThatFailedIsLeftAloneForAWhile() {
        answer(OcspAnswers.error(2));
        OcspStapling stapling = stapling();
        staple(stapling, own);
        staple(stapling, own);
        stapling.responsesFor(own.chain(), NONCE);
        assertEquals(1, asked());
        now = now.plusSeconds(31);
        answer(OcspAnswers.by(ROOT).about(certificate));
        assertTrue(staple(stapling, own).length > 0);
        assertEquals(2, asked());
    }

    @Test
    void nobodyListens() {
        responder.stop(0);
        assertEquals(0, staple(stapling(), own).length);
    }

    @Test
    void aHandshakeWaitsForASlowResponderOnceAndLaterOnesHaveTheAnswer() throws Exception {
        byte[] response = OcspAnswers.by(ROOT).about(certificate);
        CountDownLatch hold = new CountDownLatch(1);
        answer = (exchange, request) -> {
            await(hold);
            send(exchange, 200, response);
        };
        responseTimeout = Duration.ofMillis(300);
        OcspStapling stapling = stapling();
        long begin = System.nanoTime();
        assertEquals(0, staple(stapling, own).length);
        long first = System.nanoTime() - begin;
        assertTrue(first >= 300_000_000L && first < 10_000_000_000L, first + " ns");
        // More than one could wait for in the test's time, if each waited.
        begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertEquals(0, staple(stapling, own).length);
        }
        assertTrue(System.nanoTime() - begin < 10_000_000_000L);
        assertEquals(1, asked());
        hold.countDown();
        while (staple(stapling, own).length == 0) {
            Thread.sleep(5);
        }
        assertEquals(1, asked());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(50, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void handshakesAtTheSameTimeAskOnce() throws Exception {
        byte[] response = OcspAnswers.by(ROOT).about(certificate);
        answer = (exchange, request) -> {
            pause();
            send(exchange, 200, response);
        };
        OcspStapling stapling = stapling();
        List<Future<byte[]>> answers =
                threads.invokeAll(java.util.Collections.nCopies(20, (Callable<byte[]>) () -> staple(stapling, own)));
        for (Future<byte[]> staple : answers) {
            assertArrayEquals(response, staple.get());
        }
        assertEquals(1, asked());
    }

    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aResponseIsKeptForItsLifetimeAndNoLongerThanItHolds() {
        cacheLifetime = Duration.ofSeconds(100);
        OcspStapling stapling = stapling();
        answer(OcspAnswers.by(ROOT).until(now.plusSeconds(1000)).about(certificate));
        staple(stapling, own);
        now = now.plusSeconds(99);
        staple(stapling, own);
        assertEquals(1, asked());
        now = now.plusSeconds(2);
        answer(OcspAnswers.by(ROOT).until(now.plusSeconds(10)).about(certificate));
        staple(stapling, own);
        assertEquals(2, asked());
        now = now.plusSeconds(11);
        assertEquals(0, staple(stapling, own).length);
        assertEquals(3, asked());
    }

    @Test
    void aResponseThatStillHoldsServesWhileTheResponderFails() {
        cacheLifetime = Duration.ofSeconds(100);
        OcspStapling stapling = stapling();
        byte[] response = OcspAnswers.by(ROOT).until(now.plusSeconds(500)).about(certificate);
        answer(response);
        staple(stapling, own);
        answer(OcspAnswers.error(2));
        now = now.plusSeconds(101);
        assertArrayEquals(response, staple(stapling, own));
        assertArrayEquals(response, staple(stapling, own));
        assertEquals(2, asked());
        now = now.plusSeconds(400);
        assertEquals(0, staple(stapling, own).length);
    }

    @Test
    void withoutALifetimeOnlyNextUpdateSaysHowLong() {
        cacheLifetime = Duration.ZERO;
        OcspStapling stapling = stapling();
        answer(OcspAnswers.by(ROOT).until(now.plusSeconds(100_000)).about(certificate));
        staple(stapling, own);
        now = now.plusSeconds(99_000);
        staple(stapling, own);
        assertEquals(1, asked());
        now = now.plusSeconds(2_000);
        answer(OcspAnswers.by(ROOT).until(null).about(certificate));
        assertTrue(staple(stapling, own).length > 0);
        assertTrue(staple(stapling, own).length > 0);
        assertEquals(3, asked());
    }

    @Test
    void theCacheIsBounded() {
        Identity other =
                TestCertificates.of(KeyKind.P256).responder(uri("/other")).signedBy(ROOT);
        answer = (exchange, request) -> send(
                exchange,
                200,
                OcspAnswers.by(ROOT)
                        .about((exchange.getRequestURI().getPath().equals("/other") ? other : own)
                                .chain()
                                .get(0)));
        cacheSize = 1;
        OcspStapling stapling = stapling();
        for (Identity identity : List.of(own, own, other, other, own)) {
            assertTrue(staple(stapling, identity).length > 0);
        }
        assertEquals(3, asked());
    }

    @Test
    void aConfiguredResponderStandsInAndOverridesWhereToldSo() {
        List<String> paths = new ArrayList<>();
        Identity silent = TestCertificates.of(KeyKind.P256).signedBy(ROOT);
        answer = (exchange, request) -> {
            paths.add(exchange.getRequestURI().getPath());
            send(exchange, 500, NONE);
        };
        staple(stapling(), silent);
        configured = URI.create(uri("/configured"));
        staple(stapling(), silent);
        staple(stapling(), own);
        overrides = true;
        staple(stapling(), own);
        assertEquals(List.of("/configured", "/ocsp", "/configured"), paths);
    }

    @Test
    void whatIsNotHttpIsNotAsked() {
        for (String uri : List.of("ldap://127.0.0.1/x", "file:///etc/hostname", "not a uri", "relative")) {
            Identity odd = TestCertificates.of(KeyKind.P256).responder(uri).signedBy(ROOT);
            assertEquals(0, staple(stapling(), odd).length, uri);
        }
    }

    @Test
    void aClientsExtensionsAreAskedForAndTheAnswerIsForItAlone() {
        OcspStapling stapling = stapling();
        stapling.responsesFor(own.chain(), NONE);
        assertTrue(stapling.responsesFor(own.chain(), NONCE).get(0).length > 0);
        stapling.responsesFor(own.chain(), NONE);
        assertEquals(2, asked());
        assertFalse(carriesNonce(0));
        assertTrue(carriesNonce(1));
        // What cannot be an extension, or nobody needs, is no reason to ask.
        stapling.responsesFor(own.chain(), new byte[1025]);
        assertEquals(2, asked());
        ignores = true;
        OcspStapling deaf = stapling();
        deaf.responsesFor(own.chain(), NONCE);
        assertFalse(carriesNonce(2));
    }

    private boolean carriesNonce(int request) {
        return HexFormat.of()
                .formatHex(requests.get(request))
                .endsWith(HexFormat.of().formatHex(NONCE));
    }

    @Test
    void everyCertificateWithAnIssuerIsAskedFor() {
        Identity intermediate = TestCertificates.of(KeyKind.P256)
                .subject("CN=intermediate")
                .authority()
                .responder(uri("/upper"))
                .signedBy(ROOT);
        Identity leaf =
                TestCertificates.of(KeyKind.P256).responder(uri("/lower")).signedBy(intermediate);
        byte[] lower = OcspAnswers.by(intermediate).about(leaf.chain().get(0));
        byte[] upper = OcspAnswers.by(ROOT).about(intermediate.chain().get(0));
        answer = (exchange, request) ->
                send(exchange, 200, exchange.getRequestURI().getPath().equals("/upper") ? upper : lower);
        List<byte[]> responses = stapling().responsesFor(leaf.chain(), NONE);
        assertEquals(2, responses.size());
        assertArrayEquals(lower, responses.get(0));
        assertArrayEquals(upper, responses.get(1));
        assertEquals(List.of(), stapling().responsesFor(ROOT.chain(), NONE));
    }
}
