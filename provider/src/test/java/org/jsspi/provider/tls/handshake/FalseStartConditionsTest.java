package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.EchKey;
import org.jsspi.Identity;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKeys;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a client may send before the server's Finished, and when not (RFC 7918 4, 5): each condition broken alone. */
class FalseStartConditionsTest {
    private static final String NAME = "public.example";
    private static final Identity ECDSA = TestCertificates.of(KeyKind.P256)
            .subject("CN=server")
            .dnsNames(NAME)
            .selfSigned();
    private static final Identity RSA = TestCertificates.selfSigned(KeyKind.RSA);
    private static final Identity CLIENT = TestCertificates.selfSigned(KeyKind.P256);
    private static final List<ProtocolVersion> TLS12 = List.of(ProtocolVersion.TLS12);
    private static final PreSharedKeys KEYS =
            PreSharedKeys.of(PreSharedKey.of(PreSharedKey.Use.TLS12, new byte[] {1}, new byte[32]));

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes(ECDSA, RSA);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    /** All conditions are met. */
    private HandshakeSettings.Builder clientSettings() {
        return HandshakeSettings.builder(clientWishes)
                .falseStart(ContextOptions.FalseStart.WITH_ALPN)
                .applicationProtocols(List.of("h2"));
    }

    private HandshakeSettings.Builder serverSettings() {
        return HandshakeSettings.builder(serverWishes)
                .versions(TLS12)
                .applicationProtocols(List.of("h2"))
                .tickets(tickets);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertNull(server.falseStart);
    }

    private void assertStarted() {
        assertNotNull(client.falseStart);
        int at = client.events.indexOf("false start");
        assertEquals(at, client.events.lastIndexOf("false start"), "once");
        assertEquals("send 20", client.events.get(at - 1), "right behind the Finished");
        assertTrue(at < client.events.indexOf("established"));
        assertFalse(client.events.subList(0, at).contains("reads"), "nothing of the server's is protected yet");
    }

    private void assertNotStarted() {
        assertNull(client.falseStart);
    }

    @Test
    void itBeginsBehindTheFinishedOfAClientThatMayAndWantsIt() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertStarted();
        assertEquals("h2", client.falseStart.applicationProtocol());
        assertEquals("h2", client.connected().applicationProtocol());
        assertEquals(List.of("verifyPeer"), clientWishes.asked, "the chain is judged");
    }

    @Test
    void whoeverDoesNotAskForItDoesWithout() throws SspiException {
        connect(clientSettings().falseStart(ContextOptions.FalseStart.NEVER), serverSettings());
        assertNotStarted();
        connect(HandshakeSettings.builder(clientWishes).applicationProtocols(List.of("h2")), serverSettings());
        assertNotStarted();
    }

    @Test
    void withoutAnApplicationProtocolItHasToBeAskedForExpressly() throws SspiException {
        HandshakeSettings.Builder silent = serverSettings().applicationProtocols(List.of());
        connect(clientSettings(), silent);
        assertNotStarted();
        connect(clientSettings().applicationProtocols(List.of()), serverSettings());
        assertNotStarted();
        connect(clientSettings().falseStart(ContextOptions.FalseStart.ALWAYS), silent);
        assertStarted();
        assertEquals("", client.falseStart.applicationProtocol());
    }

    /** RFC 7918 5.3: what is sent must not go with a signature of the client's. */
    @Test
    void aClientThatShowsACertificateWaits() throws SspiException {
        HandshakeSettings.Builder asking = serverSettings().clientAuthentication(ClientAuthentication.WANT);
        connect(clientSettings().falseStart(ContextOptions.FalseStart.ALWAYS), asking);
        assertStarted();
        clientWishes.identities.add(CLIENT);
        connect(clientSettings().falseStart(ContextOptions.FalseStart.ALWAYS), asking);
        assertNotStarted();
    }

    /** RFC 7918 5.3: ECDHE_RSA and ECDHE_ECDSA. */
    @Test
    void aServerThatIsKnownByAKeyMayNotBeThere() throws SspiException {
        connect(
                clientSettings()
                        .falseStart(ContextOptions.FalseStart.ALWAYS)
                        .versions(TLS12)
                        .preSharedKeys(KEYS)
                        .suites(List.of(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256)),
                serverSettings()
                        .preSharedKeys(KEYS)
                        .suites(List.of(CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256)));
        assertNotStarted();
    }

    /** RFC 7918 1: there is nothing to save, since the client's Finished is the last message. */
    @Test
    void aResumedHandshakeHasNone() throws SspiException {
        connect(clientSettings(), serverSettings());
        assertStarted();
        connect(clientSettings().resumption(client.tickets.get(0)), serverSettings());
        assertTrue(client.connected().session().resumed());
        assertNotStarted();
    }

    @Test
    void tls13HasNone() throws SspiException {
        connect(
                clientSettings().falseStart(ContextOptions.FalseStart.ALWAYS),
                serverSettings().versions(HandshakeSettings.DEFAULT_VERSIONS));
        assertEquals(ProtocolVersion.TLS13, client.connected().version());
        assertNotStarted();
    }

    /** RFC 7918 5.2, RFC 8446 4.1.3: a server that has been kept from TLS 1.3 says so, and gets nothing. */
    @Test
    void nothingIsSentToAServerThatWasTalkedOutOfTls13() throws SspiException {
        client = Peer.client(
                clientSettings().falseStart(ContextOptions.FalseStart.ALWAYS).build());
        server = Peer.server(
                serverSettings().versions(HandshakeSettings.DEFAULT_VERSIONS).build());
        Peer older = Peer.client(clientSettings().versions(TLS12).build());
        server.receive(older.outgoing.remove());
        SspiException e = assertThrows(SspiException.class, () -> client.receive(server.outgoing.remove()));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(e), e::getMessage);
        assertNotStarted();
    }

    /** RFC 7918 5.2: TLS_FALLBACK_SCSV is protected by the Finished messages alone. */
    @Test
    void aFallbackWaits() throws SspiException {
        connect(
                clientSettings()
                        .falseStart(ContextOptions.FalseStart.ALWAYS)
                        .versions(TLS12)
                        .fallback(true),
                serverSettings());
        assertNotStarted();
    }

    /** RFC 8446 4.1.3, RFC 7507 3: a server that knows TLS 1.3 would have refused it, had it seen TLS_FALLBACK_SCSV. */
    @Test
    void aFallbackWithAServerThatKnowsBetterIsRefused() throws SspiException {
        client = Peer.client(clientSettings().versions(TLS12).fallback(true).build());
        server = Peer.server(
                serverSettings().versions(HandshakeSettings.DEFAULT_VERSIONS).build());
        Peer other = Peer.client(clientSettings().versions(TLS12).build());
        server.receive(other.outgoing.remove());
        SspiException e = assertThrows(SspiException.class, () -> client.receive(server.outgoing.remove()));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(e), e::getMessage);
    }

    @Test
    void aRenegotiationWaits() {
        assertSame(
                ContextOptions.FalseStart.NEVER,
                clientSettings().build().forRenegotiation().falseStart());
    }

    /** RFC 9849 6.1.6. */
    @Test
    void aServerThatHasNotTakenTheEncryptedHelloHasToWait() {
        EchKey key = EchKey.generate(NAME);
        assertThrows(
                SspiException.class,
                () -> connect(
                        clientSettings()
                                .falseStart(ContextOptions.FalseStart.ALWAYS)
                                .serverNames(List.of(new SNIHostName("secret.example")))
                                .targetName("secret.example")
                                .echConfigs(List.of(key.config())),
                        serverSettings()));
        assertTrue(clientWishes.asked.contains("verifyPeer"), "it came as far as that");
        assertEquals(20, client.sent.get(client.sent.size() - 1)[0], "and as far as the client's Finished");
        assertNotStarted();
    }

    @Test
    void aServerWhoseChainIsNotTrustedGetsNothing() {
        clientWishes.refusal = new CertificateException("not this one");
        assertThrows(SspiException.class, () -> connect(clientSettings(), serverSettings()));
        assertNotStarted();
    }

    /** RFC 7918 5.1, 5.3. */
    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void suitesAreThoseOfEcdheWithACertificateAndAnAead(CipherSuite suite) {
        boolean expected = suite.version() == ProtocolVersion.TLS12
                && suite.name()
                        .matches("TLS_ECDHE_(RSA|ECDSA)_WITH_(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA(256|384)");
        assertEquals(expected, FalseStart.isStrong(suite, NamedGroup.SECP256R1));
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void everySuiteThatIsStrongStarts(CipherSuite suite) throws SspiException {
        if (!FalseStart.isStrong(suite, NamedGroup.X25519)) {
            return;
        }
        connect(clientSettings().suites(List.of(suite)).versions(TLS12), serverSettings());
        assertEquals(suite, client.connected().suite());
        assertStarted();
    }

    /** RFC 7918 5.3: named curves of 256 bits and more. */
    @ParameterizedTest
    @EnumSource(NamedGroup.class)
    void groupsAreCurvesOf256BitsAndMore(NamedGroup group) {
        Set<NamedGroup> curves = EnumSet.of(
                NamedGroup.SECP256R1, NamedGroup.SECP384R1, NamedGroup.SECP521R1, NamedGroup.X25519, NamedGroup.X448);
        assertEquals(
                curves.contains(group), FalseStart.isStrong(CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, group));
    }

    /** A session is the server's word, which is not given before its Finished. */
    @Test
    void noSessionIsOfferedBeforeTheServersFinished() throws SspiException {
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings().build());
        while (client.falseStart == null) {
            server.receive(client.outgoing.remove());
            while (client.outgoing.isEmpty() && !server.outgoing.isEmpty()) {
                client.receive(server.outgoing.remove());
            }
        }
        while (!client.outgoing.isEmpty()) {
            server.receive(client.outgoing.remove());
        }
        assertEquals(3, server.outgoing.size(), "ticket, change_cipher_spec, Finished");
        for (int i = 0; i < 2; i++) {
            client.receive(server.outgoing.remove());
            assertEquals(List.of(), client.tickets);
        }
        byte[] finished = server.outgoing.remove().message();
        finished[finished.length - 1] ^= 1;
        SspiException e = assertThrows(SspiException.class, () -> client.receive(finished));
        assertEquals(AlertDescription.DECRYPT_ERROR, Peer.alert(e));
        assertEquals(List.of(), client.tickets);
        assertEquals(0, client.established);
    }

    /** RFC 5705 4, RFC 7627 5.4. */
    @Test
    void whatIsExportedIsWhatBothSidesHaveInTheEnd() throws SspiException {
        connect(clientSettings(), serverSettings());
        for (byte[] context : new byte[][] {null, {}, {1}}) {
            assertArrayEquals(
                    server.connected().exportKeyingMaterial("EXPORTER-test", context, 40),
                    client.falseStart.exportKeyingMaterial("EXPORTER-test", context, 40));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> client.falseStart.exportKeyingMaterial("master secret", null, 40));
        connect(clientSettings(), serverSettings().disabledExtensions(Set.of(ExtensionType.EXTENDED_MASTER_SECRET)));
        assertStarted();
        assertNull(client.falseStart.exportKeyingMaterial("EXPORTER-test", null, 40), "it would bind to nothing");
    }
}
