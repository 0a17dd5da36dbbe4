package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchConfigTest {
    private static final List<EchConfig.CipherSuite> SUITES =
            List.of(new EchConfig.CipherSuite(1, 1), new EchConfig.CipherSuite(1, 3));

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static EchConfig config(String publicName) {
        return EchConfig.of(42, 0x20, new byte[32], SUITES, 64, publicName);
    }

    /** A list with one configuration of this version and these contents. */
    private static byte[] list(String version, String contents) {
        int length = hex(contents).length;
        return hex("%04x %s %04x %s".formatted(length + 4, version, length, contents));
    }

    /** Every byte of a list, laid out by hand after RFC 9849 4. */
    @Test
    void theListIsLaidOutAsTheRfcHasIt() throws SspiException {
        String expected = "003a" // the list
                + "fe0d 0036" // version, contents
                + "2a 0020 0020" + "00".repeat(32) // config_id, kem_id, public_key
                + "0008 0001 0001 0001 0003" // cipher_suites
                + "40 03 612e62" // maximum_name_length, public_name "a.b"
                + "0000"; // extensions
        byte[] list = EchConfig.encodeList(List.of(config("a.b")));

        assertArrayEquals(hex(expected), list);

        EchConfig read = EchConfig.decodeList(list).get(0);
        assertEquals(config("a.b"), read);
        assertEquals(EchConfig.VERSION, read.version());
        assertEquals(42, read.configId());
        assertEquals(0x20, read.kemId());
        assertArrayEquals(new byte[32], read.publicKey());
        assertEquals(SUITES, read.cipherSuites());
        assertEquals(64, read.maximumNameLength());
        assertEquals("a.b", read.publicName());
        assertTrue(read.isUsable());
        assertEquals("EchConfig[42, a.b]", read.toString());
    }

    @Test
    void everyTruncationIsRefused() throws SspiException {
        byte[] list = EchConfig.encodeList(List.of(config("public.example"), config("other.example")));
        assertEquals(2, EchConfig.decodeList(list).size());
        for (int length = 0; length < list.length; length++) {
            byte[] shorter = Arrays.copyOf(list, length);
            SspiException refused = assertThrows(SspiException.class, () -> EchConfig.decodeList(shorter));
            assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, refused.status());
        }
        byte[] longer = Arrays.copyOf(list, list.length + 1);
        assertThrows(SspiException.class, () -> EchConfig.decodeList(longer));
    }

    @Test
    void everyVectorKeepsToItsBounds() {
        String key = "2a 0020 0001 00";
        for (String contents : List.of(
                "2a 0020 0000 0004 0001 0001 00 01 61 0000", // no public key
                key + "0000 00 01 61 0000", // no cipher suites
                key + "0006 0001 0001 0001 00 01 61 0000", // half a cipher suite
                key + "0004 0001 0001 00 00 0000", // no public name
                key + "0004 0001 0001 00 01 61", // no extensions block
                key + "0004 0001 0001 00 01 61 0000 00", // a byte too many
                key + "0004 0001 0001 00 01 61 0003 0001 00", // half an extension
                key + "0004 0001 0001 00 01 61 0008 0001 0000 0001 0000")) { // one extension twice
            byte[] list = list("fe0d", contents);
            assertThrows(SspiException.class, () -> EchConfig.decodeList(list), contents);
        }
        assertThrows(SspiException.class, () -> EchConfig.decodeList(hex("0000")));
    }

    @Test
    void anUnknownVersionIsPassedOverAndKept() throws SspiException {
        byte[] list = list("badd", "05 04 03 02 01");
        EchConfig config = EchConfig.decodeList(list).get(0);
        assertFalse(config.isKnown());
        assertFalse(config.isUsable());
        assertArrayEquals(list, EchConfig.encodeList(List.of(config)));
        assertEquals("EchConfig[version 0xbadd]", config.toString());
    }

    /** RFC 9849 4.2: the high order bit says that who does not know the extension does not use the configuration. */
    @Test
    void aMandatoryExtensionMakesTheConfigurationUselessAndAnotherDoesNot() throws SspiException {
        String before = "2a 0020 0001 00 0004 0001 0001 00 01 61 0008 ";
        assertTrue(EchConfig.decodeList(list("fe0d", before + "1111 0004 74657374"))
                .get(0)
                .isUsable());
        assertFalse(EchConfig.decodeList(list("fe0d", before + "aaaa 0004 74657374"))
                .get(0)
                .isUsable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".example",
                "example.",
                "a..example",
                "-a.example",
                "a-.example",
                "dns_names_have_no_underscores.example",
                "127.0.0.1",
                "example.0x",
                "example.0x7F",
                "example.12",
                "1234567890123456789012345678901234567890123456789012345678901234.example"
            })
    void aPublicNameThatIsNoHostNameIsNotUsed(String name) throws SspiException {
        assertThrows(IllegalArgumentException.class, () -> config(name));
        StringBuilder encoded = new StringBuilder("%02x".formatted(name.length()));
        name.chars().forEach(c -> encoded.append("%02x".formatted(c)));
        byte[] list = list("fe0d", "2a 0020 0001 00 0004 0001 0001 00" + encoded + "0000");
        assertFalse(EchConfig.decodeList(list).get(0).isUsable());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        byte[] key = new byte[32];
        assertThrows(IllegalArgumentException.class, () -> EchConfig.of(256, 0x20, key, SUITES, 0, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> EchConfig.of(0, 0x20, key, SUITES, 256, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> EchConfig.of(0, 0x20, new byte[0], SUITES, 0, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> EchConfig.of(0, 0x20, new byte[65535], SUITES, 0, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> EchConfig.of(0, 0x20, key, List.of(), 0, "a.b"));
        assertThrows(IllegalArgumentException.class, () -> EchConfig.encodeList(List.of()));
        assertThrows(IndexOutOfBoundsException.class, () -> new EchConfig.CipherSuite(1, 0x10000));
    }

    // Keys

    @Test
    void aGeneratedKeyComesBackFromItsFile() throws SspiException {
        EchKey key = EchKey.generate(7, "public.example", 30);
        assertEquals(7, key.config().configId());
        assertEquals(30, key.config().maximumNameLength());
        assertTrue(key.isRetry());

        String pem = key.toPem();
        assertTrue(pem.startsWith("-----BEGIN PRIVATE KEY-----\n"), pem);
        EchKey read = EchKey.fromPem(pem, false).get(0);

        assertEquals(key.config(), read.config());
        assertArrayEquals(key.privateKey(), read.privateKey());
        assertFalse(read.isRetry());
        assertNotEquals(key.config(), EchKey.generate("public.example").config());
    }

    /** RFC 7748 6.1: Alice's keys. */
    @Test
    void aPrivateKeyIsTakenForItsPublicKey() {
        byte[] secret = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] share = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        EchConfig config = EchConfig.of(1, EchKey.X25519, share, SUITES, 0, "public.example");
        assertArrayEquals(secret, EchKey.of(config, secret, true).privateKey());
    }

    @Test
    void aFileWithoutKeyOrWithAnothersConfigurationIsRefused() throws SspiException {
        EchKey one = EchKey.generate("one.example");
        EchKey two = EchKey.generate("two.example");
        String key = one.toPem().substring(0, one.toPem().indexOf("-----BEGIN ECHCONFIG"));
        String config = two.toPem().substring(two.toPem().indexOf("-----BEGIN ECHCONFIG"));
        for (String pem : List.of("", key, config, key + config, one.toPem() + two.toPem(), key.replace("M", "!"))) {
            SspiException refused = assertThrows(SspiException.class, () -> EchKey.fromPem(pem, true));
            assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, refused.status());
        }
        assertThrows(IllegalArgumentException.class, () -> EchKey.of(two.config(), one.privateKey(), true));
        assertThrows(IllegalArgumentException.class, () -> EchKey.of(one.config(), new byte[31], true));
    }

    @Test
    void aKeyThatWasDestroyedIsGone() {
        EchKey key = EchKey.generate("public.example");
        key.destroy();
        assertTrue(key.isDestroyed());
        assertThrows(IllegalStateException.class, key::privateKey);
        assertThrows(IllegalStateException.class, key::toPem);
    }

    @Test
    void nothingOfAKeyIsPrinted() {
        EchKey key = EchKey.generate(9, "public.example", 0);
        assertEquals("EchKey[EchConfig[9, public.example]]", key.toString());
    }
}
