package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HelloRequest;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RenegotiationInfo;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SupportedVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client and server talk TLS 1.2 to each other in memory. */
class Handshake12Test {
    private static final Identity ECDSA = TestCertificates.selfSigned(KeyKind.P256);
    private static final Identity RSA = TestCertificates.selfSigned(KeyKind.RSA);
    private static final List<ProtocolVersion> TLS12 = List.of(ProtocolVersion.TLS12);

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes(ECDSA, RSA);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings() {
        return HandshakeSettings.builder(clientWishes).versions(TLS12);
    }

    private HandshakeSettings.Builder serverSettings() {
        return HandshakeSettings.builder(serverWishes);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertArrayEquals(client.writeKey, server.readKey);
        assertArrayEquals(server.writeKey, client.readKey);
        assertFalse(Arrays.equals(client.writeKey, server.writeKey));
        for (Peer peer : List.of(client, server)) {
            assertEquals(ProtocolVersion.TLS12, peer.connected().version());
            assertEquals("TLSv1.2", peer.connected().session().protocol());
        }
        assertEquals(client.connected().suite(), server.connected().suite());
        assertEquals(client.connected().group(), server.connected().group());
        assertEquals(
                client.connected().applicationProtocol(), server.connected().applicationProtocol());
        assertArrayEquals(client.connected().tlsUnique(), server.connected().tlsUnique());
        for (byte[] context : new byte[][] {null, {}, {1}}) {
            assertArrayEquals(
                    client.connected().exportKeyingMaterial("EXPORTER-test", context, 40),
                    server.connected().exportKeyingMaterial("EXPORTER-test", context, 40));
        }
    }

    private AlertDescription alertOf(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(forClient, forServer));
        return Peer.alert(failure);
    }

    /** Changes the ClientHello on its way, and says what the server answers. */
    private AlertDescription alertOfHello(java.util.function.UnaryOperator<ClientHello> change) throws SspiException {
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().build());
        ClientHello hello = (ClientHello)
                Inbound.decode(client.outgoing.remove().message(), null).message();
        byte[] changed = change.apply(hello).toBytes();
        return Peer.alert(assertThrows(SspiException.class, () -> server.receive(changed)));
    }

    /** Changes the ServerHello on its way, and says what the client answers. */
    private AlertDescription alertOfAnswer(
            HandshakeSettings.Builder forClient,
            HandshakeSettings.Builder forServer,
            java.util.function.UnaryOperator<ServerHello> change)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        server.receive(client.outgoing.remove());
        ServerHello answer =
                (ServerHello) Inbound.decode(server.outgoing.remove().message(), ProtocolVersion.TLS12)
                        .message();
        byte[] changed = change.apply(answer).toBytes();
        return Peer.alert(assertThrows(SspiException.class, () -> client.receive(changed)));
    }

    private static ServerHello with(ServerHello hello, Extensions extensions) {
        return new ServerHello(
                hello.legacyVersion(),
                hello.random(),
                hello.legacySessionIdEcho(),
                hello.cipherSuite(),
                hello.legacyCompressionMethod(),
                extensions);
    }

    private static ClientHello with(ClientHello hello, Extensions extensions) {
        return ClientHello.of(hello.random(), hello.legacySessionId(), hello.cipherSuites(), extensions);
    }

    @ParameterizedTest
    @EnumSource(value = CipherSuite.class, mode = EnumSource.Mode.MATCH_ALL, names = "TLS_ECDHE_(ECDSA|RSA)_.*")
    void everySuiteConnectsWithTheCertificateThatItNames(CipherSuite suite) throws SspiException {
        connect(clientSettings().suites(List.of(suite)), serverSettings());
        assertEquals(suite, client.connected().suite());
        boolean rsa = suite.authentication().orElseThrow() == CipherSuite.Authentication.RSA;
        assertEquals((rsa ? RSA : ECDSA).chain(), client.connected().session().peerCertificates());
        assertEquals(rsa ? "ECDHE_RSA" : "ECDHE_ECDSA", clientWishes.authType);
    }

    @ParameterizedTest
    @EnumSource(
            value = NamedGroup.class,
            names = {"SECP256R1", "SECP384R1", "SECP521R1", "X25519", "X448"})
    void everyCurveConnects(NamedGroup group) throws SspiException {
        connect(clientSettings().groups(List.of(group)), serverSettings().groups(List.of(group)));
        assertEquals(group, client.connected().group());
    }

    @Test
    void hybridGroupsAreForTls13Alone() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertEquals(NamedGroup.X25519, client.connected().group());
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(), serverSettings().groups(List.of(NamedGroup.X25519_MLKEM768))));
    }

    @ParameterizedTest
    @EnumSource(value = KeyKind.class, mode = EnumSource.Mode.MATCH_NONE, names = "ML_DSA.*")
    void everyKindOfKeyAuthenticatesBothSides(KeyKind kind) throws SspiException {
        Identity identity = TestCertificates.selfSigned(kind);
        serverWishes.identities.clear();
        serverWishes.identities.add(identity);
        clientWishes.identities.add(identity);
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.NEED));
        assertEquals(identity.chain(), client.connected().session().peerCertificates());
        assertEquals(identity.chain(), server.connected().session().peerCertificates());
        assertEquals(identity.chain(), client.connected().session().localCertificates());
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void everySchemeThatMaySignAHandshakeDoesAndNoOther(SignatureScheme scheme) throws SspiException {
        serverWishes.identities.clear();
        for (KeyKind kind : KeyKind.values()) {
            serverWishes.identities.add(TestCertificates.selfSigned(kind));
        }
        HandshakeSettings.Builder settings = clientSettings().schemes(List.of(scheme));
        if (!scheme.signsHandshake12()) {
            assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(settings, serverSettings()));
            return;
        }
        connect(settings, serverSettings());
        byte[] share = server.sent.stream()
                .filter(message -> message[0] == 12)
                .findFirst()
                .orElseThrow();
        int algorithm = 4 + 1 + 2 + 1 + share[7];
        assertEquals(scheme.code(), (share[algorithm] & 0xFF) << 8 | share[algorithm + 1] & 0xFF);
    }

    @Test
    void anEcdsaSchemeNamesItsHashAloneSoThatAnyCurveSigns() throws SspiException {
        serverWishes.identities.clear();
        serverWishes.identities.add(TestCertificates.selfSigned(KeyKind.P384));
        connect(clientSettings().schemes(List.of(SignatureScheme.ECDSA_SECP256R1_SHA256)), serverSettings());
        assertEquals(ProtocolVersion.TLS12, client.connected().version());
    }

    @Test
    void theBestCommonVersionIsChosen() throws SspiException {
        for (List<ProtocolVersion> versions : List.of(TLS12, HandshakeSettings.DEFAULT_VERSIONS)) {
            connect(
                    HandshakeSettings.builder(clientWishes),
                    serverSettings().versions(TLS12).tickets(tickets));
            connect(clientSettings(), serverSettings().versions(versions));
        }
        client = Peer.client(HandshakeSettings.builder(clientWishes).build());
        server = Peer.server(serverSettings().build());
        Peer.run(client, server);
        assertEquals(ProtocolVersion.TLS13, client.connected().version());
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOf(clientSettings(), serverSettings().versions(List.of(ProtocolVersion.TLS13))));
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOf(
                        clientSettings().versions(List.of(ProtocolVersion.TLS13)),
                        serverSettings().versions(TLS12)));
    }

    @Test
    void aDowngradeIsSeenByBothSentinels() throws SspiException {
        for (String sentinel : List.of("444f574e47524401", "444f574e47524400", "edbfb4a8c24710ff")) {
            assertEquals(
                    AlertDescription.ILLEGAL_PARAMETER,
                    alertOfAnswer(
                            HandshakeSettings.builder(clientWishes),
                            serverSettings().versions(TLS12),
                            hello -> {
                                byte[] end = HexFormat.of().parseHex(sentinel);
                                System.arraycopy(end, 0, hello.random(), 24, 8);
                                return hello;
                            }));
        }
        // A server that knows TLS 1.3 says so; one that does not, does not.
        connect(clientSettings(), serverSettings());
        assertEquals("DOWNGRD\u0001", randomEnd(server));
        connect(clientSettings(), serverSettings().versions(TLS12));
        assertFalse(randomEnd(server).startsWith("DOWNGRD"));
    }

    private static String randomEnd(Peer server) {
        return new String(server.sent.get(0), 4 + 2 + 24, 8, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aFallbackIsRefusedByItsSign() throws SspiException {
        assertEquals(
                AlertDescription.INAPPROPRIATE_FALLBACK,
                alertOfHello(hello -> new ClientHello(
                        0x0303,
                        hello.random(),
                        new byte[0],
                        Codes.of(0xC02B, 0x5600),
                        new byte[1],
                        hello.extensions())));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0300, 0x0301, 0x0302})
    void nothingBelowTls12IsSpoken(int version) throws SspiException {
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOfHello(hello -> new ClientHello(
                        version,
                        hello.random(),
                        hello.legacySessionId(),
                        hello.cipherSuites(),
                        new byte[1],
                        hello.extensions())));
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOfAnswer(
                        clientSettings(),
                        serverSettings(),
                        hello -> new ServerHello(
                                version,
                                hello.random(),
                                hello.legacySessionIdEcho(),
                                hello.cipherSuite(),
                                0,
                                hello.extensions())));
    }

    @Test
    void aServerJudgesTheHello() throws SspiException {
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                alertOfHello(hello -> new ClientHello(
                        0x0303,
                        hello.random(),
                        new byte[0],
                        hello.cipherSuites(),
                        new byte[] {1},
                        hello.extensions())));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOfHello(hello -> with(hello, hello.extensions().with(new RenegotiationInfo(new byte[] {1})))));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOfHello(hello -> with(hello, hello.extensions().without(ExtensionType.SIGNATURE_ALGORITHMS))));
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                alertOfHello(hello -> with(
                        hello,
                        hello.extensions().with(new org.jsspi.provider.tls.message.EcPointFormats(new byte[] {1})))));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOfHello(hello ->
                        ClientHello.of(hello.random(), new byte[0], Codes.of(0x002F, 0x009C), hello.extensions())));
    }

    @Test
    void aClientJudgesTheAnswer() throws SspiException {
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                alertOfAnswer(
                        clientSettings(),
                        serverSettings(),
                        hello -> new ServerHello(0x0303, hello.random(), new byte[0], 0x1301, 0, hello.extensions())));
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                alertOfAnswer(
                        clientSettings(),
                        serverSettings(),
                        hello -> new ServerHello(
                                0x0303, hello.random(), new byte[0], hello.cipherSuite(), 1, hello.extensions())));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOfAnswer(
                        clientSettings(),
                        serverSettings(),
                        hello -> with(hello, hello.extensions().with(new RenegotiationInfo(new byte[] {1})))));
        // RFC 8446 D.4: the id that is made up stands for no session.
        List<byte[]> asked = new ArrayList<>();
        client = Peer.client(HandshakeSettings.builder(clientWishes).build());
        asked.add(((ClientHello)
                        Inbound.decode(client.outgoing.peek().message(), null).message())
                .legacySessionId());
        server = Peer.server(serverSettings().versions(TLS12).build());
        server.receive(client.outgoing.remove());
        ServerHello answer =
                (ServerHello) Inbound.decode(server.outgoing.remove().message(), ProtocolVersion.TLS12)
                        .message();
        byte[] echo = new ServerHello(
                        0x0303, answer.random(), asked.get(0), answer.cipherSuite(), 0, answer.extensions())
                .toBytes();
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(echo))));
    }

    @Test
    void theExtendedMasterSecretIsUsedWherePossibleAndRequiredOnDemand() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertNotNull(client.connected().tlsUnique());
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().tickets(tickets).build());
        ClientHello hello = (ClientHello)
                Inbound.decode(client.outgoing.remove().message(), null).message();
        byte[] without = with(hello, hello.extensions().without(ExtensionType.EXTENDED_MASTER_SECRET))
                .toBytes();
        server.receive(without);
        assertTrue(server.sent.get(0).length > 0);
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOfAnswer(
                        clientSettings().requireExtendedMasterSecret(true),
                        serverSettings(),
                        answer -> with(answer, answer.extensions().without(ExtensionType.EXTENDED_MASTER_SECRET))));
        Peer strict =
                Peer.server(serverSettings().requireExtendedMasterSecret(true).build());
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                Peer.alert(assertThrows(SspiException.class, () -> strict.receive(without))));
    }

    /** RFC 7627 5.4: neither exporters nor tls-unique, which bind to nothing then. */
    @Test
    void withoutTheExtendedMasterSecretNothingIsExported() throws SspiException {
        connect(clientSettings().disabledExtensions(Set.of(ExtensionType.EXTENDED_MASTER_SECRET)), serverSettings());
        for (Peer peer : List.of(client, server)) {
            assertNull(peer.connected().exportKeyingMaterial("EXPORTER-test", null, 40));
            assertNull(peer.connected().tlsUnique());
        }
    }

    /** RFC 5705 4: the labels of the protocol itself are reserved. */
    @ParameterizedTest
    @ValueSource(
            strings = {"client finished", "server finished", "master secret", "extended master secret", "key expansion"
            })
    void theLabelsOfTheProtocolExportNothing(String label) throws SspiException {
        connect(clientSettings(), serverSettings());
        assertThrows(IllegalArgumentException.class, () -> client.connected().exportKeyingMaterial(label, null, 40));
    }

    /** RFC 8422 5.1, 5.3: the curves that a client names are those of the certificate too, where that is of ECDSA. */
    @Test
    void anEcdsaCertificateIsOnACurveThatTheClientNames() throws SspiException {
        Identity p384 = TestCertificates.selfSigned(KeyKind.P384);
        Identity ed25519 = TestCertificates.selfSigned(KeyKind.ED25519);
        List<NamedGroup> groups = List.of(NamedGroup.X25519, NamedGroup.SECP256R1);
        serverWishes.identities.clear();
        serverWishes.identities.add(p384);
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE, alertOf(clientSettings().groups(groups), serverSettings()));
        serverWishes.identities.add(ed25519);
        connect(clientSettings().groups(groups), serverSettings());
        assertEquals(ed25519.chain(), client.connected().session().peerCertificates(), "the group is not of its curve");
        serverWishes.identities.remove(ed25519);
        connect(clientSettings(), serverSettings());
        assertEquals(p384.chain(), client.connected().session().peerCertificates());
    }

    /** RFC 8449 4: nothing over the largest record of the versions that are offered. */
    @Test
    void theRecordSizeLimitIsThatOfTheVersion() throws SspiException {
        assertEquals(16384, offeredLimit(clientSettings()));
        assertEquals(16385, offeredLimit(HandshakeSettings.builder(clientWishes)));
        connect(clientSettings(), serverSettings());
        assertEquals(16385, client.limit, "of the content alone, as TLS 1.3 counts");
        assertEquals(16385, server.limit);
    }

    private static int offeredLimit(HandshakeSettings.Builder settings) throws SspiException {
        byte[] hello = Peer.client(settings.build()).outgoing.remove().message();
        return ((ClientHello) Inbound.decode(hello, null).message())
                .extensions()
                .find(Shape.RECORD_SIZE_LIMIT)
                .orElseThrow()
                .limit();
    }

    /** RFC 8446 D.5: SSL 3.0 in the legacy version, whatever supported_versions says. */
    @Test
    void aHelloOfSsl3IsRefused() throws SspiException {
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOfHello(hello -> new ClientHello(
                        0x0300,
                        hello.random(),
                        hello.legacySessionId(),
                        hello.cipherSuites(),
                        new byte[1],
                        hello.extensions().with(new SupportedVersions(Codes.of(0x0303))))));
    }

    /** Ticket and id travel in the clear: who shows one has proven nothing before its Finished. */
    @Test
    void aSessionIsResumedByWhoProvesToHaveItsSecret() throws SspiException {
        connect(clientSettings(), serverSettings().tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        TlsSession atClient = new TlsSession("server.example", 1);
        TlsSession atServer = new TlsSession(null, -1);
        client = Peer.client(
                clientSettings().resumption(session.copy()).session(atClient).build());
        server = Peer.server(serverSettings().tickets(tickets).session(atServer).build());
        server.receive(client.outgoing.remove());
        assertFalse(atServer.resumed());
        client.receive(server.outgoing.remove());
        assertFalse(atClient.resumed());
        Peer.run(client, server);
        assertTrue(atServer.resumed());
        assertTrue(atClient.resumed());
    }

    @Test
    void aTicketResumesTheSession() throws SspiException {
        List<SNIHostName> names = List.of(new SNIHostName("example.org"));
        connect(
                clientSettings().serverNames(List.copyOf(names)),
                serverSettings().tickets(tickets));
        assertEquals(1, client.tickets.size());
        assertFalse(client.tickets.get(0).isSessionId());
        byte[] unique = client.connected().tlsUnique();
        List<?> chain = client.connected().session().peerCertificates();
        String group = client.connected().group().standardName();
        ResumableSession session = client.tickets.get(0);
        connect(
                clientSettings().serverNames(List.copyOf(names)).resumption(session.copy()),
                serverSettings().tickets(tickets));
        assertTrue(client.connected().session().resumed());
        assertTrue(server.connected().session().resumed());
        assertEquals(chain, client.connected().session().peerCertificates());
        assertNull(client.connected().group());
        assertEquals(group, client.connected().session().namedGroup(), "that made its secret");
        assertEquals(group, server.connected().session().namedGroup());
        assertFalse(Arrays.equals(unique, client.connected().tlsUnique()));
        assertEquals(1, client.tickets.size(), "the ticket serves again");
        // RFC 6066 3: not for another name.
        connect(
                clientSettings()
                        .serverNames(List.of(new SNIHostName("example.com")))
                        .resumption(session.copy()),
                serverSettings().tickets(tickets));
        assertFalse(client.connected().session().resumed());
    }

    @Test
    void anIdResumesTheSessionOfAClientWithoutTickets() throws SspiException {
        tickets.count = 0;
        connect(clientSettings(), serverSettings().tickets(tickets));
        assertEquals(1, client.tickets.size());
        assertTrue(client.tickets.get(0).isSessionId());
        assertArrayEquals(
                client.connected().session().id(), server.connected().session().id());
        ResumableSession session = client.tickets.get(0);
        for (int i = 0; i < 2; i++) {
            connect(
                    HandshakeSettings.builder(clientWishes).resumption(session.copy()),
                    serverSettings().versions(TLS12).tickets(tickets));
            assertTrue(client.connected().session().resumed());
        }
        tickets.sessions.clear();
        connect(clientSettings().resumption(session.copy()), serverSettings().tickets(tickets));
        assertFalse(client.connected().session().resumed());
    }

    @Test
    void aResumedSessionThatLostTheExtendedMasterSecretIsRefused() throws SspiException {
        tickets.count = 0;
        connect(clientSettings(), serverSettings().tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        client = Peer.client(clientSettings().resumption(session.copy()).build());
        server = Peer.server(serverSettings().tickets(tickets).build());
        ClientHello hello = (ClientHello)
                Inbound.decode(client.outgoing.remove().message(), null).message();
        byte[] without = with(hello, hello.extensions().without(ExtensionType.EXTENDED_MASTER_SECRET))
                .toBytes();
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                Peer.alert(assertThrows(SspiException.class, () -> server.receive(without))));
    }

    @Test
    void aSessionOfOneVersionIsNotResumedInTheOther() throws SspiException {
        connect(clientSettings(), serverSettings().tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        client = Peer.client(HandshakeSettings.builder(clientWishes)
                .resumption(session.copy())
                .build());
        server = Peer.server(serverSettings().tickets(tickets).build());
        Peer.run(client, server);
        assertEquals(ProtocolVersion.TLS13, client.connected().version());
        assertFalse(client.connected().session().resumed());
    }

    @Test
    void theApplicationProtocolIsAgreed() throws SspiException {
        serverWishes.protocol = "h2";
        connect(clientSettings().applicationProtocols(List.of("http/1.1", "h2")), serverSettings());
        assertEquals("h2", client.connected().applicationProtocol());
        serverWishes.protocol = null;
        assertEquals(
                AlertDescription.NO_APPLICATION_PROTOCOL,
                alertOf(clientSettings().applicationProtocols(List.of("h2")), serverSettings()));
    }

    @Test
    void aSessionTellsByWhichSchemeThePeerProvedItsKey() throws SspiException {
        serverWishes.identities.clear();
        serverWishes.identities.add(new Identity(
                RSA.privateKey(), RSA.chain(), List.of("unknown", "rsa_pkcs1_sha384", "rsa_pss_rsae_sha256")));
        connect(clientSettings(), serverSettings());
        assertEquals(
                "rsa_pkcs1_sha384",
                client.connected().session().peerSignatureScheme(),
                "the first that the identity names");
        assertNull(server.connected().session().peerSignatureScheme(), "the client has shown no certificate");
    }

    @Test
    void aClientWithoutACertificateIsRefusedWhereOneIsNeeded() throws SspiException {
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertTrue(server.connected().session().peerCertificates().isEmpty());
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.NEED)));
    }

    @Test
    void anUntrustedServerIsRefused() {
        clientWishes.refusal = new CertificateException("no");
        assertEquals(AlertDescription.CERTIFICATE_UNKNOWN, alertOf(clientSettings(), serverSettings()));
    }

    /** A hello speaks for both versions. */
    @Test
    void theAuthoritiesOfTheClientReachTheServer() throws SspiException {
        X500Principal authority = new X500Principal("CN=authority");
        connect(clientSettings().certificateAuthorities(List.of(authority)), serverSettings());
        assertArrayEquals(new Principal[] {authority}, serverWishes.issuers);
        connect(clientSettings(), serverSettings());
        assertNull(serverWishes.issuers);
    }

    @Test
    void aSessionSaysWhetherItsSecretIsBound() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertTrue(client.connected().session().extendedMasterSecret());
        connect(clientSettings().disabledExtensions(Set.of(ExtensionType.EXTENDED_MASTER_SECRET)), serverSettings());
        assertFalse(client.connected().session().extendedMasterSecret());
        assertFalse(server.connected().session().extendedMasterSecret());
    }

    @Test
    void renegotiationThatIsForbiddenEndsTheConnection() throws SspiException {
        connect(
                clientSettings().renegotiation(Renegotiation.FORBID),
                serverSettings().renegotiation(Renegotiation.FORBID));
        assertEquals(
                AlertDescription.NO_RENEGOTIATION,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(new HelloRequest().toBytes()))));
        assertEquals(
                AlertDescription.NO_RENEGOTIATION,
                Peer.alert(assertThrows(SspiException.class, () -> server.receive(client.sent.get(0)))));
    }

    @Test
    void aClientMayIgnoreTheRequestAndAServerMayNot() throws SspiException {
        connect(
                clientSettings().renegotiation(Renegotiation.IGNORE),
                serverSettings().renegotiation(Renegotiation.IGNORE));
        int events = client.events.size();
        for (int i = 0; i < Connected.LONGEST_IDLE_SERIES; i++) {
            client.receive(new HelloRequest().toBytes());
        }
        assertEquals(events, client.events.size());
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(new HelloRequest().toBytes()))));
        server.receive(client.sent.get(0));
        assertEquals("refuse", server.events.get(server.events.size() - 1));
    }

    @Test
    void renegotiationIsRefusedAndTheConnectionGoesOn() throws SspiException {
        connect(clientSettings(), serverSettings());
        for (int i = 0; i < Connected.LONGEST_IDLE_SERIES; i++) {
            client.receive(new HelloRequest().toBytes());
            server.receive(client.sent.get(0));
        }
        assertEquals("refuse", client.events.get(client.events.size() - 1));
        assertEquals("refuse", server.events.get(server.events.size() - 1));
        client.connected().dataReceived();
        client.receive(new HelloRequest().toBytes());
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                Peer.alert(assertThrows(SspiException.class, () -> server.receive(client.sent.get(0)))));
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(server.sent.get(0)))));
    }

    @Test
    void aChangeCipherSpecWhereNoneIsDueIsUnexpected() throws SspiException {
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().build());
        server.receive(client.outgoing.remove());
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                Peer.alert(assertThrows(SspiException.class, server::receiveChangeCipherSpec)));
        client.receive(server.outgoing.remove());
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                Peer.alert(assertThrows(SspiException.class, client::receiveChangeCipherSpec)));
    }

    @Test
    void aFinishedThatDoesNotVerifyIsADecryptError() throws SspiException {
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().build());
        server.receive(client.outgoing.remove());
        while (!server.outgoing.isEmpty()) {
            client.receive(server.outgoing.remove());
        }
        while (client.outgoing.size() > 1) {
            server.receive(client.outgoing.remove());
        }
        byte[] finished = client.outgoing.remove().message();
        finished[finished.length - 1] ^= 1;
        assertEquals(
                AlertDescription.DECRYPT_ERROR,
                Peer.alert(assertThrows(SspiException.class, () -> server.receive(finished))));
    }

    @Test
    void aShareThatIsNotSignedByTheCertificateIsADecryptError() throws SspiException {
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().build());
        server.receive(client.outgoing.remove());
        client.receive(server.outgoing.remove());
        client.receive(server.outgoing.remove());
        byte[] share = server.outgoing.remove().message();
        share[10] ^= 1;
        client.receive(share);
        byte[] done = server.outgoing.remove().message();
        assertEquals(
                AlertDescription.DECRYPT_ERROR,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(done))));
    }
}
