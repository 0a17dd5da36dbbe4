package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.HandshakeInfo;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKey.Hash;
import org.jsspi.PreSharedKey.Name;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.PreSharedKeys;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.SspiException.Kind;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EcdhePskClientKeyExchange;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.wire.Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Client and server know each other by a key from outside (RFC 8446 4.2.11, RFC 9258). */
class PreSharedKeyHandshakeTest {
    private static final List<CipherSuite> SHA384 = List.of(CipherSuite.TLS_AES_256_GCM_SHA384);
    private static final List<CipherSuite> SHA256 =
            List.of(CipherSuite.TLS_AES_128_GCM_SHA256, CipherSuite.TLS_CHACHA20_POLY1305_SHA256);

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes(TestCertificates.selfSigned(KeyKind.P256));
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private static PreSharedKey key(Use use, String identity, Hash hash) {
        byte[] name = identity.getBytes(StandardCharsets.US_ASCII);
        byte[] key = new byte[32];
        System.arraycopy(name, 0, key, 0, name.length);
        return PreSharedKey.of(new Name(use, name), hash, key);
    }

    private static PreSharedKey imported(String identity) {
        return key(Use.IMPORTED, identity, Hash.SHA256);
    }

    private static PreSharedKey forged(PreSharedKey original) {
        return PreSharedKey.of(original.name(), original.hash(), new byte[32]);
    }

    private HandshakeSettings.Builder settings(Wishes wishes, PreSharedKeys keys) {
        return HandshakeSettings.builder(wishes)
                .versions(List.of(ProtocolVersion.TLS13))
                .preSharedKeys(keys);
    }

    private HandshakeSettings.Builder clientSettings(PreSharedKey... keys) {
        return settings(clientWishes, PreSharedKeys.of(keys));
    }

    private HandshakeSettings.Builder serverSettings(PreSharedKey... keys) {
        return settings(serverWishes, PreSharedKeys.of(keys)).tickets(tickets);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        clientWishes.asked.clear();
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertArrayEquals(
                client.connected().exportKeyingMaterial("EXPORTER-test", null, 32),
                server.connected().exportKeyingMaterial("EXPORTER-test", null, 32));
    }

    private void assertKeyed(PreSharedKey key) {
        assertEquals(key.name(), client.connected().session().preSharedKeyName());
        assertEquals(key.name(), server.connected().session().preSharedKeyName());
        assertEquals(List.of(), client.connected().session().peerCertificates());
        assertEquals(List.of(), server.connected().session().localCertificates());
        assertFalse(clientWishes.asked.contains("verifyPeer"));
        assertFalse(server.sent.stream().anyMatch(message -> message[0] == 11 || message[0] == 13));
    }

    private AlertDescription alertOf(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer) {
        return Peer.alert(assertThrows(SspiException.class, () -> connect(forClient, forServer)));
    }

    private ClientHello hello(int index) throws SspiException {
        return (ClientHello) HandshakeMessage.decode(Reader.of(client.sent.stream()
                .filter(message -> message[0] == 1)
                .skip(index)
                .findFirst()
                .orElseThrow()));
    }

    private static int offered(ClientHello hello) {
        return hello.extensions()
                .find(Shape.PRE_SHARED_KEY_OFFER)
                .orElseThrow()
                .identities()
                .size();
    }

    @ParameterizedTest
    @CsvSource({"IMPORTED, SHA256", "IMPORTED, SHA384", "TLS13, SHA256", "TLS13, SHA384"})
    void bothSidesKnowEachOtherByTheKeyAndShowNoCertificate(Use use, Hash hash) throws SspiException {
        PreSharedKey key = key(use, "one", hash);
        connect(clientSettings(key), serverSettings(key));
        assertKeyed(key);
        assertFalse(client.connected().session().resumed());
        assertTrue(serverWishes.asked.isEmpty(), "nobody was asked: " + serverWishes.asked);
        // RFC 8446 4.2.3: who wants no certificate names no signatures.
        assertFalse(hello(0).extensions().has(ExtensionType.SIGNATURE_ALGORITHMS));
        assertEquals(use == Use.IMPORTED ? 2 : 1, offered(hello(0)));
    }

    @ParameterizedTest
    @EnumSource(Hash.class)
    void theSuiteFollowsTheKey(Hash hash) throws SspiException {
        PreSharedKey key = key(Use.TLS13, "one", hash);
        connect(clientSettings(key), serverSettings(key));
        assertEquals(hash == Hash.SHA384 ? 48 : 32, server.connected().suite().hashLength());
        List<CipherSuite> others = hash == Hash.SHA384 ? SHA256 : SHA384;
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(key), serverSettings(key).suites(others)));
        SspiException unusable = assertThrows(
                SspiException.class, () -> connect(clientSettings(key).suites(others), serverSettings(key)));
        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, unusable.status());
        assertEquals(Kind.KEY, unusable.kind());
    }

    @Test
    void aServerPrefersItsOwnOrderAndFindsTheRest() throws SspiException {
        PreSharedKey one = imported("one");
        PreSharedKey two = imported("two");
        connect(clientSettings(two, one), serverSettings(one, two));
        assertKeyed(one);
        List<Name> asked = new ArrayList<>();
        PreSharedKeys lookup = (info, name) -> {
            assertFalse(info.initiator());
            asked.add(name);
            return name.equals(two.name()) ? two.copy() : null;
        };
        connect(clientSettings(one, two), settings(serverWishes, lookup));
        assertKeyed(two);
        assertEquals(one.name(), asked.get(0));
        assertEquals(two.name(), asked.get(asked.size() - 1));
    }

    @Test
    void keysOfTheApplicationAreDestroyedWhenTheHandshakeIsOver() throws SspiException {
        PreSharedKey key = imported("one");
        List<PreSharedKey> given = new ArrayList<>();
        PreSharedKeys keys = new PreSharedKeys() {
            @Override
            public PreSharedKey find(HandshakeInfo info, Name name) {
                given.add(key.copy());
                return given.get(given.size() - 1);
            }

            @Override
            public List<PreSharedKey> keys(HandshakeInfo info) {
                return info.initiator() ? List.of(find(info, null)) : List.of();
            }
        };
        connect(settings(clientWishes, keys), settings(serverWishes, keys));
        assertEquals(2, given.size());
        assertTrue(given.stream().allMatch(PreSharedKey::isDestroyed));
        assertFalse(key.isDestroyed());
        given.clear();
        PreSharedKey other = imported("other");
        assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(settings(clientWishes, keys), serverSettings(other)));
        server.state.destroy();
        client.state.destroy();
        assertTrue(given.stream().allMatch(PreSharedKey::isDestroyed));
    }

    @Test
    void anotherKeyUnderTheSameNameIsDecryptError() {
        PreSharedKey key = imported("one");
        assertEquals(AlertDescription.DECRYPT_ERROR, alertOf(clientSettings(forged(key)), serverSettings(key)));
    }

    @Test
    void aDifferenceInAnyPartOfTheNameIsNoKeyInCommon() {
        byte[] identity = {1};
        PreSharedKey key = PreSharedKey.of(new Name(Use.IMPORTED, identity, new byte[] {2}), Hash.SHA256, new byte[32]);
        for (Name other : List.of(
                new Name(Use.IMPORTED, identity),
                new Name(Use.IMPORTED, new byte[] {2}, new byte[] {2}),
                new Name(Use.TLS13, identity))) {
            PreSharedKey wrong = PreSharedKey.of(other, Hash.SHA256, new byte[32]);
            assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(clientSettings(wrong), serverSettings(key)));
        }
        // RFC 9258 5.1: the hash of the key is no part of the name, and yet of the key.
        PreSharedKey otherHash = PreSharedKey.of(key.name(), Hash.SHA384, new byte[32]);
        assertEquals(AlertDescription.DECRYPT_ERROR, alertOf(clientSettings(otherHash), serverSettings(key)));
    }

    @Test
    void aRetryKeepsTheKeysThatGoWithTheSuite() throws SspiException {
        PreSharedKey one = imported("one");
        PreSharedKey two = imported("two");
        connect(
                clientSettings(one, two).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                serverSettings(two).groups(List.of(NamedGroup.SECP384R1)));
        assertKeyed(two);
        assertEquals(4, offered(hello(0)));
        assertEquals(2, offered(hello(1)));
    }

    @Test
    void aRetryNamesTheSuiteOfTheKey() throws SspiException {
        PreSharedKey key = key(Use.TLS13, "one", Hash.SHA384);
        List<CipherSuite> sha256First = List.of(SHA256.get(0), SHA384.get(0));
        connect(
                clientSettings(key).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                serverSettings(key).suites(sha256First).groups(List.of(NamedGroup.SECP384R1)));
        assertKeyed(key);
        assertEquals(SHA384.get(0), client.connected().suite());
    }

    @Test
    void aServerThatTakesNothingElseRefusesAClientWithoutAKey() {
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(settings(clientWishes, null), serverSettings(imported("one"))));
    }

    @Test
    void aClientThatTakesNothingElseRefusesACertificate() {
        PreSharedKey key = imported("one");
        // The server has no key, and finds no signature that the client would take.
        assertEquals(AlertDescription.MISSING_EXTENSION, alertOf(clientSettings(key), settings(serverWishes, null)));
        assertFalse(clientWishes.asked.contains("verifyPeer"));
    }

    @Test
    void aClientThatTakesBothIsShownACertificateByAServerWithoutTheKey() throws SspiException {
        PreSharedKeys both = PreSharedKeys.of(imported("one")).with(Certificates.OTHERWISE);
        connect(settings(clientWishes, both), settings(serverWishes, null));
        assertNull(client.connected().session().preSharedKeyName());
        assertTrue(clientWishes.asked.contains("verifyPeer"));
        connect(
                settings(clientWishes, both),
                settings(serverWishes, PreSharedKeys.of(imported("two")).with(Certificates.OTHERWISE)));
        assertNull(server.connected().session().preSharedKeyName());
        assertEquals(1, client.connected().session().peerCertificates().size());
    }

    @Test
    void aServerDecidesWhetherTheKeyOrTheCertificateComesFirst() throws SspiException {
        PreSharedKey key = imported("one");
        PreSharedKeys keys = PreSharedKeys.of(key);
        connect(
                settings(clientWishes, keys.with(Certificates.FIRST)),
                settings(serverWishes, keys.with(Certificates.OTHERWISE)));
        assertKeyed(key);
        connect(
                settings(clientWishes, keys.with(Certificates.OTHERWISE)),
                settings(serverWishes, keys.with(Certificates.FIRST)));
        assertNull(client.connected().session().preSharedKeyName());
        // No scheme in common: the key is what is left.
        connect(
                settings(clientWishes, keys.with(Certificates.OTHERWISE))
                        .schemes(List.of(SignatureScheme.RSA_PSS_RSAE_SHA256)),
                settings(serverWishes, keys.with(Certificates.FIRST)));
        assertKeyed(key);
    }

    @Test
    void aServerAsksNobodyForACertificateWhoHasTheKey() throws SspiException {
        PreSharedKey key = imported("one");
        connect(clientSettings(key), serverSettings(key).clientAuthentication(ClientAuthentication.NEED));
        assertKeyed(key);
        // RFC 8446 4.6.1: and a session that began so meets the same demand.
        resume(key, serverSettings(key).clientAuthentication(ClientAuthentication.NEED));
        assertTrue(server.connected().session().resumed());
        assertKeyed(key);
    }

    private void resume(PreSharedKey key, HandshakeSettings.Builder forServer) throws SspiException {
        ResumableSession ticket = client.tickets.get(0);
        connect(clientSettings(key).resumption(ticket), forServer);
    }

    @Test
    void aSessionThatBeganWithAKeyIsResumed() throws SspiException {
        PreSharedKey key = imported("one");
        connect(clientSettings(key), serverSettings(key));
        resume(key, serverSettings(key));
        assertTrue(client.connected().session().resumed());
        assertTrue(server.connected().session().resumed());
        assertKeyed(key);
        assertEquals(3, offered(hello(0)), "the session, and the key for each hash");
        // There is no chain to judge again.
        connect(
                clientSettings(key).resumption(client.tickets.get(0)).reverifyOnResume(true),
                serverSettings(key).reverifyOnResume(true));
        assertTrue(client.connected().session().resumed());
        assertKeyed(key);
    }

    @Test
    void aSessionEndsWithTheKeyThatItBeganWith() throws SspiException {
        PreSharedKey one = imported("one");
        PreSharedKey two = imported("two");
        connect(clientSettings(one), serverSettings(one));
        // The server has taken the key back; the client still offers the session.
        ResumableSession ticket = client.tickets.get(0);
        connect(clientSettings(one, two).resumption(ticket), serverSettings(two));
        assertFalse(server.connected().session().resumed());
        assertKeyed(two);
        // The client has taken it back: the session is not offered.
        connect(clientSettings(one), serverSettings(one));
        ticket = client.tickets.get(0);
        connect(clientSettings(two).resumption(ticket), serverSettings(one, two));
        assertEquals(2, offered(hello(0)));
        assertKeyed(two);
    }

    // Early data goes with a session, also with one that began with a key, and with the key itself never

    private HandshakeSettings.Builder earlyClient(PreSharedKey... keys) {
        return clientSettings(keys).maximumEarlyData(1000);
    }

    private HandshakeSettings.Builder earlyServer(PreSharedKey... keys) {
        return serverSettings(keys).maximumEarlyData(1000);
    }

    /** The session of a connection that began with this key, and had no early data. */
    private ResumableSession earlySession(PreSharedKey key) throws SspiException {
        connect(earlyClient(key), earlyServer(key));
        assertFalse(hello(0).extensions().has(ExtensionType.EARLY_DATA));
        assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), client.earlyData);
        assertEquals(EarlyDataInfo.none(Reason.SESSION_NOT_RESUMED), server.earlyData);
        return client.tickets.get(0);
    }

    @ParameterizedTest
    @CsvSource({"IMPORTED, SHA256", "IMPORTED, SHA384", "TLS13, SHA256", "TLS13, SHA384"})
    void aSessionThatBeganWithAKeyCarriesEarlyData(Use use, Hash hash) throws SspiException {
        PreSharedKey key = key(use, "one", hash);
        connect(earlyClient(key).resumption(earlySession(key)), earlyServer(key));
        assertTrue(server.connected().session().resumed());
        assertEquals(EarlyDataInfo.offered("", 1000).accepted(), client.earlyData);
        assertEquals(EarlyDataInfo.offered("", 1000).accepted(), server.earlyData);
        assertKeyed(key);
    }

    @ParameterizedTest
    @EnumSource(
            value = Use.class,
            names = {"IMPORTED", "TLS13"})
    void aServerThatHasForgottenTheSessionTakesTheKeyAndNoEarlyData(Use use) throws SspiException {
        PreSharedKey key = key(use, "one", Hash.SHA256);
        ResumableSession session = earlySession(key);
        tickets.sessions.clear();
        connect(earlyClient(key).resumption(session), earlyServer(key));
        assertTrue(hello(0).extensions().has(ExtensionType.EARLY_DATA));
        assertKeyed(key);
        assertFalse(client.connected().session().resumed());
        for (Peer peer : List.of(client, server)) {
            assertEquals(EarlyDataInfo.Status.REJECTED, peer.earlyData.status());
            assertEquals(Reason.SESSION_NOT_RESUMED, peer.earlyData.reason());
        }
    }

    @Test
    void earlyDataEndsWithTheKeyThatTheSessionBeganWith() throws SspiException {
        PreSharedKey one = imported("one");
        PreSharedKey two = imported("two");
        ResumableSession session = earlySession(one);
        // The server has taken the key back.
        connect(earlyClient(one, two).resumption(session), earlyServer(two));
        assertKeyed(two);
        assertEquals(Reason.SESSION_NOT_RESUMED, server.earlyData.reason());
        assertEquals(EarlyDataInfo.Status.REJECTED, client.earlyData.status());
        // The client has: neither session nor early data leave.
        session = earlySession(one);
        connect(earlyClient(two).resumption(session), earlyServer(one, two));
        assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), client.earlyData);
        assertFalse(hello(0).extensions().has(ExtensionType.EARLY_DATA));
    }

    /** RFC 8446 4.2.10: early data is for the first key, which is the session's. */
    @Test
    void aServerThatTakesEarlyDataWithTheKeyIsRefused() throws SspiException {
        PreSharedKey key = imported("one");
        ResumableSession session = earlySession(key);
        tickets.sessions.clear();
        client = Peer.client(earlyClient(key).resumption(session).build());
        server = Peer.server(earlyServer(key).build());
        server.receive(client.outgoing.remove());
        client.receive(server.outgoing.remove());
        EncryptedExtensions honest = (EncryptedExtensions)
                HandshakeMessage.decode(Reader.of(server.outgoing.remove().message()));
        byte[] taking =
                new EncryptedExtensions(honest.extensions().with(new Indication(ExtensionType.EARLY_DATA))).toBytes();
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(taking))));
    }

    @Test
    void aSessionThatBeganWithACertificateIsNotResumedWhereOnlyAKeyCounts() throws SspiException {
        PreSharedKey key = imported("one");
        connect(settings(clientWishes, null), settings(serverWishes, null).tickets(tickets));
        ResumableSession ticket = client.tickets.get(0);
        connect(clientSettings(key).resumption(ticket), serverSettings(key));
        assertFalse(server.connected().session().resumed());
        assertKeyed(key);
        // A client that would take both offers it; the server refuses.
        connect(settings(clientWishes, null), settings(serverWishes, null).tickets(tickets));
        ticket = client.tickets.get(0);
        connect(
                settings(clientWishes, PreSharedKeys.of(key).with(Certificates.OTHERWISE))
                        .resumption(ticket),
                serverSettings(key));
        assertFalse(server.connected().session().resumed());
        assertKeyed(key);
    }

    @Test
    void aSessionThatBeganWithAKeyIsNotResumedByAServerWithoutKeys() throws SspiException {
        PreSharedKey key = imported("one");
        connect(clientSettings(key), serverSettings(key));
        ResumableSession ticket = client.tickets.get(0);
        connect(
                settings(clientWishes, PreSharedKeys.of(key).with(Certificates.OTHERWISE))
                        .resumption(ticket),
                settings(serverWishes, null).tickets(tickets));
        assertFalse(server.connected().session().resumed());
        assertNull(server.connected().session().preSharedKeyName());
    }

    @Test
    void whereOnlySessionsMayBeResumedAKeyMakesNone() {
        PreSharedKey key = imported("one");
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(key), serverSettings(key).sessionCreation(false)));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                alertOf(clientSettings(key).sessionCreation(false), serverSettings(key)));
    }

    @Test
    void whatAnApplicationThrowsEndsTheHandshake() {
        PreSharedKeys broken = (info, name) -> {
            throw new IllegalStateException("the data base is gone");
        };
        assertEquals(
                AlertDescription.INTERNAL_ERROR,
                alertOf(clientSettings(imported("one")), settings(serverWishes, broken)));
        PreSharedKeys wrong = (info, name) -> imported("another");
        assertEquals(
                AlertDescription.INTERNAL_ERROR,
                alertOf(clientSettings(imported("one")), settings(serverWishes, wrong)));
    }

    @Test
    void aClientOffersSoManyKeysAndNoMore() throws SspiException {
        PreSharedKey[] eight =
                IntStream.range(0, 8).mapToObj(i -> imported("key " + i)).toArray(PreSharedKey[]::new);
        connect(clientSettings(eight), serverSettings(eight[7]));
        assertKeyed(eight[7]);
        PreSharedKey[] nine =
                IntStream.range(0, 9).mapToObj(i -> imported("key " + i)).toArray(PreSharedKey[]::new);
        SspiException refusal =
                assertThrows(SspiException.class, () -> connect(clientSettings(nine), serverSettings(nine)));
        assertEquals(Kind.KEY, refusal.kind());
        PreSharedKey[] long3 = IntStream.range(0, 3)
                .mapToObj(i -> PreSharedKey.of(Use.IMPORTED, new byte[4000 + i], new byte[32]))
                .toArray(PreSharedKey[]::new);
        refusal = assertThrows(SspiException.class, () -> connect(clientSettings(long3), serverSettings(long3)));
        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, refusal.status());
        refusal = assertThrows(SspiException.class, () -> connect(clientSettings(), serverSettings(nine)));
        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, refusal.status());
    }

    // TLS 1.2

    private static final List<CipherSuite> KEYED12 = List.of(
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);

    private HandshakeSettings.Builder settings12(Wishes wishes, PreSharedKeys keys) {
        return HandshakeSettings.builder(wishes)
                .versions(List.of(ProtocolVersion.TLS12))
                .suites(keys == null ? HandshakeSettings.DEFAULT_SUITES : KEYED12)
                .preSharedKeys(keys)
                .tickets(wishes == serverWishes ? tickets : null);
    }

    private HandshakeSettings.Builder client12(PreSharedKey... keys) {
        return settings12(clientWishes, PreSharedKeys.of(keys));
    }

    private HandshakeSettings.Builder server12(PreSharedKey... keys) {
        return settings12(serverWishes, PreSharedKeys.of(keys));
    }

    private static PreSharedKey key12(String identity) {
        return key(Use.TLS12, identity, Hash.SHA256);
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {
                "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256"
            })
    void everySuiteOfTls12Connects(CipherSuite suite) throws SspiException {
        PreSharedKey key = key12("one");
        connect(client12(key).suites(List.of(suite)), server12(key));
        assertKeyed(key);
        assertEquals(suite, client.connected().suite());
        assertEquals("TLSv1.2", server.connected().session().protocol());
        assertFalse(hello(0).extensions().has(ExtensionType.SIGNATURE_ALGORITHMS));
        assertTrue(serverWishes.asked.isEmpty(), "nobody was asked: " + serverWishes.asked);
    }

    @Test
    void aSessionOfTls12ThatBeganWithAKeyIsResumedWhileBothHaveIt() throws SspiException {
        PreSharedKey one = key12("one");
        PreSharedKey two = key12("two");
        connect(client12(one), server12(one).clientAuthentication(ClientAuthentication.NEED));
        ResumableSession ticket = client.tickets.get(0).copy();
        ResumableSession again = client.tickets.get(0).copy();
        connect(
                client12(one).resumption(client.tickets.get(0)),
                server12(one).clientAuthentication(ClientAuthentication.NEED));
        assertTrue(server.connected().session().resumed());
        assertKeyed(one);
        connect(client12(two, one).resumption(ticket), server12(two).clientAuthentication(ClientAuthentication.NEED));
        assertFalse(server.connected().session().resumed());
        connect(client12(two).resumption(again), server12(one, two).clientAuthentication(ClientAuthentication.NEED));
        assertFalse(client.connected().session().resumed());
        assertKeyed(two);
    }

    @Test
    void aWrongKeyAndAnUnknownNameLookAlikeInTls12() throws SspiException {
        PreSharedKey key = key12("one");
        for (PreSharedKey other : List.of(forged(key), key12("another"))) {
            client = Peer.client(client12(other).build());
            server = Peer.server(server12(key).build());
            // Keys differ, so that the record of the client's Finished cannot be opened.
            assertThrows(AssertionError.class, () -> Peer.run(client, server));
            assertEquals(
                    List.of(2, 12, 14),
                    server.sent.stream().map(m -> (int) m[0]).toList());
            assertNull(
                    server.state instanceof ServerState waiting
                            ? waiting.exchange().session().preSharedKeyName()
                            : key);
            client.state.destroy();
            server.state.destroy();
        }
    }

    /** A key that is taken in hand before is nobody's to wipe where the share is no good; here it is one that was made up. */
    @Test
    void aServerOfTls12TakesNoKeyInHandForAShareThatIsNone() throws SspiException {
        AtomicInteger draws = new AtomicInteger();
        SecureRandom counting = new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                draws.incrementAndGet();
                super.nextBytes(bytes);
            }
        };
        client = Peer.client(client12(key12("another")).build());
        server = Peer.server(server12(key12("one")).random(counting).build());
        server.receive(client.outgoing.remove());
        int before = draws.get();
        assertTrue(before > 0);
        byte[] share = new EcdhePskClientKeyExchange(new byte[] {1}, new byte[] {1, 2}).toBytes();
        SspiException failure = assertThrows(SspiException.class, () -> server.receive(share));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure), failure::getMessage);
        assertEquals(before, draws.get());
        client.state.destroy();
    }

    @Test
    void aHintChoosesAmongTheKeysOfAClientOfTls12() throws SspiException {
        PreSharedKey one = key12("one");
        PreSharedKey two = key12("two");
        PreSharedKeys hinting = new PreSharedKeys() {
            @Override
            public PreSharedKey find(HandshakeInfo info, Name name) {
                return PreSharedKeys.of(one, two).find(info, name);
            }

            @Override
            public byte[] identityHint(HandshakeInfo info) {
                return two.name().identity();
            }
        };
        connect(client12(one, two), settings12(serverWishes, hinting));
        assertKeyed(two);
        connect(client12(one, two), server12(one, two));
        assertKeyed(one);
    }

    @Test
    void inTls12TooTheServerDecidesWhetherTheKeyOrTheCertificateComesFirst() throws SspiException {
        PreSharedKey key = key12("one");
        PreSharedKeys keys = PreSharedKeys.of(key);
        PreSharedKeys both = keys.with(Certificates.OTHERWISE);
        connect(settings12(clientWishes, both), settings12(serverWishes, both));
        assertKeyed(key);
        connect(settings12(clientWishes, both), settings12(serverWishes, keys.with(Certificates.FIRST)));
        assertNull(client.connected().session().preSharedKeyName());
        assertEquals(1, client.connected().session().peerCertificates().size());
        // A client without a key for this version offers no suite of keys.
        connect(
                settings12(clientWishes, PreSharedKeys.of(imported("one")).with(Certificates.OTHERWISE)),
                settings12(serverWishes, both));
        assertNull(client.connected().session().preSharedKeyName());
        assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(settings12(clientWishes, null), server12(key)));
        assertEquals(AlertDescription.HANDSHAKE_FAILURE, alertOf(client12(key), settings12(serverWishes, null)));
    }

    @Test
    void aClientOffersTheVersionsThatItHasKeysFor() throws SspiException {
        List<ProtocolVersion> all = List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12);
        List<CipherSuite> suites = new ArrayList<>(KEYED12);
        suites.add(CipherSuite.TLS_AES_128_GCM_SHA256);
        PreSharedKey key13 = imported("one");
        PreSharedKey key12 = key12("one");
        connect(
                client12(key12).versions(all).suites(suites),
                server12(key12, key13).versions(all).suites(suites));
        assertKeyed(key12);
        connect(
                client12(key12, key13).versions(all).suites(suites),
                server12(key12, key13).versions(all).suites(suites));
        assertKeyed(key13);
        connect(client12(key12, key13).versions(all).suites(suites), server12(key12, key13));
        assertKeyed(key12);
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                alertOf(client12(key13).versions(all).suites(suites), server12(key12)));
    }
}
