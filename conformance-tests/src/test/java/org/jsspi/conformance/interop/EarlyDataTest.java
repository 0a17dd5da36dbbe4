package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EarlyDataInfo.Status;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.PreSharedKeys;
import org.jsspi.SchCredentials;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Early data of Schannel's with OpenSSL and GnuTLS, in both roles: taken, and passed over in each of the ways that there are. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EarlyDataTest extends OpenSslPrograms {
    private static final String REQUEST = "early to bed\n";
    /** More than a record of GnuTLS with its smallest limits holds. */
    private static final String LONG_REQUEST =
            "early to bed, and early to rise, makes a man healthy, wealthy and wise\n".repeat(30);

    private static final String IDENTITY = "device17";
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final PreSharedKey KEY = PreSharedKey.of(
            Use.TLS13,
            IDENTITY.getBytes(StandardCharsets.US_ASCII),
            HexFormat.of().parseHex(HEX));
    private static final String LATER = "and early to rise\n";
    private static final Pattern PORT = Pattern.compile("ACCEPT .*:(\\d+)");

    private static final ContextOptions ALLOWED = ContextOptions.builder()
            .peer("localhost", 1)
            .maximumEarlyData(1 << 14)
            .build();

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    // Our client

    /** A connection that sends {@code request} early if it can, and otherwise never. {@return what became of it} */
    private static EarlyDataInfo connect(CredHandle credential, int port, Peer server, ByteBuffer request)
            throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            try (SchannelStream stream = SchannelStream.connect(
                    credential,
                    "localhost",
                    ALLOWED,
                    List.of(),
                    early -> {
                        if (request.hasRemaining()) {
                            early.writeEarly(request);
                        }
                    },
                    socket.getInputStream(),
                    socket.getOutputStream())) {
                stream.write(bytes(LATER));
                server.await(LATER.strip());
                // The ticket comes with what the server says.
                server.type("good night\n");
                assertEquals(
                        "good night",
                        StandardCharsets.US_ASCII
                                .decode(stream.read())
                                .toString()
                                .strip());
                stream.shutdown();
                return stream.query(ContextAttribute.EARLY_DATA);
            }
        }
    }

    @Test
    void openSslTakesOurs() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-early_data");
                CredHandle credential = Schannel.outbound()) {
            int port = Integer.parseInt(server.find(PORT));
            ByteBuffer request = bytes(REQUEST);
            assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), connect(credential, port, server, request));
            assertTrue(request.hasRemaining());
            EarlyDataInfo second = connect(credential, port, server, request);
            assertEquals(Status.ACCEPTED, second.status(), second::toString);
            assertEquals(REQUEST.length(), second.transferred());
            // Not in this order: s_server writes them by different ways.
            server.await("End of early data");
            server.await(REQUEST);
        }
    }

    @Test
    void openSslThatDoesNotKnowTheTicketPassesOursOver() throws Exception {
        try (CredHandle credential = Schannel.outbound()) {
            try (Peer server = server(KeyKind.EC_P256, "-early_data")) {
                connect(credential, Integer.parseInt(server.find(PORT)), server, bytes(""));
            }
            try (Peer server = server(KeyKind.EC_P256, "-early_data")) {
                ByteBuffer request = bytes(REQUEST);
                EarlyDataInfo info = connect(credential, Integer.parseInt(server.find(PORT)), server, request);
                assertFalse(request.hasRemaining());
                assertEquals(Reason.SESSION_NOT_RESUMED, info.reason());
                assertFalse(server.output().contains(REQUEST), server.output());
            }
        }
    }

    @Test
    void openSslThatWantsAnotherGroupPassesOursOver() throws Exception {
        try (CredHandle credential = Schannel.outbound()) {
            try (Peer server = server(KeyKind.EC_P256, "-early_data", "-groups", "P-384")) {
                int port = Integer.parseInt(server.find(PORT));
                connect(credential, port, server, bytes(""));
                EarlyDataInfo info = connect(credential, port, server, bytes(REQUEST));
                assertEquals(Reason.HELLO_RETRY_REQUEST, info.reason());
                assertFalse(server.output().contains(REQUEST), server.output());
            }
        }
    }

    @Test
    void gnuTlsTakesOurs() throws Exception {
        try (GnuTlsServer server = GnuTlsServer.start(directory, "NORMAL:-VERS-ALL:+VERS-TLS1.3", "--earlydata");
                CredHandle credential = Schannel.outbound()) {
            int port = server.port();
            assertEquals(Reason.NO_SESSION, echo(credential, port, bytes("")).reason());
            EarlyDataInfo info = echo(credential, port, bytes(REQUEST));
            assertEquals(Status.ACCEPTED, info.status(), () -> info + "\n" + server.output());
            assertEquals(REQUEST.length(), info.transferred());
        }
    }

    /**
     * RFC 8449 4: early data goes in records no longer than the server said when it gave the session; GnuTLS does not bear longer ones.
     */
    @Test
    void gnuTlsTakesOursInRecordsOfItsOwnSize() throws Exception {
        try (GnuTlsServer server = GnuTlsServer.start(
                        directory, "NORMAL:-VERS-ALL:+VERS-TLS1.3", "--earlydata", "--recordsize=512");
                CredHandle credential = Schannel.outbound()) {
            echo(credential, server.port(), bytes(""));
            EarlyDataInfo info = echo(credential, server.port(), bytes(LONG_REQUEST));
            assertEquals(Status.ACCEPTED, info.status(), () -> info + "\n" + server.output());
            assertEquals(LONG_REQUEST.length(), info.transferred());
        }
    }

    /** A session that began with a key from outside is one that carries early data. */
    @Test
    void openSslTakesOursInASessionThatBeganWithAKey() throws Exception {
        try (Peer server = start("-psk", HEX, "-psk_identity", IDENTITY, "-nocert", "-early_data");
                CredHandle credential = Schannel.outbound(SchCredentials.builder()
                        .preSharedKeys(PreSharedKeys.of(KEY))
                        .build())) {
            int port = port(server);
            assertEquals(
                    Reason.NO_SESSION,
                    connect(credential, port, server, bytes(REQUEST)).reason());
            EarlyDataInfo info = connect(credential, port, server, bytes(REQUEST));
            assertEquals(Status.ACCEPTED, info.status(), () -> info + "\n" + server.output());
            server.await(REQUEST);
        }
    }

    private static EarlyDataInfo echo(CredHandle credential, int port, ByteBuffer request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(15_000);
            try (SchannelStream stream = SchannelStream.connect(
                    credential,
                    "localhost",
                    ALLOWED,
                    List.of(),
                    early -> {
                        if (request.hasRemaining()) {
                            early.writeEarly(request);
                        }
                    },
                    socket.getInputStream(),
                    socket.getOutputStream())) {
                stream.write(bytes(LATER));
                assertTrue(StandardCharsets.US_ASCII
                        .decode(stream.read())
                        .toString()
                        .contains("early to rise"));
                stream.shutdown();
                return stream.query(ContextAttribute.EARLY_DATA);
            }
        }
    }

    // Our server

    /** What our server saw of its connections, one after the other. */
    private static final class Seen {
        final List<EarlyDataInfo> info = Collections.synchronizedList(new ArrayList<>());
        final List<String> early = Collections.synchronizedList(new ArrayList<>());
    }

    /** Sends back what comes, early data before the client's handshake is complete. */
    private static Listening serving(CredHandle credential, ContextOptions options, Seen seen) throws IOException {
        return Listening.plain(socket -> {
            try (SchannelStream stream = SchannelStream.accept(
                    credential, options, List.of(), socket.getInputStream(), socket.getOutputStream())) {
                for (ByteBuffer data = stream.readEarly(); data != null; data = stream.readEarly()) {
                    seen.early.add(
                            StandardCharsets.US_ASCII.decode(data.duplicate()).toString());
                    stream.writeEarly(data);
                }
                seen.info.add(stream.query(ContextAttribute.EARLY_DATA));
                for (ByteBuffer data = stream.read(); data != null; data = stream.read()) {
                    stream.write(data);
                }
                stream.shutdown();
            } catch (EOFException e) {
                // These programs do not always say goodbye.
            }
        });
    }

    private static CredHandle inbound() throws SspiException {
        return Schannel.inbound(TestPki.server(KeyKind.EC_P256));
    }

    private Path request() throws IOException {
        return Files.writeString(directory.resolve("request"), REQUEST);
    }

    /** Asks for a session and goes. {@return where it is} */
    private Path session(Listening server, String... options) throws Exception {
        Path session = directory.resolve("session");
        List<String> all = new ArrayList<>(List.of("-sess_out", session.toString()));
        all.addAll(List.of(options));
        talk(server, all.toArray(String[]::new));
        return session;
    }

    private String resume(Listening server, Path session, String... options) throws Exception {
        List<String> all = new ArrayList<>(
                List.of("-sess_in", session.toString(), "-early_data", request().toString()));
        all.addAll(List.of(options));
        return talk(server, all.toArray(String[]::new));
    }

    @Test
    void ourServerTakesThatOfOpenSslOnce() throws Exception {
        Seen seen = new Seen();
        try (CredHandle credential = inbound();
                Listening server = serving(credential, ALLOWED, seen)) {
            Path session = session(server);
            String taken = resume(server, session);
            assertTrue(taken.contains("Early data was accepted"), taken);
            assertTrue(taken.contains(REQUEST), "the answer came with the server's first flight: " + taken);
            assertEquals(List.of(REQUEST), seen.early);
            assertEquals(Status.ACCEPTED, seen.info.get(1).status());

            // s_client keeps no tickets from here on: it shows the same again, as somebody does who has recorded it.
            String again = resume(server, session);
            assertTrue(again.contains("Early data was rejected"), again);
            assertTrue(again.contains("Reused, TLSv1.3"), again);
            assertEquals(List.of(REQUEST), seen.early);
            assertEquals(Reason.REPLAY, seen.info.get(2).reason());
        }
    }

    @Test
    void ourServerPassesThatOfOpenSslOver() throws Exception {
        Seen seen = new Seen();
        try (CredHandle credential = inbound();
                Listening taking = serving(credential, ALLOWED, seen);
                Listening declining = serving(credential, ContextOptions.DEFAULT, seen);
                Listening retrying = serving(
                        credential,
                        ALLOWED.toBuilder().namedGroups(List.of("secp384r1")).build(),
                        seen);
                CredHandle other = inbound();
                Listening strange = serving(other, ALLOWED, seen)) {
            Path session = session(taking, "-groups", "P-256:P-384");
            for (Listening server : List.of(declining, retrying, strange)) {
                String rejected = resume(server, session, "-groups", "P-256:P-384");
                assertTrue(rejected.contains("Early data was rejected"), rejected);
            }
            assertEquals(
                    List.of(Reason.DISABLED, Reason.HELLO_RETRY_REQUEST, Reason.SESSION_NOT_RESUMED),
                    seen.info.stream().skip(1).map(EarlyDataInfo::reason).toList());
            assertEquals(List.of(), seen.early);
        }
    }

    private static CredHandle knowing(PreSharedKey key) throws SspiException {
        return Schannel.inbound(
                SchCredentials.builder().preSharedKeys(PreSharedKeys.of(key)).build());
    }

    @Test
    void ourServerTakesThatOfOpenSslInASessionThatBeganWithAKey() throws Exception {
        Seen seen = new Seen();
        try (CredHandle credential = knowing(KEY);
                Listening server = serving(credential, ALLOWED, seen)) {
            Path session = session(server, "-psk", HEX, "-psk_identity", IDENTITY);
            // It has verified nothing, and says so.
            try (Peer client = client(
                    server,
                    "-psk",
                    HEX,
                    "-psk_identity",
                    IDENTITY,
                    "-sess_in",
                    session.toString(),
                    "-early_data",
                    request().toString())) {
                client.await("Early data was accepted");
                client.type("abc def\n");
                client.await("abc def\n");
            }
            assertEquals(List.of(REQUEST), seen.early);
            assertEquals(Status.ACCEPTED, seen.info.get(1).status());
        }
    }

    /** With the key itself nobody takes any: there is nothing of it that would be used up, and so every repetition would be taken. */
    @Test
    void ourServerPassesOverWhatOpenSslSendsWithAKeyAlone() throws Exception {
        Seen seen = new Seen();
        Path session;
        try (CredHandle credential = inbound();
                Listening server = serving(credential, ALLOWED, seen)) {
            session = session(server, "-ciphersuites", "TLS_AES_128_GCM_SHA256");
        }
        // s_client takes a key from outside with what belongs to it, such as how much early data, from a file of a
        // session.
        String text = run("openssl", "sess_id", "-in", session.toString(), "-text", "-noout");
        assertTrue(text.contains("Max Early Data: 16384"), text);
        Matcher secret = Pattern.compile("Resumption PSK: ([0-9A-F]+)").matcher(text);
        assertTrue(secret.find(), text);
        PreSharedKey key = PreSharedKey.of(
                Use.TLS13,
                IDENTITY.getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().parseHex(secret.group(1)));
        try (CredHandle credential = knowing(key);
                Listening server = serving(credential, ALLOWED, seen)) {
            String rejected = talk(
                    server,
                    "-psk_session",
                    session.toString(),
                    "-psk_identity",
                    IDENTITY,
                    "-early_data",
                    request().toString());
            assertTrue(rejected.contains("Early data was rejected"), rejected);
            assertEquals(List.of(), seen.early);
            assertEquals(Status.REJECTED, seen.info.get(1).status());
            assertEquals(Reason.SESSION_NOT_RESUMED, seen.info.get(1).reason());
        }
    }

    private static String run(String... command) throws Exception {
        try (Peer program = Peer.start(List.of(command))) {
            assertEquals(0, program.end(), program.output());
            return program.output();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ourServerTakesThatOfGnuTls(boolean isLong) throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        Seen seen = new Seen();
        String request = isLong ? LONG_REQUEST : REQUEST;
        Path file = Files.writeString(directory.resolve("request"), request);
        try (CredHandle credential = inbound();
                Listening server = serving(credential, ALLOWED, seen);
                Peer client = Peer.start(List.of(
                        "gnutls-cli",
                        "--port",
                        String.valueOf(server.port()),
                        "--x509cafile",
                        root.toString(),
                        "--resume",
                        "--waitresumption",
                        "--earlydata",
                        file.toString(),
                        // RFC 8449 4: what the server sends before the client's Finished obeys it too.
                        "--recordsize=512",
                        "--priority",
                        "NORMAL:-VERS-ALL:+VERS-TLS1.3",
                        "localhost"))) {
            client.await("This is a resumed session");
            client.type("after\n");
            client.await("after");
            assertEquals(request, String.join("", seen.early), client::output);
            assertEquals(Status.ACCEPTED, seen.info.get(1).status());
        }
    }
}
