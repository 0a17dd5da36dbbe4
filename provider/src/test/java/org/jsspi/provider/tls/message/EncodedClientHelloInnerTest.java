package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.junit.jupiter.api.Test;

class EncodedClientHelloInnerTest {
    private static final Extension GROUPS = new SupportedGroups(Codes.of(29));
    private static final Extension SCHEMES = new SignatureAlgorithms(Codes.of(0x0403));
    private static final Extension UNKNOWN = new RawExtension(0x5555, MessageSamples.filled(700, 7));

    private static final ClientHello OUTER = hello(1, ServerNames.ofHost("public.example"), GROUPS, SCHEMES, UNKNOWN);
    private static final ClientHello INNER =
            hello(2, ServerNames.ofHost("secret.example"), GROUPS, UNKNOWN, new EchInner());

    private static ClientHello hello(int random, Extension... extensions) {
        return ClientHello.of(
                MessageSamples.filled(32, random),
                MessageSamples.filled(32, 0x22),
                Codes.of(0x1301),
                Extensions.of(extensions));
    }

    /** The encoding with this in place of all extensions, without padding. */
    private static byte[] encoding(Extension... extensions) {
        ClientHello short12 = ClientHello.of(
                MessageSamples.filled(32, 2), new byte[0], Codes.of(0x1301), Extensions.of(List.of(extensions)));
        byte[] message = short12.toBytes();
        return Arrays.copyOfRange(message, 4, message.length);
    }

    private static RawExtension outerExtensions(int... codes) {
        byte[] body = new byte[1 + 2 * codes.length];
        body[0] = (byte) (2 * codes.length);
        for (int i = 0; i < codes.length; i++) {
            body[1 + 2 * i] = (byte) (codes[i] >>> 8);
            body[2 + 2 * i] = (byte) codes[i];
        }
        return new RawExtension(EncodedClientHelloInner.OUTER_EXTENSIONS, body);
    }

    private static void assertAlert(AlertDescription alert, byte[] encoded) {
        SspiException refused =
                assertThrows(SspiException.class, () -> EncodedClientHelloInner.decode(encoded, OUTER.toBytes()));
        assertEquals(alert.code(), refused.alert().orElse(-1), refused::getMessage);
    }

    @Test
    void whatTheOuterHelloHasIsNamedAndComesBack() throws SspiException {
        List<Integer> shared = List.of(GROUPS.code(), UNKNOWN.code());
        byte[] encoded = EncodedClientHelloInner.encode(INNER, shared, 0);
        assertTrue(encoded.length < 150, "the 700 bytes are not repeated: " + encoded.length);
        assertArrayEquals(INNER.toBytes(), EncodedClientHelloInner.decode(encoded, OUTER.toBytes()));

        byte[] whole = EncodedClientHelloInner.encode(INNER, List.of(), 0);
        assertArrayEquals(INNER.toBytes(), EncodedClientHelloInner.decode(whole, OUTER.toBytes()));
    }

    @Test
    void everyTruncationOfTheHelloIsRefused() {
        byte[] encoded = encoding(ServerNames.ofHost("secret.example"), outerExtensions(GROUPS.code()), new EchInner());
        for (int length = 0; length < encoded.length; length++) {
            assertAlert(AlertDescription.DECODE_ERROR, Arrays.copyOf(encoded, length));
        }
    }

    /** RFC 9849 6.1.3: names up to the length that the configuration gives, and none, make no difference. */
    @Test
    void theLengthDoesNotTellTheName() {
        int none = EncodedClientHelloInner.encode(hello(2, GROUPS, new EchInner()), List.of(), 64).length;
        assertEquals(0, none % 32);
        for (int length = 1; length <= 64; length++) {
            ClientHello named = hello(2, ServerNames.ofHost("x".repeat(length)), GROUPS, new EchInner());
            assertEquals(none, EncodedClientHelloInner.encode(named, List.of(), 64).length, "a name of " + length);
        }
        ClientHello longer = hello(2, ServerNames.ofHost("x".repeat(100)), GROUPS, new EchInner());
        assertEquals(none + 32, EncodedClientHelloInner.encode(longer, List.of(), 64).length);
    }

    // RFC 9849 5.1: what aborts with illegal_parameter

    @Test
    void namesInAnotherOrderOrTwiceOrOfNothingAreIllegal() throws SspiException {
        EncodedClientHelloInner.decode(
                encoding(outerExtensions(GROUPS.code(), UNKNOWN.code()), new EchInner()), OUTER.toBytes());
        for (RawExtension list : List.of(
                outerExtensions(UNKNOWN.code(), GROUPS.code()),
                outerExtensions(GROUPS.code(), GROUPS.code()),
                outerExtensions(0x4444),
                outerExtensions(ExtensionType.ENCRYPTED_CLIENT_HELLO.code()))) {
            assertAlert(AlertDescription.ILLEGAL_PARAMETER, encoding(list, new EchInner()));
        }
    }

    @Test
    void aListThatIsNoneIsADecodeError() {
        for (byte[] body : new byte[][] {{}, {0}, {1, 0}, {2, 0}, {2, 0, 10, 0}, {3, 0, 10, 0}}) {
            assertAlert(
                    AlertDescription.DECODE_ERROR,
                    encoding(new RawExtension(EncodedClientHelloInner.OUTER_EXTENSIONS, body)));
        }
    }

    @Test
    void aSecondListIsIllegal() {
        byte[] once = encoding(outerExtensions(GROUPS.code()));
        // The block grows by the same extension: | type 2 | length 2 | list 3 |.
        byte[] twice = Arrays.copyOf(once, once.length + 7);
        System.arraycopy(once, once.length - 7, twice, once.length, 7);
        twice[once.length - 7 - 1] += 7;
        assertAlert(AlertDescription.ILLEGAL_PARAMETER, twice);
    }

    @Test
    void paddingOfAnythingButZerosIsIllegal() throws SspiException {
        byte[] encoded = encoding(GROUPS, new EchInner());
        byte[] padded = Arrays.copyOf(encoded, encoded.length + 100);
        EncodedClientHelloInner.decode(padded, OUTER.toBytes());
        padded[padded.length - 1] = 1;
        assertAlert(AlertDescription.ILLEGAL_PARAMETER, padded);
    }

    @Test
    void aSessionIdOfItsOwnIsRefused() {
        byte[] message = INNER.toBytes();
        assertAlert(AlertDescription.DECODE_ERROR, Arrays.copyOfRange(message, 4, message.length));
    }

    /** RFC 9849 10.12.4: each extension at most once, so a hello of two parts is no longer than the two together. */
    @Test
    void nothingIsAmplified() throws SspiException {
        List<Extension> many = new ArrayList<>();
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < 127; i++) {
            many.add(new RawExtension(0x6000 + i, MessageSamples.filled(400, i)));
            codes.add(0x6000 + i);
        }
        ClientHello outer = hello(1, many.toArray(Extension[]::new));
        byte[] encoded = encoding(
                outerExtensions(codes.stream().mapToInt(Integer::intValue).toArray()));
        byte[] inner = EncodedClientHelloInner.decode(encoded, outer.toBytes());
        assertTrue(inner.length <= outer.toBytes().length + encoded.length);
        assertEquals(
                127,
                ((ClientHello) HandshakeMessage.decode(Reader.of(inner)))
                        .extensions()
                        .size());
    }

    /** RFC 9849 5.2: the outer hello without header, with zeros for a payload of the same length. */
    @Test
    void theAssociatedDataIsTheOuterHelloWithABlankPayload() {
        EchOuter extension = new EchOuter(1, 1, 42, MessageSamples.filled(32, 3), MessageSamples.filled(5, 9));
        ClientHello outer = hello(1, GROUPS, extension);
        byte[] expected = hello(1, GROUPS, extension.withPayload(new byte[5])).toBytes();
        assertArrayEquals(
                Arrays.copyOfRange(expected, 4, expected.length),
                EncodedClientHelloInner.associatedData(outer, extension));
    }
}
