package org.jsspi.conformance.bogo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shim without BoGo's runner: what the runner relies on. */
class BogoTest {
    /** Made with OpenSSL: no subject, and a subjectAltName that is not critical, as the runner's have it. */
    private static final String WITHOUT_SUBJECT = """
        -----BEGIN CERTIFICATE-----
        MIIBdDCCARqgAwIBAgIUEZkDqGLx9LA8ew3c/Z7d1pK6AokwCgYIKoZIzj0EAwIw
        DzENMAsGA1UEAwwEUm9vdDAgFw0yNjExMjYwMDA0MzZaGA8yMTI1MDYyMDAwMDQz
        NlowADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCZX2ojOkGcYKM9+7BqvCTZr
        Jzid53zSTXMOWeFt7XD7XgfTyX5mohONLNMaC1i+8Geut6cL14S2s3h+u4S6Xaaj
        YTBfMA8GA1UdEQQIMAaCBHRlc3QwDAYDVR0TAQH/BAIwADAdBgNVHQ4EFgQUcaXc
        5I3djJKJoXQjt+XN6Ei8/XIwHwYDVR0jBBgwFoAUr3LrLKkQbdsRWD4BpWwPnJlU
        YgIwCgYIKoZIzj0EAwIDSAAwRQIhAKW/wTf+UNES1/GVdE29W+/+CufbQTE5K+au
        wuLhpy9GAiBoiTU9qAcSqKegzELg9St32qVBNUdUtalKYn5Mn72CFg==
        -----END CERTIFICATE-----
        """;

    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    @BeforeAll
    static void register() {
        Security.addProvider(new JsspiProvider());
    }

    // Flags

    @Test
    void thereIsNoHandshaker() {
        Shim.Result result = Shim.run(List.of("-port", "1", "-is-handshaker-supported"));
        assertEquals(0, result.exitCode());
        assertEquals("No\n", result.out());
    }

    @Test
    void whatIsNotImplementedEndsWith89AndItsReason() {
        assertEquals(new Shim.Result(89, "", "unknown flag -no-such-flag\n"), Shim.run(List.of("-no-such-flag")));
        assertEquals(new Shim.Result(89, "", "no Channel ID\n"), Shim.run(List.of("-on-resume-enable-channel-id")));
        Flags.refused().forEach((flag, reason) -> assertFalse(reason.isBlank(), flag));
    }

    @Test
    void aPrefixLimitsAFlagToItsConnection() throws NotImplemented {
        Flags.Connections connections = Flags.parse(List.of(
                "-on-initial-expect-version",
                "771",
                "-on-resume-expect-version",
                "772",
                "-on-shim-max-version",
                "772",
                "-on-handshaker-max-version",
                "771",
                "-on-retry-async",
                "-advertise-alpn",
                "\3foo"));
        assertEquals(771, connections.initial().expectVersion);
        assertEquals(772, connections.resumed().expectVersion);
        assertEquals(772, connections.resumed().maxVersion);
        assertFalse(connections.initial().async);
        assertFalse(connections.resumed().async);
        assertTrue(connections.retried().async);
        assertEquals(0, connections.retried().expectVersion);
        assertEquals(List.of("foo"), Shim.protocols(connections.resumed().advertiseAlpn));
    }

    // Tests

    @Test
    void asAServerTheShimFlipsWhatItReceives() throws Exception {
        Credential own = TestPki.server(KeyKind.RSA);
        Path chain = own.writeChain(directory.resolve("chain.pem"));
        Path key = own.writeKey(directory.resolve("key.pem"));
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(true, MESSAGE);
            Shim.Result result = Shim.run(arguments(
                    runner,
                    "-server",
                    "-cert-file",
                    chain.toString(),
                    "-key-file",
                    key.toString(),
                    "-async",
                    "-expect-version",
                    "772",
                    "-expect-no-hrr"));
            assertEquals(new Shim.Result(0, "", ""), result);
            assertArrayEquals(flipped(), runner.echo());
        }
    }

    @Test
    void asAClientTheShimFlipsWhatItReceivesAndHasTheTicket() throws Exception {
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            assertEquals(
                    new Shim.Result(0, "", ""),
                    Shim.run(arguments(runner, "-expect-peer-signature-algorithm", "1027", "-max-version", "772")));
            assertArrayEquals(flipped(), runner.echo());
        }
    }

    /** The runner's stand-in speaks first, and would not mind to wait: that nothing is waited for is the runner's to see. */
    @Test
    void aClientThatStartsFalselyCompletesTheHandshakeWhenItReads() throws Exception {
        String[] falseStart = {
            "-max-version", "771", "-false-start", "-allow-false-start-without-alpn", "-shim-writes-first"
        };
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            assertEquals(new Shim.Result(0, "", ""), Shim.run(arguments(runner, falseStart)));
            byte[] first = new byte[MESSAGE.length];
            System.arraycopy("hello".getBytes(StandardCharsets.US_ASCII), 0, first, 0, 5);
            System.arraycopy(flipped(), 0, first, 5, MESSAGE.length - 5);
            assertArrayEquals(first, runner.echo(), "what it wrote early comes before what it sends back");
        }
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            List<String> waiting = arguments(runner, falseStart);
            waiting.remove("-allow-false-start-without-alpn");
            assertEquals(
                    new Shim.Result(1, "", "expectation failed: completion of the handshake is true, and not false\n"),
                    Shim.run(waiting));
        }
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            List<String> never = arguments(runner, falseStart);
            never.add("-handshake-never-done");
            assertEquals(
                    new Shim.Result(1, "", "expectation failed: the handshake is complete and should not be\n"),
                    Shim.run(never));
        }
    }

    @Test
    void whatIsNotAsExpectedFailsTheTest() throws Exception {
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            Shim.Result result = Shim.run(arguments(runner, "-expect-version", "771"));
            assertEquals(new Shim.Result(1, "", "expectation failed: version is TLSv1.3, and not TLSv1.2\n"), result);
        }
    }

    @Test
    void aFailureNamesTheAlert() throws Exception {
        try (RunnerStandIn runner = new RunnerStandIn()) {
            runner.expect(false, MESSAGE);
            Shim.Result result =
                    Shim.run(arguments(runner, "-verify-peer", "-verify-fail", "-use-custom-verify-callback"));
            assertEquals(1, result.exitCode());
            assertTrue(result.err().startsWith("alert certificate_unknown, SEC_E_CERT_UNKNOWN: "), result.err());
        }
    }

    // The launcher

    @Test
    void theLauncherHandsATestToTheResidentShimAndEndsAsItSays() throws Exception {
        assumeTrue(haveCompiler(), "there is no C compiler named cc");
        Path socket = directory.resolve("socket");
        try (ResidentShim shim = new ResidentShim(socket);
                RunnerStandIn runner = new RunnerStandIn()) {
            Path launcher = Launcher.compile("cc", directory);
            runner.expect(false, MESSAGE);
            assertEquals(new Shim.Result(0, "", ""), launch(launcher, socket, arguments(runner)));
            assertArrayEquals(flipped(), runner.echo());
            assertEquals(new Shim.Result(0, "No\n", ""), launch(launcher, socket, List.of("-is-handshaker-supported")));
            assertEquals(new Shim.Result(89, "", "no DTLS\n"), launch(launcher, socket, List.of("-dtls")));
            assertEquals(Map.of("no DTLS", 1), shim.unimplemented());
            shim.listing(true);
            assertEquals(new Shim.Result(89, "", ""), launch(launcher, socket, arguments(runner)));
        }
        assertFalse(Files.exists(socket));
    }

    private static boolean haveCompiler() throws InterruptedException {
        try {
            return new ProcessBuilder("cc", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Shim.Result launch(Path launcher, Path socket, List<String> arguments) throws Exception {
        ProcessBuilder process = new ProcessBuilder(launcher.toString());
        process.command().addAll(arguments);
        process.environment().put(Launcher.SOCKET_VARIABLE, socket.toString());
        Path err = directory.resolve("err");
        Process started = process.redirectError(err.toFile()).start();
        String out = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(started.waitFor(30, TimeUnit.SECONDS));
        return new Shim.Result(started.exitValue(), out, Files.readString(err));
    }

    // The certificates of the runner

    @Test
    void aCertificateWithoutASubjectIsReadWhereTheShimRuns() throws Exception {
        assertThrows(CertificateException.class, () -> read(WITHOUT_SUBJECT), "the JDK's parser refuses it");
        EmptySubjects.register();
        try {
            assertEquals("", read(WITHOUT_SUBJECT).getSubjectX500Principal().getName());
            X509Certificate ordinary = TestPki.server(KeyKind.EC_P256).certificate();
            assertEquals(
                    ordinary.getClass(),
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(ordinary.getEncoded()))
                            .getClass(),
                    "what the JDK can read, it reads");
        } finally {
            EmptySubjects.unregister();
        }
        assertThrows(CertificateException.class, () -> read(WITHOUT_SUBJECT));
    }

    private static X509Certificate read(String pem) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    // The configuration

    private static final Pattern ENTRY = Pattern.compile("^    \"([^\"]+)\": (.+?),?$", Pattern.MULTILINE);

    @Test
    void everyDisabledTestHasItsReason() throws IOException {
        Map<String, String> sections = sections();
        Set<String> patterns = new HashSet<>();
        for (Matcher entry = ENTRY.matcher(sections.get("DisabledTests")); entry.find(); ) {
            assertTrue(patterns.add(entry.group(1)), () -> entry.group(1) + " is there twice");
            assertTrue(entry.group(2).matches("\"\\S+( \\S+)+\""), () -> entry.group(1) + " has no reason");
        }
        assertTrue(patterns.size() > 100, "the entries are found");
        assertEquals(lines(sections.get("DisabledTests")), patterns.size(), "every line is an entry");
    }

    @Test
    void everyErrorOfTheRunnerHasWordsOfOurs() throws IOException {
        Set<String> errors = new HashSet<>();
        String section = sections().get("ErrorMap");
        for (Matcher entry = ENTRY.matcher(section); entry.find(); ) {
            assertTrue(errors.add(entry.group(1)), () -> entry.group(1) + " is there twice");
            assertTrue(
                    entry.group(2).matches("\\[\"[^\"]{6,}\"(, \"[^\"]{6,}\")*]"),
                    () -> entry.group(1) + " has no words");
        }
        assertEquals(lines(section), errors.size(), "every line is an entry");
    }

    private static long lines(String section) {
        return section.lines().filter(line -> !line.isBlank()).count();
    }

    private static Map<String, String> sections() throws IOException {
        try (InputStream in = ResidentShim.class.getResourceAsStream("bogo.json")) {
            Matcher sections = Pattern.compile(
                            "\\{\\n"
                                    + "  \"HalfRTTTickets\": 0,\\n"
                                    + "  \"DisabledTests\": \\{\\n"
                                    + "(.*)\\n"
                                    + "  \\},\\n"
                                    + "  \"ErrorMap\": \\{\\n"
                                    + "(.*)\\n"
                                    + "  \\}\\n"
                                    + "\\}\\n",
                            Pattern.DOTALL)
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            assertTrue(sections.matches(), "two sections");
            return Map.of("DisabledTests", sections.group(1), "ErrorMap", sections.group(2));
        }
    }

    private static List<String> arguments(RunnerStandIn runner, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("-port", String.valueOf(runner.port()), "-shim-id", String.valueOf(RunnerStandIn.SHIM_ID)));
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private static byte[] flipped() {
        byte[] flipped = MESSAGE.clone();
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] ^= (byte) 0xFF;
        }
        return flipped;
    }
}
