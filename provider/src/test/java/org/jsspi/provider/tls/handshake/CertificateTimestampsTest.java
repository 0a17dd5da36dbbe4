package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signed certificate timestamps travel with the certificate of a server: RFC 6962 3.3, RFC 8446 4.4.2.1. */
class CertificateTimestampsTest {
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity OWN = TestCertificates.of(KeyKind.P256).signedBy(ROOT);
    private static final byte[] FIRST = {0, 1, 2, 3};
    private static final byte[] SECOND = {0, 4};

    /** Keeps what could be seen while the chain was judged. */
    private static final class Witness extends Wishes {
        List<byte[]> seen = List.of();

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType)
                throws CertificateException {
            seen = info.session().signedCertificateTimestamps();
            super.verifyPeer(info, chain, authType);
        }
    }

    private final Witness clientWishes = new Witness();
    private final Wishes.Memory tickets = new Wishes.Memory();
    private int asked;
    private Peer client;

    private HandshakeSettings.Builder clientSettings(ProtocolVersion version) {
        return HandshakeSettings.builder(clientWishes)
                .versions(List.of(version))
                .requestStatus(true)
                .requestTimestamps(true);
    }

    private HandshakeSettings.Builder serverSettings(byte[]... timestamps) {
        return HandshakeSettings.builder(new Wishes(OWN)).tickets(tickets).timestamps(certificate -> {
            asked++;
            assertEquals(OWN.chain().get(0), certificate);
            return Arrays.asList(timestamps);
        });
    }

    private List<byte[]> connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        Peer server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        return client.connected().session().signedCertificateTimestamps();
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual) {
        assertArrayEquals(expected.toArray(), actual.toArray());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void theyAreThereWhenTheChainIsJudgedAndAfterwards(ProtocolVersion version) throws SspiException {
        assertSame(List.of(FIRST, SECOND), connect(clientSettings(version), serverSettings(FIRST, SECOND)));
        assertSame(List.of(FIRST, SECOND), clientWishes.seen);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whoDoesNotAskIsNotAnswered(ProtocolVersion version) throws SspiException {
        assertSame(List.of(), connect(clientSettings(version).requestTimestamps(false), serverSettings(FIRST)));
        Set<ExtensionType> disabled = Set.of(ExtensionType.SIGNED_CERTIFICATE_TIMESTAMP);
        assertSame(
                List.of(),
                connect(clientSettings(version), serverSettings(FIRST).disabledExtensions(disabled)));
        assertSame(List.of(), connect(clientSettings(version).disabledExtensions(disabled), serverSettings(FIRST)));
        assertEquals(0, asked);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aServerWithoutAnyGoesOnWithout(ProtocolVersion version) throws SspiException {
        assertSame(List.of(), connect(clientSettings(version), serverSettings()));
        assertSame(List.of(), connect(clientSettings(version), serverSettings().timestamps(null)));
        assertSame(List.of(), connect(clientSettings(version), serverSettings().timestamps(certificate -> null)));
        assertSame(List.of(), connect(clientSettings(version), serverSettings(FIRST, null)));
        assertSame(List.of(), connect(clientSettings(version), serverSettings(FIRST, new byte[0])));
        assertSame(List.of(), connect(clientSettings(version), serverSettings().timestamps(certificate -> {
            throw new IllegalStateException("no answer");
        })));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whatAFlightHasNoRoomForStaysBehind(ProtocolVersion version) throws SspiException {
        byte[] long1 = new byte[0xFFFF];
        assertSame(List.of(), connect(clientSettings(version), serverSettings(long1)));
        assertSame(List.of(), connect(clientSettings(version), serverSettings(FIRST, new byte[0xFFF0])));
        byte[] long2 = new byte[0xE000];
        assertSame(List.of(long2), connect(clientSettings(version), serverSettings(long2)));
        // What is left is too little for a response of this length, and enough for it without the timestamps.
        byte[] response = new byte[0x1F00];
        HandshakeSettings.Builder both = serverSettings(long2).stapling((chain, extensions) -> List.of(response));
        assertSame(List.of(long2), connect(clientSettings(version), both));
        assertSame(List.of(), client.connected().session().statusResponses());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aResumedSessionKeepsThem(ProtocolVersion version) throws SspiException {
        connect(clientSettings(version), serverSettings(FIRST));
        ResumableSession ticket = client.tickets.get(0);
        List<byte[]> resumed = connect(clientSettings(version).resumption(ticket), serverSettings(SECOND));
        assertTrue(client.connected().session().resumed());
        assertSame(List.of(FIRST), resumed);
        assertEquals(1, asked);
    }

    @Test
    void thoseThatWereNotAskedForAreRefused() throws SspiException {
        // A server that answers somebody else's hello: the two differ by the request alone.
        Peer asking = Peer.client(clientSettings(ProtocolVersion.TLS12).build());
        client = Peer.client(
                clientSettings(ProtocolVersion.TLS12).requestTimestamps(false).build());
        Peer server = Peer.server(serverSettings(FIRST).build());
        server.receive(asking.sent.get(0));
        byte[] hello = server.outgoing.remove().message();
        SspiException failure = assertThrows(SspiException.class, () -> client.receive(hello));
        assertEquals(AlertDescription.UNSUPPORTED_EXTENSION, Peer.alert(failure));
    }
}
