package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What JSSE users ask of an engine besides a handshake: with the JDK's engine as the peer, and with ours. */
class EngineFeaturesTest {
    /** HTTP/2 over Netty writes its settings before the client is heard. */
    @ParameterizedTest
    @EnumSource
    void aServerThatWrapsFirstWaitsForTheClient(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        SSLEngine server = pair.server().engine();

        SSLEngineResult result = server.wrap(ByteBuffer.allocate(10), ByteBuffer.allocate(20_000));

        assertEquals(Status.OK, result.getStatus());
        assertEquals(HandshakeStatus.NEED_UNWRAP, result.getHandshakeStatus());
        assertEquals(0, result.bytesConsumed() + result.bytesProduced());
        pair.handshake();
        pair.exchangeBothWays();
    }

    /** pgjdbc casts the array. */
    @ParameterizedTest
    @EnumSource
    void certificatesComeAsAnArrayOfX509Certificates(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));

        pair.handshake();

        assertInstanceOf(
                X509Certificate[].class, pair.client().engine().getSession().getPeerCertificates());
        assertInstanceOf(
                X509Certificate[].class, pair.server().engine().getSession().getLocalCertificates());
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotAskLearnsNothingOfTheClient(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(
                roles.client.context(TestPki.client(KeyKind.EC_P256)), roles.server.server(KeyKind.EC_P256));

        pair.handshake();

        assertThrows(
                SSLPeerUnverifiedException.class,
                () -> pair.server().engine().getSession().getPeerCertificates());
        assertNull(pair.client().engine().getSession().getLocalCertificates());
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWantsTakesACertificateAndGoesOnWithout(Roles roles) throws Exception {
        for (SSLContext client :
                List.of(roles.client.client(), roles.client.context(TestPki.client(KeyKind.EC_P256)))) {
            EnginePair pair = new EnginePair(client, roles.server.server(KeyKind.EC_P256));
            pair.server().engine().setWantClientAuth(true);

            pair.handshake();

            pair.exchange(pair.client(), 100);
            boolean sent = pair.client().engine().getSession().getLocalCertificates() != null;
            if (sent) {
                assertEquals(
                        TestPki.client(KeyKind.EC_P256).certificate(),
                        pair.server().engine().getSession().getPeerCertificates()[0]);
            } else {
                assertThrows(
                        SSLPeerUnverifiedException.class,
                        () -> pair.server().engine().getSession().getPeerCertificates());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatNeedsRefusesAClientWithoutACertificate(Roles roles) {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        pair.server().engine().setNeedClientAuth(true);

        Failures.of(pair::handshake);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstCommonProtocolOfTheServersListIsChosen(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        protocols(pair.client().engine(), "http/1.1", "h2");
        protocols(pair.server().engine(), "spdy/3", "h2", "http/1.1");

        pair.handshake();

        assertEquals("h2", pair.client().engine().getApplicationProtocol());
        assertEquals("h2", pair.server().engine().getApplicationProtocol());
    }

    @ParameterizedTest
    @EnumSource
    void withoutACommonProtocolThereIsNoConnection(Roles roles) {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        protocols(pair.client().engine(), "http/1.1");
        protocols(pair.server().engine(), "h2");

        SSLException failure = Failures.of(pair::handshake);

        assertTrue(failure.getMessage() != null && !failure.getMessage().isBlank());
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnOfferNoProtocolIsAgreedOn(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        protocols(pair.server().engine(), "h2");
        assertNull(pair.client().engine().getApplicationProtocol());

        pair.handshake();

        assertEquals("", pair.client().engine().getApplicationProtocol());
        assertEquals("", pair.server().engine().getApplicationProtocol());
    }

    @ParameterizedTest
    @EnumSource
    void aSelectorChoosesAmongWhatTheClientOffers(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256));
        protocols(pair.client().engine(), "one", "two", "three");
        List<List<String>> seen = new ArrayList<>();
        pair.server().engine().setHandshakeApplicationProtocolSelector((engine, offered) -> {
            seen.add(offered);
            return offered.get(1);
        });

        pair.handshake();

        assertEquals(List.of(List.of("one", "two", "three")), seen);
        assertEquals("two", pair.client().engine().getApplicationProtocol());
        assertEquals("two", pair.server().engine().getApplicationProtocol());
    }

    @ParameterizedTest
    @EnumSource
    void theServerSeesTheNameThatTheClientAskedFor(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(
                engine(roles.client.client(), "alpha.example"),
                Jsse.serverEngine(roles.server.context(TestPki.named("alpha.example"))));

        pair.handshake();

        ExtendedSSLSession session = (ExtendedSSLSession) pair.server().engine().getSession();
        assertEquals(List.of(new SNIHostName("alpha.example")), session.getRequestedServerNames());
    }

    @ParameterizedTest
    @EnumSource
    void aMatcherLetsItsNamesInAndNoOthers(Roles roles) throws Exception {
        SSLContext server = roles.server.context(TestPki.named("alpha.example", "beta.example"));
        EnginePair welcome =
                new EnginePair(engine(roles.client.client(), "alpha.example"), matching(Jsse.serverEngine(server)));
        EnginePair refused =
                new EnginePair(engine(roles.client.client(), "beta.example"), matching(Jsse.serverEngine(server)));

        welcome.handshake();

        SSLException failure = Failures.of(refused::handshake);
        if (roles.server == Jsse.OURS) {
            // RFC 6066 3: unrecognized_name.
            assertEquals(112, Failures.sspi(failure).alert().getAsInt());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theKeyManagerChoosesByName(Roles roles) throws Exception {
        Map<String, Credential> byName = Map.of(
                "alpha.example", TestPki.named("alpha.example"),
                "beta.example", TestPki.named("beta.example"));
        SSLContext server = roles.server.context(new KeyManager[] {new KeysByName(byName)}, null);
        for (String name : byName.keySet()) {
            EnginePair pair = new EnginePair(engine(roles.client.client(), name), Jsse.serverEngine(server));

            pair.handshake();

            assertEquals(
                    byName.get(name).certificate(),
                    pair.client().engine().getSession().getPeerCertificates()[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSecondHandshakeOfTheSameTwoContextsIsResumed(Roles roles) throws Exception {
        SSLContext client = roles.client.client();
        SSLContext server = roles.server.server(KeyKind.EC_P256);
        EnginePair first = new EnginePair(client, server).handshake();
        first.exchange(first.client(), 10);
        first.client().engine().getSession().putValue("mine", 1);

        for (int round = 0; round < 3; round++) {
            EnginePair next = new EnginePair(client, server).handshake();
            next.exchange(next.client(), 10);
            next.exchange(next.server(), 10);

            assertTrue(
                    next.client().flight() < first.client().flight() - 400,
                    "the server sent its certificate again: " + next.client().flight() + " bytes of "
                            + first.client().flight());
            assertEquals(
                    TestPki.server(KeyKind.EC_P256).certificate(),
                    next.client().engine().getSession().getPeerCertificates()[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResumedSessionRemembersTheClientsCertificate(Roles roles) throws Exception {
        SSLContext client = roles.client.context(TestPki.client(KeyKind.EC_P256));
        SSLContext server = roles.server.server(KeyKind.EC_P256);
        for (int round = 0; round < 2; round++) {
            EnginePair pair = new EnginePair(client, server);
            pair.server().engine().setNeedClientAuth(true);
            pair.handshake();

            assertEquals(
                    TestPki.client(KeyKind.EC_P256).certificate(),
                    pair.server().engine().getSession().getPeerCertificates()[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidatedSessionIsNotResumed(Roles roles) throws Exception {
        SSLContext client = roles.client.client();
        SSLContext server = roles.server.server(KeyKind.EC_P256);
        EnginePair first = new EnginePair(client, server).handshake();
        first.exchange(first.server(), 10);
        first.client().engine().getSession().invalidate();

        EnginePair second = new EnginePair(client, server).handshake();

        assertTrue(second.client().flight() > first.client().flight() - 200);
    }

    @ParameterizedTest
    @EnumSource
    void keysAreUpdatedFromBothSidesInTheMiddleOfData(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        for (int round = 0; round < 3; round++) {
            for (EngineEnd end : List.of(pair.client(), pair.server())) {
                pair.exchange(pair.client(), 20_000);
                pair.exchange(pair.server(), 20_000);
                int records = end.records().size();
                // In TLS 1.3 a further handshake is a KeyUpdate.
                end.engine().beginHandshake();
                pair.settle();
                assertTrue(end.records().size() > records, "no KeyUpdate left");
                assertEquals(
                        HandshakeStatus.NOT_HANDSHAKING, pair.client().engine().getHandshakeStatus());
                assertEquals(
                        HandshakeStatus.NOT_HANDSHAKING, pair.server().engine().getHandshakeStatus());
                pair.exchange(pair.client(), 20_000);
                pair.exchange(pair.server(), 20_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachDirectionIsClosedByItself(Roles roles) throws Exception {
        for (boolean clientFirst : new boolean[] {true, false}) {
            EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
            EngineEnd closing = clientFirst ? pair.client() : pair.server();
            EngineEnd staying = (EngineEnd) pair.peerOf(closing);
            boolean oursStays = clientFirst ? roles.server == Jsse.OURS : roles.client == Jsse.OURS;

            closing.engine().closeOutbound();
            assertEquals(Status.CLOSED, closing.wrap(new byte[0], staying).getStatus());
            assertTrue(closing.engine().isOutboundDone());
            assertFalse(closing.engine().isInboundDone());
            SSLEngineResult last = staying.unwrap();
            assertEquals(Status.CLOSED, last.getStatus());
            assertTrue(staying.engine().isInboundDone());

            // RFC 8446 6.1: close_notify closes one direction.
            if (oursStays) {
                assertFalse(staying.engine().isOutboundDone());
                staying.wrap(new byte[] {1, 2, 3}, closing);
                closing.unwrap();
                assertArrayEquals(new byte[] {1, 2, 3}, closing.takeReceived());
            }
            staying.engine().closeOutbound();
            assertEquals(Status.CLOSED, staying.wrap(new byte[0], closing).getStatus());
            assertEquals(Status.CLOSED, closing.unwrap().getStatus());
            for (EngineEnd end : List.of(closing, staying)) {
                assertTrue(end.engine().isInboundDone() && end.engine().isOutboundDone());
                assertEquals(HandshakeStatus.NOT_HANDSHAKING, end.engine().getHandshakeStatus());
            }
        }
    }

    @Test
    void aChainOf60KilobytesLeavesRecordByRecord() throws Exception {
        Credential credential = TestPki.longChain(60_000);
        SSLEngine client = engine(Jsse.OURS.client(), "localhost");
        SSLEngine server = Jsse.serverEngine(Jsse.OURS.context(credential));
        EnginePair pair = new EnginePair(client, server);
        client.beginHandshake();
        server.beginHandshake();

        // Each wrap gets the room that getPacketBufferSize asks for, and produces one record.
        assertEquals(16709, server.getSession().getPacketBufferSize());
        EngineEnd serverEnd = pair.server();
        pair.handshake();

        int largest = 0;
        for (byte[] record : serverEnd.records()) {
            assertEquals(record.length, 5 + ((record[3] & 0xFF) << 8 | record[4] & 0xFF), "one record a wrap");
            largest = Math.max(largest, record.length);
        }
        assertTrue(largest <= 16709, largest + " bytes in one record");
        assertEquals(3, client.getSession().getPeerCertificates().length);
        pair.exchange(pair.server(), 100);
    }

    @ParameterizedTest
    @EnumSource
    void gatherAndScatterFollowTheOrderOfTheBuffers(Roles roles) throws Exception {
        EnginePair pair = new EnginePair(roles.client.client(), roles.server.server(KeyKind.EC_P256)).handshake();
        EngineEnd ours = roles.ours(pair);
        EngineEnd other = (EngineEnd) pair.peerOf(ours);
        ByteBuffer[] parts = {
            ByteBuffer.wrap(new byte[] {1, 2}),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(new byte[] {3}).asReadOnlyBuffer()
        };
        ByteBuffer network = ByteBuffer.allocate(EngineEnd.PLENTY);

        SSLEngineResult result = ours.engine().wrap(parts, network);

        assertEquals(3, result.bytesConsumed());
        byte[] record = new byte[network.flip().remaining()];
        network.get(record);
        other.arrive(record);
        other.unwrap();
        assertArrayEquals(new byte[] {1, 2, 3}, other.takeReceived());

        other.wrap(new byte[] {4, 5, 6, 7, 8}, ours);
        ByteBuffer[] targets = {ByteBuffer.allocate(2), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(9)};
        result = ours.engine().unwrap(ByteBuffer.wrap(ours.takeInbox()), targets);
        assertEquals(5, result.bytesProduced());
        assertArrayEquals(new byte[] {4, 5}, targets[0].array());
        assertEquals(3, targets[2].position());
        assertEquals(6, targets[2].get(0));
    }

    private static SSLEngine engine(SSLContext context, String host) {
        SSLEngine engine = context.createSSLEngine(host, 443);
        engine.setUseClientMode(true);
        Parameters.change(engine, p -> {
            p.setEndpointIdentificationAlgorithm("HTTPS");
            if (!host.equals("localhost")) {
                p.setServerNames(List.of(new SNIHostName(host)));
            }
        });
        return engine;
    }

    private static SSLEngine matching(SSLEngine server) {
        Parameters.change(server, p -> p.setSNIMatchers(List.of(SNIHostName.createSNIMatcher("alpha\\.example"))));
        return server;
    }

    private static void protocols(SSLEngine engine, String... names) {
        Parameters.change(engine, p -> p.setApplicationProtocols(names));
    }

    /** A server's keys, chosen by the name that the handshake session shows. */
    private static final class KeysByName extends X509ExtendedKeyManager {
        private final Map<String, Credential> keys;

        KeysByName(Map<String, Credential> keys) {
            this.keys = keys;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            if (!keyType.equals("EC")) {
                return null;
            }
            ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
            return ((SNIHostName) session.getRequestedServerNames().get(0)).getAsciiName();
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.get(alias).chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.get(alias).key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.keySet().toArray(String[]::new);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
