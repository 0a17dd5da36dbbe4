package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Renegotiation of TLS 1.2 as SSPI programs see it: statuses, buffers, attributes, and data that is under way. */
class RenegotiationTest {
    private static final ContextOptions PERMITTED = ContextOptions.builder()
            .protocols(List.of("TLSv1.2"))
            .renegotiation(Renegotiation.ACCEPT)
            .build();
    private static final ContextOptions NEEDING = PERMITTED.toBuilder()
            .clientAuthentication(ClientAuthentication.NEED)
            .build();
    private static final ContextOptions REFUSING =
            PERMITTED.toBuilder().renegotiation(Renegotiation.REFUSE).build();

    private static Connection<SspiEnd, SspiEnd> connected() throws Exception {
        return connected(PERMITTED, PERMITTED);
    }

    private static Connection<SspiEnd, SspiEnd> connected(ContextOptions client, ContextOptions server)
            throws Exception {
        SchCredentials withCertificate = SchCredentials.builder()
                .rootStore(TestPki.roots())
                .identities(List.of(TestPki.client(KeyKind.EC_P256).identity()))
                .build();
        return new Connection<>(
                        SspiEnd.initiator(Schannel.context(Schannel.outbound(withCertificate)), client, null),
                        Schannel.server(server, null))
                .handshake();
    }

    private static Session session(SspiEnd end) throws SspiException {
        return end.context().queryContextAttributes(ContextAttribute.SESSION);
    }

    private static boolean hasRemoteCertificate(SspiEnd end) throws SspiException {
        return !session(end).peerCertificates().isEmpty();
    }

    /** The classic of web servers: the page that is asked for decides whether a certificate is needed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerAsksForACertificateLater(boolean raw) throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        SspiEnd client = pair.client();
        SspiEnd server = pair.server();
        pair.exchangeBothWays();
        assertFalse(hasRemoteCertificate(server));
        Session ofClient = session(client);
        Session ofServer = session(server);
        server.say(NEEDING);
        client.statuses().clear();

        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.establish(null, client));
        // Until the client has answered, data goes on.
        server.send(new byte[] {9}, client);
        assertSame(ofServer, session(server));
        client.step(server);
        assertEquals(
                List.of(SecurityStatus.SEC_I_RENEGOTIATE, SecurityStatus.SEC_I_CONTINUE_NEEDED), client.statuses());
        if (raw) {
            // The handshake loop again, as on Windows.
            client.shakeHandsAgain();
            server.shakeHandsAgain();
        }
        pair.settle();

        assertEquals(
                SecurityStatus.SEC_E_OK, client.statuses().get(client.statuses().size() - 1));
        assertArrayEquals(new byte[] {9}, client.takeReceived());
        assertTrue(hasRemoteCertificate(server));
        assertNotNull(server.context().queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
        assertNotSame(ofClient, session(client));
        assertNotSame(ofServer, session(server));
        assertTrue(ofServer.isValid());
        pair.exchangeBothWays();
        assertArrayEquals(
                client.context()
                        .queryContextAttributes(ContextAttribute.UNIQUE_BINDINGS)
                        .applicationData(),
                server.context()
                        .queryContextAttributes(ContextAttribute.UNIQUE_BINDINGS)
                        .applicationData());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientBegins(boolean raw) throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        for (int i = 0; i < 3; i++) {
            Session before = session(pair.client());
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, pair.client().establish(null, pair.server()));
            if (raw) {
                pair.client().shakeHandsAgain();
            }
            pair.settle();
            assertNotSame(before, session(pair.client()));
            pair.exchangeBothWays();
        }
    }

    /** What was sent before the peer knew: RFC 5246 7.4.1.1 has the handshake begin after no more than a few records. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataThatIsUnderWayArrives(boolean raw) throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        SspiEnd client = pair.client();
        SspiEnd server = pair.server();
        byte[] fromServer = {1, 2, 3};
        byte[] fromClient = {4, 5, 6};
        server.send(fromServer, client);
        client.send(fromClient, server);
        // Both begin at once, and both have sent data in front of it.
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.establish(null, client));
        server.send(fromServer, client);
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.establish(null, server));
        if (raw) {
            client.shakeHandsAgain();
            server.shakeHandsAgain();
        }
        pair.settle();
        assertArrayEquals(fromClient, server.takeReceived());
        assertArrayEquals(new byte[] {1, 2, 3, 1, 2, 3}, client.takeReceived());
        pair.exchangeBothWays();
    }

    /** Behind its own hello no side sends data: encryptMessage says that a handshake has to go first. */
    @Test
    void dataWaitsForTheEnd() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        SspiEnd client = pair.client();
        SspiEnd server = pair.server();
        client.establish(null, server);
        byte[] data = {1, 2, 3};
        assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, encrypt(client.context(), data));
        assertArrayEquals(new byte[] {1, 2, 3}, data, "nothing has changed");
        // There is nothing to say: it is the server's turn.
        assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, client.establish(null, server));
        assertEquals(SecurityStatus.SEC_E_OK, encrypt(server.context(), data.clone()));
        server.takeInbox();
    }

    private static SecurityStatus encrypt(StreamContext context, byte[] data) throws SspiException {
        StreamSizes sizes = context.queryContextAttributes(ContextAttribute.STREAM_SIZES);
        ByteBuffer memory = ByteBuffer.allocate(sizes.header() + data.length + sizes.trailer());
        memory.put(sizes.header(), data);
        SecBufferDesc message = new SecBufferDesc();
        message.add(SecBufferType.STREAM_HEADER, memory, 0, sizes.header());
        message.add(SecBufferType.DATA, memory, sizes.header(), data.length);
        message.add(SecBufferType.STREAM_TRAILER, memory, sizes.header() + data.length, sizes.trailer());
        message.add();
        SecurityStatus status = context.encryptMessage(0, message, 0);
        memory.get(sizes.header(), data);
        return status;
    }

    @Test
    void aServerMayStillSendWhileTheClientHasNotAnswered() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        pair.server().establish(null, pair.client());
        // Asked twice it waits, and asks no second time.
        assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, pair.server().establish(null, pair.client()));
        pair.server().send(new byte[] {7}, pair.client());
        pair.settle();
        assertArrayEquals(new byte[] {7}, pair.client().takeReceived());
        pair.exchangeBothWays();
    }

    /** RFC 5246 7.2.2: the warning no_renegotiation is the answer, and the connection goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOneWhoBeginsIsToldThatThePeerRefuses(boolean raw) throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected(REFUSING, PERMITTED);
        SspiEnd server = pair.server();
        Session before = session(server);
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.establish(null, pair.client()));
        if (raw) {
            server.shakeHandsAgain();
            pair.client().step(server);
            refusedRaw(server, pair.client());
        } else {
            pair.settle();
            assertEquals(SecurityStatus.SEC_I_NO_RENEGOTIATION, last(server));
        }
        assertSame(before, session(server));
        if (!raw) {
            pair.exchangeBothWays();
            assertEquals(
                    SecurityStatus.SEC_I_CONTINUE_NEEDED, server.establish(null, pair.client()), "it may try again");
        }

        pair = connected(PERMITTED, REFUSING);
        SspiEnd client = pair.client();
        before = session(client);
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.establish(null, pair.server()));
        pair.settle();
        assertEquals(SecurityStatus.SEC_I_NO_RENEGOTIATION, last(client));
        assertSame(before, session(client));
        pair.exchangeBothWays();
    }

    private static void refusedRaw(SspiEnd end, SspiEnd peer) throws SspiException {
        SecBuffer extra = new SecBuffer();
        assertEquals(
                SecurityStatus.SEC_I_NO_RENEGOTIATION,
                end.establish(new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, end.takeInbox()), extra), peer));
        assertEquals(SecBufferType.EMPTY, extra.type());
    }

    private static SecurityStatus last(SspiEnd end) {
        return end.statuses().get(end.statuses().size() - 1);
    }

    @Test
    void whereItIsNotPermittedACallWithoutInputSaysSo() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected(REFUSING, REFUSING);
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(SecurityStatus.SEC_I_NO_RENEGOTIATION, end.establish(null, pair.peerOf(end)));
        }
        pair.exchangeBothWays();
        ContextOptions once =
                PERMITTED.toBuilder().renegotiation(Renegotiation.ACCEPT_ONCE).build();
        pair = connected(once, once);
        pair.client().establish(null, pair.server());
        pair.settle();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(SecurityStatus.SEC_I_NO_RENEGOTIATION, end.establish(null, pair.peerOf(end)));
        }
        pair.exchangeBothWays();
    }

    /** Header and trailer are those of the suite, and may be others afterwards. */
    @Test
    void theSuiteMayChange() throws Exception {
        String chacha20 = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
        Connection<SspiEnd, SspiEnd> pair = connected();
        StreamContext server = pair.server().context();
        assertEquals(
                13, server.queryContextAttributes(ContextAttribute.STREAM_SIZES).header());
        pair.server().say(PERMITTED.toBuilder().cipherSuites(List.of(chacha20)).build());
        pair.server().establish(null, pair.client());
        pair.settle();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(chacha20, session(end).cipherSuite());
            assertEquals(
                    5,
                    end.context()
                            .queryContextAttributes(ContextAttribute.STREAM_SIZES)
                            .header());
        }
        pair.exchangeBothWays();
    }

    /** What a client may resume is the session that the connection began with: it ends with the connection. */
    @Test
    void whatEndsTheSessionEndsTheFirstOneToo() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        Session ofClient = session(pair.client());
        Session ofServer = session(pair.server());
        pair.client().establish(null, pair.server());
        pair.settle();
        assertTrue(ofClient.isValid() && ofServer.isValid());
        pair.server().context().applyControlToken(SchannelControl.session(false));
        assertFalse(ofServer.isValid() || session(pair.server()).isValid());
        pair.client().context().applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 80));
        assertFalse(ofClient.isValid() || session(pair.client()).isValid());
    }

    /** RFC 6066 3: whoever is asked for stays, whatever the options of a later call say. */
    @Test
    void aClientAsksForTheSameServer() throws Exception {
        ContextOptions named = PERMITTED.toBuilder()
                .serverNames(List.of(new SNIHostName("localhost")))
                .build();
        Connection<SspiEnd, SspiEnd> pair = connected(named, PERMITTED);
        pair.client()
                .say(PERMITTED.toBuilder()
                        .peer("example.com", 1)
                        .serverNames(List.of(new SNIHostName("example.com")))
                        .build());
        Session before = session(pair.server());
        pair.client().establish(null, pair.server());
        pair.settle();
        assertNotSame(before, session(pair.server()));
        assertEquals(
                List.of(new SNIHostName("localhost")), session(pair.server()).requestedServerNames());
    }

    /** RFC 5246 7.2.1: what the server has sent before it knows that the client has closed is read. */
    @Test
    void aRequestBehindOurCloseNotifyLosesNoData() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        pair.client().context().applyControlToken(SchannelControl.shutdown());
        assertEquals(SecurityStatus.SEC_E_OK, pair.client().establish(null, pair.server()));
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, pair.server().establish(null, pair.client()));
        pair.server().send(new byte[] {1, 2, 3}, pair.client());
        pair.settle();
        assertArrayEquals(new byte[] {1, 2, 3}, pair.client().takeReceived());
        assertTrue(pair.server().expired());
    }

    /** A failure ends the connection, and the session that it had. */
    @Test
    void aRenegotiationThatFailsEndsTheConnection() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        Session before = session(pair.server());
        pair.server()
                .say(PERMITTED.toBuilder()
                        .cipherSuites(List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                        .build());
        pair.client()
                .say(PERMITTED.toBuilder()
                        .cipherSuites(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                        .build());
        pair.client().establish(null, pair.server());
        SspiException failure = assertThrows(SspiException.class, pair::settle);
        assertEquals(40, failure.alert().orElseThrow());
        assertFalse(before.isValid());
        // The alert is told under the keys of the connection.
        assertEquals(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.server().establish(null, pair.client()));
        SspiException told = assertThrows(SspiException.class, pair::settle);
        assertEquals(40, told.alert().orElseThrow());
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            SspiException ended = assertThrows(SspiException.class, () -> end.encrypt(new byte[1]));
            assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, ended.status());
        }
    }

    /** Close in the middle: what was said already stands, and the peer sees a clean end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eitherSideClosesInTheMiddle(boolean asClient) throws Exception {
        for (int steps = 0; steps < 6; steps++) {
            Connection<SspiEnd, SspiEnd> pair = connected();
            SspiEnd closing = asClient ? pair.client() : pair.server();
            SspiEnd other = asClient ? pair.server() : pair.client();
            pair.server().establish(null, pair.client());
            for (int i = 0; i < steps; i++) {
                SspiEnd end = i % 2 == 0 ? pair.client() : pair.server();
                end.step(pair.peerOf(end));
            }
            closing.context().applyControlToken(SchannelControl.shutdown());
            assertEquals(SecurityStatus.SEC_E_OK, closing.establish(null, other), "after " + steps);
            for (int i = 0; i < 50 && !other.expired(); i++) {
                other.step(closing);
            }
            assertTrue(other.expired(), "after " + steps + ": " + other);
        }
    }

    @Test
    void bytesFromTheNetworkAreNoMessages() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        pair.server().establish(null, pair.client());
        byte[] clear = {22, 3, 3, 0, 4, 0, 0, 0, 0};
        SspiException failure = assertThrows(
                SspiException.class,
                () -> pair.server()
                        .establish(
                                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, clear), new SecBuffer()),
                                pair.client()));
        assertEquals(20, failure.alert().orElseThrow(), "bad_record_mac");
    }

    /** The work of a call that was not waited for comes first. */
    @Test
    void whoAskedForItDoesTheWorkElsewhere() throws Exception {
        ContextOptions async = PERMITTED.toBuilder().async(true).build();
        Connection<SspiEnd, SspiEnd> pair = connected();
        SspiEnd server =
                SspiEnd.acceptor(Schannel.context(Schannel.inbound(TestPki.server(KeyKind.EC_P256))), async, null);
        SspiEnd client = Schannel.client(PERMITTED, null);
        client.step(server);
        drive(client, server);
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.establish(null, server));
        byte[] hello = server.takeInbox();
        SecBufferDesc message = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, hello), new SecBuffer(), new SecBuffer(), new SecBuffer());
        assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, server.context().decryptMessage(message, 0));
        byte[] token = message.find(SecBufferType.EXTRA).toByteArray();
        assertEquals(
                SecurityStatus.SEC_I_ASYNC_CALL_PENDING,
                server.establish(
                        new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token), new SecBuffer()), client));
        SspiException early = assertThrows(
                SspiException.class,
                () -> server.context()
                        .decryptMessage(
                                new SecBufferDesc(
                                        new SecBuffer(SecBufferType.DATA, new byte[40]),
                                        new SecBuffer(),
                                        new SecBuffer(),
                                        new SecBuffer()),
                                0));
        assertEquals(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, early.status());
        Session before = session(server);
        server.context().pendingWork().run();
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.establish(null, client));
        assertSame(before, session(server));
        client.shakeHandsAgain();
        server.shakeHandsAgain();
        drive(client, server);
        assertNotSame(before, session(server));
        new Connection<>(client, server).exchangeBothWays();
        pair.exchangeBothWays();
    }

    private static void drive(SspiEnd client, SspiEnd server) throws SspiException {
        for (int i = 0; i < 60; i++) {
            client.step(server);
            server.step(client);
            Runnable work = server.context().pendingWork();
            if (work != null) {
                work.run();
                SecurityStatus status = server.establish(null, client);
                while (status == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
                    server.context().pendingWork().run();
                    status = server.establish(null, client);
                }
            }
        }
        assertNull(server.context().pendingWork());
        assertTrue(client.established(), client.toString());
    }

    // SunJSSE at the other end

    private static EngineEnd sun(SSLEngine engine) throws SSLException {
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        engine.beginHandshake();
        return new EngineEnd(engine, Memory.HEAP);
    }

    private static Connection<EngineEnd, SspiEnd> sunClient(ContextOptions server) throws Exception {
        SSLEngine engine = Jsse.clientEngine(Jsse.SUN.context(TestPki.client(KeyKind.EC_P256)));
        return new Connection<>(sun(engine), Schannel.server(server, null)).handshake();
    }

    private static Connection<SspiEnd, EngineEnd> sunServer(ContextOptions client) throws Exception {
        SSLEngine engine = Jsse.serverEngine(Jsse.SUN.server(KeyKind.EC_P256));
        SchCredentials withCertificate = SchCredentials.builder()
                .rootStore(TestPki.roots())
                .identities(List.of(TestPki.client(KeyKind.EC_P256).identity()))
                .build();
        SspiEnd ours = SspiEnd.initiator(Schannel.context(Schannel.outbound(withCertificate)), client, null);
        return new Connection<>(ours, sun(engine)).handshake();
    }

    /** The handshake loop again, as on Windows, or decryptMessage alone; both ends have sent data before. */
    private static void settleAgain(Connection<?, ?> pair, SspiEnd ours, EngineEnd suns, boolean raw, int times)
            throws Exception {
        Session before = session(ours);
        if (raw) {
            ours.shakeHandsAgain();
        }
        pair.settle();
        assertNotSame(before, session(ours));
        assertEquals(1 + times, suns.finished());
        assertArrayEquals(new byte[] {1, 2, 3}, ours.takeReceived());
        assertArrayEquals(new byte[] {4, 5}, suns.takeReceived());
        pair.exchangeBothWays();
    }

    /** Until its wish has come by decryptMessage there is no handshake to go on with. */
    private static void hear(SspiEnd ours, EngineEnd suns) throws Exception {
        suns.step(ours);
        while (ours.step(suns)) {}
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientOfSunJsseBegins(boolean raw) throws Exception {
        Connection<EngineEnd, SspiEnd> pair = sunClient(PERMITTED);
        for (int i = 1; i < 4; i++) {
            pair.client().send(new byte[] {1, 2, 3}, pair.server());
            pair.server().send(new byte[] {4, 5}, pair.client());
            pair.client().engine().beginHandshake();
            hear(pair.server(), pair.client());
            settleAgain(pair, pair.server(), pair.client(), raw, i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientOfSunJsseIsAskedForACertificateLater(boolean raw) throws Exception {
        Connection<EngineEnd, SspiEnd> pair = sunClient(PERMITTED);
        assertFalse(hasRemoteCertificate(pair.server()));
        pair.server().say(NEEDING);
        pair.client().send(new byte[] {1, 2, 3}, pair.server());
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, pair.server().establish(null, pair.client()));
        pair.server().send(new byte[] {4, 5}, pair.client());
        settleAgain(pair, pair.server(), pair.client(), raw, 1);
        assertEquals(
                TestPki.client(KeyKind.EC_P256).chain(), session(pair.server()).peerCertificates());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void weBeginWithAServerOfSunJsse(boolean raw) throws Exception {
        Connection<SspiEnd, EngineEnd> pair = sunServer(PERMITTED);
        for (int i = 1; i < 4; i++) {
            pair.client().send(new byte[] {4, 5}, pair.server());
            pair.server().send(new byte[] {1, 2, 3}, pair.client());
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, pair.client().establish(null, pair.server()));
            settleAgain(pair, pair.client(), pair.server(), raw, i);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerOfSunJsseAsksForACertificateLater(boolean raw) throws Exception {
        Connection<SspiEnd, EngineEnd> pair = sunServer(PERMITTED);
        SSLEngine engine = pair.server().engine();
        assertThrows(SSLPeerUnverifiedException.class, engine.getSession()::getPeerCertificates);
        pair.client().send(new byte[] {4, 5}, pair.server());
        pair.server().send(new byte[] {1, 2, 3}, pair.client());
        engine.setNeedClientAuth(true);
        engine.beginHandshake();
        hear(pair.client(), pair.server());
        settleAgain(pair, pair.client(), pair.server(), raw, 1);
        assertEquals(
                TestPki.client(KeyKind.EC_P256).chain(),
                List.of(engine.getSession().getPeerCertificates()));
    }

    /** SunJSSE takes the answer for the end of the connection. */
    @Test
    void sunJsseIsToldThatWeRefuse() throws Exception {
        Connection<EngineEnd, SspiEnd> fromClient = sunClient(REFUSING);
        fromClient.client().engine().beginHandshake();
        SSLException refused = assertThrows(SSLException.class, fromClient::settle);
        assertTrue(refused.getMessage().contains("enegotiation"), refused.getMessage());
        Connection<SspiEnd, EngineEnd> fromServer = sunServer(REFUSING);
        fromServer.server().engine().beginHandshake();
        refused = assertThrows(SSLException.class, fromServer::settle);
        assertTrue(refused.getMessage().contains("enegotiation"), refused.getMessage());
    }
}
