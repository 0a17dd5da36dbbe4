package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jsspi.SspiException;
import org.jsspi.StreamContext.Preview;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.record.RecordFormat.Framing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {
    @ParameterizedTest
    @CsvSource({
        // header and body, keys, answer
        "'', CLEAR, missing 5",
        "16, CLEAR, missing 4",
        "16030100, TLS13, missing 1",
        "1603010004, CLEAR, missing 4",
        "1603010004010203, CLEAR, missing 1",
        "160301000401020304, CLEAR, whole 9 4",
        "16030100040102030405, CLEAR, whole 9 4",
        "1703030011, TLS13, missing 17",
        "17030300110000000000000000000000000000000000, TLS13, whole 22 0",
        "1703030013000000000000000000000000000000000000000000, TLS13, whole 24 2",
        "140303000101, TLS13, whole 6 0",
        "14030300010117, CLEAR, whole 6 1",
        // what no record can have: over everything that is there
        "18030300010101, CLEAR, whole 7 0",
        "1604010004, CLEAR, whole 5 0",
        "160303400100, CLEAR, whole 6 0",
        "170303410100, TLS13, whole 6 0",
        "1603030000, CLEAR, whole 5 0",
        "160303000401020304, TLS13, whole 9 0",
        "15030300020128, TLS13, whole 7 0",
        "1703030003010203, TLS13, whole 8 0",
    })
    void previewLooksAtTheHeaderAlone(String hex, Framing keys, String expected) {
        ByteBuffer network =
                ByteBuffer.wrap(HexFormat.of().parseHex("aa" + hex)).position(1);
        ByteBuffer readOnly = network.asReadOnlyBuffer();
        for (ByteBuffer memory : new ByteBuffer[] {network, readOnly}) {
            Preview preview = RecordFormat.preview(memory, keys);
            String got = preview instanceof Preview.Whole whole
                    ? "whole " + whole.length() + " " + whole.dataBound()
                    : "missing " + ((Preview.Missing) preview).count();
            assertEquals(expected, got);
            assertEquals(1, memory.position());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1603040000, CLEAR, UNEXPECTED_MESSAGE, empty handshake record",
        "1603034001, CLEAR, RECORD_OVERFLOW, record of 16385 bytes",
        "1703034101, TLS13, RECORD_OVERFLOW, record of 16641 bytes",
        "1803030001, CLEAR, UNEXPECTED_MESSAGE, record of the unknown content type 24",
        "0003030001, TLS13, UNEXPECTED_MESSAGE, record of the unknown content type 0",
        "1602030001, CLEAR, PROTOCOL_VERSION, record of version 2.3",
        "1503030003, CLEAR, DECODE_ERROR, alert record of 3 bytes",
        "1503030000, CLEAR, UNEXPECTED_MESSAGE, empty alert record",
        "1403030002, TLS13, UNEXPECTED_MESSAGE, change_cipher_spec record of 2 bytes",
        "1603030004, TLS13, UNEXPECTED_MESSAGE, clear handshake record although keys are in use",
        "1503030002, TLS13, UNEXPECTED_MESSAGE, clear alert record although keys are in use",
        "170303000f, CLEAR, UNEXPECTED_MESSAGE, application_data record of 15 bytes before there are keys",
        "170303000f, TLS13, BAD_RECORD_MAC, 'protected record of 15 bytes, too short for its tag'",
        "802e010002, CLEAR, PROTOCOL_VERSION, SSLv2 hello: the peer offers SSL 2.0 or its hello format",
        "802e010301, CLEAR, PROTOCOL_VERSION, SSLv2 hello: the peer offers SSL 2.0 or its hello format",
        "1503030017, TLS12_EXPLICIT_NONCE, BAD_RECORD_MAC, 'protected record of 23 bytes, too short for its tag'",
        "140303000f, TLS12, BAD_RECORD_MAC, 'protected record of 15 bytes, too short for its tag'",
        "1703034101, TLS12, RECORD_OVERFLOW, record of 16641 bytes",
        "8039018001, CLEAR, PROTOCOL_VERSION, PCT hello: the peer offers PCT 1.0",
    })
    void anIllegalHeaderIsRefusedWithItsAlert(String hex, Framing keys, AlertDescription alert, String message) {
        ByteBuffer network = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        SspiException e =
                assertThrows(SspiException.class, () -> RecordFormat.require(network, 0, network.limit(), keys));
        assertEquals(alert.code(), e.alert().orElseThrow());
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1", "POST /x HTTP/1.0", "HTTP/1.1 400 Bad Request", "PRI * HTTP/2.0", "OPTIONS *"})
    void plainHttpIsNamed(String text) {
        ByteBuffer network = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        SspiException e = assertThrows(
                SspiException.class, () -> RecordFormat.require(network, 0, network.limit(), Framing.CLEAR));
        assertTrue(e.getMessage().contains("looks like plain HTTP"), e.getMessage());
        assertEquals(network.capacity(), ((Preview.Whole) RecordFormat.preview(network, Framing.CLEAR)).length());
    }

    @Test
    void theMinorVersionIsIgnored() {
        // RFC 8446 5.1: legacy_record_version MUST be ignored for all purposes
        for (int minor = 0; minor < 256; minor++) {
            ByteBuffer network = ByteBuffer.wrap(new byte[] {22, 3, (byte) minor, 0, 1, 1});
            assertDoesNotThrow(() -> RecordFormat.require(network, 0, network.limit(), Framing.CLEAR));
        }
    }
}
