package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our sockets and the JDK's HttpsServer on our engine, against GnuTLS and curl. */
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GnuTlsAndCurlTest {
    private static final String TLS13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3";
    private static final String TLS12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2";

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void writeRoot() {
        root = TestPki.writeRoot(directory.resolve("root.pem"));
    }

    /** One cipher, or one group, in each version. */
    static Stream<String> priorities() {
        return Stream.of(TLS13, TLS12)
                .flatMap(version -> Stream.of(
                                ":-CIPHER-ALL:+AES-128-GCM",
                                ":-CIPHER-ALL:+AES-256-GCM",
                                ":-CIPHER-ALL:+CHACHA20-POLY1305",
                                ":-GROUP-ALL:+GROUP-X25519",
                                ":-GROUP-ALL:+GROUP-SECP256R1",
                                ":-GROUP-ALL:+GROUP-SECP384R1",
                                ":-GROUP-ALL:+GROUP-SECP521R1")
                        .map(choice -> version + choice));
    }

    @ParameterizedTest
    @MethodSource("priorities")
    void ourServerTalksToGnuTls(String priority) throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        // RFC 8422 5.3: in TLS 1.2 a certificate on P-256 is only for clients that name the curve.
        try (Listening server = echo(KeyKind.RSA);
                Peer client = gnutls(server, "--priority", priority)) {
            talk(client);
            assertTrue(client.output().contains("The certificate is trusted"), client.output());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TLS13, TLS12, TLS12 + ":%NO_TICKETS"})
    void ourServerResumesForGnuTls(String priority) throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        try (Listening server = echo();
                Peer client = gnutls(server, "--priority", priority, "--resume", "--waitresumption")) {
            client.await("This is a resumed session");
        }
    }

    /** RFC 7627 5.3: without the extended master secret a session is not to be resumed. */
    @Test
    void aClientWithoutTheExtendedMasterSecretIsTakenButNotResumed() throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        try (Listening server = echo();
                Peer client = gnutls(server, "--priority", TLS12 + ":%NO_SESSION_HASH", "--resume")) {
            client.await("Resume Handshake was completed");
            assertFalse(client.output().contains("This is a resumed session"), client.output());
        }
    }

    @Test
    void gnuTlsRenewsTheKeysOfOurServer() throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        try (Listening server = echo();
                Peer client = gnutls(server, "--priority", TLS13, "--inline-commands")) {
            client.await("Simple Client Mode");
            client.type("^rekey^\n");
            client.type("after the update\n");
            client.await("\nafter the update");
        }
    }

    @ParameterizedTest
    @MethodSource("priorities")
    void ourClientTalksToGnuTls(String priority) throws Exception {
        try (GnuTlsServer server = GnuTlsServer.start(directory, priority)) {
            SSLContext client = Jsse.OURS.client();
            for (int i = 0; i < 2; i++) {
                try (SSLSocket socket = (SSLSocket)
                        client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(10_000);
                    byte[] line = "abc def\n".getBytes(StandardCharsets.US_ASCII);
                    socket.getOutputStream().write(line);
                    assertEquals(
                            "abc def\n", new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII));
                    assertEquals(
                            priority.startsWith(TLS12) ? "TLSv1.2" : "TLSv1.3",
                            socket.getSession().getProtocol());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "1.2"})
    void curlFetchesFromTheHttpsServerOfTheJdk(String version) throws Exception {
        Peer.assumeInstalled("curl");
        byte[] large = new byte[1_000_000];
        Arrays.fill(large, (byte) 'x');
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(Jsse.OURS.server(KeyKind.EC_P256)));
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            int posted = exchange.getRequestBody().readAllBytes().length;
            byte[] body = ("posted " + posted).getBytes(StandardCharsets.US_ASCII);
            if (exchange.getRequestURI().getPath().equals("/large")) {
                body = large;
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String url = "https://localhost:" + server.getAddress().getPort();
        try {
            try (Peer curl = curl(version, url + "/", url + "/")) {
                assertEquals(0, curl.end(), curl.output());
                assertEquals("posted 0posted 0", curl.output());
            }
            try (Peer curl = curl(version, "--data-binary", "@" + root, url + "/")) {
                assertEquals(0, curl.end(), curl.output());
                assertTrue(curl.output().startsWith("posted "), curl.output());
            }
            try (Peer curl = curl(version, url + "/large")) {
                assertEquals(0, curl.end());
                assertEquals(large.length, curl.output().length());
            }
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void curlFetchesFromOurServerSocket() throws Exception {
        Peer.assumeInstalled("curl");
        try (Listening server = Listening.tls(Jsse.OURS.server(KeyKind.RSA), socket -> {
                    byte[] head = new byte[4096];
                    int count = socket.getInputStream().read(head);
                    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                    assertTrue(count > 0);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                });
                Peer curl = curl("1.3", "https://localhost:" + server.port() + "/")) {
            assertEquals(0, curl.end(), curl.output());
            assertEquals("ok", curl.output());
        }
    }

    /** curl in this version of TLS and no other. */
    private Peer curl(String version, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--noproxy",
                "*",
                "--tlsv" + version,
                "--tls-max",
                version,
                "--cacert",
                root.toString()));
        command.addAll(Arrays.asList(options));
        return Peer.start(command);
    }

    private Peer gnutls(Listening server, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("gnutls-cli", "--port", "" + server.port(), "--x509cafile", root.toString(), "localhost"));
        command.addAll(Arrays.asList(options));
        return Peer.start(command);
    }

    private static void talk(Peer client) throws Exception {
        client.await("Simple Client Mode");
        client.type("abc def\n");
        client.await("\nabc def");
    }

    private static Listening echo() throws IOException {
        return echo(KeyKind.EC_P256);
    }

    private static Listening echo(KeyKind kind) throws IOException {
        return Listening.tls(Jsse.OURS.server(kind), socket -> {
            byte[] bytes = new byte[1000];
            for (int count = socket.getInputStream().read(bytes);
                    count > 0;
                    count = socket.getInputStream().read(bytes)) {
                socket.getOutputStream().write(bytes, 0, count);
            }
        });
    }
}
