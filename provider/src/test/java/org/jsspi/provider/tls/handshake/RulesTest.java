package org.jsspi.provider.tls.handshake;

import static org.jsspi.provider.tls.message.AlertDescription.DECODE_ERROR;
import static org.jsspi.provider.tls.message.AlertDescription.DECRYPT_ERROR;
import static org.jsspi.provider.tls.message.AlertDescription.HANDSHAKE_FAILURE;
import static org.jsspi.provider.tls.message.AlertDescription.ILLEGAL_PARAMETER;
import static org.jsspi.provider.tls.message.AlertDescription.INTERNAL_ERROR;
import static org.jsspi.provider.tls.message.AlertDescription.MISSING_EXTENSION;
import static org.jsspi.provider.tls.message.AlertDescription.PROTOCOL_VERSION;
import static org.jsspi.provider.tls.message.AlertDescription.UNSUPPORTED_EXTENSION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.RefusalException;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateMessage.Entry;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CertificateStatus;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Cookie;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.KeyShareAnswer;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.KeyShareOffer;
import org.jsspi.provider.tls.message.KeyShareRetry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.PskKeyExchangeModes;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.RecordSizeLimit;
import org.jsspi.provider.tls.message.SelectedVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.ServerNames.ServerName;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureAlgorithms;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SupportedVersions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule that a peer can break inside a message, and the alert that answers it. */
class RulesTest {
    private static final Identity IDENTITY = TestCertificates.selfSigned(KeyKind.P256);
    private static final int GREASE = 0x4A4A;

    private final Wishes.Memory tickets = new Wishes.Memory();
    private Wishes clientWishes = new Wishes(IDENTITY);
    private HandshakeSettings.Builder forClient =
            HandshakeSettings.builder(clientWishes).versions(List.of(ProtocolVersion.TLS13));
    private HandshakeSettings.Builder forServer =
            HandshakeSettings.builder(new Wishes(IDENTITY)).versions(List.of(ProtocolVersion.TLS13));
    private Peer client;
    private Peer server;
    /** Who got the changed message, and who got the last. */
    private Peer judge;

    private Peer receiver;

    /** Runs a handshake in which the n-th message of this class, from 0, arrives changed. */
    private <M extends HandshakeMessage> void connect(
            Class<M> type, int n, Function<M, ? extends HandshakeMessage> change) throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        int seen = 0;
        while (!client.outgoing.isEmpty() || !server.outgoing.isEmpty()) {
            boolean fromClient = !client.outgoing.isEmpty();
            byte[] message = (fromClient ? client : server).outgoing.remove().message();
            HandshakeMessage decoded =
                    Inbound.decode(message, ProtocolVersion.TLS13).message();
            if (type.isInstance(decoded) && seen++ == n) {
                message = change.apply(type.cast(decoded)).toBytes();
                judge = fromClient ? server : client;
            }
            receiver = fromClient ? server : client;
            receiver.receive(message);
        }
    }

    private <M extends HandshakeMessage> void assertAlert(
            AlertDescription alert, Class<M> type, int n, Function<M, ? extends HandshakeMessage> change) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(type, n, change));
        assertEquals(alert, Peer.alert(failure), failure::getMessage);
        assertSame(judge, receiver, "who was given the message is who refuses it: " + failure.getMessage());
    }

    private record Rule(String name, AlertDescription alert, UnaryOperator<ClientHello> change) {}

    private static ClientHello with(ClientHello hello, Extensions extensions) {
        return new ClientHello(
                hello.legacyVersion(),
                hello.random(),
                hello.legacySessionId(),
                hello.cipherSuites(),
                hello.legacyCompressionMethods(),
                extensions);
    }

    private static UnaryOperator<ClientHello> adding(Extension extension) {
        return hello -> with(hello, hello.extensions().with(extension));
    }

    private static UnaryOperator<ClientHello> without(ExtensionType type) {
        return hello -> with(hello, hello.extensions().without(type));
    }

    private static UnaryOperator<ClientHello> compressing(byte... methods) {
        return hello -> new ClientHello(
                hello.legacyVersion(),
                hello.random(),
                hello.legacySessionId(),
                hello.cipherSuites(),
                methods,
                hello.extensions());
    }

    private static UnaryOperator<ClientHello> suites(int... suites) {
        return hello -> new ClientHello(
                hello.legacyVersion(),
                hello.random(),
                hello.legacySessionId(),
                Codes.of(suites),
                hello.legacyCompressionMethods(),
                hello.extensions());
    }

    private static PreSharedKeyOffer unknownKey() {
        return PreSharedKeyOffer.unbound(List.of(new PreSharedKeyOffer.PskIdentity(new byte[] {1}, 0)), 32);
    }

    private static List<DynamicTest> tests(List<Rule> rules, Consumer<Rule> check) {
        return rules.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.name, () -> check.accept(rule)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> aServerJudgesTheClientHello() {
        return tests(
                List.of(
                        new Rule("no supported_versions", PROTOCOL_VERSION, without(ExtensionType.SUPPORTED_VERSIONS)),
                        new Rule(
                                "TLS 1.2 only",
                                PROTOCOL_VERSION,
                                adding(new SupportedVersions(Codes.of(0x0303, GREASE)))),
                        new Rule(
                                "a fallback",
                                AlertDescription.INAPPROPRIATE_FALLBACK,
                                hello -> with(suites(0xC02B, 0x5600).apply(hello), Extensions.ABSENT)),
                        new Rule("compression", ILLEGAL_PARAMETER, compressing((byte) 0, (byte) 1)),
                        new Rule("only compression", ILLEGAL_PARAMETER, compressing((byte) 1)),
                        new Rule("no suite in common", HANDSHAKE_FAILURE, suites(0xC02B, GREASE)),
                        new Rule(
                                "no signature_algorithms",
                                MISSING_EXTENSION,
                                without(ExtensionType.SIGNATURE_ALGORITHMS)),
                        new Rule("no supported_groups", MISSING_EXTENSION, without(ExtensionType.SUPPORTED_GROUPS)),
                        new Rule("no key_share", MISSING_EXTENSION, without(ExtensionType.KEY_SHARE)),
                        new Rule("an invented cookie", ILLEGAL_PARAMETER, adding(new Cookie(new byte[] {1}))),
                        new Rule(
                                "early data without a key",
                                ILLEGAL_PARAMETER,
                                adding(new Indication(ExtensionType.EARLY_DATA))),
                        new Rule(
                                "a key without modes",
                                MISSING_EXTENSION,
                                hello -> with(
                                        hello,
                                        hello.extensions()
                                                .without(ExtensionType.PSK_KEY_EXCHANGE_MODES)
                                                .with(unknownKey()))),
                        new Rule(
                                "a key that is not the last extension",
                                ILLEGAL_PARAMETER,
                                hello -> with(
                                        hello,
                                        hello.extensions()
                                                .with(unknownKey())
                                                .with(new RawExtension(GREASE, new byte[0])))),
                        new Rule(
                                "a key without groups",
                                HANDSHAKE_FAILURE,
                                hello -> with(
                                        hello,
                                        hello.extensions()
                                                .without(ExtensionType.SUPPORTED_GROUPS)
                                                .without(ExtensionType.KEY_SHARE)
                                                .with(unknownKey()))),
                        new Rule(
                                "an unknown key without signature_algorithms",
                                MISSING_EXTENSION,
                                hello -> with(
                                        hello,
                                        hello.extensions()
                                                .without(ExtensionType.SIGNATURE_ALGORITHMS)
                                                .with(unknownKey()))),
                        new Rule(
                                "a share for a group that is not offered",
                                ILLEGAL_PARAMETER,
                                adding(KeyShareOffer.of(new KeyShareEntry(NamedGroup.X448.code(), new byte[56])))),
                        new Rule(
                                "a share of the wrong length",
                                ILLEGAL_PARAMETER,
                                adding(KeyShareOffer.of(new KeyShareEntry(NamedGroup.X25519.code(), new byte[31])))),
                        new Rule(
                                "a share of low order",
                                ILLEGAL_PARAMETER,
                                adding(KeyShareOffer.of(new KeyShareEntry(NamedGroup.X25519.code(), new byte[32])))),
                        new Rule(
                                "a share that is no point",
                                ILLEGAL_PARAMETER,
                                adding(KeyShareOffer.of(new KeyShareEntry(NamedGroup.SECP256R1.code(), new byte[65])))),
                        new Rule("a tiny record size limit", ILLEGAL_PARAMETER, adding(new RecordSizeLimit(63))),
                        new Rule(
                                "a name that is none",
                                ILLEGAL_PARAMETER,
                                adding(new ServerNames(List.of(new ServerName(0, new byte[] {'a', 0, 'b'}))))),
                        new Rule(
                                "schemes that only sign certificates",
                                HANDSHAKE_FAILURE,
                                adding(new SignatureAlgorithms(Codes.of(0x0401, 0x0203, GREASE))))),
                rule -> assertAlert(rule.alert, ClientHello.class, 0, rule.change));
    }

    @Test
    void greaseChangesNothing() throws SspiException {
        UnaryOperator<ClientHello> grease = hello -> {
            List<Extension> extensions = new ArrayList<>(List.of(new RawExtension(GREASE, new byte[0])));
            for (Extension extension : hello.extensions().list()) {
                extensions.add(
                        extension instanceof SupportedVersions
                                ? new SupportedVersions(Codes.of(GREASE, 0x0304))
                                : extension instanceof PskKeyExchangeModes
                                        ? PskKeyExchangeModes.of(0x0B, PskKeyExchangeModes.PSK_DHE_KE)
                                        : extension);
            }
            extensions.add(new RawExtension(0xDADA, new byte[1]));
            return ClientHello.of(
                    hello.random(),
                    hello.legacySessionId(),
                    Codes.of(GREASE, 0x1301, 0x1302),
                    Extensions.of(extensions));
        };
        // The client did not send that, so its server's Finished does not verify: everything before is accepted.
        SspiException failure = assertThrows(SspiException.class, () -> connect(ClientHello.class, 0, grease));
        assertTrue(server.state instanceof ServerHandshake.WaitFinished, failure::toString);
    }

    @TestFactory
    List<DynamicTest> aSecondClientHelloIsTheFirstWithTheShareThatWasAskedFor() {
        return tests(
                List.of(
                        new Rule("other suites", ILLEGAL_PARAMETER, suites(0x1302)),
                        new Rule(
                                "another random",
                                ILLEGAL_PARAMETER,
                                hello -> ClientHello.of(
                                        new byte[32],
                                        hello.legacySessionId(),
                                        hello.cipherSuites(),
                                        hello.extensions())),
                        new Rule(
                                "another session id",
                                ILLEGAL_PARAMETER,
                                hello -> ClientHello.of(
                                        hello.random(), new byte[32], hello.cipherSuites(), hello.extensions())),
                        new Rule("an extension more", ILLEGAL_PARAMETER, adding(ApplicationProtocols.of("h2"))),
                        new Rule("an extension less", ILLEGAL_PARAMETER, without(ExtensionType.RECORD_SIZE_LIMIT)),
                        new Rule("early data", ILLEGAL_PARAMETER, adding(new Indication(ExtensionType.EARLY_DATA))),
                        new Rule("a cookie", ILLEGAL_PARAMETER, adding(new Cookie(new byte[] {1}))),
                        new Rule(
                                "the same share again",
                                ILLEGAL_PARAMETER,
                                adding(KeyShareOffer.of(new KeyShareEntry(NamedGroup.X25519.code(), new byte[32])))),
                        new Rule("no share", ILLEGAL_PARAMETER, adding(KeyShareOffer.of())),
                        new Rule(
                                "two shares",
                                ILLEGAL_PARAMETER,
                                hello -> with(
                                        hello,
                                        hello.extensions()
                                                .with(KeyShareOffer.of(
                                                        hello.extensions()
                                                                .find(Shape.KEY_SHARE_OFFER)
                                                                .orElseThrow()
                                                                .shares()
                                                                .get(0),
                                                        new KeyShareEntry(NamedGroup.X25519.code(), new byte[32])))))),
                rule -> {
                    retrying();
                    assertAlert(rule.alert, ClientHello.class, 1, rule.change);
                });
    }

    private void retrying() {
        forClient.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
        forServer.groups(List.of(NamedGroup.SECP256R1));
    }

    private static ServerHello with(ServerHello hello, Extensions extensions) {
        return ServerHello.of(hello.random(), hello.legacySessionIdEcho(), hello.cipherSuite(), extensions);
    }

    @Test
    void aClientJudgesTheServerHello() {
        class Case {
            void is(AlertDescription alert, UnaryOperator<ServerHello> change) {
                assertAlert(alert, ServerHello.class, 0, change);
            }
        }
        Case serverHello = new Case();
        byte[] sentinel12 = new byte[32];
        System.arraycopy(new byte[] {'D', 'O', 'W', 'N', 'G', 'R', 'D', 1}, 0, sentinel12, 24, 8);
        byte[] sentinel11 = sentinel12.clone();
        sentinel11[31] = 0;
        serverHello.is(PROTOCOL_VERSION, h -> with(h, Extensions.ABSENT));
        for (byte[] sentinel : List.of(sentinel12, sentinel11)) {
            serverHello.is(
                    ILLEGAL_PARAMETER,
                    h -> ServerHello.of(sentinel, h.legacySessionIdEcho(), 0xC02B, Extensions.ABSENT));
        }
        serverHello.is(ILLEGAL_PARAMETER, h -> with(h, h.extensions().with(new SelectedVersion(0x0303))));
        serverHello.is(
                ILLEGAL_PARAMETER,
                h -> new ServerHello(0x0304, h.random(), h.legacySessionIdEcho(), h.cipherSuite(), 0, h.extensions()));
        serverHello.is(
                ILLEGAL_PARAMETER, h -> ServerHello.of(h.random(), new byte[32], h.cipherSuite(), h.extensions()));
        serverHello.is(
                ILLEGAL_PARAMETER, h -> ServerHello.of(h.random(), new byte[0], h.cipherSuite(), h.extensions()));
        serverHello.is(
                ILLEGAL_PARAMETER,
                h -> new ServerHello(0x0303, h.random(), h.legacySessionIdEcho(), h.cipherSuite(), 1, h.extensions()));
        for (int suite : new int[] {0x1304, 0xC02B, GREASE}) {
            serverHello.is(
                    ILLEGAL_PARAMETER, h -> ServerHello.of(h.random(), h.legacySessionIdEcho(), suite, h.extensions()));
        }
        serverHello.is(UNSUPPORTED_EXTENSION, h -> with(h, h.extensions().with(new PreSharedKeySelection(0))));
        serverHello.is(UNSUPPORTED_EXTENSION, h -> with(h, h.extensions().with(new RawExtension(GREASE, new byte[0]))));
        serverHello.is(ILLEGAL_PARAMETER, h -> with(h, h.extensions().with(ApplicationProtocols.of("h2"))));
        serverHello.is(MISSING_EXTENSION, h -> with(h, h.extensions().without(ExtensionType.KEY_SHARE)));
        for (NamedGroup group : List.of(NamedGroup.SECP256R1, NamedGroup.X448)) {
            serverHello.is(
                    ILLEGAL_PARAMETER,
                    h -> with(
                            h, h.extensions().with(new KeyShareAnswer(new KeyShareEntry(group.code(), new byte[65])))));
        }
        serverHello.is(
                ILLEGAL_PARAMETER,
                h -> with(
                        h,
                        h.extensions()
                                .with(new KeyShareAnswer(new KeyShareEntry(NamedGroup.X25519.code(), new byte[32])))));
    }

    @Test
    void aClientJudgesTheHelloRetryRequest() {
        retrying();
        class Case {
            void is(AlertDescription alert, Function<HelloRetryRequest, HandshakeMessage> change) {
                assertAlert(alert, HelloRetryRequest.class, 0, change);
            }

            void with(AlertDescription alert, UnaryOperator<Extensions> change) {
                is(
                        alert,
                        h -> HelloRetryRequest.of(
                                h.legacySessionIdEcho(), h.cipherSuite(), change.apply(h.extensions())));
            }
        }
        Case retry = new Case();
        retry.with(ILLEGAL_PARAMETER, e -> e.with(new KeyShareRetry(NamedGroup.X25519.code())));
        retry.with(ILLEGAL_PARAMETER, e -> e.with(new KeyShareRetry(NamedGroup.SECP384R1.code())));
        retry.with(ILLEGAL_PARAMETER, e -> e.with(new KeyShareRetry(GREASE)));
        retry.with(ILLEGAL_PARAMETER, e -> e.without(ExtensionType.KEY_SHARE));
        retry.with(MISSING_EXTENSION, e -> e.without(ExtensionType.SUPPORTED_VERSIONS));
        retry.with(ILLEGAL_PARAMETER, e -> e.with(new SelectedVersion(0x0303)));
        retry.with(UNSUPPORTED_EXTENSION, e -> e.with(new RawExtension(GREASE, new byte[0])));
        retry.is(ILLEGAL_PARAMETER, h -> HelloRetryRequest.of(new byte[32], h.cipherSuite(), h.extensions()));
        retry.is(ILLEGAL_PARAMETER, h -> HelloRetryRequest.of(h.legacySessionIdEcho(), 0x1304, h.extensions()));
        retry.is(
                ILLEGAL_PARAMETER,
                h -> new HelloRetryRequest(0x0303, h.legacySessionIdEcho(), h.cipherSuite(), 1, h.extensions()));
        retry.is(
                ILLEGAL_PARAMETER,
                h -> new HelloRetryRequest(0x0301, h.legacySessionIdEcho(), h.cipherSuite(), 0, h.extensions()));
        // After a retry the server keeps to the suite and the group.
        assertAlert(
                ILLEGAL_PARAMETER,
                ServerHello.class,
                0,
                h -> ServerHello.of(h.random(), h.legacySessionIdEcho(), 0x1301, h.extensions()));
        assertAlert(
                ILLEGAL_PARAMETER,
                ServerHello.class,
                0,
                h -> with(
                        h,
                        h.extensions()
                                .with(new KeyShareAnswer(new KeyShareEntry(NamedGroup.X25519.code(), new byte[32])))));
    }

    @Test
    void aCookieComesBackAsItWas() throws SspiException {
        retrying();
        byte[] cookie = {1, 2, 3};
        // The server did not send it, so it refuses what comes back.
        assertThrows(
                SspiException.class,
                () -> connect(
                        HelloRetryRequest.class,
                        0,
                        h -> HelloRetryRequest.of(
                                h.legacySessionIdEcho(),
                                h.cipherSuite(),
                                h.extensions().without(ExtensionType.KEY_SHARE).with(new Cookie(cookie)))));
        assertSame(server, receiver);
        ClientHello first =
                (ClientHello) Inbound.decode(client.sent.get(0), null).message();
        ClientHello second =
                (ClientHello) Inbound.decode(client.sent.get(1), null).message();
        assertArrayEquals(
                cookie, second.extensions().find(Shape.COOKIE).orElseThrow().cookie());
        assertArrayEquals(
                with(first, Extensions.NONE).toBytes(),
                with(second, Extensions.NONE).toBytes());
        assertEquals(
                first.extensions()
                        .find(Shape.KEY_SHARE_OFFER)
                        .orElseThrow()
                        .shares()
                        .get(0)
                        .group(),
                second.extensions()
                        .find(Shape.KEY_SHARE_OFFER)
                        .orElseThrow()
                        .shares()
                        .get(0)
                        .group());
    }

    @Test
    void aClientJudgesTheEncryptedExtensions() {
        forClient.applicationProtocols(List.of("h2"));
        class Case {
            void is(AlertDescription alert, Extension extension) {
                assertAlert(
                        alert,
                        EncryptedExtensions.class,
                        0,
                        e -> new EncryptedExtensions(e.extensions().with(extension)));
            }
        }
        Case with = new Case();
        with.is(ILLEGAL_PARAMETER, ApplicationProtocols.of("http/1.1"));
        with.is(ILLEGAL_PARAMETER, ApplicationProtocols.of("h2", "h2"));
        with.is(UNSUPPORTED_EXTENSION, new Indication(ExtensionType.EARLY_DATA));
        with.is(UNSUPPORTED_EXTENSION, new Indication(ExtensionType.SERVER_NAME));
        with.is(UNSUPPORTED_EXTENSION, new RawExtension(GREASE, new byte[0]));
        with.is(ILLEGAL_PARAMETER, new RecordSizeLimit(63));
        with.is(ILLEGAL_PARAMETER, new Cookie(new byte[] {1}));
    }

    @Test
    void certificatesAreJudgedOnBothSides() {
        forServer.clientAuthentication(ClientAuthentication.NEED);
        for (int side : new int[] {0, 1}) {
            Function<CertificateMessage, Entry> own =
                    message -> message.entries().get(0);
            assertAlert(
                    ILLEGAL_PARAMETER,
                    CertificateMessage.class,
                    side,
                    m -> new CertificateMessage(new byte[] {1}, m.entries()));
            assertAlert(
                    UNSUPPORTED_EXTENSION,
                    CertificateMessage.class,
                    side,
                    m -> new CertificateMessage(
                            new byte[0],
                            List.of(new Entry(
                                    own.apply(m).certificate(),
                                    Extensions.of(new CertificateStatus(new byte[] {1}))))));
            for (byte[] garbage : List.of(new byte[] {1}, new byte[] {0x30, 0}, "-----BEGIN".getBytes())) {
                assertAlert(
                        AlertDescription.BAD_CERTIFICATE,
                        CertificateMessage.class,
                        side,
                        m -> new CertificateMessage(new byte[0], List.of(new Entry(garbage, Extensions.NONE))));
            }
            assertAlert(
                    AlertDescription.BAD_CERTIFICATE,
                    CertificateMessage.class,
                    side,
                    m -> new CertificateMessage(
                            new byte[0],
                            List.of(new Entry(
                                    Arrays.copyOf(
                                            own.apply(m).certificate(),
                                            own.apply(m).certificate().length + 1),
                                    Extensions.NONE))));
        }
        assertAlert(DECODE_ERROR, CertificateMessage.class, 0, m -> new CertificateMessage(new byte[0], List.of()));
        assertAlert(
                AlertDescription.CERTIFICATE_REQUIRED,
                CertificateMessage.class,
                1,
                m -> new CertificateMessage(new byte[0], List.of()));
    }

    @Test
    void proofsAreJudgedOnBothSides() {
        forServer.clientAuthentication(ClientAuthentication.NEED);
        for (int side : new int[] {0, 1}) {
            class Case {
                void is(AlertDescription alert, SignatureScheme scheme) {
                    assertAlert(
                            alert,
                            CertificateVerify.class,
                            side,
                            v -> new CertificateVerify(scheme.code(), v.signature()));
                }
            }
            Case with = new Case();
            with.is(ILLEGAL_PARAMETER, SignatureScheme.RSA_PKCS1_SHA256);
            with.is(ILLEGAL_PARAMETER, SignatureScheme.ECDSA_SHA1);
            with.is(ILLEGAL_PARAMETER, SignatureScheme.ECDSA_SECP384R1_SHA384);
            with.is(ILLEGAL_PARAMETER, SignatureScheme.RSA_PSS_RSAE_SHA256);
            assertAlert(DECRYPT_ERROR, CertificateVerify.class, side, v -> {
                byte[] signature = v.signature().clone();
                signature[signature.length - 1] ^= 1;
                return new CertificateVerify(v.algorithm(), signature);
            });
            assertAlert(
                    DECRYPT_ERROR,
                    CertificateVerify.class,
                    side,
                    v -> new CertificateVerify(v.algorithm(), new byte[0]));
            assertAlert(DECRYPT_ERROR, Finished.class, side, f -> {
                byte[] data = f.verifyData().clone();
                data[0] ^= 1;
                return new Finished(data);
            });
            assertAlert(DECRYPT_ERROR, Finished.class, side, f -> new Finished(new byte[32]));
        }
    }

    @Test
    void aSchemeThatWasNotOfferedIsNoProof() {
        forClient.schemes(List.of(SignatureScheme.ECDSA_SECP256R1_SHA256));
        assertAlert(
                ILLEGAL_PARAMETER,
                CertificateVerify.class,
                0,
                v -> new CertificateVerify(SignatureScheme.ED25519.code(), v.signature()));
    }

    @Test
    void aCertificateRequestNamesItsSchemesAndHasNoContext() {
        forServer.clientAuthentication(ClientAuthentication.WANT);
        assertAlert(
                ILLEGAL_PARAMETER,
                CertificateRequest.class,
                0,
                r -> new CertificateRequest(new byte[] {1}, r.extensions()));
        assertAlert(
                MISSING_EXTENSION,
                CertificateRequest.class,
                0,
                r -> new CertificateRequest(r.context(), Extensions.of(new RawExtension(GREASE, new byte[0]))));
    }

    private void resuming() throws SspiException {
        forServer.tickets(tickets);
        connect(ClientHello.class, 9, hello -> hello);
        forClient.resumption(client.tickets.get(0));
    }

    private static ClientHello withOffer(ClientHello hello, UnaryOperator<PreSharedKeyOffer> change) {
        PreSharedKeyOffer offer =
                hello.extensions().find(Shape.PRE_SHARED_KEY_OFFER).orElseThrow();
        return with(hello, hello.extensions().with(change.apply(offer)));
    }

    @Test
    void aBinderThatDoesNotVerifyIsDecryptError() throws SspiException {
        resuming();
        assertAlert(
                DECRYPT_ERROR,
                ClientHello.class,
                0,
                hello -> withOffer(hello, offer -> {
                    byte[] binder = offer.binders().get(0).clone();
                    binder[5] ^= 1;
                    return new PreSharedKeyOffer(offer.identities(), List.of(binder));
                }));
    }

    @Test
    void aTicketThatClaimsToBeTooOldIsAFullHandshake() throws SspiException {
        resuming();
        assertThrows(
                SspiException.class,
                () -> connect(
                        ClientHello.class,
                        0,
                        hello -> withOffer(
                                hello,
                                offer -> new PreSharedKeyOffer(
                                        List.of(new PreSharedKeyOffer.PskIdentity(
                                                offer.identities().get(0).identity(),
                                                offer.identities().get(0).obfuscatedTicketAge() + 4_000_000
                                                        & 0xFFFF_FFFFL)),
                                        offer.binders()))));
        // A wrong binder would have been decrypt_error: the key was not looked at, and the server sent its certificate.
        assertTrue(server.sent.stream().anyMatch(message -> message[0] == 11));
    }

    @Test
    void aKeyAloneWithoutDiffieHellmanIsNotResumedAndGetsNoTicket() throws SspiException {
        resuming();
        assertThrows(
                SspiException.class,
                () -> connect(
                        ClientHello.class,
                        0,
                        hello -> with(
                                hello, hello.extensions().with(PskKeyExchangeModes.of(PskKeyExchangeModes.PSK_KE)))));
        assertTrue(server.sent.stream().anyMatch(message -> message[0] == 11));
    }

    @Test
    void aServerChoosesOnlyTheKeyThatWasOffered() throws SspiException {
        resuming();
        assertAlert(
                ILLEGAL_PARAMETER,
                ServerHello.class,
                0,
                h -> with(h, h.extensions().with(new PreSharedKeySelection(1))));
        forClient = HandshakeSettings.builder(clientWishes).versions(List.of(ProtocolVersion.TLS13));
        resuming();
        assertAlert(
                ILLEGAL_PARAMETER,
                ServerHello.class,
                0,
                h -> ServerHello.of(h.random(), h.legacySessionIdEcho(), 0x1301, h.extensions()));
    }

    @Test
    void earlyDataIsPassedOverUntilTheClientsNextMessage() throws SspiException {
        resuming();
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertFalse(server.state.skipEarlyData());
        ClientHello hello = (ClientHello)
                Inbound.decode(client.outgoing.remove().message(), null).message();
        // An unknown key: its binder is not looked at.
        ClientHello eager = with(
                hello,
                hello.extensions()
                        .without(ExtensionType.PRE_SHARED_KEY)
                        .with(new Indication(ExtensionType.EARLY_DATA))
                        .with(unknownKey()));
        State busy = server.state.on(Inbound.decode(eager.toBytes(), null), server);
        assertTrue(busy.skipEarlyData());
        server.state = ((Busy) busy).run(server);
        assertTrue(server.state.skipEarlyData());
        EncryptedExtensions answer = (EncryptedExtensions)
                Inbound.decode(server.sent.get(1), ProtocolVersion.TLS13).message();
        assertFalse(answer.extensions().has(ExtensionType.EARLY_DATA));

        retrying();
        server = Peer.server(forServer.build());
        ClientHello needsRetry = with(
                eager,
                eager.extensions()
                        .without(ExtensionType.PRE_SHARED_KEY)
                        .with(KeyShareOffer.of())
                        .with(unknownKey()));
        server.receive(needsRetry.toBytes());
        assertTrue(server.state.skipEarlyData());
    }

    @Test
    void ticketsThatMustNotBeKeptAreNotOffered() throws SspiException {
        connect(ClientHello.class, 9, hello -> hello);
        byte[] one = {1};
        client.receive(new NewSessionTicket(0, 0, one, one, Extensions.NONE).toBytes());
        assertEquals(0, client.tickets.size());
        client.receive(new NewSessionTicket(0xFFFF_FFFFL, 0xFFFF_FFFFL, one, one, Extensions.NONE).toBytes());
        assertEquals(604_800, client.tickets.get(0).lifetimeSeconds());
        client.connected().session().invalidate();
        client.receive(new NewSessionTicket(10, 0, one, one, Extensions.NONE).toBytes());
        assertEquals(1, client.tickets.size());
    }

    @Test
    void aTicketIsUsableForItsLifetimeOnly() throws SspiException {
        connect(ClientHello.class, 9, hello -> hello);
        TlsSession session = client.connected().session();
        ResumableSession ticket = new ResumableSession(
                client.connected().suite(),
                Secret.owning(new byte[48]),
                new byte[] {1},
                false,
                0,
                10,
                1000,
                session,
                List.of(),
                "",
                ClientAuthentication.NONE,
                null,
                EarlyDataGrant.NONE);
        assertTrue(ticket.isUsableAt(11_000));
        assertFalse(ticket.isUsableAt(11_001));
        assertFalse(ticket.isUsableAt(999));
        ticket.destroy();
        assertFalse(ticket.isUsableAt(2000));
    }

    @Test
    void pkcs1IsOfferedForCertificatesAndIsNoProof() {
        forServer = HandshakeSettings.builder(new Wishes(TestCertificates.selfSigned(KeyKind.RSA)))
                .versions(List.of(ProtocolVersion.TLS13));
        assertTrue(HandshakeSettings.DEFAULT_SCHEMES.contains(SignatureScheme.RSA_PKCS1_SHA256));
        assertAlert(
                ILLEGAL_PARAMETER,
                CertificateVerify.class,
                0,
                v -> new CertificateVerify(SignatureScheme.RSA_PKCS1_SHA256.code(), v.signature()));
        // The same key under the identifier of the other kind of RSA key.
        assertAlert(
                ILLEGAL_PARAMETER,
                CertificateVerify.class,
                0,
                v -> new CertificateVerify(SignatureScheme.RSA_PSS_PSS_SHA256.code(), v.signature()));
    }

    @Test
    void aTicketForAnotherNameIsAFullHandshake() throws SspiException {
        resuming();
        assertThrows(
                SspiException.class,
                () -> connect(ClientHello.class, 0, hello -> {
                    List<Extension> extensions = new ArrayList<>(List.of(ServerNames.ofHost("other.example")));
                    extensions.addAll(hello.extensions().list());
                    return with(hello, Extensions.of(extensions));
                }));
        // The binder of the changed hello is wrong, which the server would have said had it chosen the key.
        assertSame(client, receiver);
        assertTrue(server.sent.stream().anyMatch(message -> message[0] == 11));
    }

    @Test
    void aKeyOfAnotherHashThanTheRetrysSuiteIsNotOfferedAgain() throws SspiException {
        resuming();
        retrying();
        forServer.suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256));
        connect(ClientHello.class, 9, hello -> hello);
        ClientHello first =
                (ClientHello) Inbound.decode(client.sent.get(0), null).message();
        ClientHello second =
                (ClientHello) Inbound.decode(client.sent.get(1), null).message();
        assertTrue(first.extensions().has(ExtensionType.PRE_SHARED_KEY));
        assertFalse(second.extensions().has(ExtensionType.PRE_SHARED_KEY));
        assertFalse(client.connected().session().resumed());
    }

    @Test
    void aCallbackThatFailsIsOneClearError() {
        clientWishes = new Wishes(IDENTITY) {
            @Override
            public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {
                throw new IllegalArgumentException("broken");
            }
        };
        forClient = HandshakeSettings.builder(clientWishes).versions(List.of(ProtocolVersion.TLS13));
        SspiException failure = assertThrows(SspiException.class, () -> connect(ClientHello.class, 9, hello -> hello));
        assertEquals(INTERNAL_ERROR, Peer.alert(failure));
        assertTrue(failure.getCause() instanceof IllegalArgumentException);
    }

    @Test
    void aCallbackRefusesWithTheAlertThatItNames() {
        for (int alert : new int[] {RefusalException.ACCESS_DENIED, RefusalException.HANDSHAKE_FAILURE, 200}) {
            assertRefused(alert, new Wishes(IDENTITY) {
                @Override
                public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {
                    throw new RefusalException(alert, "not today");
                }
            });
        }
    }

    private void assertRefused(int alert, Wishes wishes) {
        clientWishes = wishes;
        forClient = HandshakeSettings.builder(clientWishes).versions(List.of(ProtocolVersion.TLS13));
        SspiException failure = assertThrows(SspiException.class, () -> connect(ClientHello.class, 9, hello -> hello));
        assertEquals(alert, failure.alert().orElseThrow());
        assertEquals("refused: not today", failure.getMessage());
        assertTrue(failure.getCause() instanceof RefusalException);
    }

    /** RFC 8701 4: what is offered to keep servers tolerant must not be chosen. */
    @Test
    void aServerThatChoosesAReservedValueIsRefused() {
        forClient.grease(true);
        int[] offered = new int[1];
        Function<Extensions, Extensions> echoing = extensions -> {
            try {
                ClientHello hello =
                        (ClientHello) Inbound.decode(client.sent.get(0), null).message();
                offered[0] = hello.extensions().list().get(0).code();
                return extensions.with(new RawExtension(offered[0], new byte[0]));
            } catch (SspiException e) {
                throw new AssertionError(e);
            }
        };
        assertAlert(UNSUPPORTED_EXTENSION, ServerHello.class, 0, h -> with(h, echoing.apply(h.extensions())));
        assertAlert(
                UNSUPPORTED_EXTENSION,
                EncryptedExtensions.class,
                0,
                e -> new EncryptedExtensions(echoing.apply(e.extensions())));
        assertTrue(Grease.isGrease(offered[0]));
        assertAlert(ILLEGAL_PARAMETER, ServerHello.class, 0, h -> {
            try {
                int suite = ((ClientHello)
                                Inbound.decode(client.sent.get(0), null).message())
                        .cipherSuites()
                        .get(0);
                return ServerHello.of(h.random(), h.legacySessionIdEcho(), suite, h.extensions());
            } catch (SspiException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Before anything that costs: no certificate was looked for, and nothing was sent. */
    @Test
    void aClientThatIsNotAdmittedCostsNothing() {
        for (ProtocolVersion version : List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12)) {
            List<String> seen = new ArrayList<>();
            Wishes overloaded = new Wishes(IDENTITY) {
                @Override
                public void admit(HandshakeInfo info) {
                    seen.add(info.session().protocol());
                    seen.add(info.session().requestedServerNames().toString());
                    throw new RefusalException(RefusalException.INTERNAL_ERROR, "too many");
                }
            };
            forClient = HandshakeSettings.builder(clientWishes)
                    .versions(List.of(version))
                    .serverNames(List.of(new SNIHostName("server.example")));
            forServer = HandshakeSettings.builder(overloaded).versions(List.of(version));
            SspiException failure =
                    assertThrows(SspiException.class, () -> connect(ClientHello.class, 9, hello -> hello));
            assertEquals(RefusalException.INTERNAL_ERROR, failure.alert().orElseThrow());
            assertEquals(version.standardName(), seen.get(0));
            assertTrue(seen.get(1).contains("server.example"), seen::toString);
            assertEquals(2, seen.size(), "asked once");
            assertEquals(List.of(), overloaded.asked);
            assertEquals(0, server.sent.size());
        }
    }

    @Test
    void aServerRefusesWithTheAlertThatItNames() {
        Map<String, Wishes> refusing = Map.of(
                "selectIdentity",
                new Wishes(IDENTITY) {
                    @Override
                    public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
                        throw new RefusalException(RefusalException.HANDSHAKE_FAILURE, "not today");
                    }
                },
                "selectApplicationProtocol",
                new Wishes(IDENTITY) {
                    @Override
                    public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
                        throw new RefusalException(RefusalException.HANDSHAKE_FAILURE, "not today");
                    }
                },
                "matchServerName",
                new Wishes(IDENTITY) {
                    @Override
                    public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
                        throw new RefusalException(RefusalException.HANDSHAKE_FAILURE, "not today");
                    }
                });
        refusing.forEach((method, wishes) -> {
            forClient.applicationProtocols(List.of("h2")).serverNames(List.of(new SNIHostName("server.example")));
            forServer = HandshakeSettings.builder(wishes).versions(List.of(ProtocolVersion.TLS13));
            SspiException failure =
                    assertThrows(SspiException.class, () -> connect(ClientHello.class, 9, hello -> hello), method);
            assertEquals(RefusalException.HANDSHAKE_FAILURE, failure.alert().orElseThrow(), method);
            assertEquals("refused: not today", failure.getMessage(), method);
        });
    }
}
