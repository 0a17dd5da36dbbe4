package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.KeyShareEntry;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.SupportedGroups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client and server talk to each other in memory. */
class HandshakeTest {
    private static final Identity IDENTITY = TestCertificates.selfSigned(KeyKind.P256);

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes(IDENTITY);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings() {
        return HandshakeSettings.builder(clientWishes).versions(List.of(ProtocolVersion.TLS13));
    }

    private HandshakeSettings.Builder serverSettings() {
        return HandshakeSettings.builder(serverWishes).versions(List.of(ProtocolVersion.TLS13));
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
        assertEquals(client.connected().suite(), server.connected().suite());
        assertEquals(client.connected().group(), server.connected().group());
        assertEquals(
                client.connected().applicationProtocol(), server.connected().applicationProtocol());
        assertArrayEquals(
                client.connected().exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 40),
                server.connected().exportKeyingMaterial("EXPORTER-test", new byte[] {1}, 40));
    }

    private AlertDescription alertOf(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(forClient, forServer));
        return Peer.alert(failure);
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    void everySuiteConnects(CipherSuite suite) throws SspiException {
        connect(clientSettings().suites(List.of(suite)), serverSettings());
        assertEquals(suite, client.connected().suite());
        assertEquals(suite.standardName(), server.connected().session().cipherSuite());
        assertEquals("TLSv1.3", client.connected().session().protocol());
    }

    @ParameterizedTest
    @EnumSource(
            value = NamedGroup.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FFDHE2048", "FFDHE3072", "FFDHE4096", "FFDHE6144", "FFDHE8192"})
    void everyGroupConnects(NamedGroup group) throws SspiException {
        connect(clientSettings().groups(List.of(group)), serverSettings().groups(List.of(group)));
        assertEquals(group, client.connected().group());
        assertEquals(group.standardName(), client.connected().session().namedGroup());
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyKindOfKeyAuthenticatesBothSides(KeyKind kind) throws SspiException {
        Identity identity = TestCertificates.selfSigned(kind);
        serverWishes.identities.clear();
        serverWishes.identities.add(identity);
        clientWishes.identities.add(identity);
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.NEED));
        assertEquals(identity.chain(), client.connected().session().peerCertificates());
        assertEquals(identity.chain(), server.connected().session().peerCertificates());
        assertEquals(identity.chain(), client.connected().session().localCertificates());
        assertEquals("UNKNOWN", clientWishes.authType);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void eachSideTellsBySchemesWhatTheOtherAccepts(ProtocolVersion version) throws SspiException {
        clientWishes.identities.add(IDENTITY);
        List<SignatureScheme> ofClient = List.of(
                SignatureScheme.RSA_PSS_RSAE_SHA256, SignatureScheme.ED25519, SignatureScheme.ECDSA_SECP256R1_SHA256);
        List<SignatureScheme> ofServer =
                List.of(SignatureScheme.ECDSA_SECP256R1_SHA256, SignatureScheme.RSA_PSS_RSAE_SHA512);
        connect(
                clientSettings().versions(List.of(version)).schemes(ofClient),
                serverSettings()
                        .versions(List.of(version))
                        .schemes(ofServer)
                        .clientAuthentication(ClientAuthentication.NEED));
        assertEquals(
                List.of("rsa_pss_rsae_sha256", "ed25519", "ecdsa_secp256r1_sha256"),
                server.connected().session().peerSupportedSignatureSchemes());
        assertEquals(
                List.of("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha512"),
                client.connected().session().peerSupportedSignatureSchemes());
        // Without a request for a certificate a client is not told.
        connect(clientSettings().versions(List.of(version)), serverSettings().versions(List.of(version)));
        assertEquals(List.of(), client.connected().session().peerSupportedSignatureSchemes());
    }

    /** A key in hardware may not do all that would fit it. */
    @Test
    void anIdentitySignsBySchemesThatItNamesInItsOrderAndByNoOther() throws SspiException {
        Identity rsa = TestCertificates.selfSigned(KeyKind.RSA);
        serverWishes.identities.clear();
        serverWishes.identities.add(new Identity(
                rsa.privateKey(), rsa.chain(), List.of("unknown", "rsa_pss_rsae_sha512", "rsa_pss_rsae_sha256")));
        connect(clientSettings(), serverSettings());
        assertEquals("rsa_pss_rsae_sha512", client.connected().session().peerSignatureScheme());
        connect(clientSettings().schemes(List.of(SignatureScheme.RSA_PSS_RSAE_SHA256)), serverSettings());
        assertEquals("rsa_pss_rsae_sha256", client.connected().session().peerSignatureScheme());
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings().schemes(List.of(SignatureScheme.RSA_PSS_RSAE_SHA384)), serverSettings()));
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void everySchemeThatMaySignAHandshakeDoesAndNoOther(SignatureScheme scheme) throws SspiException {
        serverWishes.identities.clear();
        for (KeyKind kind : KeyKind.values()) {
            serverWishes.identities.add(TestCertificates.selfSigned(kind));
        }
        HandshakeSettings.Builder settings = clientSettings().schemes(List.of(scheme));
        if (scheme.signsHandshake13()) {
            connect(settings, serverSettings());
            byte[] certificateVerify = server.sent.stream()
                    .filter(message -> message[0] == 15)
                    .findFirst()
                    .orElseThrow();
            assertEquals(scheme.code(), (certificateVerify[4] & 0xFF) << 8 | certificateVerify[5] & 0xFF);
        } else {
            assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(settings, serverSettings()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void middleboxesSeeChangeCipherSpecOnceFromEachSideOrNever(boolean compatible) throws SspiException {
        connect(clientSettings().middleboxCompatibility(compatible), serverSettings());
        assertEquals(compatible ? 1 : 0, client.changeCipherSpecs);
        assertEquals(compatible ? 1 : 0, server.changeCipherSpecs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMissingShareIsAskedForWithOneRetry(boolean compatible) throws SspiException {
        connect(
                clientSettings()
                        .groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1))
                        .middleboxCompatibility(compatible),
                serverSettings().groups(List.of(NamedGroup.SECP384R1)));
        assertEquals(NamedGroup.SECP384R1, server.connected().group());
        assertEquals(2, client.sent.stream().filter(message -> message[0] == 1).count());
        assertEquals(compatible ? 1 : 0, client.changeCipherSpecs);
        assertEquals(compatible ? 1 : 0, server.changeCipherSpecs);
    }

    @Test
    void aHybridGroupComesWithItsClassicalShare() throws SspiException {
        connect(clientSettings(), serverSettings().groups(List.of(NamedGroup.X25519)));
        assertEquals(NamedGroup.X25519, client.connected().group());
        assertEquals(1, client.sent.stream().filter(message -> message[0] == 1).count(), "no retry");
        connect(clientSettings(), serverSettings());
        assertEquals(NamedGroup.X25519_MLKEM768, client.connected().group());
    }

    /** RFC 8701 3.1, 3.2: offered everywhere, and heeded nowhere. */
    @Test
    void reservedValuesAreOfferedAndMeanNothing() throws SspiException {
        Wishes.Memory tickets = new Wishes.Memory();
        Set<Integer> suites = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            connect(
                    clientSettings().grease(true),
                    serverSettings()
                            .grease(true)
                            .clientAuthentication(ClientAuthentication.WANT)
                            .tickets(tickets));
            ClientHello hello =
                    (ClientHello) Inbound.decode(client.sent.get(0), null).message();
            suites.add(hello.cipherSuites().get(0));
            assertTrue(Grease.isGrease(hello.cipherSuites().get(0)));
            Extensions extensions = hello.extensions();
            SupportedGroups groups = extensions.find(Shape.SUPPORTED_GROUPS).orElseThrow();
            assertTrue(Grease.isGrease(groups.groups().get(0)));
            assertTrue(Grease.isGrease(extensions
                    .find(Shape.SUPPORTED_VERSIONS)
                    .orElseThrow()
                    .versions()
                    .get(0)));
            KeyShareEntry share = extensions
                    .find(Shape.KEY_SHARE_OFFER)
                    .orElseThrow()
                    .shares()
                    .get(0);
            assertEquals(
                    groups.groups().get(0), share.group(), "RFC 8446 4.2.8: no share for a group that is not offered");
            List<Extension> list = extensions.list();
            int first = list.get(0).code();
            int last = list.get(list.size() - 1).code();
            assertTrue(Grease.isGrease(first) && Grease.isGrease(last) && first != last);
            assertEquals(1, client.tickets.size());
        }
        assertTrue(suites.size() > 1, "at random");
        int reserved = 0;
        for (byte[] sent : server.sent) {
            HandshakeMessage message =
                    Inbound.decode(sent, ProtocolVersion.TLS13).message();
            if (message instanceof CertificateRequest request) {
                reserved += Grease.isGrease(request.extensions().list().get(1).code()) ? 1 : 0;
            } else if (message instanceof NewSessionTicket ticket) {
                reserved += Grease.isGrease(ticket.extensions().list().get(0).code()) ? 1 : 0;
            }
        }
        assertEquals(2, reserved, "in the request and in the ticket");
    }

    /** What a client predicts is its own affair: whether the server needs another round trip is what it risks. */
    @Test
    void sharesAreSentForTheGroupsThatWereAskedFor() throws SspiException {
        List<NamedGroup> groups = List.of(NamedGroup.X25519_MLKEM768, NamedGroup.X25519, NamedGroup.SECP256R1);
        connect(clientSettings().groups(groups).keyShares(List.of(NamedGroup.X25519)), serverSettings());
        assertEquals(List.of(NamedGroup.X25519.code()), sharesOf(client.sent.get(0)));
        assertEquals(NamedGroup.X25519, client.connected().group());

        // In the order of the wish, and none for a group that is not offered.
        connect(
                clientSettings()
                        .groups(groups)
                        .keyShares(List.of(NamedGroup.SECP256R1, NamedGroup.X448, NamedGroup.X25519_MLKEM768)),
                serverSettings().groups(List.of(NamedGroup.SECP256R1)));
        assertEquals(
                List.of(NamedGroup.SECP256R1.code(), NamedGroup.X25519_MLKEM768.code()), sharesOf(client.sent.get(0)));
        assertEquals(NamedGroup.SECP256R1, client.connected().group());

        // RFC 8446 4.2.8: no share at all asks for the server's choice.
        connect(clientSettings().groups(groups).keyShares(List.of()), serverSettings());
        assertEquals(List.of(), sharesOf(client.sent.get(0)));
        assertEquals(1, sharesOf(client.sent.get(1)).size());
    }

    private static List<Integer> sharesOf(byte[] hello) throws SspiException {
        return ((ClientHello) Inbound.decode(hello, null).message())
                .extensions().find(Shape.KEY_SHARE_OFFER).orElseThrow().shares().stream()
                        .map(KeyShareEntry::group)
                        .toList();
    }

    @Test
    void theSuiteIsTheServersChoiceOrTheClients() throws SspiException {
        List<CipherSuite> chaChaFirst =
                List.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, CipherSuite.TLS_AES_128_GCM_SHA256);
        List<CipherSuite> aesFirst =
                List.of(CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_CHACHA20_POLY1305_SHA256);
        connect(clientSettings().suites(chaChaFirst), serverSettings().suites(aesFirst));
        assertEquals(aesFirst.get(0), client.connected().suite());
        connect(
                clientSettings().suites(chaChaFirst),
                serverSettings().suites(aesFirst).preferLocalCipherSuites(false));
        assertEquals(chaChaFirst.get(0), client.connected().suite());
    }

    @Test
    void nothingInCommonIsHandshakeFailure() {
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(
                        clientSettings().suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256)),
                        serverSettings().suites(List.of(CipherSuite.TLS_AES_256_GCM_SHA384))));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(
                        clientSettings().groups(List.of(NamedGroup.X25519)),
                        serverSettings().groups(List.of(NamedGroup.SECP256R1))));
        serverWishes.identities.clear();
        assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(clientSettings(), serverSettings()));
    }

    @Test
    void applicationProtocolsAreTheServersChoiceOfTheClientsList() throws SspiException {
        connect(
                clientSettings().applicationProtocols(List.of("h2", "http/1.1")),
                serverSettings().applicationProtocols(List.of("http/1.1", "h2")));
        assertEquals("http/1.1", client.connected().applicationProtocol());
        serverWishes.protocol = "h2";
        connect(clientSettings().applicationProtocols(List.of("h2", "http/1.1")), serverSettings());
        assertEquals("h2", client.connected().applicationProtocol());
        connect(clientSettings(), serverSettings().applicationProtocols(List.of("h2")));
        assertEquals("", server.connected().applicationProtocol());
        serverWishes.protocol = "not offered";
        assertEquals(
                AlertDescription.NO_APPLICATION_PROTOCOL,
                alertOf(clientSettings().applicationProtocols(List.of("h2")), serverSettings()));
        serverWishes.protocol = null;
        assertEquals(
                AlertDescription.NO_APPLICATION_PROTOCOL,
                alertOf(clientSettings().applicationProtocols(List.of("h2")), serverSettings()));
    }

    @Test
    void serverNamesReachTheServerAndAddressesDoNot() throws SspiException {
        connect(clientSettings().serverNames(List.of(new SNIHostName("example.org"))), serverSettings());
        assertEquals(
                List.of(new SNIHostName("example.org")),
                server.connected().session().requestedServerNames());
        connect(clientSettings().serverNames(List.of(new SNIHostName("192.0.2.1"))), serverSettings());
        assertEquals(List.of(), server.connected().session().requestedServerNames());
        serverWishes.nameMatches = false;
        assertEquals(
                AlertDescription.UNRECOGNIZED_NAME,
                alertOf(clientSettings().serverNames(List.of(new SNIHostName("example.org"))), serverSettings()));
    }

    @Test
    void aClientWithoutCertificateIsWelcomeUnlessOneIsNeeded() throws SspiException {
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertEquals(List.of(), server.connected().session().peerCertificates());
        assertEquals(
                AlertDescription.CERTIFICATE_REQUIRED,
                alertOf(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.NEED)));
        clientWishes.identities.add(IDENTITY);
        connect(clientSettings(), serverSettings());
        assertFalse(clientWishes
                .asked
                .subList(clientWishes.asked.lastIndexOf("verifyPeer"), clientWishes.asked.size())
                .contains("selectIdentity"));
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertEquals("EC", serverWishes.authType);
        assertEquals(IDENTITY.chain(), server.connected().session().peerCertificates());
    }

    @Test
    void theAuthoritiesOfTheServerReachTheClient() throws SspiException {
        X500Principal authority = new X500Principal("CN=root");
        connect(
                clientSettings(),
                serverSettings()
                        .clientAuthentication(ClientAuthentication.WANT)
                        .certificateAuthorities(List.of(authority)));
        assertArrayEquals(new Object[] {authority}, clientWishes.issuers);
        assertEquals(
                List.of("EC", "EdDSA", "RSA", "RSASSA-PSS", "ML-DSA", "ML-DSA-65", "ML-DSA-87", "ML-DSA-44"),
                clientWishes.keyTypes);
    }

    @Test
    void chainsArriveWholeAndBounded() throws SspiException {
        Identity root = TestCertificates.of(KeyKind.P256).authority().selfSigned();
        Identity leaf = TestCertificates.of(KeyKind.P256).dnsNames("a.example").signedBy(root);
        serverWishes.identities.set(0, leaf);
        connect(clientSettings().maximumChainLength(2), serverSettings());
        assertEquals(leaf.chain(), client.connected().session().peerCertificates());
        assertEquals(
                AlertDescription.BAD_CERTIFICATE, alertOf(clientSettings().maximumChainLength(1), serverSettings()));
    }

    @Test
    void aRefusedChainAlertsByItsCause() {
        record Refusal(CertificateException cause, AlertDescription alert) {}
        List<Refusal> table = List.of(
                new Refusal(new CertificateException("no"), AlertDescription.CERTIFICATE_UNKNOWN),
                new Refusal(new CertificateExpiredException("old"), AlertDescription.CERTIFICATE_EXPIRED),
                new Refusal(
                        new CertificateException(new CertPathValidatorException(
                                "r", null, null, -1, CertPathValidatorException.BasicReason.REVOKED)),
                        AlertDescription.CERTIFICATE_REVOKED),
                new Refusal(
                        new CertificateException(new java.security.cert.CertPathBuilderException("none")),
                        AlertDescription.UNKNOWN_CA),
                new Refusal(
                        new java.security.cert.CertificateParsingException("bad"), AlertDescription.BAD_CERTIFICATE));
        for (Refusal refusal : table) {
            clientWishes.refusal = refusal.cause;
            SspiException failure =
                    assertThrows(SspiException.class, () -> connect(clientSettings(), serverSettings()));
            assertEquals(refusal.alert, Peer.alert(failure));
            assertEquals(Kind.PEER_UNVERIFIED, failure.kind());
            assertEquals(refusal.cause, failure.getCause());
            assertEquals(List.of(), client.state instanceof Connected ? List.of("connected") : List.of());
        }
    }

    @Test
    void recordSizeLimitsReachTheOtherSide() throws SspiException {
        connect(clientSettings().recordSizeLimit(64), serverSettings().recordSizeLimit(1000));
        assertEquals(1000, client.limit);
        assertEquals(64, server.limit);
        connect(clientSettings().recordSizeLimit(64), serverSettings().recordSizeLimit(0));
        assertEquals(0, client.limit);
        assertEquals(0, server.limit);
    }

    @Test
    void keysUpdateBothWays() throws SspiException {
        connect(clientSettings(), serverSettings());
        byte[] before = client.writeKey;
        client.connected().updateKeys(false, client);
        Peer.run(client, server);
        assertFalse(java.util.Arrays.equals(before, client.writeKey));
        assertArrayEquals(client.writeKey, server.readKey);
        byte[] serverBefore = server.writeKey;
        client.connected().updateKeys(true, client);
        Peer.run(client, server);
        assertArrayEquals(client.writeKey, server.readKey);
        assertArrayEquals(server.writeKey, client.readKey);
        assertFalse(java.util.Arrays.equals(serverBefore, server.writeKey));
    }

    @Test
    void manyRequestsToUpdateGetOneAnswer() throws SspiException {
        connect(clientSettings(), serverSettings());
        int before = server.sent.size();
        server.updateWaits = true;
        client.connected().updateKeys(true, client);
        Peer.run(client, server);
        assertEquals(before, server.sent.size());
    }

    @Test
    void aFloodOfKeyUpdatesEndsTheConnectionUnlessDataFlows() throws SspiException {
        connect(clientSettings(), serverSettings());
        for (int i = 0; i < 3 * Connected.LONGEST_IDLE_SERIES; i++) {
            client.connected().updateKeys(false, client);
            Peer.run(client, server);
            server.connected().dataReceived();
        }
        for (int i = 0; i < Connected.LONGEST_IDLE_SERIES; i++) {
            client.connected().updateKeys(false, client);
            Peer.run(client, server);
        }
        client.connected().updateKeys(false, client);
        SspiException failure = assertThrows(SspiException.class, () -> Peer.run(client, server));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE, Peer.alert(failure));
    }

    private ResumableSession ticket() throws SspiException {
        connect(clientSettings(), serverSettings().tickets(tickets));
        assertEquals(1, client.tickets.size());
        return client.tickets.get(0);
    }

    private void resume(ResumableSession session, HandshakeSettings.Builder forServer) throws SspiException {
        connect(clientSettings().resumption(session), forServer.tickets(tickets));
    }

    @Test
    void aTicketResumesWithoutCertificates() throws SspiException {
        ResumableSession session = ticket();
        session.session().boundValues().put("key", "value");
        byte[] id = session.session().id();
        assertEquals(32, id.length);
        resume(session, serverSettings());
        assertTrue(client.connected().session().resumed());
        assertTrue(server.connected().session().resumed());
        assertFalse(server.sent.stream().anyMatch(message -> message[0] == 11), "no Certificate");
        assertEquals(IDENTITY.chain(), client.connected().session().peerCertificates());
        assertEquals("value", client.connected().session().boundValues().get("key"));
        assertArrayEquals(id, client.connected().session().id());
        assertTrue(session.preSharedKey().isDestroyed());
        assertEquals(1, client.tickets.size(), "a new ticket");
        resume(client.tickets.get(0), serverSettings());
        assertTrue(client.connected().session().resumed());
    }

    @Test
    void everyTicketHasAKeyOfItsOwnAndAllResume() throws SspiException {
        tickets.count = 3;
        connect(clientSettings(), serverSettings().tickets(tickets));
        List<ResumableSession> sessions = new ArrayList<>(client.tickets);
        assertEquals(3, sessions.size());
        assertFalse(sessions.get(0).preSharedKey().matches(sessions.get(1).preSharedKey()));
        tickets.count = 0;
        for (ResumableSession session : sessions) {
            resume(session, serverSettings());
            assertTrue(server.connected().session().resumed());
            assertEquals(0, client.tickets.size());
        }
    }

    @Test
    void resumptionSurvivesARetry() throws SspiException {
        ResumableSession session = ticket();
        connect(
                clientSettings()
                        .groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1))
                        .resumption(session),
                serverSettings().groups(List.of(NamedGroup.SECP256R1)).tickets(tickets));
        assertTrue(server.connected().session().resumed());
        assertEquals(2, client.sent.stream().filter(message -> message[0] == 1).count());
    }

    @Test
    void whatChangedSinceTheTicketIsAFullHandshake() throws SspiException {
        ResumableSession otherHash = ticket();
        resume(otherHash, serverSettings().suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256)));
        assertFalse(server.connected().session().resumed(), "another hash");

        resume(ticket(), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertFalse(server.connected().session().resumed(), "other demands");

        ResumableSession named = ticket();
        connect(
                clientSettings()
                        .serverNames(List.of(new SNIHostName("other.example")))
                        .resumption(named),
                serverSettings().tickets(tickets));
        assertFalse(server.connected().session().resumed(), "another name");

        ResumableSession invalid = ticket();
        invalid.session().invalidate();
        resume(invalid, serverSettings());
        assertFalse(client.connected().session().resumed(), "invalidated");

        ResumableSession judgedByOthers = ticket();
        clientWishes.scope = "stricter";
        resume(judgedByOthers, serverSettings());
        assertFalse(client.connected().session().resumed(), "other decisions");

        ResumableSession forgotten = ticket();
        tickets.sessions.clear();
        resume(forgotten, serverSettings());
        assertFalse(client.connected().session().resumed(), "an unknown ticket");
    }

    @Test
    void aResumedClientKeepsItsIdentity() throws SspiException {
        clientWishes.identities.add(IDENTITY);
        HandshakeSettings.Builder forServer = serverSettings().clientAuthentication(ClientAuthentication.NEED);
        connect(clientSettings(), forServer.tickets(tickets));
        connect(
                clientSettings().resumption(client.tickets.get(0)),
                serverSettings().clientAuthentication(ClientAuthentication.NEED).tickets(tickets));
        assertTrue(server.connected().session().resumed());
        assertEquals(IDENTITY.chain(), server.connected().session().peerCertificates());
        ResumableSession again = client.tickets.get(0);
        serverWishes.scope = "other judges";
        connect(
                clientSettings().resumption(again),
                serverSettings().clientAuthentication(ClientAuthentication.NEED).tickets(tickets));
        assertFalse(server.connected().session().resumed());
    }

    @Test
    void onlyResumptionMayBeAskedFor() throws SspiException {
        ResumableSession session = ticket();
        connect(
                clientSettings().resumption(session).sessionCreation(false),
                serverSettings().tickets(tickets).sessionCreation(false));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE, alertOf(clientSettings().sessionCreation(false), serverSettings()));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(), serverSettings().sessionCreation(false)));
    }

    @Test
    void writesAreProtectedBeforeAnythingThatHasToBe() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertEquals(
                List.of("send 2", "ccs", "writes", "reads", "send 8", "send 11", "send 15", "send 20", "writes"),
                server.events.subList(0, 9));
        assertEquals(
                List.of("send 1", "reads", "writes", "ccs", "send 20", "reads", "writes", "established"),
                client.events);
    }

    @Test
    void whatADestroyedConnectionKnewIsGone() throws SspiException {
        connect(clientSettings(), serverSettings());
        client.state.destroy();
        assertThrows(IllegalStateException.class, () -> client.connected().exportKeyingMaterial("label", null, 32));
        assertNotEquals(null, server.connected().exportKeyingMaterial("label", null, 32));
    }
}
