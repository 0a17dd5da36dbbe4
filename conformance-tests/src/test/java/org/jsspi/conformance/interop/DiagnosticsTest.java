package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.StreamContext;
import org.jsspi.conformance.fixture.End;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody reads who has to find out why there is no connection, or what is on one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiagnosticsTest {
    private static final Pattern PORT = Pattern.compile("ACCEPT .*:(\\d+)");

    /** A misconfiguration, and what the line about it has to name. */
    private record Fault(
            String name,
            Consumer<SSLParameters> client,
            Consumer<SSLParameters> server,
            boolean needClient,
            List<String> said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> faults() {
        Consumer<SSLParameters> nothing = parameters -> {};
        return Stream.of(
                        new Fault(
                                "suites",
                                p -> p.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"}),
                                p -> p.setCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"}),
                                false,
                                List.of(
                                        "no cipher suite in common",
                                        "the client offers [TLS_AES_128_GCM_SHA256",
                                        "this server has [TLS_AES_256_GCM_SHA384]",
                                        "RFC 8446 4.1.1",
                                        "handshake as server of an unnamed peer",
                                        "alert 40",
                                        "jdk.tls.server.cipherSuites")),
                        new Fault(
                                "versions",
                                p -> p.setProtocols(new String[] {"TLSv1.2"}),
                                p -> p.setProtocols(new String[] {"TLSv1.3"}),
                                false,
                                List.of("TLSv1.3", "RFC 8446 4.2.1", "alert 70", "jdk.tls.server.protocols")),
                        new Fault(
                                "ALPN",
                                p -> p.setApplicationProtocols(new String[] {"h2", "evil\nline"}),
                                p -> p.setApplicationProtocols(new String[] {"http/1.1"}),
                                false,
                                List.of("[h2, evil?line]", "[http/1.1]", "RFC 7301", "setApplicationProtocols")),
                        new Fault(
                                "name",
                                nothing,
                                p -> p.setSNIMatchers(
                                        List.of(javax.net.ssl.SNIHostName.createSNIMatcher("nobody\\.example"))),
                                false,
                                List.of("server.example", "RFC 6066", "alert 112", "setSNIMatchers")),
                        new Fault(
                                "client certificate",
                                nothing,
                                nothing,
                                true,
                                List.of("a client without a certificate", "alert 116", "setNeedClientAuth")))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFailureIsOneLineThatSaysWhoWhatAndWhereToLook(Fault fault) {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.OURS.server(KeyKind.EC_P256));
        Parameters.change(pair.client().engine(), p -> {
            p.setEndpointIdentificationAlgorithm("");
            p.setServerNames(List.of(new javax.net.ssl.SNIHostName("server.example")));
        });
        Parameters.change(pair.client().engine(), fault.client);
        Parameters.change(pair.server().engine(), fault.server);
        pair.server().engine().setNeedClientAuth(fault.needClient);

        String line = Failures.of(pair::handshake).getMessage();

        fault.said.forEach(part -> assertTrue(line.contains(part), () -> part + " is not in: " + line));
        assertEquals(1, line.lines().count(), line);
    }

    @Test
    void anUntrustedServerAndOneOfAnotherNameAreToldApart() {
        SSLContext untrusting = Jsse.OURS.client();
        String untrusted = Failures.of(new EnginePair(untrusting, Jsse.OURS.context(TestPki.selfSigned()))::handshake)
                .getMessage();
        assertTrue(untrusted.contains("not trusted"), untrusted);
        assertTrue(untrusted.contains("handshake as client of localhost:4433"), untrusted);
        assertTrue(untrusted.contains("trust"), untrusted);

        String other = Failures.of(
                        new EnginePair(untrusting, Jsse.OURS.context(TestPki.named("another.example")))::handshake)
                .getMessage();
        assertTrue(other.contains("localhost"), other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionSaysWhatWasAgreedOn(String protocol) throws Exception {
        EnginePair pair = pair(protocol);

        String before = pair.client().engine().getSession().toString();
        pair.handshake();
        SSLSession session = pair.client().engine().getSession();

        assertEquals("Session[NONE]", before);
        for (String part : List.of(protocol, session.getCipherSuite(), "x25519", "localhost:4433", "CN=localhost")) {
            assertTrue(session.toString().toLowerCase().contains(part.toLowerCase()), part + " is not in: " + session);
        }
        assertFalse(session.toString().contains(HexFormat.of().formatHex(session.getId())), "the id resumes it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aLineForEachMessageIsThereForThoseWhoAsk(String protocol) throws Exception {
        List<String> said = new ArrayList<>();
        Logger logger = Logger.getLogger("org.jsspi.handshake");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            pair(protocol).handshake();
            assertEquals(List.of(), said);
            logger.setLevel(Level.FINER);
            pair(protocol).handshake();
            List<String> client = said.stream()
                    .filter(line -> line.startsWith("FINER client of localhost:4433: "))
                    .toList();
            assertTrue(client.get(0).matches(".*: sent client_hello, [0-9]+ bytes"), client::toString);
            assertTrue(client.get(1).matches(".*: received server_hello, [0-9]+ bytes"), client::toString);
            assertTrue(
                    client.stream().anyMatch(line -> line.matches(".*: received finished, [0-9]+ bytes")),
                    client::toString);
            assertTrue(said.stream().anyMatch(line -> line.startsWith("FINER server of ")), said::toString);
        } finally {
            logger.setLevel(null);
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private static EnginePair pair(String protocol) {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.OURS.server(KeyKind.EC_P256));
        Parameters.change(pair.client().engine(), p -> p.setProtocols(new String[] {protocol}));
        return pair;
    }

    @Test
    void theFlightRecorderSeesHandshakesAndCertificates() throws Exception {
        EnginePair refused = new EnginePair(Jsse.OURS.client(), Jsse.OURS.context(TestPki.selfSigned()));
        EnginePair pair = pair("TLSv1.3");
        try (Recording recording = new Recording()) {
            recording.enable("org.jsspi.TLSHandshake").withThreshold(Duration.ZERO);
            recording.enable("org.jsspi.X509Certificate");
            recording.start();
            pair.handshake();
            SSLException failure = Failures.of(refused::handshake);
            recording.stop();

            List<RecordedEvent> all = events(recording);
            RecordedEvent client = one(all, "org.jsspi.TLSHandshake", true, "");
            assertEquals("localhost", client.getString("peerHost"));
            assertEquals(4433, client.getInt("peerPort"));
            assertEquals("TLSv1.3", client.getString("protocolVersion"));
            assertEquals(pair.client().engine().getSession().getCipherSuite(), client.getString("cipherSuite"));
            assertTrue(client.getDuration().toNanos() > 0, "a handshake takes time");
            one(all, "org.jsspi.TLSHandshake", false, "");
            one(all, "org.jsspi.TLSHandshake", true, failure.getMessage());
            X509Certificate shown =
                    (X509Certificate) pair.client().engine().getSession().getPeerCertificates()[0];
            RecordedEvent certificate = all.stream()
                    .filter(event -> event.getEventType().getName().equals("org.jsspi.X509Certificate"))
                    .filter(event -> event.getInt("position") == 0)
                    .findFirst()
                    .orElseThrow();
            assertEquals(shown.getSubjectX500Principal().getName(), certificate.getString("subject"));
            assertEquals(client.getLong("certificateId"), certificate.getLong("certificateId"));
        }
    }

    private static List<RecordedEvent> events(Recording recording) throws Exception {
        Path file = Files.createTempFile("handshakes", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        } finally {
            Files.delete(file);
        }
    }

    private static RecordedEvent one(List<RecordedEvent> all, String name, boolean client, String failure) {
        List<RecordedEvent> found = all.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .filter(event -> event.getBoolean("clientMode") == client)
                .filter(event -> event.getString("failure").equals(failure))
                .toList();
        assertEquals(1, found.size(), () -> found + " among " + all);
        return found.get(0);
    }

    /** Collects what it is told as lines. */
    private static final class Lines {
        private final TreeSet<String> lines = new TreeSet<>();

        void add(String label, byte[] clientRandom, byte[] secret) {
            HexFormat hex = HexFormat.of();
            lines.add(label + " " + hex.formatHex(clientRandom) + " " + hex.formatHex(secret));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void bothSidesLogTheSameSecrets(String protocol) throws Exception {
        Lines client = new Lines();
        Lines server = new Lines();
        ContextOptions.Builder options = ContextOptions.builder().protocols(List.of(protocol));
        new org.jsspi.conformance.fixture.Connection<>(
                        Schannel.client(options.keyLog(client::add).build(), null),
                        Schannel.server(options.keyLog(server::add).build(), null))
                .handshake();

        assertEquals(client.lines, server.lines);
        assertEquals(protocol.equals("TLSv1.3") ? 5 : 1, client.lines.size(), client.lines.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void opensslLogsTheSameSecrets(String protocol, @TempDir Path directory) throws Exception {
        Peer.assumeInstalled("openssl");
        Credential credential = TestPki.server(KeyKind.EC_P256);
        Path theirs = directory.resolve("theirs");
        Lines ours = new Lines();
        ContextOptions options = ContextOptions.builder()
                .protocols(List.of(protocol))
                .keyLog(ours::add)
                .build();
        try (Peer server = Peer.start(List.of(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-keylogfile",
                        theirs.toString(),
                        "-cert",
                        credential.writeChain(directory.resolve("chain.pem")).toString(),
                        "-cert_chain",
                        directory.resolve("chain.pem").toString(),
                        "-key",
                        credential.writeKey(directory.resolve("key.pem")).toString()));
                Socket socket = new Socket("127.0.0.1", Integer.parseInt(server.find(PORT)));
                CredHandle handle = Schannel.outbound();
                StreamContext context = (StreamContext) handle.newContext()) {
            handshake(SspiEnd.initiator(context, options, null), socket);

            List<String> lines = new ArrayList<>();
            while (lines.size() < ours.lines.size()) {
                lines = Files.readAllLines(theirs).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList();
                Thread.sleep(5);
            }
            assertEquals(ours.lines, new TreeSet<>(lines));
        }
    }

    private static void handshake(SspiEnd client, Socket socket) throws Exception {
        End network = new End() {
            @Override
            public void arrive(byte[] bytes) {
                try {
                    socket.getOutputStream().write(bytes);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }

            @Override
            public boolean step(End peer) {
                return false;
            }

            @Override
            public int send(byte[] data, End peer) {
                return 0;
            }

            @Override
            public byte[] takeReceived() {
                return new byte[0];
            }

            @Override
            public boolean established() {
                return true;
            }
        };
        InputStream in = socket.getInputStream();
        client.step(network);
        byte[] bytes = new byte[20_000];
        while (!client.established()) {
            int count = in.read(bytes);
            assertTrue(count > 0, "the server has closed");
            client.arrive(java.util.Arrays.copyOf(bytes, count));
            while (client.step(network)) {}
        }
    }
}
