package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.conformance.demo.SelfSignedCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tool with OpenSSL and curl. */
@Timeout(120)
class PeersTest {
    @TempDir
    private Path directory;

    private Path certificate;
    private Path key;

    @BeforeEach
    void ownCertificate() throws Exception {
        certificate = directory.resolve("localhost.pem");
        key = directory.resolve("localhost.key");
        ConnectTest.write(SelfSignedCertificate.forLocalhost(), certificate, key);
    }

    @Test
    void curlReadsThePageOfServe() throws Exception {
        try (Tool.Server server =
                        new Tool.Server(1, "--www", "--cert", certificate.toString(), "--key", key.toString());
                Peer curl = Peer.start(
                        directory,
                        "curl",
                        "--silent",
                        "--show-error",
                        "--tlsv1.3",
                        "--cacert",
                        certificate.toString(),
                        "https://" + server.address() + "/")) {
            assertEquals(0, curl.ended(), curl::out);
            assertTrue(curl.out().contains("  protocol        TLSv1.3\n"), curl.out());
            assertTrue(curl.out().contains("  ALPN            http/1.1\n"), curl.out());
            assertTrue(curl.out().contains("  server name     localhost\n"), curl.out());
            assertEquals(0, server.ended().exitCode());
        }
    }

    @Test
    void curlRefusesACertificateThatItDoesNotTrust() throws Exception {
        try (Tool.Server server = new Tool.Server(1, "--www");
                Peer curl = Peer.start(directory, "curl", "--silent", "https://" + server.address() + "/")) {
            assertEquals(60, curl.ended(), curl.out());
            assertTrue(server.ended().out().contains("failed: SEC_E_UNTRUSTED_ROOT"), "the server hears why");
        }
    }

    @Test
    void opensslIsSentBackWhatItSends() throws Exception {
        try (Tool.Server server = new Tool.Server(
                        1, "--alpn", "echo", "--cert", certificate.toString(), "--key", key.toString());
                Peer openssl = Peer.start(
                        directory,
                        "openssl",
                        "s_client",
                        "-connect",
                        server.address(),
                        "-CAfile",
                        certificate.toString(),
                        "-servername",
                        "localhost",
                        "-verify_return_error",
                        "-alpn",
                        "echo")) {
            openssl.type("there and back\n");
            openssl.says("\nthere and back\n");
            openssl.endInput();
            assertEquals(0, openssl.ended(), openssl.out());
            assertTrue(openssl.out().contains("Verify return code: 0 (ok)"), openssl.out());
            assertTrue(openssl.out().contains("ALPN protocol: echo"), openssl.out());
            Tool.Result served = server.ended();
            assertTrue(served.lines().contains("  server name     localhost"), served.out());
        }
    }

    @Test
    void opensslShowsItsCertificateToServe() throws Exception {
        try (Tool.Server server = new Tool.Server(
                        1,
                        "--cert",
                        certificate.toString(),
                        "--key",
                        key.toString(),
                        "--client-auth",
                        "need",
                        "--ca",
                        certificate.toString());
                Peer openssl = Peer.start(
                        directory,
                        "openssl",
                        "s_client",
                        "-connect",
                        server.address(),
                        "-CAfile",
                        certificate.toString(),
                        "-cert",
                        certificate.toString(),
                        "-key",
                        key.toString())) {
            openssl.type("x\n");
            openssl.says("\nx\n");
            openssl.endInput();
            assertEquals(0, openssl.ended(), openssl.out());
            assertTrue(server.ended().out().contains("  client          0  subject  CN=localhost"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X25519", "P-256", "P-384", "P-521"})
    void connectReadsThePageOfOpenssl(String group) throws Exception {
        int port = freePort();
        try (Peer openssl = opensslServer(port, "-www", "-groups", group, "-alpn", "http/1.1")) {
            Tool.Result result = Tool.runWith(
                    typed("GET / HTTP/1.0\r\n\r\n"),
                    "connect",
                    "localhost:" + port,
                    "--ca",
                    certificate.toString(),
                    "--alpn",
                    "h2,http/1.1",
                    "--ignore-eof");
            assertEquals(0, result.exitCode(), () -> result.out() + result.err() + openssl.out());
            assertTrue(result.lines().contains("  ALPN            http/1.1"), result::out);
            assertTrue(result.out().contains("HTTP/1.0 200 ok"), result::out);
            assertTrue(result.out().contains("TLSv1.3"), result::out);
        }
    }

    @Test
    void connectHalfClosesAndReadsWhatOpensslAnswers() throws Exception {
        int port = freePort();
        try (Peer openssl = opensslServer(port, "-rev")) {
            Tool.Result result = Tool.runWith(
                    typed("abc\n"), "connect", "localhost:" + port, "--ca", certificate.toString(), "--quiet");
            assertEquals(0, result.exitCode(), () -> result.err() + openssl.out());
            assertEquals("cba\n", result.out());
        }
    }

    @Test
    void anOpensslThatSpeaksTls11OnlyIsOneLine() throws Exception {
        int port = freePort();
        try (Peer openssl = opensslServer(port, "-www", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            Tool.Result result = Tool.run("connect", "localhost:" + port, "--insecure");
            assertEquals(3, result.exitCode(), () -> result.err() + openssl.out());
            assertEquals(1, result.err().lines().count(), result::err);
            assertTrue(result.err().contains("protocol_version"), result::err);
        }
    }

    private Peer opensslServer(int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                certificate.toString(),
                "-key",
                key.toString()));
        command.addAll(List.of(options));
        Peer openssl = Peer.start(directory, command.toArray(String[]::new));
        openssl.says("ACCEPT");
        return openssl;
    }

    private static byte[] typed(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
