package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeMessageTest {
    static List<HandshakeMessage> messages() {
        return MessageSamples.messages();
    }

    private static HandshakeMessage decode(byte[] message) throws SspiException {
        return HandshakeMessage.decode(Reader.of(message));
    }

    private static HandshakeMessage decode(ProtocolVersion version, byte[] message) throws SspiException {
        return HandshakeMessage.decode(version, Reader.of(message));
    }

    /** {@return the message in these bytes, where one like this is expected} */
    private static HandshakeMessage decode(HandshakeMessage like, byte[] message) throws SspiException {
        return HandshakeMessage.decode(
                MessageSamples.versionOf(like), MessageSamples.algorithmOf(like), Reader.of(message));
    }

    private static byte[] framed(int type, byte[] body) {
        return new Writer().u8(type).vector24(body).toByteArray();
    }

    private static void assertAlert(AlertDescription alert, byte[] message) {
        SspiException error = assertThrows(SspiException.class, () -> decode(message));
        assertEquals(alert.code(), error.alert().orElse(-1), error.getMessage());
        assertEquals(alert.kind(), error.kind());
    }

    private static void assertMalformed(byte[] message) {
        assertMalformed(new Finished(new byte[32]), message);
    }

    private static void assertMalformed(HandshakeMessage like, byte[] message) {
        SspiException error = assertThrows(SspiException.class, () -> decode(like, message));
        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, error.status(), error.getMessage());
        assertTrue(error.alert().isEmpty());
    }

    @Test
    void thereIsASampleOfEveryMessage() {
        Set<Class<?>> sampled = new HashSet<>();
        messages().forEach(message -> sampled.add(message.getClass()));
        assertEquals(Set.of(HandshakeMessage.class.getPermittedSubclasses()), sampled);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageDecodesToWhatWasEncoded(HandshakeMessage message) throws SspiException {
        byte[] bytes = message.toBytes();
        HandshakeMessage decoded = decode(message, bytes);
        assertEquals(message.getClass(), decoded.getClass());
        assertEquals(message.toString(), decoded.toString());
        assertArrayEquals(bytes, decoded.toBytes());
        assertEquals(message.type().code(), bytes[0]);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncatedMessageFails(HandshakeMessage message) {
        byte[] bytes = message.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            assertMalformed(message, Arrays.copyOf(bytes, length));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncatedBodyFails(HandshakeMessage message) throws SspiException {
        byte[] bytes = message.toBytes();
        byte[] body = Arrays.copyOfRange(bytes, HandshakeMessage.HEADER_LENGTH, bytes.length);
        int accepted = -1;
        if (message instanceof ClientHello || message instanceof ServerHello) {
            // A hello that ends before its extensions is one of TLS 1.2.
            HandshakeMessage bare = message instanceof ClientHello
                    ? MessageSamples.clientHello(Extensions.ABSENT)
                    : MessageSamples.serverHello(Extensions.ABSENT);
            accepted = bare.toBytes().length - HandshakeMessage.HEADER_LENGTH;
        }
        for (int length = 0; length < body.length; length++) {
            // The handshake knows how long a Finished is.
            if (length != accepted && !(message instanceof Finished && length >= 12)) {
                assertMalformed(message, framed(bytes[0], Arrays.copyOf(body, length)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTrailingByteFails(HandshakeMessage message) {
        byte[] bytes = message.toBytes();
        assertMalformed(message, Arrays.copyOf(bytes, bytes.length + 1));
        boolean open = message instanceof Finished
                || message instanceof ClientHello hello && hello.extensions().isAbsent()
                || message instanceof ServerHello answer && answer.extensions().isAbsent();
        if (!open) {
            byte[] body = Arrays.copyOfRange(bytes, HandshakeMessage.HEADER_LENGTH, bytes.length + 1);
            assertMalformed(message, framed(bytes[0], body));
        }
    }

    @Test
    void aFinishedOfALengthThatNoVersionHasIsADecodeError() throws SspiException {
        assertMalformed(framed(20, new byte[11]));
        assertMalformed(framed(20, new byte[65]));
        assertEquals(31, ((Finished) decode(framed(20, new byte[31]))).verifyData().length);
    }

    /** The layout of RFC 8879 4, written out. */
    @Test
    void aCompressedCertificateIsLaidOutAsTheRfcHasIt() throws SspiException {
        byte[] message = {25, 0, 0, 10, 0, 1, 0, 0x12, 0x34, 0, 0, 2, 5, 6};
        CompressedCertificate decoded = (CompressedCertificate) decode(message);
        assertEquals(1, decoded.algorithm());
        assertEquals(0x1234, decoded.uncompressedLength());
        assertArrayEquals(new byte[] {5, 6}, decoded.compressed());
        assertArrayEquals(message, new CompressedCertificate(1, 0x1234, new byte[] {5, 6}).toBytes());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, 7, 9, 12, 14, 16, 21, 22, 23, 26, 99, 254, 255})
    void aTypeThatTls13DoesNotUseIsUnexpected(int type) {
        assertAlert(AlertDescription.UNEXPECTED_MESSAGE, framed(type, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 6, 7, 8, 9, 10, 17, 18, 19, 21, 23, 24, 25, 26, 99, 254, 255})
    void aTypeThatTls12DoesNotUseIsUnexpected(int type) {
        SspiException error =
                assertThrows(SspiException.class, () -> decode(ProtocolVersion.TLS12, framed(type, new byte[0])));
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE.code(), error.alert().orElse(-1), error.getMessage());
    }

    @Test
    void anExplicitCurveIsIllegal() {
        byte[] explicit = framed(12, new byte[] {1, 0, 23, 1, 4, 4, 3, 0, 0});
        SspiException error = assertThrows(SspiException.class, () -> decode(ProtocolVersion.TLS12, explicit));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), error.alert().orElse(-1), error.getMessage());
    }

    @Test
    void aKeyUpdateWithAnotherRequestIsIllegal() {
        for (int request = 2; request < 256; request++) {
            assertAlert(AlertDescription.ILLEGAL_PARAMETER, framed(24, new byte[] {(byte) request}));
        }
    }

    @Test
    void vectorsOfAHelloKeepTheirBounds() {
        Writer sessionOf33 = new Writer().u16(0x0303).zeros(32).vector8(new byte[33]);
        assertMalformed(
                framed(1, sessionOf33.vector16(new byte[2]).vector8(new byte[1]).toByteArray()));
        assertMalformed(framed(2, sessionOf33.u16(0x1301).u8(0).toByteArray()));
        for (int suites : new int[] {0, 1, 3}) {
            Writer hello = new Writer()
                    .u16(0x0303)
                    .zeros(33)
                    .vector16(new byte[suites])
                    .vector8(new byte[1]);
            assertMalformed(framed(1, hello.toByteArray()));
        }
        Writer noCompression =
                new Writer().u16(0x0303).zeros(33).vector16(new byte[2]).vector8(new byte[0]);
        assertMalformed(framed(1, noCompression.toByteArray()));
    }

    @Test
    void theLongestVectorsAreAccepted() throws SspiException {
        List<HandshakeMessage> longest = List.of(
                new ClientHello(
                        0xFFFF,
                        new byte[32],
                        new byte[32],
                        Codes.of(new int[0x7FFF]),
                        new byte[255],
                        Extensions.of(new RawExtension(MessageSamples.GREASE, new byte[0xFFFF - 4]))),
                new ServerHello(0xFFFF, new byte[32], new byte[32], 0xFFFF, 0xFF, Extensions.ABSENT),
                new CertificateRequest(
                        new byte[255], Extensions.of(new RawExtension(MessageSamples.GREASE, new byte[0xFFFF - 4]))),
                new CertificateMessage(
                        new byte[255],
                        List.of(new CertificateMessage.Entry(new byte[0xFFFFFF - 256 - 3 - 5], Extensions.NONE))),
                new CertificateVerify(0xFFFF, new byte[0xFFFF]),
                new Finished(new byte[64]),
                new NewSessionTicket(
                        0,
                        0,
                        new byte[255],
                        new byte[0xFFFF],
                        Extensions.of(new RawExtension(MessageSamples.GREASE, new byte[0xFFFE - 4]))));
        for (HandshakeMessage message : longest) {
            byte[] bytes = message.toBytes();
            assertArrayEquals(bytes, decode(bytes).toBytes(), message.type().toString());
        }
        Extensions tooLong = Extensions.of(new RawExtension(MessageSamples.GREASE, new byte[0xFFFF - 4]));
        assertMalformed(new NewSessionTicket(0, 0, new byte[0], new byte[1], tooLong).toBytes());
    }

    @Test
    void aRetryRequestIsNotReadFromAServerHello() throws SspiException {
        byte[] hello = MessageSamples.serverHello(Extensions.of(
                        new SelectedVersion(0x0304), new KeyShareAnswer(new KeyShareEntry(29, new byte[1]))))
                .toBytes();
        Reader body = Reader.of(hello, HandshakeMessage.HEADER_LENGTH, hello.length - HandshakeMessage.HEADER_LENGTH);
        assertThrows(SspiException.class, () -> HelloRetryRequest.decode(body));
    }

    @Test
    void aPreSharedKeyMustBeTheLastExtension() {
        Extension psk = MessageSamples.sample(ExtensionType.PRE_SHARED_KEY, HandshakeType.CLIENT_HELLO);
        Extensions notLast = Extensions.of(psk, new RawExtension(MessageSamples.GREASE, new byte[0]));
        assertAlert(
                AlertDescription.ILLEGAL_PARAMETER,
                MessageSamples.clientHello(notLast).toBytes());
    }

    @Test
    void bindersThatDoNotFitAreRefused() {
        PreSharedKeyOffer offer =
                (PreSharedKeyOffer) MessageSamples.sample(ExtensionType.PRE_SHARED_KEY, HandshakeType.CLIENT_HELLO);
        ClientHello hello = MessageSamples.clientHello(Extensions.of(offer));
        byte[] message = hello.toBytes();
        byte[] before = message.clone();
        List<List<byte[]>> wrong = List.of(
                List.of(new byte[32]),
                List.of(new byte[32], new byte[32]),
                List.of(new byte[33], new byte[47]),
                List.of());
        for (List<byte[]> binders : wrong) {
            assertThrows(IllegalArgumentException.class, () -> hello.fillBinders(message, binders));
        }
        assertArrayEquals(before, message);
        ClientHello without = MessageSamples.clientHello(Extensions.NONE);
        assertThrows(IllegalStateException.class, () -> without.bindersOffset(message));
    }

    /**
     * Mutated messages either fail as they should or decode to something that encodes to the very same bytes, so that
     * nothing is accepted and silently changed.
     */
    @Test
    void mutatedMessagesFailCleanlyOrKeepEveryByte() {
        List<byte[]> seeds = new ArrayList<>(Rfc8448Test.recordedMessages());
        messages().forEach(message -> seeds.add(message.toBytes()));
        Random random = new Random(8446);
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            for (byte[] seed : seeds) {
                byte[] mutant = mutate(seed, random);
                try {
                    HandshakeMessage message = decode(mutant);
                    assertArrayEquals(mutant, message.toBytes());
                    assertNotNull(message.toString());
                    accepted++;
                } catch (SspiException e) {
                    assertFalse(e.getMessage().isBlank());
                    refused++;
                }
            }
        }
        assertTrue(accepted > 1000 && refused > 1000, accepted + " accepted, " + refused + " refused");
    }

    /** Flips, inserts, deletes or copies a few bytes of the body, with the length in the header put right. */
    private static byte[] mutate(byte[] seed, Random random) {
        byte[] body = Arrays.copyOfRange(seed, HandshakeMessage.HEADER_LENGTH, seed.length);
        for (int edits = 1 + random.nextInt(3); edits > 0 && body.length > 0; edits--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(5)) {
                case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> body[at] = (byte) random.nextInt(256);
                case 2 -> body[at] = (byte) (body[at] + random.nextInt(5) - 2);
                case 3 -> body = Arrays.copyOf(body, at);
                default -> {
                    int count = Math.min(1 + random.nextInt(8), body.length - at);
                    Writer out = new Writer().bytes(body, 0, at).bytes(body, at, count);
                    body = out.bytes(body, at, body.length - at).toByteArray();
                }
            }
        }
        return framed(seed[0], body);
    }

    /** RFC 5489 2, laid out by hand: hint and identity are "id", the point is of two bytes. */
    @Test
    void keyExchangesOfPreSharedKeysAreByteForByte() throws SspiException {
        byte[] server = HexFormat.of().parseHex("0c00000a" + "00026964" + "03001d" + "020102");
        EcdhePskServerKeyExchange hinting =
                new EcdhePskServerKeyExchange(new byte[] {'i', 'd'}, NamedGroup.X25519.code(), new byte[] {1, 2});
        assertArrayEquals(server, hinting.toBytes());
        assertArrayEquals(server, decode(hinting, server).toBytes());
        byte[] client = HexFormat.of().parseHex("10000007" + "00026964" + "020102");
        EcdhePskClientKeyExchange naming = new EcdhePskClientKeyExchange(new byte[] {'i', 'd'}, new byte[] {1, 2});
        assertArrayEquals(client, naming.toBytes());
        assertArrayEquals(client, decode(naming, client).toBytes());
        byte[] explicit = HexFormat.of().parseHex("0c00000a" + "00026964" + "02001d" + "020102");
        SspiException error = assertThrows(SspiException.class, () -> decode(hinting, explicit));
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), error.alert().orElse(-1));
    }
}
