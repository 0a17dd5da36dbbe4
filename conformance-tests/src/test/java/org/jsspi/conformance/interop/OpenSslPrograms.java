package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSL's s_server and s_client, in TLS 1.3 unless an option names another version. */
abstract class OpenSslPrograms {
    private static final Pattern PORT = Pattern.compile("ACCEPT .*:(\\d+)");

    @TempDir
    Path directory;

    Path root;

    @BeforeEach
    void look() {
        Peer.assumeInstalled("openssl");
        root = TestPki.writeRoot(directory.resolve("root.pem"));
    }

    Peer server(KeyKind kind, String... options) throws Exception {
        Path chain = TestPki.server(kind).writeChain(directory.resolve(kind + ".pem"));
        Path key = TestPki.server(kind).writeKey(directory.resolve(kind + ".key"));
        List<String> all = new ArrayList<>(
                List.of("-cert", chain.toString(), "-cert_chain", chain.toString(), "-key", key.toString()));
        all.addAll(Arrays.asList(options));
        return start(all.toArray(String[]::new));
    }

    static Peer start(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0"));
        command.addAll(withVersion(options));
        Peer server = Peer.start(command);
        server.find(PORT);
        return server;
    }

    /** {@return where this s_server listens} */
    static int port(Peer server) throws Exception {
        return Integer.parseInt(server.find(PORT));
    }

    private static List<String> withVersion(String... options) {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        if (all.stream().noneMatch(option -> option.startsWith("-tls1"))) {
            all.add("-tls1_3");
        }
        return all;
    }

    static SSLSocket connect(SSLContext context, Peer server) throws Exception {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port(server));
        socket.setSoTimeout(15_000);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** A line to s_server -rev and back. {@return the session} */
    static SSLSession reverse(SSLContext context, Peer server) throws Exception {
        try (SSLSocket socket = connect(context, server)) {
            socket.getOutputStream().write("abc def\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("fed cba\n", new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII));
            return socket.getSession();
        }
    }

    /** {@return what s_server -www says of the connection} */
    static String page(SSLContext client, Peer server) throws Exception {
        try (SSLSocket socket = connect(client, server)) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    Peer client(Listening server, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-servername",
                "localhost",
                "-CAfile",
                root.toString(),
                "-verify_hostname",
                "localhost",
                "-verify_return_error"));
        command.addAll(withVersion(options));
        return Peer.start(command);
    }

    /** A line to our server and back. {@return all that s_client wrote} */
    String talk(Listening server, String... options) throws Exception {
        try (Peer client = client(server, options)) {
            client.await("Verify return code: 0");
            client.type("abc def\n");
            // Not at the beginning of a line: s_client cuts its dump of a long ticket short, line end and all.
            client.await("abc def\n");
            client.type("Q\n");
            assertEquals(0, client.end(), client.output());
            return client.output();
        }
    }

    static Listening echo(KeyKind kind) throws IOException {
        return Listening.tls(Jsse.OURS.server(kind), OpenSslPrograms::copy);
    }

    static void copy(SSLSocket socket) throws IOException {
        byte[] bytes = new byte[1000];
        for (int count = socket.getInputStream().read(bytes);
                count > 0;
                count = socket.getInputStream().read(bytes)) {
            socket.getOutputStream().write(bytes, 0, count);
        }
    }
}
