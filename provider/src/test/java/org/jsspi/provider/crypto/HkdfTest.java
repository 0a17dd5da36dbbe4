package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HkdfTest {
    private static final Hkdf SHA256 = HashAlgorithm.SHA256.hkdf();

    // RFC 5869 A.1 to A.3: ikm, salt, info, length, prk, okm
    @ParameterizedTest
    @CsvSource({
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 000102030405060708090a0b0c, f0f1f2f3f4f5f6f7f8f9, 42,"
                + "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5,"
                + "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
                + "303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f,"
                + "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f"
                + "909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf,"
                + "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
                + "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff, 82,"
                + "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244,"
                + "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, '', '', 42,"
                + "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04,"
                + "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    })
    void vectorsOfRfc5869ComeOut(String ikm, String salt, String info, int length, String prk, String okm) {
        Secret extracted = SHA256.extract(secret(salt), secret(ikm));
        assertEquals(prk, hex(extracted));
        assertEquals(okm, hex(SHA256.expand(extracted, bytes(info), length)));
    }

    // RFC 8448 3: the simple 1-RTT handshake
    @Test
    void keyScheduleOfRfc8448ComesOut() {
        byte[] helloHash = bytes("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
        Secret early = SHA256.extract(null, null);
        assertEquals("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a", hex(early));
        Secret derived = SHA256.deriveSecret(early, "derived", HashAlgorithm.SHA256.emptyHash());
        assertEquals("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba", hex(derived));
        Secret handshake =
                SHA256.extract(derived, secret("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d"));
        assertEquals("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac", hex(handshake));
        Secret server = SHA256.deriveSecret(handshake, "s hs traffic", helloHash);
        assertEquals("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", hex(server));
        assertEquals("3fce516009c21727d0f2e4e86ee403bc", hex(SHA256.expandLabel(server, "key", new byte[0], 16)));
        assertEquals("5d313eb2671276ee13000b30", hex(SHA256.expandLabel(server, "iv", new byte[0], 12)));
        assertEquals(
                "008d3b66f816ea559f96b537e885c31fc068bf492c652f01f288a1d8cdc19fc8", hex(SHA256.finishedKey(server)));
    }

    @ParameterizedTest
    @EnumSource
    void noSaltIsAsManyZerosAsTheHash(HashAlgorithm hash) {
        Hkdf hkdf = hash.hkdf();
        Secret ikm = secret("0102");
        Secret zeros = Secret.owning(new byte[hash.length()]);
        assertTrue(hkdf.extract(null, ikm).matches(hkdf.extract(zeros, ikm)));
        assertTrue(hkdf.extract(zeros, zeros).matches(hkdf.extract(null, null)));
    }

    @ParameterizedTest
    @EnumSource
    void aShorterOutputIsAPrefixOfALongerOne(HashAlgorithm hash) {
        Hkdf hkdf = hash.hkdf();
        Secret prk = secret("0102030405060708");
        byte[] longest = hkdf.expand(prk, bytes("aa"), 255 * hash.length()).bytes();
        for (int length : new int[] {0, 1, hash.length() - 1, hash.length(), hash.length() + 1, 1000}) {
            byte[] prefix = java.util.Arrays.copyOf(longest, length);
            assertArrayEquals(prefix, hkdf.expand(prk, bytes("aa"), length).bytes());
        }
        assertThrows(IllegalArgumentException.class, () -> hkdf.expand(prk, bytes("aa"), 255 * hash.length() + 1));
    }

    @Test
    void labelsAndContextsOutsideTheirBoundsAreRefused() {
        Secret secret = secret("00");
        assertEquals(
                5, SHA256.expandLabel(secret, "l".repeat(249), new byte[255], 5).length());
        assertThrows(IllegalArgumentException.class, () -> SHA256.expandLabel(secret, "l".repeat(250), new byte[0], 5));
        assertThrows(IllegalArgumentException.class, () -> SHA256.expandLabel(secret, "", new byte[0], 5));
        assertThrows(IllegalArgumentException.class, () -> SHA256.expandLabel(secret, "l", new byte[256], 5));
    }

    // RFC 4231 4.3
    @Test
    void hmacVectorsOfRfc4231ComeOut() {
        byte[][] parts = {"what do ya want ".getBytes(), "for nothing?".getBytes()};
        Secret key = Secret.owning("Jefe".getBytes());
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                HexFormat.of().formatHex(HashAlgorithm.SHA256.hmac(key, parts)));
        assertEquals(
                "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
                HexFormat.of().formatHex(HashAlgorithm.SHA384.hmac(key, parts)));
    }

    @Test
    void emptyHashIsTheCallersOwnCopy() {
        String sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        byte[] once = HashAlgorithm.SHA256.emptyHash();
        assertEquals(sha256, HexFormat.of().formatHex(once));
        once[0] = 0;
        assertEquals(sha256, HexFormat.of().formatHex(HashAlgorithm.SHA256.emptyHash()));
    }

    private static Secret secret(String hex) {
        return Secret.owning(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(Secret secret) {
        return HexFormat.of().formatHex(secret.bytes());
    }
}
