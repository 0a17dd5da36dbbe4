package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustAnchorIdTest {
    @ParameterizedTest
    @CsvSource({
        // draft-ietf-tls-trust-anchor-ids 3
        "32473.1, 81fd5901",
        "0, 00",
        "127, 7f",
        "128, 8100",
        "1.2.3, 010203",
        "32473.2.16384, 81fd5902818000",
        "18446744073709551615, 81ffffffffffffffff7f",
        "36893488147419103232, 84808080808080808000"
    })
    void numbersAndBytesAreTheSame(String numbers, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        TrustAnchorId parsed = TrustAnchorId.parse(numbers);
        assertArrayEquals(bytes, parsed.encoded());
        assertEquals(bytes.length, parsed.length());
        assertEquals(TrustAnchorId.of(bytes), parsed);
        assertEquals(TrustAnchorId.of(bytes).hashCode(), parsed.hashCode());
        assertEquals(numbers, TrustAnchorId.of(bytes).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"81", "8001", "01ff", "018000"})
    void bytesThatAreNoObjectIdentifierAreANameAllTheSame(String hex) {
        TrustAnchorId id = TrustAnchorId.of(HexFormat.of().parseHex(hex));
        assertEquals("0x" + hex, id.toString());
        assertNotEquals(id, TrustAnchorId.parse("1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "1.", ".1", "1..2", "01", "-1", "+1", "a", "1.2 ", "0x1", "1,2", "\u0661"})
    void otherNotationsAreRefused(String numbers) {
        assertThrows(IllegalArgumentException.class, () -> TrustAnchorId.parse(numbers));
    }

    @Test
    void lengthIsBounded() {
        assertThrows(IllegalArgumentException.class, () -> TrustAnchorId.of(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> TrustAnchorId.of(new byte[256]));
        assertEquals(255, TrustAnchorId.of(new byte[255]).length());
        String most = "1" + ".1".repeat(254);
        assertEquals(most, TrustAnchorId.parse(most).toString());
        assertThrows(IllegalArgumentException.class, () -> TrustAnchorId.parse(most + ".1"));
        assertThrows(IllegalArgumentException.class, () -> TrustAnchorId.parse("1".repeat(1 << 20)));
    }

    @Test
    void bytesAreCopied() {
        byte[] bytes = {1};
        TrustAnchorId id = TrustAnchorId.of(bytes);
        bytes[0] = 2;
        id.encoded()[0] = 3;
        assertEquals("1", id.toString());
    }
}
