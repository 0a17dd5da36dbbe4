package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our sockets against OpenSSL's s_server and s_client. */
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenSslTest extends OpenSslPrograms {
    static Stream<String> suites() {
        return Stream.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    }

    static Stream<String> groups() {
        return Stream.of("X25519", "P-256", "P-384", "P-521");
    }

    // Our client

    @ParameterizedTest
    @MethodSource("suites")
    void ourClientSpeaksEverySuite(String suite) throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-ciphersuites", suite, "-rev")) {
            assertEquals(suite, reverse(Jsse.OURS.client(), server).getCipherSuite());
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourClientVerifiesEveryKindOfKey(KeyKind kind) throws Exception {
        try (Peer server = server(kind, "-rev")) {
            assertEquals(
                    TestPki.server(kind).certificate(),
                    reverse(Jsse.OURS.client(), server).getPeerCertificates()[0]);
        }
    }

    /** Ours sends shares of its first groups: the others need a HelloRetryRequest. */
    @ParameterizedTest
    @MethodSource("groups")
    void ourClientFollowsToTheGroupOfTheServer(String group) throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-groups", group, "-rev")) {
            reverse(Jsse.OURS.client(), server);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourClientProvesWhoItIs(KeyKind kind) throws Exception {
        try (Peer server =
                server(KeyKind.EC_P256, "-Verify", "3", "-verify_return_error", "-CAfile", root.toString(), "-rev")) {
            reverse(Jsse.OURS.context(TestPki.client(kind)), server);
            server.await("Test client " + kind);
        }
    }

    @Test
    void ourClientAgreesOnAnApplicationProtocol() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-alpn", "http/1.1,h2", "-rev")) {
            try (SSLSocket socket = connect(Jsse.OURS.client(), server)) {
                var parameters = socket.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertEquals("http/1.1", socket.getApplicationProtocol());
            }
        }
    }

    @Test
    void ourClientFetchesAPageAndResumes() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-www")) {
            SSLContext client = Jsse.OURS.client();
            String first = page(client, server);
            assertTrue(first.contains("New, TLSv1.3"), first);
            for (int i = 0; i < 3; i++) {
                String next = page(client, server);
                assertTrue(next.contains("Reused, TLSv1.3"), next);
            }
        }
    }

    /** OpenSSL pads every record of its to the limit: 16384 bytes of content, type and padding. */
    @Test
    void ourClientTakesRecordsThatArePaddedToTheLimit() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-record_padding", "16384", "-rev")) {
            reverse(Jsse.OURS.client(), server);
        }
    }

    @Test
    void ourClientPutsFragmentsOfMessagesTogether() throws Exception {
        try (Peer server = server(KeyKind.RSA, "-max_send_frag", "512", "-rev")) {
            reverse(Jsse.OURS.client(), server);
        }
    }

    @Test
    void ourClientFollowsKeyUpdatesOfTheServer() throws Exception {
        try (Peer server = server(KeyKind.EC_P256);
                SSLSocket socket = connect(Jsse.OURS.client(), server)) {
            socket.startHandshake();
            for (String command : List.of("K", "k", "K")) {
                // s_server takes a command only from a read that begins with it.
                server.type(command + "\n");
                Thread.sleep(100);
                server.type("after\n");
                assertArrayEquals(
                        "after\n".getBytes(StandardCharsets.US_ASCII),
                        socket.getInputStream().readNBytes(6));
                socket.getOutputStream().write("heard\n".getBytes(StandardCharsets.US_ASCII));
                server.await("heard");
            }
        }
    }

    @Test
    void ourClientRefusesAnotherName() throws Exception {
        var other = TestPki.named("somebody.else");
        Path chain = other.writeChain(directory.resolve("other.pem"));
        Path key = other.writeKey(directory.resolve("other.key"));
        try (Peer server = start("-cert", chain.toString(), "-cert_chain", chain.toString(), "-key", key.toString());
                SSLSocket socket = connect(Jsse.OURS.client(), server)) {
            assertThrows(SSLException.class, socket::startHandshake);
            server.await("alert");
        }
    }

    @Test
    void ourClientSaysThatTheServerIsTooOld() throws Exception {
        try (Peer server = server(KeyKind.RSA, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
                SSLSocket socket = connect(Jsse.OURS.client(), server)) {
            SSLException failure = assertThrows(SSLException.class, socket::startHandshake);
            assertTrue(failure.getMessage().contains("protocol_version"), failure.getMessage());
        }
    }

    // Our server

    @ParameterizedTest
    @MethodSource("suites")
    void ourServerSpeaksEverySuite(String suite) throws Exception {
        try (Listening server = echo(KeyKind.EC_P256)) {
            String output = talk(server, "-ciphersuites", suite);
            assertTrue(output.contains("Cipher is " + suite), output);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ourServerProvesEveryKindOfKey(KeyKind kind) throws Exception {
        try (Listening server = echo(kind)) {
            String output = talk(server);
            assertTrue(output.contains("Verification: OK"), output);
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void ourServerSpeaksEveryGroup(String group) throws Exception {
        try (Listening server = echo(KeyKind.EC_P256)) {
            String output = talk(server, "-groups", group);
            assertTrue(output.contains("Verification: OK"), output);
        }
    }

    /** The client shares a key of its first group, which ours does not know: a HelloRetryRequest asks for the second. */
    @Test
    void ourServerAsksForAnotherShare() throws Exception {
        try (Listening server = echo(KeyKind.EC_P256)) {
            String output = talk(server, "-groups", "X448:P-256", "-msg");
            assertTrue(output.contains("Verification: OK"), output);
            assertTrue(output.split("ClientHello", -1).length > 2, "no HelloRetryRequest");
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
            talk(server, "-cert", chain.toString(), "-cert_chain", chain.toString(), "-key", key.toString());
            assertEquals(TestPki.client(kind).certificate(), seen.get());
        }
    }

    @Test
    void ourServerAgreesOnAnApplicationProtocol() throws Exception {
        SSLServerSocket socket = (SSLServerSocket) Jsse.OURS
                .server(KeyKind.EC_P256)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        try (Listening server = Listening.tls(socket, OpenSslTest::copy)) {
            String output = talk(server, "-alpn", "http/1.1,h2");
            assertTrue(output.contains("ALPN protocol: h2"), output);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"})
    void ourServerResumes(String suite) throws Exception {
        Path session = directory.resolve("session.pem");
        try (Listening server = echo(KeyKind.EC_P256)) {
            talk(server, "-ciphersuites", suite, "-sess_out", session.toString());
            assertTrue(Files.size(session) > 0, "no ticket came");
            String output = talk(server, "-ciphersuites", suite, "-sess_in", session.toString());
            assertTrue(output.contains("Reused, TLSv1.3"), output);
        }
    }

    @Test
    void ourServerFollowsKeyUpdatesOfTheClient() throws Exception {
        try (Listening server = echo(KeyKind.EC_P256);
                Peer client = client(server)) {
            client.await("Verify return code");
            Thread.sleep(100);
            for (String line : List.of("one", "two", "three")) {
                // s_client takes a command only from a read that begins with it.
                client.type("K\n");
                Thread.sleep(100);
                client.type(line + "\n");
                client.await("\n" + line);
            }
        }
    }

    @Test
    void ourServerTakesRecordsThatArePaddedToTheLimit() throws Exception {
        try (Listening server = echo(KeyKind.EC_P256)) {
            talk(server, "-record_padding", "16384");
        }
    }

    @Test
    void ourServerPutsFragmentsOfMessagesTogether() throws Exception {
        try (Listening server = echo(KeyKind.RSA)) {
            talk(server, "-max_send_frag", "512", "-alpn", ("p".repeat(200) + ",").repeat(5) + "h2");
        }
    }

    @Test
    void ourServerRefusesAClientOfTls11() throws Exception {
        try (Listening server = echo(KeyKind.RSA);
                Peer client = client(server, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            client.await("protocol version");
            assertTrue(server.failure() instanceof SSLException);
        }
    }
}
