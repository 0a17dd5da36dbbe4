package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc8448Test {
    static final List<String> TRACES = List.of(
            "simple-1rtt", "resumed-0rtt", "hello-retry-request", "client-authentication", "compatibility-mode");

    private static final Map<String, Class<? extends HandshakeMessage>> MESSAGES = Map.of(
            "ClientHello", ClientHello.class,
            "ServerHello", ServerHello.class,
            "HelloRetryRequest", HelloRetryRequest.class,
            "EncryptedExtensions", EncryptedExtensions.class,
            "CertificateRequest", CertificateRequest.class,
            "Certificate", CertificateMessage.class,
            "CertificateVerify", CertificateVerify.class,
            "Finished", Finished.class,
            "NewSessionTicket", NewSessionTicket.class);

    /** Every handshake message of every trace, as it is on the wire. */
    static List<byte[]> recordedMessages() {
        List<byte[]> messages = new ArrayList<>();
        for (String trace : TRACES) {
            Rfc8448.trace(trace).values().forEach((name, value) -> {
                if (shapeOf(name) != null) {
                    messages.add(value);
                }
            });
        }
        return messages;
    }

    private static Class<? extends HandshakeMessage> shapeOf(String name) {
        if (name.startsWith("transcript_hash")) {
            return null;
        }
        return MESSAGES.get(name.replaceAll("^(client|server)\\.", "").replaceAll("[12]$", ""));
    }

    private static <T extends HandshakeMessage> T decode(Class<T> shape, byte[] message) throws SspiException {
        return assertInstanceOf(shape, HandshakeMessage.decode(Reader.of(message)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple-1rtt",
                "resumed-0rtt",
                "hello-retry-request",
                "client-authentication",
                "compatibility-mode"
            })
    void everyMessageDecodesAndEncodesByteForByte(String trace) throws SspiException {
        int count = 0;
        for (Map.Entry<String, byte[]> value : Rfc8448.trace(trace).values().entrySet()) {
            Class<? extends HandshakeMessage> shape = shapeOf(value.getKey());
            if (shape != null) {
                assertArrayEquals(
                        value.getValue(), decode(shape, value.getValue()).toBytes(), value.getKey());
                count++;
            }
        }
        assertTrue(count >= 5, "messages found: " + count);
    }

    @Test
    void theFlightInOneRecordSplitsIntoItsMessages() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("simple-1rtt");
        Reader flight = Reader.of(trace.get("record.03.server.handshake.payload"));
        List<HandshakeType> types = new ArrayList<>();
        while (flight.hasRemaining()) {
            int type = flight.u8();
            types.add(
                    HandshakeMessage.decode(type, flight.vector24(0, 0xFFFFFF)).type());
        }
        assertEquals(
                List.of(
                        HandshakeType.ENCRYPTED_EXTENSIONS,
                        HandshakeType.CERTIFICATE,
                        HandshakeType.CERTIFICATE_VERIFY,
                        HandshakeType.FINISHED),
                types);
    }

    @Test
    void theClientHelloSaysWhatTheTraceSays() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("simple-1rtt");
        ClientHello hello = decode(ClientHello.class, trace.get("ClientHello"));
        Extensions extensions = hello.extensions();
        assertEquals(Codes.of(0x1301, 0x1303, 0x1302), hello.cipherSuites());
        assertEquals(
                List.of(
                        CipherSuite.TLS_AES_128_GCM_SHA256,
                        CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_AES_256_GCM_SHA384),
                hello.cipherSuites().known(CipherSuite::of).toList());
        byte[] host =
                extensions.find(Shape.SERVER_NAMES).orElseThrow().hostName().orElseThrow();
        assertEquals("server", new String(host, StandardCharsets.US_ASCII));
        assertEquals(
                NamedGroup.X25519.code(),
                extensions.find(Shape.SUPPORTED_GROUPS).orElseThrow().groups().get(0));
        assertArrayEquals(
                trace.get("client.x25519.public"),
                extensions
                        .find(Shape.KEY_SHARE_OFFER)
                        .orElseThrow()
                        .share(NamedGroup.X25519.code())
                        .orElseThrow()
                        .keyExchange());
        assertEquals(
                Codes.of(0x0304),
                extensions.find(Shape.SUPPORTED_VERSIONS).orElseThrow().versions());
        assertTrue(
                extensions.find(Shape.PSK_KEY_EXCHANGE_MODES).orElseThrow().contains(PskKeyExchangeModes.PSK_DHE_KE));
        assertEquals(
                0x4001, extensions.find(Shape.RECORD_SIZE_LIMIT).orElseThrow().limit());
        assertTrue(extensions.has(ExtensionType.SESSION_TICKET));
        assertFalse(extensions.has(ExtensionType.COOKIE));
    }

    @Test
    void theServerHelloSaysWhatTheTraceSays() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("simple-1rtt");
        ServerHello hello = decode(ServerHello.class, trace.get("ServerHello"));
        assertEquals(CipherSuite.TLS_AES_128_GCM_SHA256.code(), hello.cipherSuite());
        assertEquals(
                ProtocolVersion.TLS13.code(),
                hello.extensions().find(Shape.SELECTED_VERSION).orElseThrow().version());
        KeyShareEntry share =
                hello.extensions().find(Shape.KEY_SHARE_ANSWER).orElseThrow().share();
        assertEquals(NamedGroup.X25519.code(), share.group());
        assertArrayEquals(trace.get("server.x25519.public"), share.keyExchange());
    }

    @Test
    void theTicketSaysWhatTheTraceSays() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("simple-1rtt");
        NewSessionTicket ticket = decode(NewSessionTicket.class, trace.get("NewSessionTicket"));
        assertEquals(30, ticket.lifetime());
        assertEquals(0xFAD6AAC5L, ticket.ageAdd());
        assertArrayEquals(trace.get("ticket.nonce"), ticket.nonce());
        assertEquals(
                1024,
                ticket.extensions().find(Shape.EARLY_DATA_LIMIT).orElseThrow().maxEarlyDataSize());

        ClientHello resuming =
                decode(ClientHello.class, Rfc8448.trace("resumed-0rtt").get("ClientHello"));
        PreSharedKeyOffer offer =
                resuming.extensions().find(Shape.PRE_SHARED_KEY_OFFER).orElseThrow();
        assertArrayEquals(ticket.ticket(), offer.identities().get(0).identity());
        assertTrue(resuming.extensions().has(ExtensionType.EARLY_DATA));
    }

    @Test
    void theBindersStandWhereTheTraceHasThem() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("resumed-0rtt");
        byte[] message = trace.get("ClientHello");
        ClientHello hello = decode(ClientHello.class, message);
        int end = hello.bindersOffset(message);
        assertArrayEquals(trace.get("ClientHello.prefix"), Arrays.copyOf(message, end));

        PreSharedKeyOffer offer =
                hello.extensions().find(Shape.PRE_SHARED_KEY_OFFER).orElseThrow();
        assertArrayEquals(trace.get("binder"), offer.binders().get(0));

        // As a client writes it: binders of zero first, then the real ones in their place.
        ClientHello unbound = ClientHello.of(
                hello.random(),
                hello.legacySessionId(),
                hello.cipherSuites(),
                hello.extensions().with(PreSharedKeyOffer.unbound(offer.identities(), 32)));
        byte[] written = unbound.toBytes();
        assertArrayEquals(trace.get("ClientHello.prefix"), Arrays.copyOf(written, unbound.bindersOffset(written)));
        ClientHello bound = unbound.fillBinders(written, List.of(trace.get("binder")));
        assertArrayEquals(message, written);
        assertArrayEquals(message, bound.toBytes());
    }

    @Test
    void theRetryRequestIsRecognisedByItsRandom() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("hello-retry-request");
        byte[] message = trace.get("HelloRetryRequest");
        HelloRetryRequest retry = decode(HelloRetryRequest.class, message);
        assertEquals(
                NamedGroup.SECP256R1.code(),
                retry.extensions().find(Shape.KEY_SHARE_RETRY).orElseThrow().group());
        byte[] cookie = retry.extensions().find(Shape.COOKIE).orElseThrow().cookie();
        ClientHello second = decode(ClientHello.class, trace.get("ClientHello2"));
        assertArrayEquals(
                cookie, second.extensions().find(Shape.COOKIE).orElseThrow().cookie());
        assertEquals(HandshakeType.SERVER_HELLO.code(), message[0]);

        // With any other random it is a ServerHello, whose key_share has another form.
        byte[] notRetry = message.clone();
        notRetry[6]++;
        assertThrows(SspiException.class, () -> HandshakeMessage.decode(Reader.of(notRetry)));
    }

    @Test
    void printedMessagesCanBeReadAndHideTheSecretsOfATicket() throws SspiException {
        Rfc8448 trace = Rfc8448.trace("simple-1rtt");
        String hello = decode(ClientHello.class, trace.get("ClientHello")).toString();
        assertTrue(hello.contains("x25519:99381de5"), hello);
        assertTrue(hello.contains("[1301, 1303, 1302]"), hello);
        NewSessionTicket ticket = decode(NewSessionTicket.class, trace.get("NewSessionTicket"));
        assertFalse(ticket.toString().contains(HexFormat.of().formatHex(ticket.ticket(), 0, 8)));
        for (byte[] message : recordedMessages()) {
            String printed = HandshakeMessage.decode(Reader.of(message)).toString();
            assertFalse(printed.contains("[B@"), printed);
        }
    }
}
