package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our sockets against OpenSSL's s_server and s_client in TLS 1.2. */
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenSslTls12Test extends OpenSslPrograms {
    /** Our name of a suite, and OpenSSL's. */
    static Stream<Arguments> suites() {
        return Stream.of(
                Arguments.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"),
                Arguments.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"),
                Arguments.of("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"),
                Arguments.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
                Arguments.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"),
                Arguments.of("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"));
    }

    private static KeyKind keyKind(String suite) {
        return suite.contains("_RSA_") ? KeyKind.RSA : KeyKind.EC_P256;
    }

    // Our client

    @ParameterizedTest
    @MethodSource("suites")
    void ourClientSpeaksEverySuite(String suite, String name) throws Exception {
        try (Peer server = server(keyKind(suite), "-tls1_2", "-cipher", name, "-rev")) {
            SSLSession session = reverse(Jsse.OURS.client(), server);
            assertEquals(suite, session.getCipherSuite());
            assertEquals("TLSv1.2", session.getProtocol());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourClientVerifiesEveryKindOfKey(KeyKind kind) throws Exception {
        try (Peer server = server(kind, "-tls1_2", "-rev")) {
            assertEquals(
                    TestPki.server(kind).certificate(),
                    reverse(Jsse.OURS.client(), server).getPeerCertificates()[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X25519", "P-256", "P-384", "P-521"})
    void ourClientTakesTheGroupOfTheServer(String group) throws Exception {
        try (Peer server = server(KeyKind.RSA, "-tls1_2", "-groups", group, "-rev")) {
            reverse(Jsse.OURS.client(), server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourClientProvesWhoItIs(KeyKind kind) throws Exception {
        try (Peer server = server(
                KeyKind.EC_P256,
                "-tls1_2",
                "-Verify",
                "3",
                "-verify_return_error",
                "-CAfile",
                root.toString(),
                "-rev")) {
            reverse(Jsse.OURS.context(TestPki.client(kind)), server);
            server.await("Test client " + kind);
        }
    }

    @Test
    void ourClientWithoutACertificateIsRefusedWhereOneIsNeeded() throws Exception {
        try (Peer server = server(
                        KeyKind.EC_P256,
                        "-tls1_2",
                        "-Verify",
                        "3",
                        "-verify_return_error",
                        "-CAfile",
                        root.toString());
                SSLSocket socket = connect(Jsse.OURS.client(), server)) {
            SSLException failure = assertThrows(SSLException.class, socket::startHandshake);
            assertTrue(failure.getMessage().contains("handshake_failure"), failure.getMessage());
        }
    }

    /** OpenSSL issues tickets; told not to, it keeps the session under its id. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ourClientFetchesAPageAndResumes(boolean tickets) throws Exception {
        try (Peer server = tickets
                ? server(KeyKind.EC_P256, "-tls1_2", "-www")
                : server(KeyKind.EC_P256, "-tls1_2", "-www", "-no_ticket")) {
            SSLContext client = Jsse.OURS.client();
            String first = page(client, server);
            assertTrue(first.contains("New, TLSv1.2"), first);
            for (int i = 0; i < 3; i++) {
                String next = page(client, server);
                assertTrue(next.contains("Reused, TLSv1.2"), next);
            }
        }
    }

    /** s_server asks for a renegotiation on "r": ours says no, and the connection goes on. */
    @Test
    void ourClientRefusesToRenegotiateAndGoesOn() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-tls1_2", "-msg");
                SSLSocket socket = connect(Jsse.OURS.client(), server)) {
            socket.startHandshake();
            server.type("r\n");
            Thread.sleep(200);
            server.type("after\n");
            assertEquals("after\n", new String(socket.getInputStream().readNBytes(6), StandardCharsets.US_ASCII));
            server.await("no_renegotiation");
        }
    }

    @Test
    void ourClientPutsFragmentsOfMessagesTogether() throws Exception {
        try (Peer server = server(KeyKind.RSA, "-tls1_2", "-max_send_frag", "512", "-rev")) {
            reverse(Jsse.OURS.client(), server);
        }
    }

    // Our server

    @ParameterizedTest
    @MethodSource("suites")
    void ourServerSpeaksEverySuite(String suite, String name) throws Exception {
        try (Listening server = echo(keyKind(suite))) {
            String output = talk(server, "-tls1_2", "-cipher", name);
            assertTrue(output.contains("Cipher is " + name), output);
            assertTrue(output.contains("Secure Renegotiation IS supported"), output);
            assertTrue(output.contains("Extended master secret: yes"), output);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourServerProvesEveryKindOfKey(KeyKind kind) throws Exception {
        try (Listening server = echo(kind)) {
            String output = talk(server, "-tls1_2");
            assertTrue(output.contains("Verification: OK"), output);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X25519", "P-256", "P-384", "P-521"})
    void ourServerSpeaksEveryGroup(String group) throws Exception {
        try (Listening server = echo(KeyKind.RSA)) {
            talk(server, "-tls1_2", "-groups", group);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourServerVerifiesEveryKindOfClient(KeyKind kind) throws Exception {
        Path chain = TestPki.client(kind).writeChain(directory.resolve("client.pem"));
        Path key = TestPki.client(kind).writeKey(directory.resolve("client.key"));
        AtomicReference<Object> seen = new AtomicReference<>();
        SSLServerSocket socket = (SSLServerSocket) Jsse.OURS
                .server(KeyKind.EC_P256)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        try (Listening server = Listening.tls(socket, connection -> {
            connection.startHandshake();
            seen.set(connection.getSession().getPeerCertificates()[0]);
            copy(connection);
        })) {
            talk(server, "-tls1_2", "-cert", chain.toString(), "-cert_chain", chain.toString(), "-key", key.toString());
            assertEquals(TestPki.client(kind).certificate(), seen.get());
        }
    }

    /** By ticket, and by session id for a client that says it takes no ticket. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ourServerResumes(boolean tickets) throws Exception {
        Path session = directory.resolve("session.pem");
        String[] save = tickets
                ? new String[] {"-tls1_2", "-sess_out", session.toString()}
                : new String[] {"-tls1_2", "-no_ticket", "-sess_out", session.toString()};
        String[] resume = tickets
                ? new String[] {"-tls1_2", "-sess_in", session.toString()}
                : new String[] {"-tls1_2", "-no_ticket", "-sess_in", session.toString()};
        try (Listening server = echo(KeyKind.EC_P256)) {
            String first = talk(server, save);
            assertEquals(tickets, first.contains("TLS session ticket:"), first);
            assertTrue(Files.size(session) > 0, "no session came");
            for (int i = 0; i < 2; i++) {
                String output = talk(server, resume);
                assertTrue(output.contains("Reused, TLSv1.2"), output);
            }
        }
    }

    /** s_client begins a renegotiation on "R", and gives up when it is refused. */
    @Test
    void ourServerRefusesToRenegotiate() throws Exception {
        try (Listening server = echo(KeyKind.EC_P256);
                Peer client = client(server, "-tls1_2", "-msg")) {
            client.await("Verify return code: 0");
            client.type("R\n");
            client.await("no_renegotiation");
        }
    }

    @Test
    void ourServerPutsFragmentsOfMessagesTogether() throws Exception {
        try (Listening server = echo(KeyKind.RSA)) {
            talk(server, "-tls1_2", "-max_send_frag", "512", "-alpn", ("p".repeat(200) + ",").repeat(5) + "h2");
        }
    }

    @Test
    void aClientThatFellBackIsRefused() throws Exception {
        try (Listening server = echo(KeyKind.EC_P256);
                Peer client = client(server, "-tls1_2", "-fallback_scsv")) {
            client.await("inappropriate fallback");
            assertTrue(server.failure() instanceof SSLException);
        }
    }
}
