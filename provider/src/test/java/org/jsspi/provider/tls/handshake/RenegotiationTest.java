package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.net.ssl.SNIHostName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HelloRequest;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.RenegotiationInfo;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection of TLS 1.2 is negotiated again (RFC 5746): what ties the handshakes together, and what stays as it is. */
class RenegotiationTest {
    private static final Identity SERVER = TestCertificates.selfSigned(KeyKind.P256);
    private static final Identity OTHER_SERVER =
            TestCertificates.of(KeyKind.P256).subject("CN=other").selfSigned();
    private static final Identity CLIENT = TestCertificates.selfSigned(KeyKind.RSA);
    private static final List<ProtocolVersion> TLS12 = List.of(ProtocolVersion.TLS12);
    private static final Set<ExtensionType> NO_EMS = Set.of(ExtensionType.EXTENDED_MASTER_SECRET);

    private final Wishes clientWishes = new Wishes(CLIENT);
    private final Wishes serverWishes = new Wishes(SERVER);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private HandshakeSettings.Builder forClient;
    private HandshakeSettings.Builder forServer;
    private Peer client;
    private Peer server;

    @BeforeEach
    void permit() {
        forClient = settings(clientWishes);
        forServer = settings(serverWishes).tickets(tickets);
    }

    private static HandshakeSettings.Builder settings(Wishes wishes) {
        HandshakeSettings.Builder settings =
                HandshakeSettings.builder(wishes).versions(TLS12).renegotiation(Renegotiation.ACCEPT);
        return settings.renegotiations(
                () -> settings.session(new TlsSession(null, -1)).build());
    }

    private void connect() throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    private static void begin(Peer peer) throws SspiException {
        peer.state = peer.connected().renegotiate(peer);
    }

    private void assertRenegotiated(int times) {
        assertEquals(1 + times, client.established);
        assertEquals(1 + times, server.established);
        assertArrayEquals(client.writeKey, server.readKey);
        assertArrayEquals(server.writeKey, client.readKey);
        assertArrayEquals(client.connected().tlsUnique(), server.connected().tlsUnique());
        assertArrayEquals(
                client.connected().exportKeyingMaterial("EXPORTER-test", null, 40),
                server.connected().exportKeyingMaterial("EXPORTER-test", null, 40));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eitherSideBegins(boolean asClient) throws SspiException {
        connect();
        for (int i = 1; i < 4; i++) {
            Connected before = client.connected();
            byte[] unique = before.tlsUnique();
            byte[] key = client.writeKey;
            begin(asClient ? client : server);
            Peer.run(client, server);
            assertRenegotiated(i);
            assertNotSame(before.session(), client.connected().session());
            assertFalse(Arrays.equals(unique, client.connected().tlsUnique()));
            assertFalse(Arrays.equals(key, client.writeKey));
        }
    }

    /** What the classic web server does: which page is asked for decides whether a certificate is. */
    @Test
    void aServerAsksForACertificateLater() throws SspiException {
        connect();
        assertTrue(server.connected().session().peerCertificates().isEmpty());
        forServer.clientAuthentication(ClientAuthentication.NEED);
        begin(server);
        assertTrue(server.connected().awaitsRenegotiation());
        Peer.run(client, server);
        assertRenegotiated(1);
        assertEquals(CLIENT.chain(), server.connected().session().peerCertificates());
        assertEquals(CLIENT.chain(), client.connected().session().localCertificates());
    }

    /** RFC 5746 3.5, 3.7: verify data in both hellos, where the first handshake has nothing. */
    @Test
    void theHellosHoldTheVerifyDataOfTheLastHandshake() throws SspiException {
        connect();
        byte[] ofClient = finished(client);
        byte[] ofServer = finished(server);
        begin(client);
        ClientHello hello = next(client, ClientHello.class);
        assertArrayEquals(
                ofClient,
                hello.extensions().find(Shape.RENEGOTIATION_INFO).orElseThrow().renegotiatedConnection());
        server.receive(hello.toBytes());
        ServerHello answer = next(server, ServerHello.class);
        byte[] both = Arrays.copyOf(ofClient, ofClient.length + ofServer.length);
        System.arraycopy(ofServer, 0, both, ofClient.length, ofServer.length);
        assertArrayEquals(
                both,
                answer.extensions().find(Shape.RENEGOTIATION_INFO).orElseThrow().renegotiatedConnection());
    }

    private static byte[] finished(Peer peer) throws SspiException {
        byte[] last = peer.sent.get(peer.sent.size() - 1);
        return ((Finished) Inbound.decode(last, ProtocolVersion.TLS12).message()).verifyData();
    }

    private static <M> M next(Peer from, Class<M> type) throws SspiException {
        return type.cast(Inbound.decode(from.outgoing.remove().message(), ProtocolVersion.TLS12)
                .message());
    }

    @Test
    void aResumedConnectionIsNegotiatedAgainToo() throws SspiException {
        connect();
        ResumableSession session = client.tickets.get(0);
        client = Peer.client(forClient.resumption(session.copy()).build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertTrue(client.connected().session().resumed());
        int asked = clientWishes.asked.size();
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        assertFalse(client.connected().session().resumed(), "a renegotiation resumes nothing");
        assertTrue(clientWishes.asked.size() > asked, "the server is judged again");
        assertTrue(client.tickets.size() <= 1, "and nothing resumes it");
    }

    // ---- RFC 5746

    /** {@return what the server answers to a ClientHello that was changed on its way} */
    private AlertDescription answerTo(UnaryOperator<ClientHello> change) throws SspiException {
        connect();
        begin(client);
        byte[] changed = change.apply(next(client, ClientHello.class)).toBytes();
        return Peer.alert(assertThrows(SspiException.class, () -> server.receive(changed)));
    }

    /** {@return what the client answers to a ServerHello that was changed on its way} */
    private AlertDescription answerOf(UnaryOperator<ServerHello> change) throws SspiException {
        connect();
        begin(client);
        server.receive(client.outgoing.remove());
        byte[] changed = change.apply(next(server, ServerHello.class)).toBytes();
        return Peer.alert(assertThrows(SspiException.class, () -> client.receive(changed)));
    }

    private static ClientHello with(ClientHello hello, Extensions extensions) {
        return ClientHello.of(hello.random(), hello.legacySessionId(), hello.cipherSuites(), extensions);
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

    private static RenegotiationInfo info(Extensions extensions) {
        return extensions.find(Shape.RENEGOTIATION_INFO).orElseThrow();
    }

    private static List<UnaryOperator<RenegotiationInfo>> forgeries() {
        return List.of(
                info -> new RenegotiationInfo(new byte[0]),
                info -> changed(info, 0),
                info -> changed(info, info.renegotiatedConnection().length - 1),
                info -> new RenegotiationInfo(
                        Arrays.copyOf(info.renegotiatedConnection(), info.renegotiatedConnection().length - 1)),
                info -> new RenegotiationInfo(
                        Arrays.copyOf(info.renegotiatedConnection(), info.renegotiatedConnection().length + 1)),
                info -> new RenegotiationInfo(Arrays.copyOf(
                        info.renegotiatedConnection(), 12 == info.renegotiatedConnection().length ? 24 : 12)));
    }

    private static RenegotiationInfo changed(RenegotiationInfo info, int at) {
        byte[] bytes = info.renegotiatedConnection().clone();
        bytes[at] ^= 1;
        return new RenegotiationInfo(bytes);
    }

    @Test
    void aClientThatIsNotTheOneOfTheConnectionIsRefused() throws SspiException {
        for (UnaryOperator<RenegotiationInfo> forgery : forgeries()) {
            assertEquals(
                    AlertDescription.HANDSHAKE_FAILURE,
                    answerTo(hello -> with(
                            hello,
                            hello.extensions()
                                    .without(ExtensionType.RENEGOTIATION_INFO)
                                    .with(forgery.apply(info(hello.extensions()))))));
        }
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerTo(hello -> with(hello, hello.extensions().without(ExtensionType.RENEGOTIATION_INFO))));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerTo(hello -> ClientHello.of(
                        hello.random(),
                        hello.legacySessionId(),
                        Codes.of(hello.cipherSuites().stream().findFirst().orElseThrow(), 0x00FF),
                        hello.extensions())),
                "the SCSV is for the first");
    }

    @Test
    void aServerThatIsNotTheOneOfTheConnectionIsRefused() throws SspiException {
        for (UnaryOperator<RenegotiationInfo> forgery : forgeries()) {
            assertEquals(
                    AlertDescription.HANDSHAKE_FAILURE,
                    answerOf(hello -> with(
                            hello,
                            hello.extensions()
                                    .without(ExtensionType.RENEGOTIATION_INFO)
                                    .with(forgery.apply(info(hello.extensions()))))));
        }
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerOf(hello -> with(hello, hello.extensions().without(ExtensionType.RENEGOTIATION_INFO))));
    }

    /** The attack that RFC 5746 1 is about: the first handshake of a client, spliced into the connection of somebody else. */
    @Test
    void theFirstHandshakeOfAnotherClientIsNoRenegotiation() throws SspiException {
        connect();
        Peer victim = Peer.client(forClient.build());
        byte[] hello = victim.sent.get(0);
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                Peer.alert(assertThrows(SspiException.class, () -> server.receive(hello))));
    }

    /** RFC 5746 4.1, 4.4: there is no other renegotiation than the secure one. */
    @ParameterizedTest
    @EnumSource(
            value = Renegotiation.class,
            names = {"INITIATE", "ACCEPT_ONCE", "ACCEPT"})
    void withAPeerThatDoesNotKnowItThereIsNone(Renegotiation permitted) throws SspiException {
        forClient.renegotiation(permitted);
        forServer.renegotiation(permitted);
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        ClientHello hello = next(client, ClientHello.class);
        server.receive(with(hello, hello.extensions().without(ExtensionType.RENEGOTIATION_INFO))
                .toBytes());
        assertFalse(next(server, ServerHello.class).extensions().has(ExtensionType.RENEGOTIATION_INFO));

        forClient.disabledExtensions(Set.of(ExtensionType.RENEGOTIATION_INFO));
        connect();
        assertFalse(client.connected().canRenegotiate());
        assertFalse(server.connected().canRenegotiate());
        assertThrows(IllegalStateException.class, () -> begin(client));
        assertThrows(IllegalStateException.class, () -> begin(server));
        if (permitted == Renegotiation.INITIATE) {
            assertEquals(
                    AlertDescription.NO_RENEGOTIATION,
                    Peer.alert(assertThrows(SspiException.class, () -> server.receive(client.sent.get(0)))));
            return;
        }
        server.receive(client.sent.get(0));
        assertEquals("refuse", server.events.get(server.events.size() - 1));
        client.receive(new HelloRequest().toBytes());
        assertEquals("refuse", client.events.get(client.events.size() - 1));
    }

    // ---- what is permitted

    @Test
    void onceIsOnce() throws SspiException {
        forClient.renegotiation(Renegotiation.ACCEPT_ONCE);
        forServer.renegotiation(Renegotiation.ACCEPT_ONCE);
        connect();
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        assertFalse(client.connected().canRenegotiate());
        assertFalse(server.connected().canRenegotiate());
        assertEquals(
                AlertDescription.NO_RENEGOTIATION,
                Peer.alert(assertThrows(SspiException.class, () -> client.receive(new HelloRequest().toBytes()))));
    }

    @Test
    void whoBeginsItselfNeedNotAcceptWhatThePeerBegins() throws SspiException {
        forServer.renegotiation(Renegotiation.INITIATE);
        connect();
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        begin(client);
        assertEquals(
                AlertDescription.NO_RENEGOTIATION,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
        forClient.renegotiation(Renegotiation.INITIATE);
        forServer.renegotiation(Renegotiation.ACCEPT);
        connect();
        begin(client);
        Peer.run(client, server);
        assertRenegotiated(1);
        begin(server);
        assertEquals(
                AlertDescription.NO_RENEGOTIATION,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
    }

    @Test
    void whoNeverDoesItKeepsNothingForIt() throws SspiException {
        for (Renegotiation never : List.of(Renegotiation.REFUSE, Renegotiation.IGNORE, Renegotiation.FORBID)) {
            assertFalse(never.isPossible());
            forClient.renegotiation(never);
            connect();
            assertFalse(client.connected().canRenegotiate());
            assertThrows(IllegalStateException.class, () -> begin(client));
        }
        forClient.renegotiation(Renegotiation.ACCEPT).sessionCreation(false);
        assertFalse(forClient.build().permitsRenegotiation(), "it would make a session");
    }

    /** Has this side begin until it is told no. {@return how often it was granted, more than time has brought since not counted} */
    private int granted(Peer begins, Runnable data) throws SspiException {
        Peer other = begins == client ? server : client;
        long start = System.nanoTime();
        for (int times = 0; times < 4 * RenegotiationAllowance.AT_ONCE; times++) {
            State before = begins.state;
            begin(begins);
            Peer.run(client, server);
            if (other.events.get(other.events.size() - 1).equals("refuse")) {
                begins.state = before;
                begins.connected().refused();
                long brought = 1 + (System.nanoTime() - start) / RenegotiationAllowance.INTERVAL;
                return times <= RenegotiationAllowance.AT_ONCE + brought
                        ? Math.min(times, RenegotiationAllowance.AT_ONCE)
                        : times;
            }
            data.run();
        }
        throw new AssertionError("there is no end");
    }

    /** Whoever receives nothing may still be re-keyed at a modest pace. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withoutDataInBetweenThereIsAnEnd(boolean asClient) throws SspiException {
        connect();
        Peer begins = asClient ? client : server;
        assertEquals(RenegotiationAllowance.AT_ONCE, granted(begins, () -> {}));
        // What is refused comes to an end as well.
        Peer other = asClient ? server : client;
        int told = 1;
        byte[] wish = begins.sent.get(begins.sent.size() - 1);
        SspiException failure = null;
        while (failure == null && told <= Connected.LONGEST_IDLE_SERIES) {
            try {
                other.receive(wish);
                told++;
            } catch (SspiException e) {
                failure = e;
            }
        }
        assertTrue(told < Connected.LONGEST_IDLE_SERIES + 1, told + " were told no");
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE, Peer.alert(failure));
    }

    /** A byte of data in between is no price for a handshake. */
    @Test
    void aClientThatBeginsTooOftenIsToldNo() throws SspiException {
        connect();
        assertEquals(
                RenegotiationAllowance.AT_ONCE,
                granted(client, () -> server.connected().dataReceived()));
        int times = server.established;
        // What the server asks for itself is its own affair.
        begin(server);
        Peer.run(client, server);
        assertEquals(times + 1, server.established);
    }

    /** It is paid by what the server sends, and a server that receives nothing may ask all the same. */
    @Test
    void aServerMayAskAsOftenAsItLikes() throws SspiException {
        connect();
        int times = 2 * RenegotiationAllowance.AT_ONCE;
        for (int i = 0; i < times; i++) {
            begin(server);
            Peer.run(client, server);
            client.connected().dataReceived();
        }
        assertRenegotiated(times);
    }

    @Test
    void aServerThatHasAskedIsToldNo() throws SspiException {
        forClient.renegotiation(Renegotiation.REFUSE);
        connect();
        begin(server);
        assertFalse(server.connected().canRenegotiate(), "it has asked already");
        Peer.run(client, server);
        assertEquals("refuse", client.events.get(client.events.size() - 1));
        assertTrue(server.connected().refused());
        assertFalse(server.connected().awaitsRenegotiation());
        assertTrue(server.connected().canRenegotiate());
        assertFalse(server.connected().refused(), "once");
    }

    /** RFC 5246 7.4.1.1: a client that is at it already does not begin once more. */
    @Test
    void aRequestThatCrossesTheHelloIsPassedOver() throws SspiException {
        connect();
        begin(client);
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
    }

    // ---- what stays as it is

    /** RFC 7627 5.4: whoever is in the middle could take the extension away. */
    @Test
    void theExtendedMasterSecretIsNotDropped() throws SspiException {
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerTo(hello -> with(hello, hello.extensions().without(ExtensionType.EXTENDED_MASTER_SECRET))));
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerOf(hello -> with(hello, hello.extensions().without(ExtensionType.EXTENDED_MASTER_SECRET))));
    }

    @Test
    void theExtendedMasterSecretDoesNotComeLater() throws SspiException {
        forServer.disabledExtensions(NO_EMS);
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerOf(hello ->
                        with(hello, hello.extensions().with(new Indication(ExtensionType.EXTENDED_MASTER_SECRET)))));
        forServer.disabledExtensions(Set.of());
        forClient.disabledExtensions(NO_EMS);
        assertEquals(
                AlertDescription.HANDSHAKE_FAILURE,
                answerTo(hello ->
                        with(hello, hello.extensions().with(new Indication(ExtensionType.EXTENDED_MASTER_SECRET)))));
        connect();
        begin(client);
        Peer.run(client, server);
        assertEquals(2, server.established, "neither time is well");
    }

    /** The last step of a triple handshake: another server, to which the client would show its certificate. */
    @Test
    void theServersCertificateDoesNotChangeUnlessItsNameIsChecked() throws SspiException {
        connect();
        serverWishes.identities.set(0, OTHER_SERVER);
        begin(server);
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
        serverWishes.identities.set(0, SERVER);
        connect();
        // Now it is, and in the first handshake it was not.
        forClient.identifiesServer(true);
        serverWishes.identities.set(0, OTHER_SERVER);
        begin(server);
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
        serverWishes.identities.set(0, SERVER);
        connect();
        serverWishes.identities.set(0, OTHER_SERVER);
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        assertEquals(OTHER_SERVER.chain(), client.connected().session().peerCertificates());
    }

    @Test
    void aServerThatIsNotTrustedAnyMoreIsRefused() throws SspiException {
        connect();
        clientWishes.refusal = new CertificateException("no");
        begin(server);
        assertEquals(
                AlertDescription.CERTIFICATE_UNKNOWN,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
    }

    /** RFC 7301 3.1: the protocol is chosen once. */
    @Test
    void theApplicationProtocolStays() throws SspiException {
        serverWishes.protocol = "h2";
        forClient.applicationProtocols(List.of("http/1.1", "h2"));
        connect();
        int asked = serverWishes.asked.size();
        begin(client);
        ClientHello hello = next(client, ClientHello.class);
        assertFalse(hello.extensions().has(ExtensionType.APPLICATION_LAYER_PROTOCOL_NEGOTIATION));
        client.outgoing.addFirst(new Peer.Sent(hello.toBytes(), client.writeKey));
        serverWishes.protocol = "http/1.1";
        Peer.run(client, server);
        assertRenegotiated(1);
        assertEquals("h2", client.connected().applicationProtocol());
        assertEquals("h2", server.connected().applicationProtocol());
        assertFalse(serverWishes.asked.subList(asked, serverWishes.asked.size()).contains("selectApplicationProtocol"));
        assertEquals(
                AlertDescription.UNSUPPORTED_EXTENSION,
                answerOf(answer -> with(answer, answer.extensions().with(ApplicationProtocols.of("h2")))));
    }

    /** Others ask again, and would take no answer for the loss of what they have. */
    @Test
    void aClientThatAsksForProtocolsAgainHearsWhatItHas() throws SspiException {
        serverWishes.protocol = "h2";
        forClient.applicationProtocols(List.of("http/1.1", "h2"));
        assertEquals(List.of("h2"), confirmed(List.of("x", "h2")));
        assertEquals(List.of(), confirmed(List.of("http/1.1")));
    }

    private List<String> confirmed(List<String> offer) throws SspiException {
        connect();
        begin(client);
        ClientHello hello = next(client, ClientHello.class);
        server.receive(with(hello, hello.extensions().with(new ApplicationProtocols(offer)))
                .toBytes());
        assertEquals(
                "h2",
                server.state instanceof ServerState state ? state.exchange().applicationProtocol() : null);
        return next(server, ServerHello.class)
                .extensions()
                .find(Shape.APPLICATION_PROTOCOLS)
                .map(ApplicationProtocols::names)
                .orElse(List.of());
    }

    @Test
    void theServerNameStays() throws SspiException {
        forClient.serverNames(List.of(new SNIHostName("example.org")));
        connect();
        begin(client);
        Peer.run(client, server);
        assertRenegotiated(1);
        forClient.serverNames(List.of(new SNIHostName("example.com")));
        begin(client);
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
    }

    @Test
    void theVersionStays() throws SspiException {
        forClient.versions(List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12));
        connect();
        begin(client);
        ClientHello hello = next(client, ClientHello.class);
        for (ExtensionType type : List.of(
                ExtensionType.SUPPORTED_VERSIONS,
                ExtensionType.KEY_SHARE,
                ExtensionType.PSK_KEY_EXCHANGE_MODES,
                ExtensionType.PRE_SHARED_KEY,
                ExtensionType.EARLY_DATA)) {
            assertFalse(hello.extensions().has(type), type.toString());
        }
        assertEquals(0, hello.legacySessionId().length);
        assertEquals(
                AlertDescription.PROTOCOL_VERSION,
                answerOf(answer -> new ServerHello(
                        0x0302,
                        answer.random(),
                        answer.legacySessionIdEcho(),
                        answer.cipherSuite(),
                        0,
                        answer.extensions())));
    }

    /** A server resumes nothing here, and hands out nothing to resume. */
    @Test
    void sessionsAreForFirstHandshakes() throws SspiException {
        connect();
        byte[] ticket = client.tickets.get(0).ticket();
        begin(client);
        ClientHello hello = next(client, ClientHello.class);
        assertEquals(0, ticketOf(hello).length);
        server.receive(ClientHello.of(
                        hello.random(),
                        new byte[32],
                        hello.cipherSuites(),
                        hello.extensions()
                                .without(ExtensionType.SESSION_TICKET)
                                .with(new RawExtension(ExtensionType.SESSION_TICKET.code(), ticket)))
                .toBytes());
        ServerHello answer = next(server, ServerHello.class);
        assertEquals(0, answer.legacySessionIdEcho().length);
        assertEquals(1, tickets.sessions.size());
        connect();
        int sent = server.sent.size();
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        // Who waits for a ticket gets an empty one (RFC 5077 3.3).
        byte[] empty = server.sent.get(server.sent.size() - 2);
        assertArrayEquals(new byte[] {4, 0, 0, 6, 0, 0, 0, 0, 0, 0}, empty);
        assertTrue(server.sent.size() > sent);
        assertEquals(1, client.tickets.size());
    }

    private static byte[] ticketOf(ClientHello hello) {
        return hello.extensions()
                .find(ExtensionType.SESSION_TICKET)
                .map(extension -> ((RawExtension) extension).body())
                .orElseThrow();
    }

    @Test
    void aServerKnownByAKeyIsKnownByTheSameKey() throws SspiException {
        PreSharedKey first = PreSharedKey.of(PreSharedKey.Use.TLS12, new byte[] {1}, new byte[32]);
        PreSharedKey second = PreSharedKey.of(PreSharedKey.Use.TLS12, new byte[] {2}, new byte[32]);
        List<CipherSuite> suites = List.of(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256);
        forClient.preSharedKeys(PreSharedKeys.of(first)).suites(suites);
        forServer.preSharedKeys(PreSharedKeys.of(first, second)).suites(suites);
        connect();
        begin(server);
        Peer.run(client, server);
        assertRenegotiated(1);
        assertEquals(first.name(), client.connected().session().preSharedKeyName());
        forClient.preSharedKeys(PreSharedKeys.of(second));
        begin(client);
        assertEquals(
                AlertDescription.ILLEGAL_PARAMETER,
                Peer.alert(assertThrows(SspiException.class, () -> Peer.run(client, server))));
    }

    /** Others take no data behind the hello that it would follow. */
    @Test
    void dataWaitsBehindOurHello() throws SspiException {
        connect();
        begin(server);
        assertFalse(server.events.contains("hold data"), "the client has not answered");
        client.receive(server.outgoing.remove());
        assertEquals(List.of("hold data", "send 1"), last(client, 2));
        server.receive(client.outgoing.remove());
        int hold = server.events.indexOf("hold data");
        assertEquals("send 2", server.events.get(hold + 1));
        assertSame(ProtocolVersion.TLS12, client.state.version());
    }

    private static List<String> last(Peer peer, int count) {
        return peer.events.subList(peer.events.size() - count, peer.events.size());
    }
}
