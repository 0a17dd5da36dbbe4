package org.jsspi.provider.tls.handshake;

import static org.jsspi.provider.tls.message.AlertDescription.DECODE_ERROR;
import static org.jsspi.provider.tls.message.AlertDescription.ILLEGAL_PARAMETER;
import static org.jsspi.provider.tls.message.AlertDescription.PROTOCOL_VERSION;
import static org.jsspi.provider.tls.message.AlertDescription.UNEXPECTED_MESSAGE;
import static org.jsspi.provider.tls.message.AlertDescription.UNSUPPORTED_EXTENSION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EarlyDataInfo.Status;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKey.Hash;
import org.jsspi.PreSharedKey.Name;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.PreSharedKeys;
import org.jsspi.PreSharedKeys.Certificates;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.OcspAnswers;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ApplicationProtocols;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.EndOfEarlyData;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.Indication;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.PreSharedKeySelection;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Early data as the handshake has it: when it is offered and taken, under which keys, and what ends it. */
class EarlyDataHandshakeTest {
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity IDENTITY = TestCertificates.of(KeyKind.P256).signedBy(ROOT);
    private static final byte[] STATUS =
            OcspAnswers.by(ROOT).about(IDENTITY.chain().get(0));
    private static final int LIMIT = 1000;

    private final Wishes.Memory tickets = new Wishes.Memory();
    private final Wishes serverWishes = new Wishes(IDENTITY);
    private HandshakeSettings.Builder forClient = forClient();
    private HandshakeSettings.Builder forServer = forServer();
    private Peer client;
    private Peer server;

    private static HandshakeSettings.Builder forClient() {
        return HandshakeSettings.builder(new Wishes(IDENTITY))
                .versions(List.of(ProtocolVersion.TLS13))
                .maximumEarlyData(2 * LIMIT);
    }

    private HandshakeSettings.Builder forServer() {
        return HandshakeSettings.builder(serverWishes)
                .versions(List.of(ProtocolVersion.TLS13))
                .tickets(tickets)
                .maximumEarlyData(LIMIT);
    }

    private void connect() throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
    }

    /** A full handshake, and peers that are about to resume it. */
    private void resume() throws SspiException {
        connect();
        forClient.resumption(client.tickets.remove(0));
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
    }

    private void hello() throws SspiException {
        server.receive(client.outgoing.remove());
    }

    private static Status status(Peer peer) {
        return peer.earlyData.status();
    }

    private static ClientHello clientHello(byte[] message) throws SspiException {
        return (ClientHello) Inbound.decode(message, null).message();
    }

    @Test
    void aResumedSessionCarriesItUnderKeysOfItsOwnUntilEndOfEarlyData() throws SspiException {
        resume();
        assertEquals(EarlyDataInfo.offered("", LIMIT), client.earlyData);
        byte[] earlyKey = client.writeKey;
        assertEquals(List.of("send 1", "ccs", "writes", "early data OFFERED"), client.events);

        hello();
        assertEquals(Status.ACCEPTED, status(server));
        assertArrayEquals(earlyKey, server.readKey);
        assertInstanceOf(ServerHandshake.WaitEndOfEarlyData.class, server.state);
        assertFalse(server.state.skipEarlyData());

        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertEquals(EarlyDataInfo.offered("", LIMIT).accepted(), client.earlyData);
        assertEquals(1, client.changeCipherSpecs, "RFC 8446 D.4: once, in front of early data");
        // RFC 8446 4.5: EndOfEarlyData goes under the keys of early data, and only Finished under those of the
        // handshake.
        assertEquals(
                List.of("early data ACCEPTED", "early data ends", "send 5", "writes", "send 20"),
                client.events.subList(
                        client.events.indexOf("early data ACCEPTED"), client.events.indexOf("send 20") + 1));
        assertEquals(
                List.of("early data ends", "reads", "reads", "established"),
                server.events.subList(
                        server.events.indexOf("early data ends"), server.events.indexOf("established") + 1));
    }

    /** RFC 8449 4: the limit of this handshake is not known yet, and the keys are those of the last. */
    @Test
    void itsRecordsObeyTheLimitOfTheHandshakeThatTheSessionIsOf() throws SspiException {
        forServer.recordSizeLimit(64);
        resume();
        assertEquals(64, client.earlyLimit);
        assertEquals(0, client.limit);
        server = Peer.server(forServer.recordSizeLimit(1000).build());
        Peer.run(client, server);
        assertEquals(Status.ACCEPTED, status(client));
        assertEquals(1000, client.limit);

        forServer.recordSizeLimit(0);
        forClient.resumption(client.tickets.remove(0));
        client = Peer.client(forClient.build());
        assertEquals(1000, client.earlyLimit);
        Peer.run(client, Peer.server(forServer.build()));
        assertEquals(0, client.limit);
        forClient.resumption(client.tickets.remove(0));
        assertEquals(HandshakeSettings.LARGEST_RECORD_SIZE_LIMIT, Peer.client(forClient.build()).earlyLimit);
    }

    @Test
    void itIsOffOnBothSidesUnlessAskedFor() throws SspiException {
        forServer.maximumEarlyData(0);
        resume();
        assertEquals(EarlyDataInfo.none(Reason.UNSUPPORTED_FOR_SESSION), client.earlyData);
        assertFalse(clientHello(client.sent.get(0)).extensions().has(ExtensionType.EARLY_DATA));

        forServer.maximumEarlyData(LIMIT);
        forClient = forClient().maximumEarlyData(0);
        resume();
        assertFalse(clientHello(client.sent.get(0)).extensions().has(ExtensionType.EARLY_DATA));
        Peer.run(client, server);
        assertNull(client.earlyData);
        assertEquals(EarlyDataInfo.none(Reason.PEER_DECLINED), server.earlyData);
    }

    @Test
    void aFirstConnectionHasNone() throws SspiException {
        connect();
        assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), client.earlyData);
        assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), server.earlyData);
    }

    private void assertRejected(Reason forServerToSay, Reason forClientToSay) throws SspiException {
        hello();
        assertEquals(Status.REJECTED, status(server));
        assertEquals(forServerToSay, server.earlyData.reason());
        Peer.run(client, server);
        assertEquals(Status.REJECTED, status(client));
        assertEquals(forClientToSay, client.earlyData.reason());
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertFalse(client.sent.stream().anyMatch(message -> message[0] == 5), "EndOfEarlyData (RFC 8446 4.5)");
    }

    @Test
    void aServerThatTakesNoneAnyMoreRejectsItAndResumes() throws SspiException {
        connect();
        forClient.resumption(client.tickets.remove(0));
        forServer.maximumEarlyData(0);
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertRejected(Reason.DISABLED, Reason.PEER_DECLINED);
        assertTrue(client.connected().session().resumed());
    }

    @Test
    void aTicketThatPromisesMoreThanTheServerTakesIsNotTaken() throws SspiException {
        connect();
        forClient.resumption(client.tickets.remove(0));
        forServer.maximumEarlyData(LIMIT - 1);
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertRejected(Reason.UNSUPPORTED_FOR_SESSION, Reason.PEER_DECLINED);
    }

    @Test
    void aTicketThatWasUsedIsNotTaken() throws SspiException {
        resume();
        tickets.takesEarlyData = false;
        assertRejected(Reason.REPLAY, Reason.PEER_DECLINED);
        assertTrue(client.connected().session().resumed());
    }

    @Test
    void aTicketThatIsUnknownRejectsItToo() throws SspiException {
        resume();
        tickets.sessions.clear();
        hello();
        assertTrue(server.state.skipEarlyData());
        assertEquals(Reason.SESSION_NOT_RESUMED, server.earlyData.reason());
        Peer.run(client, server);
        assertEquals(Reason.SESSION_NOT_RESUMED, client.earlyData.reason());
        assertEquals(1, client.established);
    }

    @ParameterizedTest
    @CsvSource({
        // by how many milliseconds the ticket is older for the client, and for the server
        "0, 9000, true",
        "0, 11000, false",
        "9000, 0, true",
        "11000, 0, false",
        "60000, 60000, true",
    })
    void aHelloWhoseTicketHasAnotherAgeThanTheClientSaysWasHeldUpOrIsARepetition(
            long client, long server, boolean taken) throws SspiException {
        connect();
        forClient.resumption(older(this.client.tickets.remove(0), client));
        tickets.sessions.replaceAll((name, ticket) -> older(ticket, server));
        this.client = Peer.client(forClient.build());
        this.server = Peer.server(forServer.build());
        if (taken) {
            hello();
            assertEquals(Status.ACCEPTED, status(this.server));
        } else {
            assertRejected(Reason.TICKET_AGE, Reason.PEER_DECLINED);
            assertTrue(this.client.connected().session().resumed());
        }
    }

    private static ResumableSession older(ResumableSession ticket, long millis) {
        return new ResumableSession(
                ticket.suite(),
                ticket.preSharedKey(),
                ticket.ticket(),
                false,
                ticket.ageAdd(),
                ticket.lifetimeSeconds(),
                ticket.issuedAt() - millis,
                ticket.session(),
                ticket.serverNames(),
                ticket.applicationProtocol(),
                ticket.clientAuthentication(),
                ticket.trustScope(),
                new EarlyDataGrant(
                        ticket.earlyData().maximum(), ticket.earlyData().issuedNanos() - millis * 1_000_000));
    }

    @Test
    void aHelloRetryRequestRejectsItAndTheSecondHelloIsClear() throws SspiException {
        forClient.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
        forServer.groups(List.of(NamedGroup.SECP256R1));
        resume();
        byte[] first = client.sent.get(0);
        hello();
        assertTrue(server.state.skipEarlyData());
        client.receive(server.outgoing.remove());
        assertEquals(Reason.HELLO_RETRY_REQUEST, client.earlyData.reason());
        assertNull(client.writeKey);
        assertEquals(1, client.changeCipherSpecs);
        ClientHello second = clientHello(client.sent.get(1));
        assertTrue(clientHello(first).extensions().has(ExtensionType.EARLY_DATA));
        assertFalse(second.extensions().has(ExtensionType.EARLY_DATA));
        assertTrue(second.extensions().has(ExtensionType.PRE_SHARED_KEY));
        hello();
        assertFalse(server.state.skipEarlyData(), "RFC 8446 4.2.10: none follows the second hello");
        assertEquals(Reason.HELLO_RETRY_REQUEST, server.earlyData.reason());
        Peer.run(client, server);
        assertEquals(1, server.established);
        assertTrue(client.connected().session().resumed());
    }

    @Test
    void anotherSuiteOfTheSameHashResumesWithoutIt() throws SspiException {
        forServer.suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256));
        connect();
        forClient.resumption(client.tickets.remove(0));
        forServer.suites(List.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256));
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertRejected(Reason.CIPHER_SUITE, Reason.PEER_DECLINED);
        assertTrue(client.connected().session().resumed());
    }

    @Test
    void aClientDoesNotOfferItForASuiteOrProtocolThatItDoesNotOffer() throws SspiException {
        forServer.suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256));
        connect();
        forClient.resumption(client.tickets.remove(0));
        forClient.suites(List.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256));
        assertEquals(EarlyDataInfo.none(Reason.CIPHER_SUITE), Peer.client(forClient.build()).earlyData);

        forClient = forClient().applicationProtocols(List.of("h2"));
        forServer = forServer();
        serverWishes.protocol = "h2";
        resume();
        assertEquals(EarlyDataInfo.offered("h2", LIMIT), client.earlyData);
        connect();
        forClient.resumption(client.tickets.remove(0));
        forClient.applicationProtocols(List.of("http/1.1"));
        assertEquals(EarlyDataInfo.none(Reason.APPLICATION_PROTOCOL), Peer.client(forClient.build()).earlyData);
    }

    @Test
    void anExtensionThatIsSwitchedOffIsNotSent() throws SspiException {
        connect();
        forClient.resumption(client.tickets.remove(0));
        forClient.disabledExtensions(Set.of(ExtensionType.EARLY_DATA));
        Peer without = Peer.client(forClient.build());
        assertNull(without.earlyData, "as if none were allowed");
        assertFalse(clientHello(without.sent.get(0)).extensions().has(ExtensionType.EARLY_DATA));
        assertTrue(clientHello(without.sent.get(0)).extensions().has(ExtensionType.PRE_SHARED_KEY));
    }

    @Test
    void aClientWhosePreSharedKeysAreSwitchedOffOffersNone() throws SspiException {
        for (ExtensionType type : List.of(ExtensionType.PRE_SHARED_KEY, ExtensionType.PSK_KEY_EXCHANGE_MODES)) {
            connect();
            forClient = forClient().resumption(client.tickets.remove(0)).disabledExtensions(Set.of(type));
            connect();
            assertEquals(EarlyDataInfo.none(Reason.NO_SESSION), client.earlyData);
            assertFalse(clientHello(client.sent.get(0)).extensions().has(ExtensionType.EARLY_DATA));
            assertEquals(1, server.established);
            forClient = forClient();
        }
    }

    /** What is not heard has to be passed over all the same, since a client may still have a ticket that allows it. */
    @ParameterizedTest
    @CsvSource({"EARLY_DATA, PEER_DECLINED, DISABLED", "PRE_SHARED_KEY, SESSION_NOT_RESUMED, NO_SESSION"})
    void aServerWhereTheExtensionIsSwitchedOffPassesItOver(
            ExtensionType type, Reason forClientToSay, Reason forServerToSay) throws SspiException {
        connect();
        forClient.resumption(client.tickets.remove(0));
        forServer.disabledExtensions(Set.of(type));
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        hello();
        assertTrue(server.state.skipEarlyData());
        assertEquals(EarlyDataInfo.none(forServerToSay).rejected(forServerToSay), server.earlyData);
        Peer.run(client, server);
        assertEquals(forClientToSay, client.earlyData.reason());
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    @Test
    void theTicketsOfAServerWhereTheExtensionIsSwitchedOffAllowNone() throws SspiException {
        forServer.disabledExtensions(Set.of(ExtensionType.EARLY_DATA));
        resume();
        assertEquals(EarlyDataInfo.none(Reason.UNSUPPORTED_FOR_SESSION), client.earlyData);
    }

    /** The chain of the session is judged before early data leaves; that the server is still the same it has to prove. */
    @Test
    void aServerThatKnowsAPreSharedKeyAloneIsNotTakenForTheOneOfTheSession() throws SspiException {
        PreSharedKey key = PreSharedKey.of(new Name(Use.IMPORTED, new byte[] {1}), Hash.SHA256, new byte[32]);
        PreSharedKeys keys = PreSharedKeys.of(key).with(Certificates.OTHERWISE);
        forClient.preSharedKeys(keys).requestStatus(true).reverifyOnResume(true);
        forServer.stapling((chain, extensions) -> List.of(STATUS));
        resume();
        assertEquals(Status.OFFERED, status(client));
        tickets.sessions.clear();
        server = Peer.server(forServer.preSharedKeys(keys).build());
        Peer.run(client, server);
        assertEquals(Reason.SESSION_NOT_RESUMED, client.earlyData.reason());
        assertEquals(key.name(), client.connected().session().preSharedKeyName());
        assertEquals(List.of(), client.connected().session().peerCertificates());
        assertEquals(List.of(), client.connected().session().statusResponses());
    }

    // What the peer may not do

    private static void assertAlert(AlertDescription alert, Peer judge, HandshakeMessage message) {
        assertAlert(alert, judge, message.toBytes());
    }

    private static void assertAlert(AlertDescription alert, Peer judge, byte[] message) {
        SspiException failure = assertThrows(SspiException.class, () -> judge.receive(message));
        assertEquals(alert, Peer.alert(failure), failure::getMessage);
    }

    @Test
    void onlyItsEndFollowsEarlyDataAndThatWithoutABody() throws SspiException {
        resume();
        hello();
        assertAlert(UNEXPECTED_MESSAGE, server, new Finished(new byte[32]));
        resume();
        hello();
        assertAlert(DECODE_ERROR, server, new byte[] {(byte) HandshakeType.END_OF_EARLY_DATA.code(), 0, 0, 1, 0});
    }

    @Test
    void itsEndIsUnexpectedWhereThereIsNone() throws SspiException {
        tickets.takesEarlyData = false;
        resume();
        hello();
        assertAlert(UNEXPECTED_MESSAGE, server, new EndOfEarlyData());
        connect();
        assertAlert(UNEXPECTED_MESSAGE, server, new EndOfEarlyData());
        assertAlert(UNEXPECTED_MESSAGE, client, new EndOfEarlyData());
    }

    /** The client's hello is answered by an honest server; what comes of its n-th message is changed. */
    private void assertAlert(AlertDescription alert, int n, UnaryOperator<Extensions> change) throws SspiException {
        hello();
        for (int i = 0; i < n; i++) {
            client.receive(server.outgoing.remove());
        }
        byte[] honest = server.outgoing.remove().message();
        HandshakeMessage message = Inbound.decode(honest, ProtocolVersion.TLS13).message();
        if (message instanceof ServerHello hello) {
            assertAlert(
                    alert,
                    client,
                    ServerHello.of(
                            hello.random(),
                            hello.legacySessionIdEcho(),
                            hello.cipherSuite(),
                            change.apply(hello.extensions())));
        } else {
            assertAlert(
                    alert, client, new EncryptedExtensions(change.apply(((EncryptedExtensions) message).extensions())));
        }
    }

    private static UnaryOperator<Extensions> with(Extension extension) {
        return extensions -> extensions.with(extension);
    }

    private static UnaryOperator<Extensions> taking() {
        return with(new Indication(ExtensionType.EARLY_DATA));
    }

    @Test
    void aServerTakesItOnlyWhereItWasOffered() throws SspiException {
        connect();
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertAlert(UNSUPPORTED_EXTENSION, 1, taking());
        forClient.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
        forServer.groups(List.of(NamedGroup.SECP256R1));
        resume();
        hello();
        client.receive(server.outgoing.remove());
        assertAlert(UNSUPPORTED_EXTENSION, 1, taking());
    }

    @Test
    void aServerTakesItOnlyWithTheSessionThatItIsOf() throws SspiException {
        resume();
        tickets.sessions.clear();
        assertAlert(ILLEGAL_PARAMETER, 1, taking());

        forServer.suites(List.of(CipherSuite.TLS_AES_128_GCM_SHA256));
        connect();
        forClient.resumption(client.tickets.remove(0));
        forServer.suites(List.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256));
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        assertAlert(ILLEGAL_PARAMETER, 1, taking());
    }

    @Test
    void aServerTakesItOnlyForTheProtocolThatItIsOf() throws SspiException {
        forClient.applicationProtocols(List.of("h2", "http/1.1"));
        serverWishes.protocol = "h2";
        resume();
        assertAlert(ILLEGAL_PARAMETER, 1, with(ApplicationProtocols.of("http/1.1")));
    }

    @Test
    void aServerChoosesTheFirstKey() throws SspiException {
        resume();
        assertAlert(ILLEGAL_PARAMETER, 0, with(new PreSharedKeySelection(1)));
    }

    @Test
    void anOlderVersionIsNoAnswerToIt() throws SspiException {
        forClient.versions(List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12));
        resume();
        // RFC 8446 D.3
        assertAlert(
                PROTOCOL_VERSION,
                0,
                extensions -> extensions
                        .without(ExtensionType.SUPPORTED_VERSIONS)
                        .without(ExtensionType.KEY_SHARE)
                        .without(ExtensionType.PRE_SHARED_KEY));
    }

    @Test
    void aServerOfAnOlderVersionSaysWhyThereIsNone() throws SspiException {
        forServer.versions(List.of(ProtocolVersion.TLS12));
        forClient.versions(List.of(ProtocolVersion.TLS13, ProtocolVersion.TLS12));
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        hello();
        assertEquals(EarlyDataInfo.none(Reason.PROTOCOL_VERSION), server.earlyData);
    }
}
