package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.CredHandle;
import org.jsspi.SchCredentials;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of TLS 1.2 that OpenSSL and GnuTLS negotiate again with us, or we with them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RenegotiatingPeersTest extends OpenSslPrograms {
    private static final ContextOptions PERMITTED = ContextOptions.builder()
            .protocols(List.of("TLSv1.2"))
            .renegotiation(Renegotiation.ACCEPT)
            .build();
    private static final ContextOptions NEEDING = PERMITTED.toBuilder()
            .clientAuthentication(ClientAuthentication.NEED)
            .build();

    private static final String TLS12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2";

    private static String text(ByteBuffer data) {
        return StandardCharsets.US_ASCII.decode(data).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String echoed(SchannelStream stream, String line) throws Exception {
        stream.write(bytes(line));
        return text(stream.read());
    }

    private static CredHandle withCertificate() throws Exception {
        return Schannel.outbound(SchCredentials.builder()
                .rootStore(TestPki.roots())
                .identities(List.of(TestPki.client(KeyKind.EC_P256).identity()))
                .build());
    }

    private static SchannelStream connect(Socket socket) throws Exception {
        socket.setSoTimeout(20_000);
        return SchannelStream.connect(
                withCertificate(),
                "localhost",
                PERMITTED,
                List.of(),
                socket.getInputStream(),
                socket.getOutputStream());
    }

    // Our client

    /** s_server asks on "r", and on "R" for a certificate too. */
    @Test
    void openSslsServerAsksOurClient() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-tls1_2", "-CAfile", root.toString());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server));
                SchannelStream stream = connect(socket)) {
            stream.write(bytes("before\n"));
            server.await("before");
            server.type("r\n");
            Thread.sleep(200);
            server.type("after\n");
            // Its data may come before its hello: what we write waits for the end.
            assertEquals("after\n", text(stream.read()));
            stream.write(bytes("behind\n"));
            server.await("behind");
            assertEquals(1, stream.renegotiations());
            server.type("R\n");
            Thread.sleep(200);
            server.type("again\n");
            assertEquals("again\n", text(stream.read()));
            stream.write(bytes("the end\n"));
            server.await("the end");
            assertEquals(2, stream.renegotiations());
            server.await("Test client EC_P256");
        }
    }

    @Test
    void ourClientBeginsWithOpenSsl() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-tls1_2", "-client_renegotiation");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(server));
                SchannelStream stream = connect(socket)) {
            for (int i = 1; i < 4; i++) {
                assertTrue(stream.renegotiate());
                // Which carries it on to the end, before the first byte leaves.
                stream.write(bytes("line " + i + "\n"));
                server.await("line " + i);
                assertEquals(i, stream.renegotiations());
            }
        }
    }

    /** gnutls-serv asks when it is told to by its client, and takes what that begins. */
    @Test
    void gnuTlsServerAsksOurClient() throws Exception {
        try (GnuTlsServer server = GnuTlsServer.start(directory, TLS12);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                SchannelStream stream = connect(socket)) {
            for (int i = 1; i < 4; i++) {
                assertEquals("line " + i + "\n", echoed(stream, "line " + i + "\n"));
                stream.write(bytes("**REHANDSHAKE**\n"));
                assertEquals("Successfully executed command\n", text(stream.read()));
                assertEquals("behind " + i + "\n", echoed(stream, "behind " + i + "\n"));
                assertEquals(i, stream.renegotiations());
            }
        }
    }

    @Test
    void ourClientBeginsWithGnuTls() throws Exception {
        try (GnuTlsServer server = GnuTlsServer.start(directory, TLS12);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                SchannelStream stream = connect(socket)) {
            for (int i = 1; i < 4; i++) {
                assertTrue(stream.renegotiate());
                assertEquals("line " + i + "\n", echoed(stream, "line " + i + "\n"));
                assertEquals(i, stream.renegotiations());
            }
        }
    }

    // Our server

    /** An echo that begins with what a test wants, and says what has become of the connection. */
    private static Listening echo(boolean asks, CompletableFuture<SchannelStream> end) throws Exception {
        CredHandle credential = Schannel.inbound(TestPki.server(KeyKind.EC_P256));
        return Listening.plain(connection -> {
            try (SchannelStream stream = SchannelStream.accept(
                    credential, PERMITTED, List.of(), connection.getInputStream(), connection.getOutputStream())) {
                for (ByteBuffer data = stream.read(); data != null; data = stream.read()) {
                    String line = text(data.duplicate());
                    if (asks && line.startsWith("ask")) {
                        assertTrue(stream.renegotiate(NEEDING));
                    }
                    stream.write(bytes(line));
                    if (stream.renegotiations() > 0) {
                        end.complete(stream);
                    }
                }
            } catch (Exception | AssertionError e) {
                end.completeExceptionally(e);
                throw e;
            }
        });
    }

    private static SchannelStream await(CompletableFuture<SchannelStream> end) throws Exception {
        return end.get(20, TimeUnit.SECONDS);
    }

    /** s_client begins on "R". */
    @Test
    void openSslsClientBegins() throws Exception {
        CompletableFuture<SchannelStream> end = new CompletableFuture<>();
        try (Listening server = echo(false, end);
                Peer client = client(server, "-tls1_2")) {
            client.await("Verify return code: 0");
            client.type("R\n");
            Thread.sleep(300);
            client.type("abc def\n");
            assertEquals(1, await(end).renegotiations());
            client.await("abc def\n");
        }
    }

    @Test
    void ourServerAsksOpenSslsClientForACertificate() throws Exception {
        Path chain = TestPki.client(KeyKind.RSA).writeChain(directory.resolve("client.pem"));
        Path key = TestPki.client(KeyKind.RSA).writeKey(directory.resolve("client.key"));
        CompletableFuture<SchannelStream> end = new CompletableFuture<>();
        try (Listening server = echo(true, end);
                Peer client = client(
                        server,
                        "-tls1_2",
                        "-cert",
                        chain.toString(),
                        "-cert_chain",
                        chain.toString(),
                        "-key",
                        key.toString())) {
            client.await("Verify return code: 0");
            client.type("ask\n");
            client.await("ask\n");
            client.type("abc def\n");
            SchannelStream stream = await(end);
            assertEquals(
                    TestPki.client(KeyKind.RSA).certificate(),
                    stream.query(ContextAttribute.SESSION).peerCertificates().get(0));
            client.await("abc def\n");
        }
    }

    @Test
    void gnuTlsClientBegins() throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        CompletableFuture<SchannelStream> end = new CompletableFuture<>();
        try (Listening server = echo(false, end)) {
            List<String> command = new ArrayList<>(List.of(
                    "gnutls-cli",
                    "--port",
                    "" + server.port(),
                    "--x509cafile",
                    root.toString(),
                    "--priority",
                    TLS12,
                    "--rehandshake",
                    "localhost"));
            try (Peer client = Peer.start(command)) {
                client.await("ReHandshake was completed");
                client.type("abc def\n");
                assertEquals(1, await(end).renegotiations());
                client.await("abc def");
            }
        }
    }

    @Test
    void ourServerAsksGnuTlsClientForACertificate() throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        Path chain = TestPki.client(KeyKind.RSA).writeChain(directory.resolve("client.pem"));
        Path key = TestPki.client(KeyKind.RSA).writeKey(directory.resolve("client.key"));
        CompletableFuture<SchannelStream> end = new CompletableFuture<>();
        try (Listening server = echo(true, end);
                Peer client = Peer.start(List.of(
                        "gnutls-cli",
                        "--port=" + server.port(),
                        "--x509cafile=" + root,
                        "--x509certfile=" + chain,
                        "--x509keyfile=" + key,
                        "--priority=" + TLS12,
                        "localhost"))) {
            client.await("Simple Client Mode");
            client.type("ask\n");
            client.await("Received rehandshake request");
            client.await("\nask");
            SchannelStream stream = await(end);
            assertEquals(
                    TestPki.client(KeyKind.RSA).certificate(),
                    stream.query(ContextAttribute.SESSION).peerCertificates().get(0));
            client.type("abc def\n");
            client.await("\nabc def");
        }
    }
}
