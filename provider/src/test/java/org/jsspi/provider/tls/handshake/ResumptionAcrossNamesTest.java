package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EarlyDataInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.TlsFlags;
import org.junit.jupiter.api.Test;

/** A session serves for the other names of its server's certificate: draft-ietf-tls-cross-sni-resumption. */
class ResumptionAcrossNamesTest {
    private static final Identity SERVER =
            TestCertificates.of(KeyKind.P256).dnsNames("a.example", "b.example").selfSigned();
    private static final Identity CLIENT = TestCertificates.selfSigned(KeyKind.P256);
    private static final List<SNIServerName> A = List.of(new SNIHostName("a.example"));
    private static final List<SNIServerName> B = List.of(new SNIHostName("b.example"));
    private static final List<SNIServerName> C = List.of(new SNIHostName("c.example"));

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes(SERVER);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(List<SNIServerName> names) {
        return HandshakeSettings.builder(clientWishes).serverNames(names).resumptionAcrossNames(true);
    }

    private HandshakeSettings.Builder serverSettings() {
        return HandshakeSettings.builder(serverWishes).tickets(tickets).resumptionAcrossNames(true);
    }

    private TlsSession connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        return client.connected().session();
    }

    @Test
    void aTicketServesForAnotherNameOfTheCertificate() throws SspiException {
        assertTrue(connect(clientSettings(A), serverSettings()).resumableAcrossNames());
        clientWishes.asked.clear();
        TlsSession resumed = connect(clientSettings(B).resumption(client.tickets.get(0)), serverSettings());

        assertTrue(resumed.resumed());
        assertTrue(clientWishes.asked.contains("verifyPeer"), "the chain is judged for the new name");
        // The name is that of this connection, on both sides.
        assertEquals(B, server.connected().session().requestedServerNames());
        assertEquals(B, resumed.requestedServerNames());
        // And what comes of it serves for the first name again.
        assertTrue(connect(clientSettings(A).resumption(client.tickets.get(0)), serverSettings())
                .resumed());
    }

    @Test
    void bothSidesHaveToWantIt() throws SspiException {
        assertFalse(connect(clientSettings(A), serverSettings().resumptionAcrossNames(false))
                .resumableAcrossNames());
        assertFalse(connect(clientSettings(B).resumption(client.tickets.get(0)), serverSettings())
                .resumed());

        connect(clientSettings(A), serverSettings());
        assertFalse(connect(
                        clientSettings(B).resumption(client.tickets.get(0)),
                        serverSettings().resumptionAcrossNames(false))
                .resumed());

        connect(clientSettings(A), serverSettings());
        assertFalse(connect(
                        clientSettings(B).resumption(client.tickets.get(0)).resumptionAcrossNames(false),
                        serverSettings())
                .resumed());
    }

    @Test
    void aNameThatTheCertificateHasNotBeginsASessionOfItsOwn() throws SspiException {
        connect(clientSettings(A), serverSettings());
        ResumableSession ticket = client.tickets.get(0);
        assertTrue(ticket.coversName("b.example"));
        assertFalse(ticket.coversName("c.example"));

        assertFalse(
                connect(clientSettings(C).resumption(ticket), serverSettings()).resumed());
        assertEquals(
                1,
                tickets.sessions.values().stream()
                        .filter(session -> session.serverNames().equals(A))
                        .count(),
                "it was not offered");
    }

    @Test
    void aServerLooksIntoTheCertificateItself() throws SspiException {
        connect(clientSettings(A), serverSettings());
        // A client that does not care: its ticket says that it was for the name that is asked for.
        ResumableSession forged = as(client.tickets.get(0), C);

        assertFalse(
                connect(clientSettings(C).resumption(forged), serverSettings()).resumed());
    }

    private static ResumableSession as(ResumableSession session, List<SNIServerName> names) {
        return new ResumableSession(
                session.suite(),
                session.preSharedKey().copy(),
                session.ticket(),
                false,
                session.ageAdd(),
                session.lifetimeSeconds(),
                session.issuedAt(),
                session.session(),
                names,
                session.applicationProtocol(),
                session.clientAuthentication(),
                session.trustScope(),
                session.earlyData());
    }

    @Test
    void whatAClientHasShownStaysWithTheName() throws SspiException {
        clientWishes.identities.add(CLIENT);
        TlsSession session =
                connect(clientSettings(A), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertFalse(session.resumableAcrossNames(), "the server does not mark it");
        session.resumableAcrossNames(true);
        ResumableSession ticket = client.tickets.get(0);
        assertFalse(ticket.coversName("b.example"), "the client does not offer it");

        assertFalse(connect(
                        clientSettings(B).resumption(as(ticket, B)),
                        serverSettings().clientAuthentication(ClientAuthentication.WANT))
                .resumed());
    }

    @Test
    void aChainThatIsNotTrustedForTheNewNameEndsIt() throws SspiException {
        connect(clientSettings(A), serverSettings());
        ResumableSession ticket = client.tickets.get(0);
        clientWishes.refusal = new CertificateException("the test does not want it");

        SspiException failure = assertThrows(
                SspiException.class, () -> connect(clientSettings(B).resumption(ticket), serverSettings()));
        assertEquals(AlertDescription.CERTIFICATE_UNKNOWN, Peer.alert(failure));
    }

    @Test
    void earlyDataStaysWithTheName() throws SspiException {
        connect(clientSettings(A).maximumEarlyData(1000), serverSettings().maximumEarlyData(1000));
        ResumableSession ticket = client.tickets.get(0);
        assertTrue(ticket.earlyData().maximum() > 0);

        assertTrue(connect(
                        clientSettings(B).resumption(ticket).maximumEarlyData(1000),
                        serverSettings().maximumEarlyData(1000))
                .resumed());
        assertEquals(EarlyDataInfo.Status.NONE, client.earlyData.status());

        connect(clientSettings(A).maximumEarlyData(1000), serverSettings().maximumEarlyData(1000));
        connect(
                clientSettings(B).resumption(as(client.tickets.get(0), B)).maximumEarlyData(1000),
                serverSettings().maximumEarlyData(1000));
        assertTrue(client.connected().session().resumed());
        assertEquals(EarlyDataInfo.Status.REJECTED, client.earlyData.status());
    }

    @Test
    void sessionsOfTls12StayWithTheirName() throws SspiException {
        connect(clientSettings(A).versions(List.of(ProtocolVersion.TLS12)), serverSettings());
        assertFalse(connect(
                        clientSettings(B)
                                .versions(List.of(ProtocolVersion.TLS12))
                                .resumption(as(client.tickets.get(0), B)),
                        serverSettings())
                .resumed());
    }

    @Test
    void flagsAreBits() {
        TlsFlags flags = TlsFlags.of(TlsFlags.RESUMPTION_ACROSS_NAMES);

        assertEquals(2, flags.flags().length);
        assertTrue(flags.has(8));
        for (int other : new int[] {0, 7, 9, 16, 2039}) {
            assertFalse(flags.has(other));
            assertTrue(TlsFlags.of(other).has(other));
        }
    }
}
