package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.OcspAnswers;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The chain of a session that is resumed is judged again where one side wants it. */
class ReverificationTest {
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity IDENTITY = TestCertificates.of(KeyKind.P256).signedBy(ROOT);
    private static final byte[] STATUS =
            OcspAnswers.by(ROOT).about(IDENTITY.chain().get(0));

    /** Keeps what could be seen while the chain was judged. */
    private static final class Witness extends Wishes {
        List<X509Certificate> chain;
        List<byte[]> statusResponses;
        boolean resumed;

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] shown, String authType)
                throws CertificateException {
            chain = List.of(shown);
            statusResponses = info.session().statusResponses();
            resumed = info.session().resumed();
            super.verifyPeer(info, shown, authType);
        }
    }

    private final Witness clientWishes = new Witness();
    private final Witness serverWishes = new Witness();
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(ProtocolVersion version) {
        return HandshakeSettings.builder(clientWishes)
                .versions(List.of(version))
                .requestStatus(true);
    }

    private HandshakeSettings.Builder serverSettings() {
        return HandshakeSettings.builder(serverWishes)
                .tickets(tickets)
                .stapling((chain, extensions) -> List.of(STATUS));
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        clientWishes.asked.clear();
        serverWishes.asked.clear();
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
    }

    private ResumableSession sessionOf(ProtocolVersion version) throws SspiException {
        serverWishes.identities.add(IDENTITY);
        connect(clientSettings(version), serverSettings());
        return client.tickets.get(0);
    }

    private static CertificateException revoked() {
        return new CertificateException(new CertificateRevokedException(
                new Date(), CRLReason.KEY_COMPROMISE, new X500Principal("CN=root"), Map.of()));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aClientJudgesTheServerAgainByWhatItShowedAtFirst(ProtocolVersion version) throws SspiException {
        ResumableSession session = sessionOf(version);
        String authType = clientWishes.authType;
        assertFalse(clientWishes.resumed);
        connect(clientSettings(version).resumption(session).reverifyOnResume(true), serverSettings());
        assertTrue(client.connected().session().resumed());
        assertEquals(List.of("verifyPeer"), clientWishes.asked);
        assertEquals(authType, clientWishes.authType);
        assertEquals(IDENTITY.chain(), clientWishes.chain);
        assertArrayEquals(STATUS, clientWishes.statusResponses.get(0));
        assertTrue(clientWishes.resumed);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aClientRefusesWhatItDoesNotTrustAnyMoreAndForgetsTheSession(ProtocolVersion version) throws SspiException {
        ResumableSession session = sessionOf(version);
        ResumableSession another = session.copy();
        clientWishes.refusal = revoked();
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(clientSettings(version).resumption(session).reverifyOnResume(true), serverSettings()));
        assertEquals(AlertDescription.CERTIFICATE_REVOKED, Peer.alert(failure));
        assertEquals(0, client.established);
        assertFalse(another.session().isValid());
        clientWishes.refusal = null;
        connect(clientSettings(version).resumption(another).reverifyOnResume(true), serverSettings());
        assertFalse(client.connected().session().resumed());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void whoDoesNotWantItIsNotAsked(ProtocolVersion version) throws SspiException {
        ResumableSession session = sessionOf(version);
        clientWishes.refusal = revoked();
        connect(clientSettings(version).resumption(session), serverSettings());
        assertTrue(client.connected().session().resumed());
        assertEquals(List.of(), clientWishes.asked);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aServerMakesANewSessionWithAClientThatItDoesNotTrustAnyMore(ProtocolVersion version) throws SspiException {
        serverWishes.identities.add(IDENTITY);
        clientWishes.identities.add(IDENTITY);
        connect(clientSettings(version), demanding());
        connect(
                clientSettings(version).resumption(client.tickets.get(0)),
                demanding().reverifyOnResume(true));
        assertTrue(server.connected().session().resumed());
        assertEquals(1, serverWishes.asked.stream().filter("verifyPeer"::equals).count());
        assertEquals(IDENTITY.chain(), serverWishes.chain);
        ResumableSession again = client.tickets.get(0);
        serverWishes.refusal = revoked();
        SspiException failure = assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings(version).resumption(again), demanding().reverifyOnResume(true)));
        assertEquals(AlertDescription.CERTIFICATE_REVOKED, Peer.alert(failure));
        assertTrue(
                client.sent.stream().anyMatch(message -> message[0] == 11), "the client was asked for its certificate");
        assertEquals(2, serverWishes.asked.stream().filter("verifyPeer"::equals).count());
    }

    private HandshakeSettings.Builder demanding() {
        return serverSettings().clientAuthentication(ClientAuthentication.NEED);
    }
}
