package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jsspi.HandshakeInfo;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKey.Hash;
import org.jsspi.PreSharedKey.Name;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.PreSharedKeys;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pre-shared keys through SSLContext, against OpenSSL, GnuTLS and ourselves. */
@Timeout(value = 40, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PreSharedKeysTest extends OpenSslPrograms {
    private static final String IDENTITY = "device 17";
    private static final String HEX = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String GNUTLS_13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-KX-ALL:+ECDHE-PSK:+DHE-PSK";

    private static PreSharedKey key(Use use, String identity) {
        return PreSharedKey.of(
                use, identity.getBytes(StandardCharsets.UTF_8), HexFormat.of().parseHex(HEX));
    }

    private static final PreSharedKey KEY = key(Use.TLS13, IDENTITY);

    private static SSLContext context(KeyManager... managers) {
        return Jsse.OURS.context(managers, new TrustManager[0]);
    }

    private static SSLContext context() {
        return context(PreSharedKeys.of(KEY));
    }

    private static void assertKeyed(SSLSession session, PreSharedKey key) throws SSLException {
        assertEquals(key.name(), session.getPeerPrincipal());
        assertThrows(SSLPeerUnverifiedException.class, session::getPeerCertificates);
        assertNull(session.getLocalCertificates());
    }

    // OpenSSL

    private static String[] withKey(String... options) {
        return Stream.concat(Stream.of("-psk", HEX, "-psk_identity", IDENTITY), Arrays.stream(options))
                .toArray(String[]::new);
    }

    @Test
    void ourClientKnowsOpenSslByTheKeyAndResumes() throws Exception {
        try (Peer server = start(withKey("-nocert", "-rev"))) {
            SSLContext client = context();
            for (int i = 0; i < 2; i++) {
                assertKeyed(reverse(client, server), KEY);
            }
        }
    }

    /** A server of OpenSSL keys with SHA-256 only, whatever its suites are. */
    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384"})
    void ourClientOffersTheKeyAgainAfterARetry(String group) throws Exception {
        try (Peer server = start(withKey("-nocert", "-groups", group, "-rev"))) {
            assertKeyed(reverse(context(), server), KEY);
        }
    }

    @Test
    void ourClientWithAnotherKeyIsRefusedByOpenSsl() throws Exception {
        PreSharedKey other = PreSharedKey.of(KEY.name(), KEY.hash(), new byte[32]);
        try (Peer server = start(withKey("-nocert", "-rev"));
                SSLSocket socket = connect(context(PreSharedKeys.of(other)), server)) {
            SSLException refused = assertThrows(SSLException.class, socket::startHandshake);
            assertTrue(refused.getMessage().contains("alert"), refused.getMessage());
            server.await("binder does not verify");
        }
    }

    @Test
    void ourClientTakesNoCertificateOfOpenSslUnlessItIsToldTo() throws Exception {
        try (Peer server = server(KeyKind.EC_P256, "-rev")) {
            try (SSLSocket socket = connect(context(), server)) {
                assertThrows(SSLException.class, socket::startHandshake);
            }
            SSLContext both = Jsse.OURS.context(
                    new KeyManager[] {PreSharedKeys.of(KEY).with(Certificates.OTHERWISE)}, TestPki.trustManagers());
            assertEquals(
                    TestPki.server(KeyKind.EC_P256).certificate(),
                    reverse(both, server).getPeerCertificates()[0]);
        }
    }

    private Listening serving(KeyManager... managers) throws Exception {
        return Listening.tls(Jsse.OURS.context(managers, TestPki.trustManagers()), PreSharedKeysTest::copy);
    }

    private String talkKeyed(Listening server, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.port(), "-tls1_3", "-brief"));
        command.addAll(Arrays.asList(withKey(options)));
        try (Peer client = Peer.start(command)) {
            client.await("CONNECTION ESTABLISHED");
            client.type("abc def\n");
            client.await("abc def\n");
            client.endInput();
            return client.output();
        }
    }

    @Test
    void ourServerKnowsOpenSslByTheKey() throws Exception {
        AtomicReference<SSLSession> seen = new AtomicReference<>();
        try (Listening server = Listening.tls(context(), connection -> {
            connection.startHandshake();
            seen.set(connection.getSession());
            copy(connection);
        })) {
            for (String suite : List.of("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256")) {
                // s_client offers its key with the first of these suites.
                String output =
                        talkKeyed(server, "-ciphersuites", "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:" + suite);
                assertTrue(output.contains("Ciphersuite: TLS_AES_128_GCM_SHA256"), output);
                assertKeyed(seen.get(), KEY);
            }
            talkKeyed(server, "-groups", "X448:P-384");
        }
    }

    @Test
    void ourServerRefusesOpenSslWithAnotherKeyOrNone() throws Exception {
        try (Listening server = serving(PreSharedKeys.of(KEY))) {
            for (List<String> options : List.of(
                    List.of("-psk", HEX.replace("00", "ff"), "-psk_identity", IDENTITY),
                    List.of("-psk", HEX, "-psk_identity", "device 18"),
                    List.<String>of())) {
                List<String> command = new ArrayList<>(
                        List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.port(), "-tls1_3"));
                command.addAll(options);
                try (Peer client = Peer.start(command)) {
                    client.await(options.contains(HEX) || options.isEmpty() ? "handshake failure" : "decrypt error");
                }
            }
        }
    }

    // GnuTLS

    @Test
    void ourServerKnowsGnuTlsByTheKey() throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        try (Listening server = serving(PreSharedKeys.of(KEY));
                Peer client = Peer.start(List.of(
                        "gnutls-cli",
                        "--port=" + server.port(),
                        "--priority=" + GNUTLS_13,
                        "--pskusername=" + IDENTITY,
                        "--pskkey=" + HEX,
                        "localhost"))) {
            client.await("Simple Client Mode");
            client.type("abc def\n");
            client.await("\nabc def");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS13", "TLS12"})
    void ourClientKnowsGnuTlsByTheKey(Use use) throws Exception {
        PreSharedKey key = key(use, IDENTITY);
        String priority = use == Use.TLS12 ? GNUTLS_12 : GNUTLS_13;
        Path passwords = Files.writeString(directory.resolve("passwords"), IDENTITY + ":" + HEX + "\n");
        try (GnuTlsServer server = GnuTlsServer.start(priority, "--pskpasswd=" + passwords)) {
            SSLContext client = context(PreSharedKeys.of(key));
            for (int i = 0; i < 2; i++) {
                try (SSLSocket socket = (SSLSocket)
                        client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write("abc def\n".getBytes(StandardCharsets.US_ASCII));
                    assertEquals(
                            "abc def\n", new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII));
                    assertKeyed(socket.getSession(), key);
                }
            }
        }
    }

    // TLS 1.2, in which the two of them have one suite in common with us

    private static final String SUITE_12 = "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256";
    private static final String OPENSSL_12 = "ECDHE-PSK-CHACHA20-POLY1305";
    private static final String GNUTLS_12 =
            "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-PSK:-CIPHER-ALL:+CHACHA20-POLY1305";
    private static final PreSharedKey KEY_12 = key(Use.TLS12, IDENTITY);

    @Test
    void ourClientKnowsOpenSslByTheKeyInTls12AndResumes() throws Exception {
        try (Peer server = start(withKey("-nocert", "-tls1_2", "-cipher", OPENSSL_12, "-rev"))) {
            SSLContext client = context(PreSharedKeys.of(KEY_12));
            for (int i = 0; i < 2; i++) {
                SSLSession session = reverse(client, server);
                assertKeyed(session, KEY_12);
                assertEquals(SUITE_12, session.getCipherSuite());
                assertEquals(i > 0, session.toString().contains("resumed"), session.toString());
            }
        }
    }

    @Test
    void ourServerKnowsOpenSslByTheKeyInTls12() throws Exception {
        try (Listening server = serving(PreSharedKeys.of(KEY_12));
                Peer client = Peer.start(List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        "-tls1_2",
                        "-cipher",
                        OPENSSL_12,
                        "-brief",
                        "-psk",
                        HEX,
                        "-psk_identity",
                        IDENTITY))) {
            client.await("CONNECTION ESTABLISHED");
            client.type("abc def\n");
            client.await("abc def\n");
        }
    }

    @Test
    void ourServerTellsOpenSslNotWhetherTheNameOrTheKeyWasWrongInTls12() throws Exception {
        try (Listening server = serving(PreSharedKeys.of(KEY_12))) {
            for (List<String> wrong : List.of(
                    List.of("-psk", HEX.replace("00", "ff"), "-psk_identity", IDENTITY),
                    List.of("-psk", HEX, "-psk_identity", "device 18"))) {
                List<String> command = new ArrayList<>(List.of(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.port(),
                        "-tls1_2",
                        "-cipher",
                        OPENSSL_12));
                command.addAll(wrong);
                try (Peer client = Peer.start(command)) {
                    client.await("bad record mac");
                }
            }
        }
    }

    // Ourselves

    @ParameterizedTest
    @ValueSource(strings = {"IMPORTED", "TLS13", "TLS12"})
    void enginesKnowEachOtherByTheKeyAndResume(Use use) throws Exception {
        PreSharedKey key = key(use, IDENTITY);
        SSLContext client = context(PreSharedKeys.of(key));
        SSLContext server = context(PreSharedKeys.of(key));
        for (boolean resumed : new boolean[] {false, true}) {
            EnginePair pair = new EnginePair(client, server).handshake();
            pair.exchangeBothWays();
            SSLSession session = pair.client().engine().getSession();
            assertKeyed(session, key);
            assertKeyed(pair.server().engine().getSession(), key);
            assertEquals(resumed, session.toString().contains("resumed"), session.toString());
            assertTrue(session.toString().contains(IDENTITY), session.toString());
            assertEquals(use == Use.TLS12 ? "TLSv1.2" : "TLSv1.3", session.getProtocol());
        }
    }

    @Test
    void aKeyIsChosenByTheHostAndFoundByItsName() throws Exception {
        PreSharedKeys byHost = new PreSharedKeys() {
            @Override
            public PreSharedKey find(HandshakeInfo info, Name name) {
                return null;
            }

            @Override
            public List<PreSharedKey> keys(HandshakeInfo info) {
                return List.of(key(
                        Use.IMPORTED,
                        "at " + info.session().peerHost() + " " + info.session().peerPort()));
            }
        };
        PreSharedKeys table =
                (info, name) -> name.getName().equals("at localhost 4433") ? key(Use.IMPORTED, name.getName()) : null;
        EnginePair pair = new EnginePair(context(byHost), context(table)).handshake();
        assertEquals(
                "at localhost 4433",
                pair.server().engine().getSession().getPeerPrincipal().getName());
    }

    @Test
    void keysAndCertificatesServeOneContext() throws Exception {
        List<KeyManager> managers =
                new ArrayList<>(List.of(TestPki.server(KeyKind.EC_P256).keyManagers()));
        managers.add(PreSharedKeys.of(KEY).with(Certificates.OTHERWISE));
        SSLContext server = Jsse.OURS.context(managers.toArray(KeyManager[]::new), TestPki.trustManagers());
        EnginePair keyed = new EnginePair(context(), server).handshake();
        assertKeyed(keyed.client().engine().getSession(), KEY);
        EnginePair certified = new EnginePair(Jsse.OURS.client(), server).handshake();
        assertEquals(
                TestPki.server(KeyKind.EC_P256).certificate(),
                certified.client().engine().getSession().getPeerCertificates()[0]);
        assertThrows(
                SSLPeerUnverifiedException.class,
                () -> certified.server().engine().getSession().getPeerPrincipal());
    }

    @Test
    void theMessageOfAFailureSaysNothingOfTheKey() {
        PreSharedKey other = PreSharedKey.of(KEY.name(), Hash.SHA256, new byte[32]);
        SSLException failure = assertThrows(
                SSLException.class, () -> new EnginePair(context(PreSharedKeys.of(other)), context()).handshake());
        assertTrue(failure.getMessage().contains("binder"), failure.getMessage());
        assertFalse(failure.toString().contains(HEX.substring(0, 16)), failure.toString());
    }
}
