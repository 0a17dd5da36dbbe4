package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.jsspi.CredentialFiles;
import org.jsspi.Identity;
import org.jsspi.conformance.demo.SelfSignedCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code connect} and {@code serve} with each other, and with what is not a TLS server at all. */
@Timeout(120)
class ConnectTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsSentComesBack() throws Exception {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path ca = directory.resolve("ca.pem");
        try (Tool.Server server = new Tool.Server(1, "--cert-out", ca.toString())) {
            var out = new ByteArrayOutputStream();
            var err = new ByteArrayOutputStream();
            int code = Jsspi.commandLine(new ByteArrayInputStream(bytes), out, err)
                    .execute("connect", server.address(), "--ca", ca.toString(), "--quiet");

            assertEquals(0, code, err::toString);
            assertArrayEquals(bytes, out.toByteArray());
            assertEquals(0, server.ended().exitCode());
        }
    }

    @Test
    void bothSidesReportTheSame() throws Exception {
        Path ca = directory.resolve("ca.pem");
        try (Tool.Server server = new Tool.Server(1, "--cert-out", ca.toString(), "--alpn", "echo,h2")) {
            Tool.Result client = Tool.run(
                    "connect",
                    server.address(),
                    "--ca",
                    ca.toString(),
                    "--alpn",
                    "h2,echo",
                    "--groups",
                    "secp384r1",
                    "--ciphersuites",
                    "TLS_CHACHA20_POLY1305_SHA256");
            Tool.Result served = server.ended();

            assertEquals(0, client.exitCode(), client::err);
            for (String line : List.of(
                    "  protocol        TLSv1.3",
                    "  cipher suite    TLS_CHACHA20_POLY1305_SHA256",
                    "  group           secp384r1",
                    "  session         new",
                    "  ALPN            echo",
                    "  stream sizes    header 5, trailer 17, message 16384, buffers 4, block 1")) {
                assertTrue(client.lines().contains(line), () -> line + " in\n" + client.out());
                assertTrue(served.lines().contains(line), () -> line + " in\n" + served.out());
            }
            assertTrue(client.out().contains("0  subject  CN=localhost"), client::out);
            assertTrue(client.out().contains("   issuer   CN=localhost"), client::out);
            assertTrue(client.out().contains("   valid    20"), client::out);
            assertTrue(client.lines().contains("  verified        by ca.pem"), client::out);
        }
    }

    @Test
    void oneSideCanInsistOnTls12() throws Exception {
        for (boolean client : new boolean[] {true, false}) {
            Path ca = directory.resolve("ca.pem");
            String[] wish = {"--protocol", "TLSv1.2"};
            try (Tool.Server server = client
                    ? new Tool.Server(1, "--cert-out", ca.toString())
                    : new Tool.Server(1, "--cert-out", ca.toString(), wish[0], wish[1])) {
                Tool.Result result = client
                        ? Tool.run("connect", server.address(), "--ca", ca.toString(), wish[0], wish[1])
                        : Tool.run("connect", server.address(), "--ca", ca.toString());
                Tool.Result served = server.ended();

                assertEquals(0, result.exitCode(), result::err);
                for (String line : List.of(
                        "  protocol        TLSv1.2",
                        "  cipher suite    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "  stream sizes    header 13, trailer 16, message 16384, buffers 4, block 1")) {
                    assertTrue(result.lines().contains(line), () -> line + " in\n" + result.out());
                    assertTrue(served.lines().contains(line), () -> line + " in\n" + served.out());
                }
            }
        }
    }

    @Test
    void aClientWithACertificateIsNamedByTheServer() throws Exception {
        Path serverCa = directory.resolve("server.pem");
        Path own = directory.resolve("client.pem");
        Path key = directory.resolve("client.key");
        write(SelfSignedCertificate.create("Alice", List.of("alice.example"), List.of()), own, key);
        for (String wish : List.of("want", "need")) {
            try (Tool.Server server = new Tool.Server(
                    1, "--cert-out", serverCa.toString(), "--client-auth", wish, "--ca", own.toString())) {
                Tool.Result client = Tool.run(
                        "connect",
                        server.address(),
                        "--ca",
                        serverCa.toString(),
                        "--cert",
                        own.toString(),
                        "--key",
                        key.toString());
                assertEquals(0, client.exitCode(), client::err);
                Tool.Result served = server.ended();
                assertTrue(served.out().contains("  client          0  subject  CN=Alice"), served::out);
            }
        }
    }

    @Test
    void aClientWithoutTheCertificateThatIsNeededIsToldSo() throws Exception {
        Path ca = directory.resolve("ca.pem");
        try (Tool.Server server = new Tool.Server(1, "--cert-out", ca.toString(), "--client-auth", "need")) {
            Tool.Result client = Tool.run("connect", server.address(), "--ca", ca.toString());
            fails(3, "certificate_required", client);
            assertTrue(server.ended().out().contains("certificate_required"), () -> "the server says it too");
        }
    }

    @Test
    void aClientWithoutACertificateIsServedWhereOneIsOnlyWanted() throws Exception {
        Path ca = directory.resolve("ca.pem");
        try (Tool.Server server = new Tool.Server(1, "--cert-out", ca.toString(), "--client-auth", "want")) {
            assertEquals(
                    0,
                    Tool.run("connect", server.address(), "--ca", ca.toString()).exitCode());
            assertTrue(server.ended().lines().contains("  client          none"));
        }
    }

    @Test
    void theServerNameThatIsAskedForIsSentAndChecked() throws Exception {
        Path own = directory.resolve("own.pem");
        Path key = directory.resolve("own.key");
        write(SelfSignedCertificate.create("here", List.of("www.example.org"), List.of()), own, key);
        try (Tool.Server server = new Tool.Server(2, "--cert", own.toString(), "--key", key.toString())) {
            Tool.Result right =
                    Tool.run("connect", server.address(), "--ca", own.toString(), "--servername", "www.example.org");
            assertEquals(0, right.exitCode(), right::err);
            fails(
                    3,
                    "www.example.com",
                    Tool.run("connect", server.address(), "--ca", own.toString(), "--servername", "www.example.com"));
            assertTrue(server.ended().lines().contains("  server name     www.example.org"));
        }
    }

    @Test
    void anUntrustedCertificateIsRefusedUnlessToldOtherwise() throws Exception {
        try (Tool.Server server = new Tool.Server(2)) {
            fails(3, "SEC_E_UNTRUSTED_ROOT (0x80090325)", Tool.run("connect", server.address()));
            Tool.Result insecure = Tool.run("connect", server.address(), "--insecure");
            assertEquals(0, insecure.exitCode(), insecure::err);
            assertTrue(insecure.lines().contains("  verified        no: --insecure"), insecure::out);
            assertTrue(server.ended().out().contains("unknown_ca"), "the server hears why");
        }
    }

    @Test
    void noCommonApplicationProtocolIsAFailureThatNamesTheAlert() throws Exception {
        try (Tool.Server server = new Tool.Server(1, "--alpn", "h2")) {
            fails(3, "no_application_protocol", Tool.run("connect", server.address(), "--insecure", "--alpn", "smtp"));
        }
    }

    @Test
    void thePageOfTheServerSaysWhatWasAgreed() throws Exception {
        try (Tool.Server server = new Tool.Server(1, "--www")) {
            Tool.Result result = Tool.runWith(
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    "connect",
                    server.address(),
                    "--insecure",
                    "--alpn",
                    "http/1.1",
                    "--quiet");
            assertEquals(0, result.exitCode(), result::err);
            assertTrue(result.out().startsWith("HTTP/1.1 200 OK\r\n"), result::out);
            assertTrue(result.out().contains("\n  protocol        TLSv1.3\n"), result::out);
        }
    }

    @Test
    void aPortWhereNobodyListensIsOneLine() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        fails(1, "cannot connect: localhost:" + port, Tool.run("connect", "localhost:" + port));
    }

    @Test
    void aHostThatDoesNotExistIsOneLine() {
        fails(1, "no such host: nosuch.invalid", Tool.run("connect", "nosuch.invalid:443"));
    }

    @Test
    void aPlainHttpServerIsOneLine() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread acceptor = answering(listener, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            fails(3, "SEC_E_", Tool.run("connect", "localhost:" + listener.getLocalPort(), "--insecure"));
            acceptor.join();
        }
    }

    @Test
    void aServerThatHangsUpIsOneLine() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread acceptor = answering(listener, "");
            fails(1, "closed the connection", Tool.run("connect", "localhost:" + listener.getLocalPort()));
            acceptor.join();
        }
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForForever() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fails(1, "no answer in time", Tool.run("connect", "localhost:" + silent.getLocalPort(), "--timeout", "1"));
        }
    }

    @Test
    void aPortThatIsTakenIsOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            fails(1, "cannot listen", Tool.run("serve", "--port", String.valueOf(taken.getLocalPort())));
        }
    }

    @Test
    void aClientThatSpeaksHttpIsOneLineOfTheServer() throws Exception {
        try (Tool.Server server = new Tool.Server(1)) {
            try (var socket = new Socket("localhost", server.port())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readAllBytes();
                // An alert record in the clear: type 21, fatal.
                assertEquals(21, answer[0]);
                assertEquals(2, answer[5]);
            }
            List<String> failed = server.ended().lines().stream()
                    .filter(line -> line.contains(" failed: SEC_E_"))
                    .toList();
            assertEquals(1, failed.size(), failed::toString);
        }
    }

    /** Takes one connection, reads what arrives first, answers this and hangs up. */
    private static Thread answering(ServerSocket listener, String answer) {
        Thread acceptor = new Thread(() -> {
            try (Socket socket = listener.accept()) {
                int read = socket.getInputStream().read(new byte[4096]);
                if (read > 0) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        acceptor.start();
        return acceptor;
    }

    static void write(Identity identity, Path certificate, Path key) throws Exception {
        X509Certificate own = identity.chain().get(0);
        CredentialFiles.write(certificate, own);
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(identity.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static void fails(int exitCode, String says, Tool.Result result) {
        assertEquals(exitCode, result.exitCode(), () -> result.out() + result.err());
        assertEquals(1, result.err().lines().count(), result::err);
        assertTrue(result.err().startsWith("jsspi "), result::err);
        assertTrue(result.err().contains(says), result::err);
    }
}
