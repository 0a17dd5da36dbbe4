package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that keeps of a client's chain the hash of its first certificate, and nothing else. */
class CertificateHashTest {
    private static final Identity CLIENT = TestCertificates.selfSigned(KeyKind.P256);
    private static final Identity SERVER = TestCertificates.selfSigned(KeyKind.P384);

    /** Keeps the chain that it was asked about last. */
    private static final class Judge extends Wishes {
        List<X509Certificate> judged = List.of();

        Judge() {
            super(SERVER);
        }

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType)
                throws CertificateException {
            judged = List.of(chain);
            super.verifyPeer(info, chain, authType);
        }
    }

    private final Judge judge = new Judge();
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(ProtocolVersion version) {
        return HandshakeSettings.builder(new Wishes(CLIENT)).versions(List.of(version));
    }

    private HandshakeSettings.Builder serverSettings(boolean onlyHash) {
        return HandshakeSettings.builder(judge)
                .tickets(tickets)
                .clientAuthentication(ClientAuthentication.NEED)
                .retainOnlyCertificateHash(onlyHash);
    }

    private TlsSession connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        return server.connected().session();
    }

    private static byte[] hash() throws CertificateException {
        return HashAlgorithm.SHA256.hash(CLIENT.chain().get(0).getEncoded());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void theChainIsJudgedAndItsHashIsKept(ProtocolVersion version) throws Exception {
        TlsSession session = connect(clientSettings(version), serverSettings(true));

        assertEquals(CLIENT.chain(), judge.judged);
        assertArrayEquals(hash(), session.peerCertificateHash());
        assertTrue(session.peerCertificates().isEmpty());
        assertTrue(session.authenticatesByCertificate());
        assertEquals(SERVER.chain(), client.connected().session().peerCertificates());

        judge.judged = List.of();
        TlsSession resumed = connect(clientSettings(version).resumption(client.tickets.get(0)), serverSettings(true));
        assertTrue(resumed.resumed());
        assertTrue(judge.judged.isEmpty());
        assertArrayEquals(hash(), resumed.peerCertificateHash());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void aSessionThatWasKeptOtherwiseIsNotResumed(ProtocolVersion version) throws Exception {
        for (boolean onlyHash : new boolean[] {true, false}) {
            connect(clientSettings(version), serverSettings(onlyHash));
            TlsSession next =
                    connect(clientSettings(version).resumption(client.tickets.get(0)), serverSettings(!onlyHash));

            assertFalse(next.resumed());
            assertEquals(onlyHash ? 0 : 32, next.peerCertificateHash().length);
            assertEquals(onlyHash ? CLIENT.chain() : List.of(), next.peerCertificates());
        }
    }

    @Test
    void withoutACertificateOfTheClientNothingIsDifferent() throws Exception {
        TlsSession session = connect(
                clientSettings(ProtocolVersion.TLS13),
                serverSettings(true).clientAuthentication(ClientAuthentication.NONE));
        assertEquals(0, session.peerCertificateHash().length);
        TlsSession resumed = connect(
                clientSettings(ProtocolVersion.TLS13).resumption(client.tickets.get(0)),
                serverSettings(false).clientAuthentication(ClientAuthentication.NONE));
        assertTrue(resumed.resumed());
    }

    @Test
    void aHashCannotBeJudgedAgain() throws Exception {
        connect(clientSettings(ProtocolVersion.TLS13), serverSettings(true));
        TlsSession next = connect(
                clientSettings(ProtocolVersion.TLS13).resumption(client.tickets.get(0)),
                serverSettings(true).reverifyOnResume(true));

        assertFalse(next.resumed());
    }

    @Test
    void aTicketHasTheHashInPlaceOfTheChain() throws Exception {
        connect(clientSettings(ProtocolVersion.TLS13), serverSettings(true));
        SessionStates states = new SessionStates();
        ResumableSession before = tickets.sessions.values().iterator().next();
        byte[] state = states.encode(before, 65_535);
        long now = System.currentTimeMillis();
        ResumableSession after = states.decode(state, id -> null, now);

        assertTrue(state.length < 300, state.length + " bytes");
        assertArrayEquals(hash(), after.session().peerCertificateHash());
        assertTrue(after.session().peerCertificates().isEmpty());
        assertNull(states.decode(Arrays.copyOf(state, state.length - 1), id -> null, now));
        assertNull(states.decode(Arrays.copyOf(state, state.length + 1), id -> null, now));
    }

    @Test
    void aServerThatHasNotJudgedTheChainDoesNotTakeTheHashForIt() throws Exception {
        connect(clientSettings(ProtocolVersion.TLS13), serverSettings(true));
        byte[] state =
                new SessionStates().encode(tickets.sessions.values().iterator().next(), 65_535);
        // Another server of a cluster, which opens the same tickets.
        ResumableSession elsewhere = new SessionStates().decode(state, id -> null, System.currentTimeMillis());
        assertEquals(SessionStates.ELSEWHERE, elsewhere.trustScope());
        String ticket = tickets.sessions.keySet().iterator().next();
        tickets.sessions.put(ticket, elsewhere);

        TlsSession next =
                connect(clientSettings(ProtocolVersion.TLS13).resumption(client.tickets.get(0)), serverSettings(true));
        assertFalse(next.resumed());
        assertEquals(CLIENT.chain(), judge.judged);
    }
}
