package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.Handshaking.Shape;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.HandshakeType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** delegated_credential of a form that RFC 9345 4 does not have, in the middle of a handshake: the peer is told, and nothing is left. */
class DelegatedCredentialFormTest {
    /** {@return the message with an extension more, at the end of the block that ends it} */
    private static byte[] with(byte[] message, int blockAt, byte[] body) {
        // | type 1, length 3 | ... | length of the block 2 | extensions | type 2, length 2, body |
        int more = 4 + body.length;
        ByteBuffer longer = ByteBuffer.allocate(message.length + more).put(message);
        longer.putShort((short) ExtensionType.DELEGATED_CREDENTIAL.code())
                .putShort((short) body.length)
                .put(body);
        add(longer, 1, 3, more);
        add(longer, blockAt, 2, more);
        if (message[0] == HandshakeType.CERTIFICATE.code()) {
            // | context 1 | length of the list 3 |
            add(longer, 5, 3, more);
        }
        return longer.array();
    }

    private static void add(ByteBuffer message, int at, int length, int more) {
        int carry = more;
        for (int i = at + length - 1; i >= at; i--) {
            carry += message.get(i) & 0xFF;
            message.put(i, (byte) carry);
            carry >>>= 8;
        }
        assertEquals(0, carry);
    }

    /** {@return where the length of the last block of extensions stands} */
    private static int block(byte[] message) {
        HandshakeType type = HandshakeType.of(message[0]).orElseThrow();
        if (type == HandshakeType.CERTIFICATE_REQUEST) {
            return 4 + 1 + message[4];
        }
        if (type == HandshakeType.CERTIFICATE) {
            // One certificate: | context 1 | list 3 | certificate 3 | ... | block 2 |
            int certificate = ByteBuffer.wrap(message).getInt(7) & 0xFFFFFF;
            return 4 + 1 + 3 + 3 + certificate;
        }
        int at = 4 + 2 + 32;
        at += 1 + (message[at] & 0xFF);
        at += 2 + (ByteBuffer.wrap(message).getShort(at) & 0xFFFF);
        return at + 1 + (message[at] & 0xFF);
    }

    private static Handshaking adding(HandshakeType type, boolean server, String body) throws SspiException {
        Shape shape = type == HandshakeType.CLIENT_HELLO ? Shape.FULL : Shape.MUTUAL;
        return new Handshaking(
                        "TLSv1.3",
                        shape,
                        server,
                        (n, message) -> List.of(
                                message[0] == type.code()
                                        ? with(
                                                message,
                                                block(message),
                                                HexFormat.of().parseHex(body))
                                        : message))
                .with(options -> options.acceptDelegatedCredentials(true));
    }

    private static void assertMalformed(HandshakeType type, boolean server, String body) throws SspiException {
        Handshaking pair = adding(type, server, body);
        SspiException failure = pair.run();
        assertSame(SecurityStatus.SEC_E_INVALID_TOKEN, failure.status(), failure.getMessage());
        assertEquals(AlertDescription.DECODE_ERROR.code(), pair.told());
        assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, pair.statusNow());
    }

    private static final String EMPTY = "";
    private static final String NO_SCHEMES = "0000";
    private static final String HALF_A_SCHEME = "0003040304";
    private static final String TOO_SHORT = "00040403";
    private static final String TOO_LONG = "000204030503";

    @ParameterizedTest
    @ValueSource(strings = {EMPTY, NO_SCHEMES, HALF_A_SCHEME, TOO_SHORT, TOO_LONG, "00"})
    void aListThatIsNoneIsADecodeError(String body) throws SspiException {
        assertMalformed(HandshakeType.CLIENT_HELLO, true, body);
        assertMalformed(HandshakeType.CERTIFICATE_REQUEST, false, body);
    }

    /** That nobody knows the schemes of a list is no fault of its form: what fails is the transcript, which has another message. */
    @ParameterizedTest
    @ValueSource(strings = {"00020403", "0004FEFEFEFF", "000604030403FEFE"})
    void aListThatIsOneIsBorne(String body) throws SspiException {
        Handshaking hello = adding(HandshakeType.CLIENT_HELLO, true, body);
        assertNull(hello.run());
        assertEquals(
                AlertDescription.BAD_RECORD_MAC.code(), hello.refusal().alert().orElseThrow());
        Handshaking request = adding(HandshakeType.CERTIFICATE_REQUEST, false, body);
        assertEquals(
                AlertDescription.DECRYPT_ERROR.code(), request.run().alert().orElseThrow());
    }

    // uint32 valid_time, SignatureScheme, opaque key<1..2^24-1>; SignatureScheme, opaque signature<0..2^16-1>
    @ParameterizedTest
    @CsvSource({
        "empty, ''",
        "no key, 00000001 0403 000000 0403 0001 00",
        "a key that is cut, 00000001 0403 000003 0102",
        "no signature, 00000001 0403 000001 01 0403",
        "a signature that is cut, 00000001 0403 000001 01 0403 0002 00",
        "something behind it, 00000001 0403 000001 01 0403 0001 00 00"
    })
    void aCredentialThatIsNoneIsADecodeError(String what, String spaced) throws SspiException {
        String body = spaced.replace(" ", "");
        assertMalformed(HandshakeType.CERTIFICATE, true, body);
        assertMalformed(HandshakeType.CERTIFICATE, false, body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCredentialThatIsOneIsJudged(boolean server) throws SspiException {
        Handshaking pair =
                adding(HandshakeType.CERTIFICATE, server, "00000001" + "0403" + "00000101" + "0403" + "000100");
        SspiException failure = pair.run();
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), pair.told());
        assertTrue(failure.getMessage().contains("RFC 9345 4.1.3"), failure.getMessage());
    }
}
