package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EchKey;
import org.jsspi.EchStatus;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateMessage.Entry;
import org.jsspi.provider.tls.message.CertificateRequest;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.tls.message.TrustAnchors;
import org.junit.jupiter.api.Test;

/** trust_anchors (draft-ietf-tls-trust-anchor-ids) between our two sides, and with one of them that breaks a rule. */
class TrustAnchorsTest {
    private static final TrustAnchorId ONE = TrustAnchorId.parse("32473.1");
    private static final TrustAnchorId TWO = TrustAnchorId.parse("32473.2");
    private static final TrustAnchorId THREE = TrustAnchorId.parse("32473.3");

    private static final Identity AUTHORITY = TestCertificates.of(KeyKind.P256)
            .subject("CN=authority")
            .authority()
            .selfSigned();
    private static final Identity UNDER_ONE = TestCertificates.of(KeyKind.P256)
            .subject("CN=one")
            .signedBy(AUTHORITY)
            .withTrustAnchor(ONE);
    private static final Identity UNDER_TWO =
            TestCertificates.selfSigned(KeyKind.ED25519).withTrustAnchor(TWO);
    private static final Identity FOR_EVERYBODY = TestCertificates.selfSigned(KeyKind.P256);

    /** Chooses what it is asked for, and otherwise what is for everybody. */
    private static final class Choosing extends Wishes {
        private final List<List<TrustAnchorId>> requested = new ArrayList<>();
        private boolean fails;

        Choosing(Identity... identities) {
            super(identities);
        }

        @Override
        public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
            requested.add(info.requestedTrustAnchors());
            List<TrustAnchorId> wanted =
                    info.requestedTrustAnchors() == null ? List.of() : info.requestedTrustAnchors();
            return identities.stream()
                    .filter(info::accepts)
                    .filter(identity -> identity.trustAnchor() == null || wanted.contains(identity.trustAnchor()))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public List<Identity> availableIdentities(HandshakeInfo info) {
            asked.add("availableIdentities");
            if (fails) {
                throw new IllegalStateException("no answer");
            }
            return identities;
        }
    }

    private final Choosing clientWishes = new Choosing();
    private final Choosing serverWishes = new Choosing(UNDER_ONE, UNDER_TWO, FOR_EVERYBODY);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder forClient(TrustAnchorId... anchors) {
        return HandshakeSettings.builder(clientWishes).trustAnchors(List.of(anchors));
    }

    private HandshakeSettings.Builder forServer() {
        return HandshakeSettings.builder(serverWishes).tickets(tickets);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        connect(forClient, forServer, HandshakeMessage.class, message -> message);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    /** Runs a handshake in which the first message of this class arrives changed. */
    private <M extends HandshakeMessage> void connect(
            HandshakeSettings.Builder forClient,
            HandshakeSettings.Builder forServer,
            Class<M> type,
            UnaryOperator<M> change)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        boolean changed = false;
        while (!client.outgoing.isEmpty() || !server.outgoing.isEmpty()) {
            Peer from = client.outgoing.isEmpty() ? server : client;
            Peer to = from == client ? server : client;
            Peer.Sent sent = from.outgoing.remove();
            if (sent.message() == null) {
                to.receiveChangeCipherSpec();
                continue;
            }
            HandshakeMessage message = Inbound.decode(to.state, sent.message()).message();
            if (type.isInstance(message) && !changed) {
                changed = true;
                M other = change.apply(type.cast(message));
                to.receive(other == message ? sent.message() : other.toBytes());
            } else {
                to.receive(sent.message());
            }
        }
    }

    private <M extends HandshakeMessage> void assertAlert(
            AlertDescription alert, HandshakeSettings.Builder forClient, Class<M> type, UnaryOperator<M> change) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(forClient, forServer(), type, change));
        assertEquals(alert, Peer.alert(failure), failure::getMessage);
    }

    private <M extends HandshakeMessage> M sent(Peer peer, Class<M> type) throws SspiException {
        for (byte[] message : peer.sent) {
            HandshakeMessage decoded =
                    Inbound.decode(message, ProtocolVersion.TLS13).message();
            if (type.isInstance(decoded)) {
                return type.cast(decoded);
            }
        }
        throw new AssertionError("no " + type.getSimpleName());
    }

    private static Extensions extensions(Peer peer, int n) throws SspiException {
        return ((ClientHello) Inbound.decode(peer.sent.get(n), null).message()).extensions();
    }

    @Test
    void aServerShowsTheChainForTheAnchorThatTheClientTrusts() throws SspiException {
        connect(forClient(THREE, TWO), forServer());
        assertEquals(List.of(List.of(THREE, TWO)), serverWishes.requested);
        assertEquals(UNDER_TWO.chain(), client.connected().session().peerCertificates());
        assertTrue(client.connected().session().trustAnchorMatched());
        assertEquals(List.of(ONE, TWO), client.connected().session().availableTrustAnchors());
        List<Entry> entries = sent(server, CertificateMessage.class).entries();
        assertTrue(entries.get(0).extensions().has(ExtensionType.TRUST_ANCHORS));
        assertFalse(server.connected().session().trustAnchorMatched(), "the client has shown nothing");
        assertEquals(List.of(), server.connected().session().availableTrustAnchors());
    }

    @Test
    void onlyTheEntryOfTheOwnCertificateSaysThatItMatches() throws SspiException {
        connect(forClient(ONE), forServer());
        List<Entry> entries = sent(server, CertificateMessage.class).entries();
        assertEquals(2, entries.size());
        assertTrue(entries.get(0).extensions().has(ExtensionType.TRUST_ANCHORS));
        assertFalse(entries.get(1).extensions().has(ExtensionType.TRUST_ANCHORS));
    }

    @Test
    void aClientThatTrustsOthersIsTold() throws SspiException {
        connect(forClient(THREE), forServer());
        assertEquals(FOR_EVERYBODY.chain(), client.connected().session().peerCertificates());
        assertFalse(client.connected().session().trustAnchorMatched());
        assertEquals(List.of(ONE, TWO), client.connected().session().availableTrustAnchors());
    }

    @Test
    void aClientMayNameNobodyAndIsTold() throws SspiException {
        connect(forClient(), forServer());
        assertEquals(List.of(List.of()), serverWishes.requested);
        assertEquals(List.of(ONE, TWO), client.connected().session().availableTrustAnchors());
    }

    @Test
    void nothingIsSaidUnlessTheClientAsks() throws SspiException {
        connect(HandshakeSettings.builder(clientWishes), forServer());
        assertNull(serverWishes.requested.get(0));
        assertFalse(serverWishes.asked.contains("availableIdentities"));
        assertFalse(extensions(client, 0).has(ExtensionType.TRUST_ANCHORS));
        assertFalse(sent(server, EncryptedExtensions.class).extensions().has(ExtensionType.TRUST_ANCHORS));
        assertEquals(List.of(), client.connected().session().availableTrustAnchors());
    }

    @Test
    void aServerNamesThoseOfChainsThatTheClientCouldTake() throws SspiException {
        connect(forClient(THREE).schemes(List.of(SignatureScheme.ECDSA_SECP256R1_SHA256)), forServer());
        assertEquals(List.of(ONE), client.connected().session().availableTrustAnchors());

        serverWishes.identities.remove(UNDER_ONE);
        connect(forClient(THREE).schemes(List.of(SignatureScheme.ECDSA_SECP256R1_SHA256)), forServer());
        // draft-ietf-tls-trust-anchor-ids 4.3: nothing is sent if there is none.
        assertFalse(sent(server, EncryptedExtensions.class).extensions().has(ExtensionType.TRUST_ANCHORS));
    }

    @Test
    void aServerNamesEachOnceAndNoMoreThanAHintIsWorth() throws SspiException {
        serverWishes.identities.add(1, FOR_EVERYBODY.withTrustAnchor(ONE));
        List<TrustAnchorId> long20 = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] id = new byte[TrustAnchorId.LONGEST];
            id[254] = (byte) i;
            long20.add(TrustAnchorId.of(id));
            serverWishes.identities.add(FOR_EVERYBODY.withTrustAnchor(TrustAnchorId.of(id)));
        }
        connect(forClient(), forServer());
        List<TrustAnchorId> expected = new ArrayList<>(List.of(ONE, TWO));
        expected.addAll(long20.subList(0, 15));
        assertEquals(expected, client.connected().session().availableTrustAnchors());
    }

    @Test
    void anApplicationThatCannotSayWhomItHasEndsTheHandshake() {
        serverWishes.fails = true;
        SspiException failure = assertThrows(SspiException.class, () -> connect(forClient(), forServer()));
        assertEquals(AlertDescription.INTERNAL_ERROR, Peer.alert(failure));
    }

    @Test
    void aResumedSessionHasNoChainAndIsToldOfNone() throws SspiException {
        connect(forClient(ONE), forServer());
        connect(forClient(ONE).resumption(client.tickets.get(0)), forServer());
        assertTrue(client.connected().session().resumed());
        assertFalse(client.connected().session().trustAnchorMatched());
        assertEquals(List.of(), client.connected().session().availableTrustAnchors());
        assertEquals(UNDER_ONE.chain(), client.connected().session().peerCertificates());
    }

    @Test
    void aSecondHelloAsksForTheSame() throws SspiException {
        connect(
                forClient(TWO).groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1)),
                forServer().groups(List.of(NamedGroup.SECP256R1)));
        assertArrayEquals(
                extensions(client, 0).find(Shape.TRUST_ANCHORS).orElseThrow().list(),
                extensions(client, 1).find(Shape.TRUST_ANCHORS).orElseThrow().list());
        assertEquals(UNDER_TWO.chain(), client.connected().session().peerCertificates());
    }

    @Test
    void aServerOfThePublicNameTellsTheClientNothing() throws SspiException {
        EchKey key = EchKey.generate(42, "public.example", 64);
        EchKey other = EchKey.generate(43, "public.example", 64);
        serverWishes.identities.set(
                0,
                TestCertificates.of(KeyKind.P256)
                        .subject("CN=test")
                        .dnsNames("secret.example", "public.example")
                        .selfSigned()
                        .withTrustAnchor(ONE));
        HandshakeSettings.Builder hiding = forClient(ONE)
                .targetName("secret.example")
                .serverNames(List.of(new SNIHostName("secret.example")))
                .echConfigs(List.of(key.config()));
        connect(hiding, forServer().echKeys(() -> List.of(key)));
        assertEquals(EchStatus.ACCEPTED, client.connected().session().echStatus());
        assertTrue(client.connected().session().trustAnchorMatched());

        TlsSession session = new TlsSession("secret.example", -1);
        SspiException rejected = assertThrows(
                SspiException.class,
                () -> connect(hiding.session(session), forServer().echKeys(() -> List.of(other))));
        assertEquals(AlertDescription.ECH_REQUIRED, Peer.alert(rejected));
        assertTrue(sent(server, EncryptedExtensions.class).extensions().has(ExtensionType.TRUST_ANCHORS));
        assertEquals(List.of(), session.availableTrustAnchors());
    }

    @Test
    void inTls12NobodyHearsOfIt() throws SspiException {
        connect(forClient(ONE), forServer().versions(List.of(ProtocolVersion.TLS12)));
        assertNull(serverWishes.requested.get(0));
        assertEquals(FOR_EVERYBODY.chain(), client.connected().session().peerCertificates());

        connect(forClient(ONE).versions(List.of(ProtocolVersion.TLS12)), forServer());
        assertFalse(extensions(client, 0).has(ExtensionType.TRUST_ANCHORS));

        HandshakeSettings.Builder both = forClient(ONE);
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(
                        both,
                        forServer().versions(List.of(ProtocolVersion.TLS12)),
                        ServerHello.class,
                        hello -> new ServerHello(
                                hello.legacyVersion(),
                                hello.random(),
                                hello.legacySessionIdEcho(),
                                hello.cipherSuite(),
                                hello.legacyCompressionMethod(),
                                hello.extensions().with(TrustAnchors.of(List.of(ONE))))));
        assertEquals(AlertDescription.UNSUPPORTED_EXTENSION, Peer.alert(failure));
    }

    @Test
    void aServerSaysInItsRequestWhoseClientsItTrusts() throws SspiException {
        clientWishes.identities.addAll(List.of(UNDER_ONE, UNDER_TWO, FOR_EVERYBODY));
        HandshakeSettings.Builder asking = forServer().clientAuthentication(ClientAuthentication.NEED);
        connect(HandshakeSettings.builder(clientWishes), asking.trustAnchors(List.of(THREE, TWO)));
        assertEquals(List.of(List.of(THREE, TWO)), clientWishes.requested);
        assertEquals(UNDER_TWO.chain(), server.connected().session().peerCertificates());
        assertTrue(server.connected().session().trustAnchorMatched());
        assertFalse(client.connected().session().trustAnchorMatched());
        // draft-ietf-tls-trust-anchor-ids: what a client has is not told.
        assertFalse(clientWishes.asked.contains("availableIdentities"));

        clientWishes.requested.clear();
        connect(HandshakeSettings.builder(clientWishes), asking.trustAnchors(List.of(THREE)));
        assertEquals(FOR_EVERYBODY.chain(), server.connected().session().peerCertificates());
        assertFalse(server.connected().session().trustAnchorMatched());

        connect(HandshakeSettings.builder(clientWishes), asking.trustAnchors(null));
        assertFalse(sent(server, CertificateRequest.class).extensions().has(ExtensionType.TRUST_ANCHORS));
        assertNull(clientWishes.requested.get(1));
    }

    @Test
    void whoHasSwitchedTheExtensionOffNeitherSaysNorHears() throws SspiException {
        Set<ExtensionType> none = Set.of(ExtensionType.TRUST_ANCHORS);
        connect(forClient(ONE).disabledExtensions(none), forServer());
        assertFalse(extensions(client, 0).has(ExtensionType.TRUST_ANCHORS));

        connect(forClient(ONE), forServer().disabledExtensions(none));
        assertNull(serverWishes.requested.get(1));
        assertFalse(sent(server, EncryptedExtensions.class).extensions().has(ExtensionType.TRUST_ANCHORS));

        clientWishes.identities.add(UNDER_ONE);
        connect(
                HandshakeSettings.builder(clientWishes).disabledExtensions(none),
                forServer().clientAuthentication(ClientAuthentication.WANT).trustAnchors(List.of(ONE)));
        assertNull(clientWishes.requested.get(0));
    }

    @Test
    void anAnswerThatNobodyHasAskedForIsRefused() {
        HandshakeSettings.Builder silent = HandshakeSettings.builder(clientWishes);
        assertAlert(
                AlertDescription.UNSUPPORTED_EXTENSION,
                silent,
                EncryptedExtensions.class,
                message -> new EncryptedExtensions(message.extensions().with(TrustAnchors.of(List.of(ONE)))));
        assertAlert(
                AlertDescription.UNSUPPORTED_EXTENSION,
                silent,
                CertificateMessage.class,
                message -> message.with(new Indication(ExtensionType.TRUST_ANCHORS)));
    }

    @Test
    void anAnswerOfAnotherFormIsRefused() {
        Extension empty = new RawExtension(ExtensionType.TRUST_ANCHORS.code(), new byte[] {0, 0});
        assertAlert(
                AlertDescription.DECODE_ERROR,
                forClient(ONE),
                EncryptedExtensions.class,
                message -> new EncryptedExtensions(message.extensions().with(empty)));
        Extension nameless = new RawExtension(ExtensionType.TRUST_ANCHORS.code(), new byte[] {0, 1, 0});
        assertAlert(
                AlertDescription.DECODE_ERROR,
                forClient(ONE),
                EncryptedExtensions.class,
                message -> new EncryptedExtensions(message.extensions().with(nameless)));
        assertAlert(
                AlertDescription.DECODE_ERROR,
                forClient(ONE),
                ClientHello.class,
                hello -> ClientOffer.with(hello, hello.extensions().with(nameless)));
        assertAlert(
                AlertDescription.DECODE_ERROR,
                forClient(ONE),
                CertificateMessage.class,
                message -> message.with(TrustAnchors.of(List.of(ONE))));
    }

    @Test
    void theEntryOfAnAuthorityDoesNotMatch() {
        assertAlert(AlertDescription.UNSUPPORTED_EXTENSION, forClient(ONE), CertificateMessage.class, message -> {
            Entry authority = message.entries().get(1);
            return new CertificateMessage(
                    message.context(),
                    List.of(
                            message.entries().get(0),
                            new Entry(
                                    authority.certificate(),
                                    Extensions.of(new Indication(ExtensionType.TRUST_ANCHORS)))));
        });
    }

    @Test
    void anIdentifierIsFoundWholeAndNowhereBetween() {
        TrustAnchorId inside = TrustAnchorId.of(new byte[] {2, 3});
        TrustAnchors list = TrustAnchors.of(List.of(TrustAnchorId.of(new byte[] {1, 2, 3}), ONE, TWO));
        assertTrue(list.contains(ONE));
        assertTrue(list.contains(TWO), "the last");
        assertFalse(list.contains(THREE));
        assertFalse(list.contains(inside), "the end of another");
        assertFalse(list.contains(TrustAnchorId.of(new byte[] {1, 2})), "the begin of another");
        assertFalse(TrustAnchors.of(List.of()).contains(ONE));
    }
}
