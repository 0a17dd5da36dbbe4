package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jsspi.EchKey;
import org.jsspi.EchStatus;
import org.jsspi.HandshakeInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Cookie;
import org.jsspi.provider.tls.message.EchConfirmation;
import org.jsspi.provider.tls.message.EncryptedExtensions;
import org.jsspi.provider.tls.message.Extension;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.Grease;
import org.jsspi.provider.tls.message.HelloRetryRequest;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.NewSessionTicket;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.RawExtension;
import org.jsspi.provider.tls.message.ServerHello;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may change of a hello, and of what a server says to it. */
class ClientHelloOptionsTest {
    private static final String NAME = "server.example";
    private static final int FALLBACK_SCSV = 0x5600;

    private boolean acknowledges = true;
    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes =
            new Wishes(TestCertificates.of(KeyKind.P256)
                    .subject("CN=test")
                    .dnsNames(NAME, "public.example")
                    .selfSigned()) {
                @Override
                public boolean acknowledgeServerName(HandshakeInfo info, List<SNIServerName> names) {
                    assertEquals(List.of(new SNIHostName(NAME)), names);
                    asked.add("acknowledgeServerName");
                    return acknowledges;
                }
            };
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder forClient() {
        return HandshakeSettings.builder(clientWishes).targetName(NAME).serverNames(List.of(new SNIHostName(NAME)));
    }

    private HandshakeSettings.Builder forServer() {
        return HandshakeSettings.builder(serverWishes).tickets(tickets);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    private ClientHello hello(int n) throws SspiException {
        return (ClientHello) Inbound.decode(client.sent.get(n), null).message();
    }

    /** {@return the types in the order of the hello, without reserved values} */
    private static List<ExtensionType> types(ClientHello hello) {
        return hello.extensions().list().stream()
                .map(extension -> ExtensionType.of(extension.code()))
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void theOrderOfExtensionsIsTheSameUnlessOneIsWantedThatIsDrawn() throws SspiException {
        Set<List<ExtensionType>> usual = new HashSet<>();
        Set<List<ExtensionType>> drawn = new HashSet<>();
        Set<ExtensionType> first = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            connect(forClient(), forServer());
            usual.add(types(hello(0)));
            connect(forClient().permuteExtensions(true), forServer());
            drawn.add(types(hello(0)));
            first.add(types(hello(0)).get(0));
        }
        assertEquals(1, usual.size());
        assertEquals(40, drawn.size(), "of 10! orders hardly two are the same");
        assertTrue(first.size() > 4, first::toString);
        Set<ExtensionType> all = new HashSet<>(usual.iterator().next());
        drawn.forEach(order -> assertEquals(all, new HashSet<>(order)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePreSharedKeyStaysLastAndReservedValuesOutside(boolean ech) throws SspiException {
        EchKey key = EchKey.generate(42, "public.example", 64);
        for (int i = 0; i < 20; i++) {
            HandshakeSettings.Builder settings =
                    forClient().permuteExtensions(true).grease(true);
            if (ech) {
                settings.echConfigs(List.of(key.config()));
            }
            connect(settings, forServer().echKeys(() -> List.of(key)));
            connect(
                    settings.resumption(client.tickets.get(0)).session(new TlsSession(null, -1)),
                    forServer().echKeys(() -> List.of(key)));
            assertTrue(client.connected().session().resumed());
            assertEquals(
                    ech ? EchStatus.ACCEPTED : EchStatus.NOT_OFFERED,
                    client.connected().session().echStatus());
            List<Extension> extensions = hello(0).extensions().list();
            int last = extensions.size() - 1;
            assertEquals(
                    ExtensionType.PRE_SHARED_KEY.code(), extensions.get(last).code());
            assertTrue(Grease.isGrease(extensions.get(0).code()), extensions::toString);
            assertEquals(0, ((RawExtension) extensions.get(0)).body().length);
            assertTrue(Grease.isGrease(extensions.get(last - 1).code()), extensions::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSecondHelloHasTheOrderOfTheFirst(boolean ech) throws SspiException {
        EchKey key = EchKey.generate(42, "public.example", 64);
        for (int i = 0; i < 20; i++) {
            HandshakeSettings.Builder settings =
                    forClient().permuteExtensions(true).groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1));
            if (ech) {
                settings.echConfigs(List.of(key.config()));
            } else {
                settings.echGrease(true);
            }
            connect(
                    settings,
                    forServer().groups(List.of(NamedGroup.SECP256R1)).echKeys(ech ? () -> List.of(key) : null));
            assertEquals(types(hello(0)), types(hello(1)));
            assertEquals(
                    ech ? EchStatus.ACCEPTED : EchStatus.GREASE,
                    client.connected().session().echStatus());
        }
    }

    @Test
    void aCookieTakesItsPlaceInsideAndOutsideOfAnEncryptedHello() throws SspiException {
        EchKey key = EchKey.generate(42, "public.example", 64);
        for (int i = 0; i < 20; i++) {
            client = Peer.client(forClient()
                    .permuteExtensions(true)
                    .groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1))
                    .echConfigs(List.of(key.config()))
                    .build());
            server = Peer.server(forServer()
                    .groups(List.of(NamedGroup.SECP256R1))
                    .echKeys(() -> List.of(key))
                    .build());
            server.receive(client.outgoing.remove());
            EchOffer ech =
                    ((ClientHandshake.WaitServerHello) client.state).offer().ech();
            HelloRetryRequest retry =
                    (HelloRetryRequest) Inbound.decode(server.outgoing.remove().message(), ProtocolVersion.TLS13)
                            .message();
            client.receive(withCookie(retry, ech).toBytes());
            // Which this server did not send: that it refuses the cookie says that it could read everything.
            SspiException failure = assertThrows(
                    SspiException.class,
                    () -> server.receive(client.outgoing.getLast().message()));
            assertTrue(failure.getMessage().contains("a cookie that was not given"), failure::getMessage);
            client.state.destroy();
        }
    }

    /** {@return the request with a cookie, and a confirmation that is right again (RFC 9849 7.2.1)} */
    private static HelloRetryRequest withCookie(HelloRetryRequest request, EchOffer ech) {
        HelloRetryRequest retry = request.with(new Cookie(new byte[] {1, 2, 3}));
        HashAlgorithm hash =
                Negotiation.hash(CipherSuite.of(retry.cipherSuite()).orElseThrow());
        byte[] transcriptHash = hash.hash(
                Transcript.messageHash(hash.hash(ech.innerMessage())),
                retry.with(EchConfirmation.blank()).toBytes());
        return retry.with(
                new EchConfirmation(EchConfirming.ofRetry(hash, ech.inner().random(), transcriptHash)));
    }

    @Test
    void aServerWithABetterVersionRefusesAFallback() throws SspiException {
        List<ProtocolVersion> lower = List.of(ProtocolVersion.TLS12);
        SspiException failure = assertThrows(
                SspiException.class, () -> connect(forClient().versions(lower).fallback(true), forServer()));
        assertEquals(AlertDescription.INAPPROPRIATE_FALLBACK, Peer.alert(failure));
        Codes suites = hello(0).cipherSuites();
        // RFC 7507 4: after all suites that are meant.
        assertEquals(suites.size() - 1, suites.indexOf(FALLBACK_SCSV));

        connect(forClient().versions(lower).fallback(true), forServer().versions(lower));
        assertEquals("TLSv1.2", client.connected().session().protocol());

        connect(forClient().versions(lower), forServer());
        assertFalse(hello(0).cipherSuites().contains(FALLBACK_SCSV), "nobody has said that it is one");
    }

    @Test
    void aFallbackStaysOutsideOfAnEncryptedHello() throws SspiException {
        EchKey key = EchKey.generate(42, "public.example", 64);
        connect(
                forClient().fallback(true).echConfigs(List.of(key.config())),
                forServer().echKeys(() -> List.of(key)));
        assertTrue(hello(0).cipherSuites().contains(FALLBACK_SCSV));
        assertEquals(EchStatus.ACCEPTED, client.connected().session().echStatus());
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"},
            mode = Mode.INCLUDE)
    void aServerSaysThatItHasUsedTheNameUnlessItHasNot(ProtocolVersion version) throws SspiException {
        connect(forClient().versions(List.of(version)), forServer());
        assertTrue(answer(version).has(ExtensionType.SERVER_NAME));

        acknowledges = false;
        connect(forClient().versions(List.of(version)), forServer());
        assertFalse(answer(version).has(ExtensionType.SERVER_NAME));
        assertEquals(
                List.of(new SNIHostName(NAME)), server.connected().session().requestedServerNames());

        serverWishes.asked.clear();
        connect(forClient().versions(List.of(version)).serverNames(List.of()), forServer());
        assertFalse(serverWishes.asked.contains("acknowledgeServerName"), "there is no name");
    }

    private Extensions answer(ProtocolVersion version) throws SspiException {
        return version == ProtocolVersion.TLS13
                ? ((EncryptedExtensions)
                                Inbound.decode(server.sent.get(1), version).message())
                        .extensions()
                : ((ServerHello) Inbound.decode(server.sent.get(0), version).message()).extensions();
    }

    @Test
    void renegotiationIsSafeWhereThePeerHasTheExtensionAndInTls13() throws SspiException {
        connect(forClient(), forServer());
        assertTrue(client.connected().session().secureRenegotiation());
        assertTrue(server.connected().session().secureRenegotiation());

        List<ProtocolVersion> tls12 = List.of(ProtocolVersion.TLS12);
        connect(forClient().versions(tls12), forServer());
        assertTrue(client.connected().session().secureRenegotiation());
        assertTrue(server.connected().session().secureRenegotiation());

        ResumableSession session = client.tickets.get(0);
        Set<ExtensionType> none = Set.of(ExtensionType.RENEGOTIATION_INFO);
        connect(
                forClient().versions(tls12).resumption(session).session(new TlsSession(null, -1)),
                forServer().disabledExtensions(none));
        assertTrue(client.connected().session().resumed());
        assertFalse(client.connected().session().secureRenegotiation(), "the session that it resumes had it");
        assertFalse(server.connected().session().secureRenegotiation());
    }

    @Test
    void flagsOfATicketAreIgnoredAndTheirFormIsNot() throws SspiException {
        connect(forClient(), forServer());
        byte[] one = {1};
        int before = client.tickets.size();
        client.receive(ticket(one, 2, 0, 0x80));
        assertEquals(before + 1, client.tickets.size());
        // draft-ietf-tls-tlsflags 2: illegal_parameter for zeros at the end.
        SspiException zeros = assertThrows(SspiException.class, () -> client.receive(ticket(one, 2, 1, 0)));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(zeros));

        connect(forClient(), forServer());
        SspiException empty = assertThrows(SspiException.class, () -> client.receive(ticket(one, 0)));
        assertEquals(AlertDescription.DECODE_ERROR, Peer.alert(empty));
    }

    private static byte[] ticket(byte[] ticket, int... flags) {
        byte[] body = new byte[flags.length];
        for (int i = 0; i < flags.length; i++) {
            body[i] = (byte) flags[i];
        }
        byte[] message = new NewSessionTicket(
                        10, 0, ticket, ticket, Extensions.of(new RawExtension(ExtensionType.TLS_FLAGS.code(), body)))
                .toBytes();
        assertArrayEquals(new byte[] {(byte) flags.length}, new byte[] {message[message.length - flags.length - 1]});
        return message;
    }
}
