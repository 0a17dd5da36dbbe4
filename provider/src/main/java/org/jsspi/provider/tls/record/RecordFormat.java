package org.jsspi.provider.tls.record;

import static org.jsspi.provider.tls.message.AlertDescription.*;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext.Preview;
import org.jsspi.provider.crypto.TrafficKeys;

/**
 * The clear part of a record (RFC 8446 5.1, RFC 5246 6.2.1), which can be read before anything is touched.
 *
 * <pre>
 * | type 1 | legacy_record_version 2 | length 2 | fragment |
 * </pre>
 *
 * Everything here is pure: no position moves and no state changes.
 */
public final class RecordFormat {
    /** The length of the header in bytes. */
    public static final int HEADER = 5;
    /** The largest content of a record in bytes. */
    public static final int MAX_PLAINTEXT = 1 << 14;
    /** The largest fragment of a protected record in bytes. */
    public static final int MAX_CIPHERTEXT = MAX_PLAINTEXT + 256;

    /** What surrounds the content of a record, by how the record is protected. */
    public enum Framing {
        /** No keys are up. */
        CLEAR(HEADER, 0),
        /** RFC 8446 5.2: behind the content its type and the tag; the outer type is application_data. */
        TLS13(HEADER, 17),
        /** RFC 7905 2: behind the content the tag. */
        TLS12(HEADER, TAG),
        /** RFC 5288 3: 8 bytes of the nonce in front of the content, behind it the tag. */
        TLS12_EXPLICIT_NONCE(HEADER + EXPLICIT_NONCE, TAG);

        private final int header;
        private final int trailer;

        Framing(int header, int trailer) {
            this.header = header;
            this.trailer = trailer;
        }

        /** {@return the framing of records under these keys} */
        public static Framing of(TrafficKeys keys) {
            if (!keys.isTls12()) {
                return TLS13;
            }
            return keys.aead().fixedIvLength() == keys.aead().ivLength() ? TLS12 : TLS12_EXPLICIT_NONCE;
        }

        /** {@return how many bytes stand in front of the content} */
        public int header() {
            return header;
        }

        /** {@return how many bytes stand behind the content} */
        public int trailer() {
            return trailer;
        }

        /** {@return the length of a record with this much content} */
        public int sizeOf(int contentLength) {
            return header + contentLength + trailer;
        }

        public boolean isTls12() {
            return this == TLS12 || this == TLS12_EXPLICIT_NONCE;
        }

        /** How many bytes a fragment has beyond its content. */
        int expansion() {
            return header - HEADER + trailer;
        }
    }

    static final int EXPLICIT_NONCE = 8;
    /** legacy_record_version, and that of TLS 1.2. */
    static final int VERSION = 0x0303;

    static final int CHANGE_CIPHER_SPEC_CODE = 20;
    static final int ALERT_CODE = 21;
    static final int HANDSHAKE_CODE = 22;
    static final byte APPLICATION_DATA_CODE = 23;

    static final int TAG = 16;
    private static final Set<String> HTTP_BEGINS =
            Set.of("GET ", "PUT ", "POST", "HEAD", "OPTI", "DELE", "TRAC", "CONN", "PATC", "PRI ", "HTTP");

    private RecordFormat() {}

    /**
     * {@return what {@link org.jsspi.StreamContext#preview} answers for the record at the position of {@code network}}
     *
     * @param framing of what the peer sends now
     */
    public static Preview preview(ByteBuffer network, Framing framing) {
        int available = network.remaining();
        if (available < HEADER) {
            return new Preview.Missing(HEADER - available);
        }
        int fragment = legalFragment(network, network.position(), framing);
        if (fragment < 0) {
            return new Preview.Whole(available, 0);
        }
        int length = HEADER + fragment;
        if (length > available) {
            return new Preview.Missing(length - available);
        }
        int dataBound = Math.max(0, fragment - framing.expansion());
        return new Preview.Whole(length, Math.min(dataBound, MAX_PLAINTEXT));
    }

    /**
     * Looks at a header and refuses one that no record can have.
     *
     * @return the length of the whole record, or the negated count of bytes that are missing
     * @throws SspiException with the alert that fits, saying what the bytes look like
     */
    static int require(ByteBuffer network, int offset, int available, Framing framing) throws SspiException {
        if (available < HEADER) {
            return available - HEADER;
        }
        int fragment = legalFragment(network, offset, framing);
        if (fragment < 0) {
            throw fault(network, offset, framing);
        }
        int length = HEADER + fragment;
        return length <= available ? length : available - length;
    }

    static int type(ByteBuffer network, int offset) {
        return network.get(offset) & 0xFF;
    }

    static int fragmentLength(ByteBuffer network, int offset) {
        return (network.get(offset + 3) & 0xFF) << 8 | network.get(offset + 4) & 0xFF;
    }

    /** {@return the length of the fragment that the header promises, or -1 for a header that no record can have} */
    private static int legalFragment(ByteBuffer network, int offset, Framing framing) {
        // RFC 8446 5.1: legacy_record_version "MUST be ignored for all purposes"; but what has no major version 3 is no
        // TLS.
        if (network.get(offset + 1) != 3) {
            return -1;
        }
        int length = fragmentLength(network, offset);
        if (framing.isTls12()) {
            // RFC 5246 6.2.3: every type is protected, and says which it is.
            int type = type(network, offset);
            boolean legal = type >= CHANGE_CIPHER_SPEC_CODE
                    && type <= APPLICATION_DATA_CODE
                    && length >= framing.expansion()
                    && length <= MAX_CIPHERTEXT;
            return legal ? length : -1;
        }
        boolean protectedReads = framing != Framing.CLEAR;
        boolean legal =
                switch (type(network, offset)) {
                    // RFC 8446 5: clear change_cipher_spec records may come at any time during the handshake
                    case CHANGE_CIPHER_SPEC_CODE -> length == 1;
                    // RFC 8446 5.1: one alert to a record; 5.2: once keys are up the outer type is application_data
                    case ALERT_CODE -> !protectedReads && length == 2;
                    case HANDSHAKE_CODE -> !protectedReads && length > 0 && length <= MAX_PLAINTEXT;
                    // Without keys this is early data of a client that must be skipped (RFC 8446 4.2.10): still
                    // ciphertext.
                    case APPLICATION_DATA_CODE -> length >= TAG && length <= MAX_CIPHERTEXT;
                    default -> false;
                };
        return legal ? length : -1;
    }

    /** What is wrong with an illegal header. */
    private static SspiException fault(ByteBuffer network, int offset, Framing framing) {
        boolean protectedReads = framing != Framing.CLEAR;
        byte[] head = new byte[HEADER];
        for (int i = 0; i < HEADER; i++) {
            head[i] = network.get(offset + i);
        }
        if (!protectedReads) {
            SspiException foreign = foreignProtocol(head);
            if (foreign != null) {
                return foreign;
            }
        }
        int type = head[0] & 0xFF;
        int length = fragmentLength(network, offset);
        if (type < CHANGE_CIPHER_SPEC_CODE || type > APPLICATION_DATA_CODE) {
            String message = "record of the unknown content type " + type;
            // Before there are keys this is no TLS at all, which Schannel calls an invalid token.
            return protectedReads
                    ? UNEXPECTED_MESSAGE.because(message)
                    : new SspiException(
                            SecurityStatus.SEC_E_INVALID_TOKEN,
                            SspiException.Kind.PROTOCOL,
                            UNEXPECTED_MESSAGE.code(),
                            message,
                            null);
        }
        if (head[1] != 3) {
            return PROTOCOL_VERSION.because("record of version " + (head[1] & 0xFF) + "." + (head[2] & 0xFF));
        }
        if (length > (protectedReads || type == APPLICATION_DATA_CODE ? MAX_CIPHERTEXT : MAX_PLAINTEXT)) {
            return RECORD_OVERFLOW.because("record of " + length + " bytes");
        }
        if (framing.isTls12()) {
            return BAD_RECORD_MAC.because("protected record of " + length + " bytes, too short for its tag");
        }
        if (type == CHANGE_CIPHER_SPEC_CODE) {
            return UNEXPECTED_MESSAGE.because("change_cipher_spec record of " + length + " bytes");
        }
        if (type == APPLICATION_DATA_CODE && !protectedReads) {
            // RFC 8446 5: a record that is not expected; what could be early data is long enough to be.
            return UNEXPECTED_MESSAGE.because("application_data record of " + length + " bytes before there are keys");
        }
        if (type == APPLICATION_DATA_CODE) {
            return BAD_RECORD_MAC.because("protected record of " + length + " bytes, too short for its tag");
        }
        String name = type == ALERT_CODE ? "alert" : "handshake";
        if (protectedReads) {
            return UNEXPECTED_MESSAGE.because("clear " + name + " record although keys are in use");
        }
        if (length == 0) {
            // RFC 8446 5.1: no zero-length fragments of handshake and alert types
            return UNEXPECTED_MESSAGE.because("empty " + name + " record");
        }
        return DECODE_ERROR.because(name + " record of " + length + " bytes");
    }

    private static SspiException foreignProtocol(byte[] head) {
        if (HTTP_BEGINS.contains(new String(head, 0, 4, StandardCharsets.ISO_8859_1))) {
            return UNEXPECTED_MESSAGE.because("not a TLS record: looks like plain HTTP");
        }
        // | 1 and length 15 bits | msg_type 1 | version 2 |: the CLIENT-HELLO of SSL 2.0, and of PCT 1.0 after it
        if (head[0] < 0 && head[2] == 1) {
            int version = (head[3] & 0xFF) << 8 | head[4] & 0xFF;
            if (version == 0x8001) {
                return PROTOCOL_VERSION.because("PCT hello: the peer offers PCT 1.0");
            }
            if (version == 0x0002 || version >>> 8 == 3) {
                return PROTOCOL_VERSION.because("SSLv2 hello: the peer offers SSL 2.0 or its hello format");
            }
        }
        return null;
    }
}
