package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jsspi.RotatingTicketKeys;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.jsse.JsseSessionContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server's side of resumption: what its tickets are bound to, and what servers that share ticket keys do for each other. */
class SessionTicketsTest {
    private final RotatingTicketKeys keys = new RotatingTicketKeys(Duration.ofHours(1));

    private SSLContext server(TicketKeys ticketKeys) {
        SSLContext context = Jsse.OURS.server(KeyKind.EC_P256);
        sessions(context).setTicketKeys(ticketKeys);
        return context;
    }

    private static JsseSessionContext sessions(SSLContext server) {
        return (JsseSessionContext) server.getServerSessionContext();
    }

    /** One connection, with a byte of data so that the client has read its tickets. */
    private static EnginePair connect(SSLContext client, SSLContext server, Consumer<SSLEngine> serverSettings)
            throws Exception {
        EnginePair pair = new EnginePair(client, server);
        serverSettings.accept(pair.server().engine());
        pair.handshake();
        pair.exchange(pair.server(), 1);
        return pair;
    }

    private static EnginePair connect(SSLContext client, SSLContext server) throws Exception {
        return connect(client, server, engine -> {});
    }

    private static byte[] serverSession(EnginePair pair) {
        return pair.server().engine().getSession().getId();
    }

    private static boolean resumed(EnginePair first, EnginePair second) {
        boolean sameSession = Arrays.equals(serverSession(first), serverSession(second));
        // A server that resumes sends no certificate.
        assertEquals(sameSession, second.client().flight() < first.client().flight() - 400);
        return sameSession;
    }

    @ParameterizedTest
    @CsvSource({"OURS, TLSv1.3", "OURS, TLSv1.2", "SUN, TLSv1.3", "SUN, TLSv1.2"})
    void aClientGoesOnWithAnotherServerThatSharesTheKeys(Jsse clients, String protocol) throws Exception {
        SSLContext client = clients.client();
        Consumer<SSLEngine> version = engine -> engine.setEnabledProtocols(new String[] {protocol});
        EnginePair first = connect(client, server(keys), version);
        EnginePair second = connect(client, server(keys), version);

        assertEquals(protocol, second.server().engine().getSession().getProtocol());
        assertTrue(resumed(first, second));
        assertArrayEquals(
                first.server().engine().getSession().getLocalCertificates(),
                second.server().engine().getSession().getLocalCertificates());
        assertEquals(
                first.server().engine().getSession().getCreationTime(),
                second.server().engine().getSession().getCreationTime());
    }

    /** Keys of which the last one seals and all open. */
    private static final class HandTurnedKeys implements TicketKeys {
        private final List<TicketKey> keys = new ArrayList<>(List.of(TicketKey.generate()));

        @Override
        public TicketKey current() {
            return keys.get(keys.size() - 1);
        }

        @Override
        public TicketKey find(byte[] name) {
            return keys.stream().filter(key -> key.hasName(name)).findFirst().orElse(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"OURS, TLSv1.3", "OURS, TLSv1.2", "SUN, TLSv1.3", "SUN, TLSv1.2"})
    void aTicketIsReplacedWhileItsOldKeyStillOpensIt(Jsse clients, String protocol) throws Exception {
        SSLContext client = clients.client();
        HandTurnedKeys turned = new HandTurnedKeys();
        SSLContext server = server(turned);
        Consumer<SSLEngine> version = engine -> engine.setEnabledProtocols(new String[] {protocol});
        EnginePair first = connect(client, server, version);
        turned.keys.add(TicketKey.generate());
        EnginePair second = connect(client, server, version);
        assertTrue(resumed(first, second));
        turned.keys.remove(0);
        EnginePair third = connect(client, server, version);
        assertTrue(resumed(first, third), "by the ticket of the new key");
        assertEquals(
                first.server().engine().getSession().getCreationTime(),
                third.server().engine().getSession().getCreationTime(),
                "a session does not grow younger");
    }

    /** Tickets leave in a wrap of their own, which ends the handshake: a peer that never reads is none of their business. */
    @Test
    void aPeerThatOnlyWritesIsNotHeldUpByTickets() throws Exception {
        System.setProperty("jdk.tls.server.newSessionTicketCount", "10");
        SSLContext server;
        try {
            server = Jsse.OURS.server(KeyKind.EC_P256);
        } finally {
            System.clearProperty("jdk.tls.server.newSessionTicketCount");
        }
        int length = 4 << 20;
        SSLServerSocket listener = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        AtomicLong received = new AtomicLong();
        Thread reader = new Thread(() -> {
            try (SSLSocket connection = (SSLSocket) listener.accept()) {
                connection.setSoTimeout(30_000);
                byte[] buffer = new byte[16_384];
                for (int count = connection.getInputStream().read(buffer);
                        count > 0 && received.addAndGet(count) < length;
                        count = connection.getInputStream().read(buffer)) {
                    // it counts
                }
            } catch (IOException e) {
                received.set(-1);
            }
        });
        reader.start();
        Socket transport = new Socket();
        transport.setReceiveBufferSize(1024);
        transport.connect(listener.getLocalSocketAddress());
        SSLContext client = Jsse.SUN.context(TestPki.client(KeyKind.EC_P256));
        try (listener;
                SSLSocket socket = (SSLSocket)
                        client.getSocketFactory().createSocket(transport, "localhost", listener.getLocalPort(), true)) {
            socket.getOutputStream().write(new byte[length]);
            reader.join(30_000);
            assertEquals(length, received.get());
        }
    }

    @Test
    void withoutTheSameKeysItIsAFullHandshake() throws Exception {
        SSLContext client = Jsse.OURS.client();
        EnginePair first = connect(client, server(keys));

        assertFalse(resumed(first, connect(client, server(null))));
    }

    @Test
    void theClientsIdentityGoesAlong() throws Exception {
        SSLContext client = Jsse.OURS.context(TestPki.client(KeyKind.EC_P256));
        EnginePair first = connect(client, server(keys), engine -> engine.setNeedClientAuth(true));
        EnginePair second = connect(client, server(keys), engine -> engine.setNeedClientAuth(true));

        assertTrue(resumed(first, second));
        assertArrayEquals(
                TestPki.client(KeyKind.EC_P256).chain().toArray(),
                second.server().engine().getSession().getPeerCertificates());
    }

    @Test
    void aServerThatTrustsOthersDoesNotTakeTheClientOver() throws Exception {
        SSLContext client = Jsse.OURS.context(TestPki.client(KeyKind.EC_P256));
        connect(client, server(keys), engine -> engine.setNeedClientAuth(true));
        KeyStore otherRoots = KeyStore.getInstance("PKCS12");
        otherRoots.load(null, null);
        otherRoots.setCertificateEntry("other", TestPki.selfSigned().certificate());
        SSLContext distrusting =
                Jsse.OURS.context(TestPki.server(KeyKind.EC_P256).keyManagers(), TestPki.trustManagers(otherRoots));
        sessions(distrusting).setTicketKeys(keys);

        EnginePair second = new EnginePair(client, distrusting);
        second.server().engine().setNeedClientAuth(true);
        SSLException refusal = assertThrows(SSLException.class, second::handshake);
        assertNotNull(refusal.getMessage());
    }

    @Test
    void aServerWithAnotherCertificateShowsIt() throws Exception {
        SSLContext client = Jsse.OURS.client();
        EnginePair first = connect(client, server(keys));
        SSLContext other = Jsse.OURS.context(TestPki.named("localhost"));
        sessions(other).setTicketKeys(keys);
        EnginePair second = connect(client, other);

        assertFalse(Arrays.equals(serverSession(first), serverSession(second)));
        assertFalse(Arrays.equals(
                first.client().engine().getSession().getPeerCertificates(),
                second.client().engine().getSession().getPeerCertificates()));
    }

    @Test
    void aSessionIsBoundToWhatWasAskedOfTheClient() throws Exception {
        SSLContext client = Jsse.OURS.context(TestPki.client(KeyKind.EC_P256));
        SSLContext server = server(keys);
        EnginePair anonymous = connect(client, server);
        EnginePair known = connect(client, server, engine -> engine.setNeedClientAuth(true));

        assertFalse(Arrays.equals(serverSession(anonymous), serverSession(known)));
        assertNotNull(known.server().engine().getSession().getPeerCertificates());

        EnginePair anonymousAgain = connect(client, server);
        assertFalse(Arrays.equals(serverSession(known), serverSession(anonymousAgain)));
        assertThrows(
                SSLPeerUnverifiedException.class,
                () -> anonymousAgain.server().engine().getSession().getPeerCertificates());
    }

    @Test
    void aSessionIsBoundToItsApplicationProtocol() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(keys);
        EnginePair first = speaking(client, server, "h2");
        assertTrue(resumed(first, speaking(client, server, "h2")));
        assertFalse(resumed(first, speaking(client, server, "http/1.1")));
    }

    private static EnginePair speaking(SSLContext client, SSLContext server, String protocol) throws Exception {
        SSLEngine clientEngine = Jsse.clientEngine(client);
        var parameters = clientEngine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        clientEngine.setSSLParameters(parameters);
        SSLEngine serverEngine = Jsse.serverEngine(server);
        serverEngine.setHandshakeApplicationProtocolSelector((engine, offered) -> protocol);
        EnginePair pair = new EnginePair(clientEngine, serverEngine).handshake();
        pair.exchange(pair.server(), 1);
        assertEquals(protocol, clientEngine.getApplicationProtocol());
        return pair;
    }

    @Test
    void aSessionThatTheServerInvalidatedIsNotResumedEvenWhenItIsForgotten() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(keys);
        sessions(server).setSessionCacheSize(1);
        EnginePair first = connect(client, server);
        first.server().engine().getSession().invalidate();
        assertNull(server.getServerSessionContext().getSession(serverSession(first)));
        EnginePair other = connect(Jsse.OURS.client(), server);
        assertEquals(
                1, Collections.list(server.getServerSessionContext().getIds()).size());

        EnginePair second = connect(client, server);
        assertFalse(Arrays.equals(serverSession(first), serverSession(second)));
        assertFalse(Arrays.equals(serverSession(other), serverSession(second)));
    }

    @Test
    void aForgottenSessionIsResumedFromItsTicket() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(null);
        sessions(server).setSessionCacheSize(1);
        EnginePair first = connect(client, server);
        connect(Jsse.OURS.client(), server);

        assertTrue(resumed(first, connect(client, server)));
    }

    @Test
    void boundValuesAreThereAfterResumption() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(null);
        EnginePair first = connect(client, server);
        first.server().engine().getSession().putValue("name", "value");
        EnginePair second = connect(client, server);

        assertTrue(resumed(first, second));
        assertEquals("value", second.server().engine().getSession().getValue("name"));
        byte[] id = serverSession(first);
        assertEquals("value", server.getServerSessionContext().getSession(id).getValue("name"));
        List<byte[]> ids = Collections.list(server.getServerSessionContext().getIds());
        assertTrue(ids.stream().anyMatch(known -> Arrays.equals(known, id)));
    }

    @Test
    void aSessionThatIsTooOldIsNotResumed() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(keys);
        EnginePair first = connect(client, server);
        sessions(server).setSessionTimeout(1);
        assertEquals(1, sessions(server).getSessionTimeout());
        Thread.sleep(1100);

        assertFalse(resumed(first, connect(client, server)));
    }

    @Test
    void withoutTicketKeysTheServerRemembers() throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = server(TicketKeys.NONE);
        EnginePair first = connect(client, server);
        assertTrue(resumed(first, connect(client, server)));

        sessions(server).setSessionCacheSize(1);
        connect(Jsse.OURS.client(), server);
        assertFalse(resumed(first, connect(client, server)), "what is forgotten is not resumed");
    }

    @Test
    void keysOfTheApplicationThatBreakCostNoHandshake() throws Exception {
        TicketKeys broken = new TicketKeys() {
            @Override
            public TicketKey current() {
                throw new IllegalStateException("no connection to the cache");
            }

            @Override
            public TicketKey find(byte[] name) {
                throw new IllegalStateException("no connection to the cache");
            }
        };
        SSLContext client = Jsse.OURS.client();
        EnginePair first = connect(client, server(keys));

        assertFalse(resumed(first, connect(client, server(broken))));
    }

    @Test
    void aClientHasNoTicketKeys() {
        JsseSessionContext clients = (JsseSessionContext) Jsse.OURS.client().getClientSessionContext();
        assertThrows(UnsupportedOperationException.class, () -> clients.setTicketKeys(keys));
    }
}
