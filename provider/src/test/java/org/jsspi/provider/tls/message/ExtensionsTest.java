package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExtensionsTest {
    /** The messages of TLS 1.3 that have extensions. */
    private static final Set<HandshakeType> WITH_EXTENSIONS = EnumSet.of(
            HandshakeType.CLIENT_HELLO,
            HandshakeType.SERVER_HELLO,
            HandshakeType.HELLO_RETRY_REQUEST,
            HandshakeType.ENCRYPTED_EXTENSIONS,
            HandshakeType.CERTIFICATE_REQUEST,
            HandshakeType.CERTIFICATE,
            HandshakeType.NEW_SESSION_TICKET);

    private static byte[] block(Object... codesAndBodies) {
        return new Writer()
                .vector16(list -> {
                    for (int i = 0; i < codesAndBodies.length; i += 2) {
                        list.u16((Integer) codesAndBodies[i]).vector16((byte[]) codesAndBodies[i + 1]);
                    }
                })
                .toByteArray();
    }

    private static byte[] bodyOf(Extension extension) {
        Writer out = new Writer();
        extension.encode(out);
        return out.toByteArray();
    }

    private static Extensions decode(byte[] block, HandshakeType message) throws SspiException {
        return Extensions.decode(Reader.of(block), message, 0, 0xFFFF);
    }

    private static void assertAlert(AlertDescription alert, org.junit.jupiter.api.function.Executable decode) {
        SspiException error = assertThrows(SspiException.class, decode);
        assertEquals(alert.code(), error.alert().orElse(-1), error.getMessage());
    }

    @ParameterizedTest
    @EnumSource(ExtensionType.class)
    void aKnownExtensionIsIllegalInEveryMessageThatTheTableDoesNotName(ExtensionType type) throws SspiException {
        for (HandshakeType message : WITH_EXTENSIONS) {
            if (type.allowedIn(message)) {
                byte[] body = bodyOf(MessageSamples.sample(type, message));
                assertTrue(decode(block(type.code(), body), message).has(type));
            } else {
                assertAlert(AlertDescription.ILLEGAL_PARAMETER, () -> decode(block(type.code(), new byte[0]), message));
            }
        }
    }

    /** RFC 8446 4.2, the table, with CH, SH, EE, CT, CR, NST and HRR as it abbreviates them. */
    @ParameterizedTest
    @CsvSource({
        "SERVER_NAME, CH EE",
        "MAX_FRAGMENT_LENGTH, CH EE",
        "STATUS_REQUEST, CH CR CT",
        "SUPPORTED_GROUPS, CH EE",
        "SIGNATURE_ALGORITHMS, CH CR",
        "USE_SRTP, CH EE",
        "HEARTBEAT, CH EE",
        "APPLICATION_LAYER_PROTOCOL_NEGOTIATION, CH EE",
        "SIGNED_CERTIFICATE_TIMESTAMP, CH CR CT",
        "CLIENT_CERTIFICATE_TYPE, CH EE",
        "SERVER_CERTIFICATE_TYPE, CH EE",
        "PADDING, CH",
        "KEY_SHARE, CH SH HRR",
        "PRE_SHARED_KEY, CH SH",
        "PSK_KEY_EXCHANGE_MODES, CH",
        "EARLY_DATA, CH EE NST",
        "COOKIE, CH HRR",
        "SUPPORTED_VERSIONS, CH SH HRR",
        "CERTIFICATE_AUTHORITIES, CH CR",
        "OID_FILTERS, CR",
        "POST_HANDSHAKE_AUTH, CH",
        "SIGNATURE_ALGORITHMS_CERT, CH CR",
        "RECORD_SIZE_LIMIT, CH EE"
    })
    void theTableIsThatOfTheRfc(ExtensionType type, String messages) {
        Map<String, HandshakeType> names = Map.of(
                "CH", HandshakeType.CLIENT_HELLO,
                "SH", HandshakeType.SERVER_HELLO,
                "EE", HandshakeType.ENCRYPTED_EXTENSIONS,
                "CT", HandshakeType.CERTIFICATE,
                "CR", HandshakeType.CERTIFICATE_REQUEST,
                "NST", HandshakeType.NEW_SESSION_TICKET,
                "HRR", HandshakeType.HELLO_RETRY_REQUEST);
        Set<HandshakeType> expected = EnumSet.noneOf(HandshakeType.class);
        Arrays.stream(messages.split(" ")).map(names::get).forEach(expected::add);
        assertEquals(expected, type.messages());
    }

    @Test
    void everyExtensionTwiceIsIllegal() {
        for (HandshakeType message : WITH_EXTENSIONS) {
            for (Extension extension : MessageSamples.extensionsOf(message)) {
                byte[] body = bodyOf(extension);
                byte[] twice = block(extension.code(), body, 0x7777, new byte[0], extension.code(), body);
                assertAlert(AlertDescription.ILLEGAL_PARAMETER, () -> decode(twice, message));
            }
        }
        byte[] unknownTwice = block(0x0A0A, new byte[0], 0x0A0A, new byte[1]);
        assertAlert(AlertDescription.ILLEGAL_PARAMETER, () -> decode(unknownTwice, HandshakeType.CLIENT_HELLO));
        assertThrows(
                IllegalArgumentException.class, () -> Extensions.of(new RecordSizeLimit(64), new RecordSizeLimit(65)));
    }

    @Test
    void unknownAndGreaseExtensionsKeepTheirPlaceAndBytes() throws SspiException {
        byte[] block = block(0x0A0A, new byte[0], 51, new byte[2], 0x1234, new byte[] {1, 2, 3}, 0xFAFA, new byte[1]);
        Extensions extensions = decode(block, HandshakeType.CLIENT_HELLO);
        assertEquals(Codes.of(0x0A0A, 51, 0x1234, 0xFAFA), extensions.codes());
        assertTrue(extensions.has(ExtensionType.KEY_SHARE));
        assertFalse(extensions.has(ExtensionType.COOKIE));
        assertArrayEquals(
                new byte[] {1, 2, 3}, ((RawExtension) extensions.find(0x1234).orElseThrow()).body());
        Writer out = new Writer();
        extensions.encode(out);
        assertArrayEquals(block, out.toByteArray());
    }

    /** Every body cut short or lengthened fails, unless its length is free. */
    @Test
    void everyBodyIsReadToItsEndAndNoFurther() {
        for (HandshakeType message : WITH_EXTENSIONS) {
            for (Extension extension : MessageSamples.extensionsOf(message)) {
                if (extension instanceof RawExtension) {
                    continue;
                }
                byte[] body = bodyOf(extension);
                for (int length = 0; length <= body.length + 1; length++) {
                    if (length != body.length) {
                        byte[] cut = Arrays.copyOf(body, length);
                        SspiException error = assertThrows(
                                SspiException.class,
                                () -> Extension.decode(extension.code(), message, Reader.of(cut)),
                                () -> extension + " in " + message + " with " + cut.length + " bytes");
                        assertTrue(error.alert().isEmpty(), error.getMessage());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // type, message, body, alert or nothing for a malformed one
        "SERVER_NAME, CLIENT_HELLO, 0000,",
        "SERVER_NAME, CLIENT_HELLO, 0003000000,",
        "SERVER_NAME, CLIENT_HELLO, 00080000016100000162, ILLEGAL_PARAMETER",
        "STATUS_REQUEST, CLIENT_HELLO, 01000200000000,",
        "STATUS_REQUEST, CERTIFICATE, 01000000,",
        "STATUS_REQUEST, CERTIFICATE, 0200000130, BAD_CERTIFICATE_STATUS_RESPONSE",
        "SUPPORTED_GROUPS, CLIENT_HELLO, 0000,",
        "SUPPORTED_GROUPS, CLIENT_HELLO, 0003001d00,",
        "EC_POINT_FORMATS, CLIENT_HELLO, 00,",
        "SIGNATURE_ALGORITHMS, CLIENT_HELLO, 0000,",
        "SIGNATURE_ALGORITHMS_CERT, CERTIFICATE_REQUEST, 0001ff,",
        "APPLICATION_LAYER_PROTOCOL_NEGOTIATION, CLIENT_HELLO, 0000,",
        "APPLICATION_LAYER_PROTOCOL_NEGOTIATION, CLIENT_HELLO, 00020000,",
        "APPLICATION_LAYER_PROTOCOL_NEGOTIATION, ENCRYPTED_EXTENSIONS, 000401610162, ILLEGAL_PARAMETER",
        "RECORD_SIZE_LIMIT, CLIENT_HELLO, 003f, ILLEGAL_PARAMETER",
        "PRE_SHARED_KEY, SERVER_HELLO, 00,",
        "SUPPORTED_VERSIONS, CLIENT_HELLO, 00,",
        "SUPPORTED_VERSIONS, CLIENT_HELLO, 03030403,",
        "COOKIE, HELLO_RETRY_REQUEST, 0000,",
        "PSK_KEY_EXCHANGE_MODES, CLIENT_HELLO, 00,",
        "CERTIFICATE_AUTHORITIES, CLIENT_HELLO, 0000,",
        "CERTIFICATE_AUTHORITIES, CLIENT_HELLO, 00020000,",
        "CERTIFICATE_AUTHORITIES, CLIENT_HELLO, 000400000000,",
        "KEY_SHARE, CLIENT_HELLO, 0004001d0000,",
        "KEY_SHARE, CLIENT_HELLO, 000a001d000101001d000102, ILLEGAL_PARAMETER",
        "KEY_SHARE, SERVER_HELLO, 001d0000,",
        "EARLY_DATA, CLIENT_HELLO, 00000000,",
        "EARLY_DATA, NEW_SESSION_TICKET, '',",
        "TLS_FLAGS, NEW_SESSION_TICKET, 00,",
        "TLS_FLAGS, NEW_SESSION_TICKET, 0100, ILLEGAL_PARAMETER",
        "TLS_FLAGS, CLIENT_HELLO, 020100, ILLEGAL_PARAMETER",
        "POST_HANDSHAKE_AUTH, CLIENT_HELLO, 00,"
    })
    void aBodyOutsideItsBoundsIsRefused(
            ExtensionType type, HandshakeType message, String body, AlertDescription alert) {
        SspiException error = assertThrows(
                SspiException.class,
                () -> Extension.decode(
                        type.code(), message, Reader.of(HexFormat.of().parseHex(body))));
        assertEquals(alert == null ? -1 : alert.code(), error.alert().orElse(-1), error.getMessage());
    }

    @Test
    void preSharedKeysKeepTheirBounds() {
        byte[][] bodies = {
            psk(new byte[] {0, 0, 0, 0, 0, 0}, 32), // an empty identity
            psk(new byte[] {0, 1, 9, 0, 0, 0, 0}, 31), // a short binder
            psk(new byte[0], 32)
        };
        for (byte[] body : bodies) {
            SspiException error = assertThrows(
                    SspiException.class, () -> Extension.decode(41, HandshakeType.CLIENT_HELLO, Reader.of(body)));
            assertTrue(error.alert().isEmpty());
        }
        assertAlert(
                AlertDescription.ILLEGAL_PARAMETER,
                () -> Extension.decode(
                        41, HandshakeType.CLIENT_HELLO, Reader.of(psk(new byte[] {0, 1, 9, 0, 0, 0, 0}, 32, 32))));
    }

    @Test
    void theLongestBodiesAreAccepted() throws SspiException {
        String name255 = "n".repeat(255);
        Map<Extension, HandshakeType> longest = Map.ofEntries(
                Map.entry(new SupportedVersions(Codes.of(new int[127])), HandshakeType.CLIENT_HELLO),
                Map.entry(new SupportedGroups(Codes.of(new int[0x7FFF])), HandshakeType.CLIENT_HELLO),
                Map.entry(new SignatureAlgorithms(Codes.of(new int[0x7FFF])), HandshakeType.CLIENT_HELLO),
                Map.entry(new SignatureAlgorithmsCert(Codes.of(new int[0x7FFF])), HandshakeType.CLIENT_HELLO),
                Map.entry(new PskKeyExchangeModes(new byte[255]), HandshakeType.CLIENT_HELLO),
                Map.entry(new EcPointFormats(new byte[255]), HandshakeType.CLIENT_HELLO),
                Map.entry(new RenegotiationInfo(new byte[255]), HandshakeType.CLIENT_HELLO),
                Map.entry(new RecordSizeLimit(0xFFFF), HandshakeType.CLIENT_HELLO),
                Map.entry(new RecordSizeLimit(64), HandshakeType.CLIENT_HELLO),
                Map.entry(ApplicationProtocols.of(name255, "\u00FF"), HandshakeType.CLIENT_HELLO),
                Map.entry(new Cookie(new byte[0xFFFF]), HandshakeType.HELLO_RETRY_REQUEST),
                Map.entry(new KeyShareAnswer(new KeyShareEntry(0xFFFF, new byte[0xFFFF])), HandshakeType.SERVER_HELLO),
                Map.entry(KeyShareOffer.of(new KeyShareEntry(29, new byte[0xFFFF - 4])), HandshakeType.CLIENT_HELLO),
                Map.entry(KeyShareOffer.of(), HandshakeType.CLIENT_HELLO),
                Map.entry(new CertificateAuthorities(List.of(new byte[0xFFFF - 2])), HandshakeType.CERTIFICATE_REQUEST),
                Map.entry(
                        PreSharedKeyOffer.unbound(
                                List.of(new PreSharedKeyOffer.PskIdentity(new byte[0xFFFF - 6], 0)), 255),
                        HandshakeType.CLIENT_HELLO));
        for (Map.Entry<Extension, HandshakeType> entry : longest.entrySet()) {
            byte[] body = bodyOf(entry.getKey());
            Extension decoded = Extension.decode(entry.getKey().code(), entry.getValue(), Reader.of(body));
            assertArrayEquals(
                    body,
                    bodyOf(decoded),
                    () -> ExtensionType.of(entry.getKey().code()).toString());
        }
        byte[] oneMore = bodyOf(new SupportedVersions(Codes.of(new int[127]))).clone();
        oneMore[0]++;
        assertThrows(
                SspiException.class,
                () -> Extension.decode(43, HandshakeType.CLIENT_HELLO, Reader.of(Arrays.copyOf(oneMore, 256))));
    }

    private static byte[] psk(byte[] identities, int... binderLengths) {
        return new Writer()
                .vector16(identities)
                .vector16(list -> Arrays.stream(binderLengths).forEach(length -> list.vector8(new byte[length])))
                .toByteArray();
    }

    @Test
    void anAnswerThatWasNotOfferedIsUnsupported() throws SspiException {
        Extensions offered = Extensions.of(ServerNames.ofHost("example.org"), new RawExtension(0x1234, new byte[0]));
        Extensions.of(new Indication(ExtensionType.SERVER_NAME)).requireOfferedIn(offered);
        Extensions.of(new RawExtension(0x1234, new byte[0])).requireOfferedIn(offered);
        // RFC 8446 4.2: the one exception.
        Extensions.of(new Cookie(new byte[1])).requireOfferedIn(offered);
        assertAlert(
                AlertDescription.UNSUPPORTED_EXTENSION,
                () -> Extensions.of(ApplicationProtocols.of("h2")).requireOfferedIn(offered));
        assertAlert(
                AlertDescription.UNSUPPORTED_EXTENSION,
                () -> Extensions.of(new RawExtension(0x1235, new byte[0])).requireOfferedIn(offered));
    }

    @Test
    void aServerHelloWithoutSelectedVersionHasTheExtensionsOfTls12() throws SspiException {
        Extension ems = new Indication(ExtensionType.EXTENDED_MASTER_SECRET);
        byte[] tls12 = MessageSamples.serverHello(Extensions.of(ems)).toBytes();
        ServerHello hello = (ServerHello) HandshakeMessage.decode(Reader.of(tls12));
        assertTrue(hello.extensions().has(ExtensionType.EXTENDED_MASTER_SECRET));
        byte[] tls13 = MessageSamples.serverHello(Extensions.of(ems, new SelectedVersion(0x0304)))
                .toBytes();
        assertAlert(AlertDescription.ILLEGAL_PARAMETER, () -> HandshakeMessage.decode(Reader.of(tls13)));
        byte[] mixed = MessageSamples.serverHello(
                        Extensions.of(new KeyShareAnswer(new KeyShareEntry(29, new byte[32]))))
                .toBytes();
        assertAlert(AlertDescription.ILLEGAL_PARAMETER, () -> HandshakeMessage.decode(Reader.of(mixed)));
    }

    @Test
    void oneExtensionIsFoundByShapeAndReplacedInItsPlace() {
        Extensions extensions = Extensions.of(new Cookie(new byte[1]), new RecordSizeLimit(64));
        Extensions changed = extensions.with(new RecordSizeLimit(100)).with(PskKeyExchangeModes.of(1));
        assertEquals(100, changed.find(Shape.RECORD_SIZE_LIMIT).orElseThrow().limit());
        assertEquals(Codes.of(44, 28, 45), changed.codes());
        assertEquals(Codes.of(28, 45), changed.without(ExtensionType.COOKIE).codes());
        assertTrue(extensions.find(Shape.SELECTED_VERSION).isEmpty());
        assertEquals(64, extensions.find(Shape.RECORD_SIZE_LIMIT).orElseThrow().limit());
        assertSame(
                extensions.list().get(0), extensions.find(ExtensionType.COOKIE).orElseThrow());
        assertFalse(Extensions.NONE.isAbsent());
        assertTrue(Extensions.ABSENT.isAbsent());
        assertThrows(
                UnsupportedOperationException.class, () -> extensions.list().add(PskKeyExchangeModes.of(1)));
        assertEquals(List.of(), Extensions.NONE.list());
    }
}
