package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The legacy primitives against the vectors of their specifications. */
class LegacyTest {
    private static final HexFormat HEX = HexFormat.of();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({
        "'',             31d6cfe0d16ae931b73c59d7e0c089c0",
        "abc,            a448017aaf21d8525fc10ae87aa6729d",
        "message digest, d9130a8164549fe818874806e1c7014b",
    })
    void md4IsThatOfRfc1320(String text, String digest) {
        assertEquals(digest, HEX.formatHex(Legacy.md4(ascii(text))));
    }

    @ParameterizedTest
    @CsvSource({
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,                             9294727a3638bb1c13f48ef8158bfc9d",
        "4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f, 750c783e6ab0b503eaa86e310a5db738",
    })
    void hmacIsThatOfRfc2202(String key, String data, String value) {
        byte[] bytes = HEX.parseHex(data);
        assertEquals(value, HEX.formatHex(Legacy.hmacMd5(HEX.parseHex(key), bytes)));
        try (Legacy.HmacMd5 mac = new Legacy.HmacMd5(HEX.parseHex(key))) {
            byte[] out = new byte[16];
            // A message that is left unfinished does not show in the next.
            mac.begin();
            mac.update(bytes, 0, 3);
            mac.begin();
            mac.update(bytes, 0, 2);
            mac.update(bytes, 2, bytes.length - 2);
            mac.end(out);
            assertEquals(value, HEX.formatHex(out));
        }
    }

    @Test
    void longKeysOfHmacAreHashed() {
        byte[] key = new byte[80];
        Arrays.fill(key, (byte) 0xAA);
        assertEquals(
                "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
                HEX.formatHex(Legacy.hmacMd5(key, ascii("Test Using Larger Than Block-Size Key - Hash Key First"))));
    }

    @Test
    void desTakesSevenBytesOfKey() {
        // MS-NLMP 4.2.2.1.1 is made of these: the halves of PASSWORD over "KGS!@#$%".
        assertEquals("e52cac67419a9a22", HEX.formatHex(Legacy.des(ascii("PASSWOR"), ascii("KGS!@#$%"))));
        assertEquals("4a3b108f3fa6cb6d", HEX.formatHex(Legacy.des(Arrays.copyOf(ascii("D"), 7), ascii("KGS!@#$%"))));
        assertThrows(IllegalArgumentException.class, () -> Legacy.des(new byte[8], new byte[8]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rc4IsThatOfRfc6229WhoeverServesIt(boolean jca) {
        byte[] key = HEX.parseHex("0102030405060708090a0b0c0d0e0f10");
        Cipher cipher = jca ? Legacy.Rc4.jcaRc4() : null;
        try (Legacy.Rc4 stream = new Legacy.Rc4(key, cipher)) {
            for (int round = 0; round < 3; round++) {
                byte[] bytes = new byte[32];
                stream.process(bytes, 0, 5, bytes, 0);
                stream.process(bytes, 5, 0, bytes, 5);
                stream.process(bytes, 5, 27, bytes, 5);
                assertEquals("9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c", HEX.formatHex(bytes));
                byte[] other = new byte[16];
                stream.restart(new byte[16]);
                stream.process(other, 0, 16, other, 0);
                assertArrayEquals(Legacy.rc4(new byte[16], new byte[16]), other);
                if (round == 0) {
                    stream.restart(key);
                } else {
                    stream.restart(key);
                    stream.restart();
                }
            }
            assertThrows(IllegalArgumentException.class, () -> stream.restart(new byte[8]));
        }
    }

    @Test
    void thePolicyPropertySwitchesThemOff() {
        assertTrue(LegacyPolicy.isAllowed());
        Security.setProperty(LegacyPolicy.PROPERTY, "OFF");
        try {
            assertFalse(LegacyPolicy.isAllowed());
        } finally {
            Security.setProperty(LegacyPolicy.PROPERTY, "");
        }
    }
}
