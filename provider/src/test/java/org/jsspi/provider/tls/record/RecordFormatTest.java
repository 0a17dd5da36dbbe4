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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {
    @ParameterizedTest
    @CsvSource({
        // header and body, keys, answer
        "'', false, missing 5",
        "16, false, missing 4",
        "16030100, true, missing 1",
        "1603010004, false, missing 4",
        "1603010004010203, false, missing 1",
        "160301000401020304, false, whole 9 4",
        "16030100040102030405, false, whole 9 4",
        "1703030011, true, missing 17",
        "17030300110000000000000000000000000000000000, true, whole 22 0",
        "1703030013000000000000000000000000000000000000000000, true, whole 24 2",
        "140303000101, true, whole 6 0",
        "14030300010117, false, whole 6 1",
        // what no record can have: over everything that is there
        "18030300010101, false, whole 7 0",
        "1604010004, false, whole 5 0",
        "160303400100, false, whole 6 0",
        "170303410100, true, whole 6 0",
        "1603030000, false, whole 5 0",
        "160303000401020304, true, whole 9 0",
        "15030300020128, true, whole 7 0",
        "1703030003010203, true, whole 8 0",
    })
    void previewLooksAtTheHeaderAlone(String hex, boolean keys, String expected) {
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
        "1603040000, false, UNEXPECTED_MESSAGE, empty handshake record",
        "1603034001, false, RECORD_OVERFLOW, record of 16385 bytes",
        "1703034101, true, RECORD_OVERFLOW, record of 16641 bytes",
        "1803030001, false, UNEXPECTED_MESSAGE, record of the unknown content type 24",
        "0003030001, true, UNEXPECTED_MESSAGE, record of the unknown content type 0",
        "1602030001, false, PROTOCOL_VERSION, record of version 2.3",
        "1503030003, false, DECODE_ERROR, alert record of 3 bytes",
        "1503030000, false, UNEXPECTED_MESSAGE, empty alert record",
        "1403030002, true, UNEXPECTED_MESSAGE, change_cipher_spec record of 2 bytes",
        "1603030004, true, UNEXPECTED_MESSAGE, clear handshake record although keys are in use",
        "1503030002, true, UNEXPECTED_MESSAGE, clear alert record although keys are in use",
        "170303000f, true, BAD_RECORD_MAC, 'protected record of 15 bytes, too short for its tag'",
        "802e010002, false, PROTOCOL_VERSION, SSLv2 hello: the peer offers SSL 2.0 or its hello format",
        "802e010301, false, PROTOCOL_VERSION, SSLv2 hello: the peer offers SSL 2.0 or its hello format",
        "8039018001, false, PROTOCOL_VERSION, PCT hello: the peer offers PCT 1.0",
    })
    void anIllegalHeaderIsRefusedWithItsAlert(String hex, boolean keys, AlertDescription alert, String message) {
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
        SspiException e =
                assertThrows(SspiException.class, () -> RecordFormat.require(network, 0, network.limit(), false));
        assertTrue(e.getMessage().contains("looks like plain HTTP"), e.getMessage());
        assertEquals(network.capacity(), ((Preview.Whole) RecordFormat.preview(network, false)).length());
    }

    @Test
    void theMinorVersionIsIgnored() {
        // RFC 8446 5.1: legacy_record_version MUST be ignored for all purposes
        for (int minor = 0; minor < 256; minor++) {
            ByteBuffer network = ByteBuffer.wrap(new byte[] {22, 3, (byte) minor, 0, 1, 1});
            assertDoesNotThrow(() -> RecordFormat.require(network, 0, network.limit(), false));
        }
    }
}
