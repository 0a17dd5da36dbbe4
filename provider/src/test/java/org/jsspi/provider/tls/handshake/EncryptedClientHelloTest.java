package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.EchKeys;
import org.jsspi.EchRejectedException;
import org.jsspi.EchStatus;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Hpke;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.EchConfirmation;
import org.jsspi.provider.tls.message.EchInner;
import org.jsspi.provider.tls.message.EchOuter;
import org.jsspi.provider.tls.message.EchRetryConfigs;
import org.jsspi.provider.tls.message.EncodedClientHelloInner;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeyOffer;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerNames;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SupportedVersions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted Client Hello (RFC 9849) between our own two sides, and with one of them that breaks a rule. */
class EncryptedClientHelloTest {
    private static final String SECRET = "secret.example";
    private static final String PUBLIC = "public.example";
    private static final Identity IDENTITY = TestCertificates.of(KeyKind.P256)
            .subject("CN=test")
            .dnsNames(SECRET, PUBLIC)
            .selfSigned();
    private static final EchKey KEY = EchKey.generate(42, PUBLIC, 64);
    private static final EchKey OTHER = EchKey.generate(43, PUBLIC, 0);
    private static final List<ProtocolVersion> BOTH = List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12);

    /** What was judged, by which name, and whether a server takes what it has opened. */
    private static final class Judge extends Wishes {
        private final List<String> judged = new ArrayList<>();
        private final List<String> hidden = new ArrayList<>();
        private boolean takes = true;

        Judge(Identity... identities) {
            super(identities);
        }

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {
            judged.add(info.targetName() + " " + info.session().echStatus());
        }

        @Override
        public boolean acceptEncryptedClientHello(HandshakeInfo info, List<SNIServerName> names) {
            hidden.addAll(names.stream()
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .toList());
            return takes;
        }
    }

    private final Judge clientWishes = new Judge();
    private final Judge serverWishes = new Judge(IDENTITY);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(EchKey... keys) {
        return HandshakeSettings.builder(clientWishes)
                .versions(BOTH)
                .targetName(SECRET)
                .serverNames(List.of(new SNIHostName(SECRET)))
                .echConfigs(Arrays.stream(keys).map(EchKey::config).toList());
    }

    private HandshakeSettings.Builder serverSettings(EchKey... keys) {
        return HandshakeSettings.builder(serverWishes)
                .versions(BOTH)
                .echKeys(keys.length == 0 ? null : () -> List.of(keys));
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        connect(forClient, forServer, HandshakeMessage.class, 0, message -> message);
    }

    /** Runs a handshake in which the n-th message of this class, from 0, arrives changed. */
    private <M extends HandshakeMessage> void connect(
            HandshakeSettings.Builder forClient,
            HandshakeSettings.Builder forServer,
            Class<M> type,
            int n,
            UnaryOperator<M> change)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        int seen = 0;
        while (!client.outgoing.isEmpty() || !server.outgoing.isEmpty()) {
            Peer from = client.outgoing.isEmpty() ? server : client;
            Peer to = from == client ? server : client;
            Peer.Sent sent = from.outgoing.remove();
            if (sent.message() != null) {
                HandshakeMessage decoded =
                        Inbound.decode(sent.message(), to.state.version()).message();
                if (type.isInstance(decoded) && type != HandshakeMessage.class && seen++ == n) {
                    to.receive(change.apply(type.cast(decoded)).toBytes());
                    continue;
                }
            }
            to.receive(sent);
        }
    }

    private void assertAccepted() {
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertEquals(EchStatus.ACCEPTED, client.connected().session().echStatus());
        assertEquals(EchStatus.ACCEPTED, server.connected().session().echStatus());
        assertEquals(
                List.of(new SNIHostName(SECRET)), server.connected().session().requestedServerNames());
        for (byte[] message : client.sent) {
            assertFalse(
                    new String(message, StandardCharsets.ISO_8859_1).contains(SECRET) && message[0] == 1,
                    "the name stands in a hello that was sent");
        }
    }

    private static ClientHello hello(Peer peer, int n) throws SspiException {
        List<byte[]> hellos =
                peer.sent.stream().filter(message -> message[0] == 1).toList();
        return (ClientHello) Inbound.decode(hellos.get(n), null).message();
    }

    private EchRejectedException assertRejected(
            HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(forClient, forServer));
        assertEquals(AlertDescription.ECH_REQUIRED, Peer.alert(failure), failure::getMessage);
        assertEquals(List.of(PUBLIC + " REJECTED"), clientWishes.judged);
        assertEquals(0, client.established);
        assertEquals("last flight", client.events.get(client.events.size() - 1));
        assertTrue(client.tickets.isEmpty());
        assertFalse(failure.getMessage().contains(SECRET));
        EchRejectedException rejection = (EchRejectedException) failure.getCause();
        assertEquals(PUBLIC, rejection.publicName());
        return rejection;
    }

    // The server takes the inner hello

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    void theNameIsHiddenAndTheHandshakeIsThatOfTheInnerHello(CipherSuite suite) throws SspiException {
        serverWishes.protocol = "h2";
        connect(
                clientSettings(KEY).applicationProtocols(List.of("h2")),
                serverSettings(OTHER, KEY).suites(List.of(suite)));
        assertAccepted();
        assertEquals(suite, client.connected().suite());
        assertEquals("h2", server.connected().applicationProtocol());
        assertEquals(List.of(SECRET + " ACCEPTED"), clientWishes.judged);
        assertEquals(List.of(SECRET), serverWishes.hidden);
        assertArrayEquals(
                client.connected().exportKeyingMaterial("EXPORTER-test", null, 32),
                server.connected().exportKeyingMaterial("EXPORTER-test", null, 32));
    }

    /** RFC 9849 6.1: the public name, another random, the same session id; and TLS 1.2 in the outer hello alone. */
    @Test
    void theOuterHelloIsAnOrdinaryOneForThePublicName() throws SspiException {
        connect(clientSettings(KEY).applicationProtocols(List.of("h2")), serverSettings(KEY));
        ClientHello outer = hello(client, 0);
        assertArrayEquals(
                PUBLIC.getBytes(StandardCharsets.US_ASCII),
                outer.extensions()
                        .find(Shape.SERVER_NAMES)
                        .flatMap(ServerNames::hostName)
                        .orElseThrow());
        EchOuter extension = outer.extensions().find(Shape.ECH_OUTER).orElseThrow();
        assertEquals(42, extension.configId());
        assertEquals(0, (extension.payload().length - Hpke.EXPANSION) % 32);
        assertEquals(
                2,
                outer.extensions()
                        .find(Shape.SUPPORTED_VERSIONS)
                        .orElseThrow()
                        .versions()
                        .size());
        assertTrue(outer.extensions().find(Shape.APPLICATION_PROTOCOLS).isPresent());

        EchOpener.Opened opened = EchOpener.open(List.of(KEY), new Inbound(outer.toBytes(), outer), extension)
                .orElseThrow();
        ClientHello inner = (ClientHello) opened.inner().message();
        assertFalse(Arrays.equals(outer.random(), inner.random()));
        assertArrayEquals(outer.legacySessionId(), inner.legacySessionId());
        assertEquals(
                Codes.of(ProtocolVersion.TLS13.code()),
                inner.extensions().find(Shape.SUPPORTED_VERSIONS).orElseThrow().versions());
        for (ExtensionType type : List.of(
                ExtensionType.EXTENDED_MASTER_SECRET,
                ExtensionType.SESSION_TICKET,
                ExtensionType.RENEGOTIATION_INFO,
                ExtensionType.EC_POINT_FORMATS)) {
            assertTrue(outer.extensions().has(type), type::toString);
            assertFalse(inner.extensions().has(type), type::toString);
        }
        assertEquals(3, inner.cipherSuites().size());
    }

    @Test
    void aRetryIsConfirmedAndTheSecondHelloIsEncryptedUnderTheSameContext() throws SspiException {
        connect(
                clientSettings(KEY).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                serverSettings(KEY).groups(List.of(NamedGroup.SECP384R1)));
        assertAccepted();
        assertEquals(NamedGroup.SECP384R1, client.connected().group());
        EchOuter first = hello(client, 0).extensions().find(Shape.ECH_OUTER).orElseThrow();
        EchOuter second = hello(client, 1).extensions().find(Shape.ECH_OUTER).orElseThrow();
        assertEquals(32, first.enc().length);
        assertEquals(0, second.enc().length);
        assertFalse(Arrays.equals(first.payload(), second.payload()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionIsResumedAndTheOuterHelloHasOneThatIsMadeUp(boolean retry) throws SspiException {
        connect(clientSettings(KEY), serverSettings(KEY).tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        byte[] ticket = session.ticket();
        clientWishes.judged.clear();

        HandshakeSettings.Builder again = clientSettings(KEY).resumption(session);
        HandshakeSettings.Builder there = serverSettings(KEY).tickets(tickets);
        if (retry) {
            again.groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1));
            there.groups(List.of(NamedGroup.SECP384R1));
        }
        connect(again, there);

        assertAccepted();
        assertTrue(client.connected().session().resumed());
        assertEquals(List.of(), clientWishes.judged);
        PreSharedKeyOffer offer =
                hello(client, 0).extensions().find(Shape.PRE_SHARED_KEY_OFFER).orElseThrow();
        assertEquals(ticket.length, offer.identities().get(0).identity().length);
        assertFalse(Arrays.equals(ticket, offer.identities().get(0).identity()));
    }

    @Test
    void ofTwoKeysWithOneIdTheOneThatFitsIsFound() throws SspiException {
        EchKey same = EchKey.generate(42, PUBLIC, 0);
        connect(clientSettings(KEY), serverSettings(same, KEY));
        assertAccepted();
    }

    /** RFC 9849 6.1: the first that can be used. */
    @Test
    void theClientPassesOverConfigurationsThatItCannotUse() throws SspiException {
        List<EchConfig.CipherSuite> suites = KEY.config().cipherSuites();
        byte[] share = KEY.config().publicKey();
        EchConfig otherKem = EchConfig.of(1, 0x10, share, suites, 0, PUBLIC);
        EchConfig otherSuite = EchConfig.of(2, 0x20, share, List.of(new EchConfig.CipherSuite(0x1111, 1)), 0, PUBLIC);
        EchConfig otherLength = EchConfig.of(3, 0x20, new byte[31], suites, 0, PUBLIC);
        connect(
                clientSettings().echConfigs(List.of(otherKem, otherSuite, otherLength, KEY.config())),
                serverSettings(KEY));
        assertAccepted();

        connect(clientSettings().echConfigs(List.of(otherKem, otherSuite)), serverSettings(KEY));
        assertEquals(EchStatus.NOT_OFFERED, client.connected().session().echStatus());
        assertFalse(hello(client, 0).extensions().has(ExtensionType.ENCRYPTED_CLIENT_HELLO));
    }

    @Test
    void anIdentityIsShownToTheServerThatTookTheInnerHello() throws SspiException {
        clientWishes.identities.add(IDENTITY);
        connect(clientSettings(KEY), serverSettings(KEY).clientAuthentication(ClientAuthentication.NEED));
        assertAccepted();
        assertEquals(IDENTITY.chain(), server.connected().session().peerCertificates());
    }

    // The server does not take it

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerWithOtherKeysSaysWhich(boolean retry) {
        EchKey retired = EchKey.of(OTHER.config(), OTHER.privateKey(), false);
        EchKey current = EchKey.generate(44, PUBLIC, 0);
        HandshakeSettings.Builder there = serverSettings(retired, current);
        HandshakeSettings.Builder here = clientSettings(KEY);
        if (retry) {
            here.groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1));
            there.groups(List.of(NamedGroup.SECP384R1));
        }
        EchRejectedException rejection = assertRejected(here, there);
        assertArrayEquals(EchConfig.encodeList(List.of(current.config())), rejection.retryConfigs());
        assertEquals(
                PUBLIC,
                client.state instanceof ClientState lost
                        ? lost.exchange().session().peerHost()
                        : "");
    }

    @Test
    void aServerWithoutKeysHasNoConfigurations() {
        assertEquals(0, assertRejected(clientSettings(KEY), serverSettings()).retryConfigs().length);
    }

    @Test
    void aServerOfTls12HasNoConfigurations() {
        assertEquals(
                0,
                assertRejected(clientSettings(KEY), serverSettings(KEY).versions(List.of(ProtocolVersion.TLS12)))
                        .retryConfigs()
                        .length);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS13", "TLS12"})
    void noIdentityIsShownToTheServerOfThePublicName(ProtocolVersion version) {
        clientWishes.identities.add(IDENTITY);
        assertRejected(
                clientSettings(KEY),
                serverSettings(OTHER).versions(List.of(version)).clientAuthentication(ClientAuthentication.WANT));
        assertFalse(clientWishes.asked.contains("selectIdentity"));
    }

    @Test
    void anApplicationMayDeclineWhatItsServerHasOpened() {
        serverWishes.takes = false;
        assertEquals(0, assertRejected(clientSettings(KEY), serverSettings(KEY)).retryConfigs().length);
        assertEquals(List.of(SECRET), serverWishes.hidden);
    }

    /** RFC 9849 6.1.2: what stands in an outer hello is no offer. */
    @Test
    void aPreSharedKeyIsNotSelectedFromTheOuterHello() throws SspiException {
        connect(clientSettings(KEY), serverSettings(KEY).tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(KEY).resumption(session),
                        serverSettings(OTHER),
                        ServerHello.class,
                        0,
                        answer -> ServerHello.of(
                                answer.random(),
                                answer.legacySessionIdEcho(),
                                answer.cipherSuite(),
                                answer.extensions().with(new PreSharedKeySelection(0)))));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
    }

    /** A name of a key is hidden as that of a server is; and the server of the public name is judged by its certificate. */
    @Test
    void aKeyFromOutsideIsOfferedInTheInnerHelloAlone() throws SspiException {
        byte[] name = "the name of a key".getBytes(StandardCharsets.US_ASCII);
        PreSharedKey key = PreSharedKey.of(PreSharedKey.Use.IMPORTED, name, new byte[32]);
        HandshakeSettings.Builder here = clientSettings(KEY).preSharedKeys(PreSharedKeys.of(key));
        connect(here, serverSettings(KEY).preSharedKeys(PreSharedKeys.of(key)));
        assertAccepted();
        assertEquals(List.of(), clientWishes.judged);
        assertFalse(new String(client.sent.get(0), StandardCharsets.ISO_8859_1).contains("the name of a key"));

        assertRejected(here, serverSettings(OTHER));
    }

    @Test
    void aSessionOfTls12IsOfferedInNeitherHello() throws SspiException {
        connect(
                clientSettings(),
                serverSettings().versions(List.of(ProtocolVersion.TLS12)).tickets(tickets));
        ResumableSession session = client.tickets.get(0);
        connect(clientSettings(KEY).resumption(session), serverSettings(KEY).tickets(tickets));
        assertAccepted();
        assertFalse(client.connected().session().resumed());
    }

    // A server that breaks a rule

    @Test
    void whatARetryConfirmsTheServerHelloConfirmsAsWell() {
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(KEY).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                        serverSettings(KEY).groups(List.of(NamedGroup.SECP384R1)),
                        ServerHello.class,
                        0,
                        answer -> {
                            answer.random()[31] ^= 1;
                            return answer;
                        }));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
    }

    @Test
    void aConfirmationOfNothingIsARejection() {
        assertTranscriptsDiffer(
                () -> connect(clientSettings(KEY), serverSettings(KEY), ServerHello.class, 0, answer -> {
                    answer.random()[24] ^= 1;
                    return answer;
                }));
        assertEquals(
                EchStatus.REJECTED,
                ((ClientState) client.state).exchange().session().echStatus());
    }

    /** One side goes on with another hello than the other: what follows has other keys. */
    private static void assertTranscriptsDiffer(Executable handshake) {
        AssertionError failure = assertThrows(AssertionError.class, handshake);
        assertTrue(failure.getMessage().contains("the key of the message"), failure::getMessage);
    }

    @Test
    void configurationsFromAServerThatHasTakenTheHelloAreUnsupported() {
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(KEY),
                        serverSettings(KEY),
                        EncryptedExtensions.class,
                        0,
                        answer -> new EncryptedExtensions(answer.extensions()
                                .with(new EchRetryConfigs(EchConfig.encodeList(List.of(KEY.config())))))));
        assertEquals(AlertDescription.UNSUPPORTED_EXTENSION, Peer.alert(failure));
    }

    @Test
    void aRetryConfirmsOnlyWhatWasOffered() {
        HandshakeSettings.Builder retrying = serverSettings().groups(List.of(NamedGroup.SECP384R1));
        List<NamedGroup> groups = List.of(NamedGroup.X25519, NamedGroup.SECP384R1);
        UnaryOperator<HelloRetryRequest> confirming = request -> request.with(EchConfirmation.blank());
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(clientSettings().groups(groups), retrying, HelloRetryRequest.class, 0, confirming));
        assertEquals(AlertDescription.UNSUPPORTED_EXTENSION, Peer.alert(failure));
        // RFC 9849 6.2.1: a client that offers something without content does not mind, but it has read other bytes.
        assertTranscriptsDiffer(() -> connect(
                clientSettings().echGrease(true).groups(groups), retrying, HelloRetryRequest.class, 0, confirming));
    }

    // A client that breaks a rule

    private AlertDescription alertOfServer(int n, UnaryOperator<ClientHello> change, HandshakeSettings.Builder there) {
        return Peer.alert(assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(KEY).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                        there.groups(List.of(NamedGroup.SECP384R1)),
                        ClientHello.class,
                        n,
                        change)));
    }

    private static UnaryOperator<ClientHello> replacing(UnaryOperator<EchOuter> change) {
        return hello -> ClientOffer.with(
                hello,
                hello.extensions()
                        .with(change.apply(
                                hello.extensions().find(Shape.ECH_OUTER).orElseThrow())));
    }

    /** RFC 9849 7.1.1. */
    @Test
    void theSecondHelloIsEncryptedAsTheFirstWas() {
        assertEquals(
                AlertDescription.MISSING_EXTENSION,
                alertOfServer(
                        1,
                        hello -> ClientOffer.with(
                                hello, hello.extensions().without(ExtensionType.ENCRYPTED_CLIENT_HELLO)),
                        serverSettings(KEY)));
        for (UnaryOperator<EchOuter> change : List.<UnaryOperator<EchOuter>>of(
                o -> new EchOuter(2, o.aeadId(), o.configId(), o.enc(), o.payload()),
                o -> new EchOuter(o.kdfId(), 2, o.configId(), o.enc(), o.payload()),
                o -> new EchOuter(o.kdfId(), o.aeadId(), 43, o.enc(), o.payload()),
                o -> new EchOuter(o.kdfId(), o.aeadId(), o.configId(), new byte[32], o.payload()))) {
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, alertOfServer(1, replacing(change), serverSettings(KEY)));
        }
        assertEquals(
                AlertDescription.DECRYPT_ERROR,
                alertOfServer(1, replacing(o -> o.withPayload(new byte[o.payload().length])), serverSettings(KEY)));
    }

    /** Everything in the outer hello is authenticated (RFC 9849 5.2): a changed one is as good as none. */
    @Test
    void aChangedOuterHelloIsNotOpened() {
        assertTranscriptsDiffer(() -> connect(
                clientSettings(KEY),
                serverSettings(KEY),
                ClientHello.class,
                0,
                hello -> ClientOffer.with(hello, hello.extensions().with(ServerNames.ofHost("other.example")))));
        assertEquals(
                EchStatus.REJECTED,
                ((ServerState) server.state).exchange().session().echStatus());
    }

    /** RFC 9849 7: an inner hello comes encrypted, and says that it is one. */
    @Test
    void aServerWithKeysRefusesAnInnerHelloInTheClear() {
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, alertOfInner(serverSettings(KEY)));
    }

    private AlertDescription alertOfInner(HandshakeSettings.Builder there) {
        return Peer.alert(assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(),
                        there,
                        ClientHello.class,
                        0,
                        hello -> ClientOffer.with(hello, hello.extensions().with(new EchInner())))));
    }

    /** A hello whose encrypted part is this one. */
    private static byte[] sealed(ClientHello inner) throws SspiException {
        EchConfig config = KEY.config();
        EchConfig.CipherSuite suite = config.cipherSuites().get(0);
        Hpke.Sender sender = Hpke.sender(suite.kdfId(), suite.aeadId(), config.publicKey(), EchOffer.info(config));
        byte[] encoded = EncodedClientHelloInner.encode(inner, List.of(), 0);
        EchOuter blank = new EchOuter(
                suite.kdfId(),
                suite.aeadId(),
                config.configId(),
                sender.encapsulated(),
                new byte[encoded.length + Hpke.EXPANSION]);
        ClientHello outer =
                ClientHello.of(new byte[32], inner.legacySessionId(), inner.cipherSuites(), Extensions.of(blank));
        byte[] payload = sender.seal(EncodedClientHelloInner.associatedData(outer, blank), encoded);
        return ClientOffer.with(outer, Extensions.of(blank.withPayload(payload)))
                .toBytes();
    }

    /** RFC 9849 7.1. */
    @Test
    void whatIsInThereHasToBeAnInnerHelloOfTls13() throws SspiException {
        Extension tls13 = new SupportedVersions(Codes.of(0x0304));
        for (Extensions extensions : List.of(
                Extensions.of(tls13),
                Extensions.of(new EchInner()),
                Extensions.of(new EchInner(), new SupportedVersions(Codes.of(0x0304, 0x0303))),
                Extensions.of(new EchInner(), new SupportedVersions(Codes.of(0x0301))),
                Extensions.of(tls13, new EchOuter(1, 1, 1, new byte[0], new byte[1])))) {
            byte[] message = sealed(ClientHello.of(new byte[32], new byte[0], Codes.of(0x1301), extensions));
            Peer alone = Peer.server(serverSettings(KEY).build());
            SspiException failure = assertThrows(SspiException.class, () -> alone.receive(message));
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure), failure::getMessage);
            assertTrue(failure.getMessage().contains("ClientHelloInner"), failure::getMessage);
        }
    }

    @Test
    void aTypeThatIsNoneIsIllegal() {
        byte[] message = ClientHello.of(
                        new byte[32], new byte[0], Codes.of(0x1301), Extensions.of(new RawExtension(0xFE0D, new byte[] {
                            2
                        })))
                .toBytes();
        SspiException failure = assertThrows(SspiException.class, () -> Inbound.decode(message, null));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
    }

    /** RFC 9849 6.1.7: whatever a callback trusts. */
    @Test
    void theCertificateIsOneForThePublicName() {
        serverWishes.identities.set(0, TestCertificates.selfSigned(KeyKind.P256));
        SspiException failure =
                assertThrows(SspiException.class, () -> connect(clientSettings(KEY), serverSettings(OTHER)));
        assertEquals(SecurityStatus.SEC_E_WRONG_PRINCIPAL, failure.status());
        assertEquals(List.of(PUBLIC + " REJECTED"), clientWishes.judged);
    }

    /** RFC 9849 6.1.6: with configurations of other versions alone a client can do as much as with none. */
    @Test
    void configurationsOfOtherVersionsAloneAreNone() throws SspiException {
        assertFalse(new EchRetryConfigs(new byte[] {0, 4, (byte) 0xBA, (byte) 0xDD, 0, 0}).hasKnown());
        assertTrue(new EchRetryConfigs(EchConfig.encodeList(List.of(KEY.config()))).hasKnown());
    }

    @Test
    void aClientIsSentNoMoreConfigurationsThanAFlightHasRoomFor() {
        List<EchConfig.CipherSuite> many = Collections.nCopies(2000, new EchConfig.CipherSuite(1, 1));
        EchKey small = EchKey.generate(50, PUBLIC, 0);
        EchKey[] keys = new EchKey[4];
        for (int i = 0; i < 3; i++) {
            EchKey key = EchKey.generate(51 + i, PUBLIC, 0);
            EchConfig large = EchConfig.of(51 + i, 0x20, key.config().publicKey(), many, 0, PUBLIC);
            keys[i] = EchKey.of(large, key.privateKey(), true);
        }
        keys[3] = small;
        byte[] list = assertRejected(clientSettings(KEY), serverSettings(keys)).retryConfigs();
        assertArrayEquals(EchConfig.encodeList(List.of(keys[0].config(), keys[1].config(), small.config())), list);
    }

    // Without content, and without keys

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void greaseLooksLikeAnOfferAndChangesNothing(boolean keys) throws SspiException {
        connect(clientSettings(KEY), serverSettings(KEY));
        EchOuter real = hello(client, 0).extensions().find(Shape.ECH_OUTER).orElseThrow();
        clientWishes.judged.clear();

        connect(
                clientSettings().echGrease(true).groups(List.of(NamedGroup.X25519, NamedGroup.SECP384R1)),
                (keys ? serverSettings(KEY) : serverSettings()).groups(List.of(NamedGroup.SECP384R1)));

        EchOuter grease = hello(client, 0).extensions().find(Shape.ECH_OUTER).orElseThrow();
        EchOuter second = hello(client, 1).extensions().find(Shape.ECH_OUTER).orElseThrow();
        assertEquals(real.enc().length, grease.enc().length);
        assertEquals(0, (grease.payload().length - Hpke.EXPANSION) % 32);
        assertArrayEquals(grease.payload(), second.payload(), "RFC 9849 6.2.1: the same again");
        assertEquals(EchStatus.GREASE, client.connected().session().echStatus());
        assertEquals(
                keys ? EchStatus.REJECTED : EchStatus.NOT_OFFERED,
                server.connected().session().echStatus());
        assertEquals(List.of(SECRET + " GREASE"), clientWishes.judged);
        assertEquals(1, client.established);
    }

    /** RFC 9849 6.2.1: as long as a real one would be, with the session in it. */
    @Test
    void greaseCountsTheSessionThatARealHelloWouldHide() throws SspiException {
        connect(clientSettings().echGrease(true), serverSettings().tickets(tickets));
        int without = hello(client, 0)
                .extensions()
                .find(Shape.ECH_OUTER)
                .orElseThrow()
                .payload()
                .length;
        connect(
                clientSettings().echGrease(true).resumption(client.tickets.get(0)),
                serverSettings().tickets(tickets));
        int with = hello(client, 0)
                .extensions()
                .find(Shape.ECH_OUTER)
                .orElseThrow()
                .payload()
                .length;
        assertTrue(client.connected().session().resumed());
        assertTrue(with > without, with + " and " + without);
    }

    @Test
    void nothingIsSentUnlessAskedFor() throws SspiException {
        connect(clientSettings(), serverSettings(KEY));
        assertFalse(hello(client, 0).extensions().has(ExtensionType.ENCRYPTED_CLIENT_HELLO));
        assertEquals(EchStatus.NOT_OFFERED, server.connected().session().echStatus());
    }

    // Split mode

    @Test
    void aServerBehindAnotherRefusesAHelloThatIsClosed() {
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(clientSettings(KEY), serverSettings().echKeys(EchKeys.BACKEND)));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
    }

    /** A relay opens the hello, and the server behind it sees the inner one alone (RFC 9849 3.1). */
    @Test
    void aServerInFrontPassesOnWhatItHasOpened() throws SspiException {
        client = Peer.client(clientSettings(KEY).build());
        server = Peer.server(serverSettings().echKeys(EchKeys.BACKEND).build());
        Inbound outer = Inbound.decode(client.outgoing.remove().message(), null);
        EchOuter extension = ((ClientHello) outer.message())
                .extensions()
                .find(Shape.ECH_OUTER)
                .orElseThrow();
        server.receive(EchOpener.open(List.of(KEY), outer, extension)
                .orElseThrow()
                .inner()
                .bytes());
        Peer.run(client, server);
        assertAccepted();
    }

    @Test
    void aServerWithoutKeysIsNoneBehindAnother() throws SspiException {
        client = Peer.client(clientSettings(KEY).build());
        server = Peer.server(serverSettings().build());
        Inbound outer = Inbound.decode(client.outgoing.remove().message(), null);
        EchOuter extension = ((ClientHello) outer.message())
                .extensions()
                .find(Shape.ECH_OUTER)
                .orElseThrow();
        server.receive(EchOpener.open(List.of(KEY), outer, extension)
                .orElseThrow()
                .inner()
                .bytes());
        assertTranscriptsDiffer(() -> Peer.run(client, server));
        assertEquals(
                EchStatus.REJECTED,
                ((ClientState) client.state).exchange().session().echStatus());
    }
}
