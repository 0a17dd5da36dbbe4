package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.OcspAnswers;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateStatus;
import org.jsspi.provider.tls.message.CertificateStatusMessage;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OCSP responses travel with the certificates of a server: RFC 6066 8, RFC 8446 4.4.2.1. */
class StaplingTest {
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity INTERMEDIATE = TestCertificates.of(KeyKind.P256)
            .subject("CN=intermediate")
            .authority()
            .signedBy(ROOT);
    private static final Identity OWN = TestCertificates.of(KeyKind.P256).signedBy(INTERMEDIATE);
    private static final byte[] LOWER =
            OcspAnswers.by(INTERMEDIATE).about(OWN.chain().get(0));
    private static final byte[] UPPER = OcspAnswers.by(ROOT).about(OWN.chain().get(1));
    private static final byte[] NONE = {};

    /** Keeps what could be seen while the chain was judged. */
    private static final class Witness extends Wishes {
        List<byte[]> seen;
        /** What is thrown where the status is judged; where it is not, no response that cannot be read is accepted. */
        CertificateException statusRefusal;

        boolean judgesStatus;

        @Override
        public void verifyStatus(HandshakeInfo info, boolean readable) throws CertificateException {
            asked.add(readable ? "verifyStatus" : "verifyStatus, unreadable");
            if (!judgesStatus) {
                super.verifyStatus(info, readable);
            } else if (statusRefusal != null) {
                throw statusRefusal;
            }
        }

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType)
                throws CertificateException {
            seen = info.session().statusResponses();
            super.verifyPeer(info, chain, authType);
        }
    }

    private final Witness clientWishes = new Witness();
    private final Wishes.Memory tickets = new Wishes.Memory();
    private int asked;
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(ProtocolVersion version) {
        return HandshakeSettings.builder(clientWishes)
                .versions(List.of(version))
                .requestStatus(true);
    }

    private HandshakeSettings.Builder serverSettings(byte[]... responses) {
        return HandshakeSettings.builder(new Wishes(OWN)).tickets(tickets).stapling((chain, extensions) -> {
            asked++;
            assertEquals(OWN.chain(), chain);
            return Arrays.asList(responses);
        });
    }

    private List<byte[]> connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        return client.connected().session().statusResponses();
    }

    private AlertDescription alertOf(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer) {
        return Peer.alert(assertThrows(SspiException.class, () -> connect(forClient, forServer)));
    }

    private boolean sentStatus() {
        return server.sent.stream().anyMatch(message -> message[0] == HandshakeType.CERTIFICATE_STATUS.code());
    }

    private static void assertResponses(List<byte[]> expected, List<byte[]> actual) {
        assertArrayEquals(expected.toArray(), actual.toArray());
    }

    @Test
    void everyEntryOfTls13HasItsOwnResponse() throws SspiException {
        List<byte[]> responses = connect(clientSettings(ProtocolVersion.TLS13), serverSettings(LOWER, UPPER));
        assertResponses(List.of(LOWER, UPPER, NONE), responses);
        assertResponses(responses, clientWishes.seen);
        assertFalse(sentStatus());
    }

    @Test
    void anEntryWithoutAResponseKeepsItsPlace() throws SspiException {
        assertResponses(
                List.of(NONE, UPPER, NONE),
                connect(clientSettings(ProtocolVersion.TLS13), serverSettings(null, UPPER, NONE, LOWER)));
    }

    @Test
    void tls12HasOneForTheOwnCertificate() throws SspiException {
        List<byte[]> responses = connect(clientSettings(ProtocolVersion.TLS12), serverSettings(LOWER, UPPER));
        assertResponses(List.of(LOWER), responses);
        assertResponses(responses, clientWishes.seen);
        List<Integer> flight =
                server.sent.stream().map(message -> (int) message[0]).toList();
        // RFC 6066 8: immediately after the Certificate.
        assertEquals(flight.indexOf(11) + 1, flight.indexOf(22));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whoDoesNotAskIsNotAnswered(ProtocolVersion version) throws SspiException {
        assertEquals(List.of(), connect(clientSettings(version).requestStatus(false), serverSettings(LOWER)));
        assertEquals(
                List.of(),
                connect(
                        clientSettings(version),
                        serverSettings(LOWER).disabledExtensions(Set.of(ExtensionType.STATUS_REQUEST))));
        assertEquals(
                List.of(),
                connect(
                        clientSettings(version).disabledExtensions(Set.of(ExtensionType.STATUS_REQUEST)),
                        serverSettings(LOWER)));
        assertEquals(0, asked);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aServerWithoutAResponseGoesOnWithout(ProtocolVersion version) throws SspiException {
        assertEquals(List.of(), connect(clientSettings(version), serverSettings()));
        assertEquals(List.of(), connect(clientSettings(version), serverSettings(NONE)));
        assertEquals(
                List.of(), connect(clientSettings(version), serverSettings().stapling(null)));
        assertEquals(
                List.of(), connect(clientSettings(version), serverSettings().stapling((chain, extensions) -> null)));
        assertEquals(
                List.of(), connect(clientSettings(version), serverSettings().stapling((chain, extensions) -> {
                    throw new IllegalStateException("no answer");
                })));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whatAFlightHasNoRoomForStaysBehind(ProtocolVersion version) throws SspiException {
        assertEquals(List.of(), connect(clientSettings(version), serverSettings(new byte[0x10000])));
        assertEquals(List.of(), connect(clientSettings(version), serverSettings(new byte[0xFFF0])));
        if (version == ProtocolVersion.TLS13) {
            assertResponses(
                    List.of(NONE, UPPER, NONE),
                    connect(clientSettings(version), serverSettings(new byte[0xFFF0], UPPER)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whatIsNoResponseEndsTheHandshake(ProtocolVersion version) {
        for (byte[] garbage : List.of(new byte[1], Arrays.copyOf(LOWER, LOWER.length - 1), "<html>".getBytes())) {
            assertEquals(
                    AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE,
                    alertOf(clientSettings(version), serverSettings(garbage)));
            assertNull(clientWishes.seen);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whoJudgesTheStatusIsToldThatItCannotBeRead(ProtocolVersion version) throws SspiException {
        clientWishes.judgesStatus = true;
        byte[] garbage = {1, 2, 3, 4};
        assertArrayEquals(
                garbage,
                connect(clientSettings(version), serverSettings(garbage)).get(0));
        assertEquals(List.of("verifyStatus, unreadable", "verifyPeer"), clientWishes.asked);
        assertArrayEquals(garbage, clientWishes.seen.get(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whoJudgesTheStatusMayInsistOnOne(ProtocolVersion version) throws SspiException {
        clientWishes.judgesStatus = true;
        clientWishes.statusRefusal = new CertificateException("a certificate without a status");
        assertEquals(
                AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE, alertOf(clientSettings(version), serverSettings()));
        assertEquals(
                AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE,
                alertOf(clientSettings(version), serverSettings(LOWER)));
        assertNull(clientWishes.seen);
        // Who has not asked for a status has none to judge.
        connect(clientSettings(version).requestStatus(false), serverSettings());
        connect(
                clientSettings(version).disabledExtensions(Set.of(ExtensionType.STATUS_REQUEST)),
                serverSettings(LOWER));
    }

    /** What a responder says when it cannot answer has the form of a response: what it is worth is PKIX's question. */
    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aResponderThatSaysLaterIsHeard(ProtocolVersion version) throws SspiException {
        byte[] later = OcspAnswers.error(3);
        assertArrayEquals(
                later, connect(clientSettings(version), serverSettings(later)).get(0));
    }

    @Test
    void anotherTypeOfStatusEndsTheHandshake() throws SspiException {
        byte[] message = new CertificateStatusMessage(new CertificateStatus(LOWER)).toBytes();
        message[4] = 2;
        flightUpToTheCertificate();
        server.outgoing.remove();
        assertEquals(AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE, answerTo(message));
    }

    @Test
    void oneStatusIsEnough() throws SspiException {
        flightUpToTheCertificate();
        byte[] message = server.outgoing.remove().message();
        client.receive(message);
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE, answerTo(message));
    }

    @Test
    void aStatusThatWasNotAnnouncedIsNotExpected() throws SspiException {
        byte[] message = new CertificateStatusMessage(new CertificateStatus(LOWER)).toBytes();
        client = Peer.client(clientSettings(ProtocolVersion.TLS12).build());
        server = Peer.server(serverSettings().build());
        server.receive(client.outgoing.remove());
        client.receive(server.outgoing.remove());
        client.receive(server.outgoing.remove());
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE, answerTo(message));
    }

    private void flightUpToTheCertificate() throws SspiException {
        client = Peer.client(clientSettings(ProtocolVersion.TLS12).build());
        server = Peer.server(serverSettings(LOWER).build());
        server.receive(client.outgoing.remove());
        client.receive(server.outgoing.remove());
        client.receive(server.outgoing.remove());
    }

    private AlertDescription answerTo(byte[] message) {
        return Peer.alert(assertThrows(SspiException.class, () -> client.receive(message)));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aResumedSessionKeepsTheResponsesAndGetsNoNewOnes(ProtocolVersion version) throws SspiException {
        connect(clientSettings(version), serverSettings(LOWER));
        ResumableSession ticket = client.tickets.get(0);
        List<byte[]> responses = connect(clientSettings(version).resumption(ticket), serverSettings(UPPER));
        assertTrue(client.connected().session().resumed());
        assertArrayEquals(LOWER, responses.get(0));
        assertFalse(sentStatus());
        assertEquals(1, asked);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void theAlertSaysWhatIsWrongWithTheStatus(ProtocolVersion version) {
        refuse(BasicReason.REVOKED);
        assertEquals(AlertDescription.CERTIFICATE_REVOKED, alertOf(clientSettings(version), serverSettings(LOWER)));
        refuse(BasicReason.UNDETERMINED_REVOCATION_STATUS);
        assertEquals(
                AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE,
                alertOf(clientSettings(version), serverSettings(LOWER)));
        assertEquals(AlertDescription.CERTIFICATE_UNKNOWN, alertOf(clientSettings(version), serverSettings()));
    }

    private void refuse(Reason reason) {
        clientWishes.refusal = new CertificateException(new CertPathValidatorException("no", null, null, -1, reason));
    }
}
