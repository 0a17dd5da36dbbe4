package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pseudorandom function of TLS 1.2, by the test vectors that were agreed on in the TLS working group. */
class PrfTest {
    private static final HexFormat HEX = HexFormat.of();

    // "Test vectors for TLS 1.2 PRF", mailing list of the TLS working group, msg03416 (June 2009).
    @ParameterizedTest
    @CsvSource({
        "SHA256, 9bbe436ba940f017b17652849a71db35, a0ba9f936cda311827a6f796ffd5198c,"
                + "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
                + "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
                + "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
                + "87347b66",
        "SHA384, b80b733d6ceefcdc71566ea48e5567df, cd665cf6a8447dd6ff8b27555edb7465,"
                + "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
                + "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
                + "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
                + "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
                + "91c8f3a26854308d5eaa3be85e0990703d73e56f"
    })
    void theOutputIsThatOfTheVectors(HashAlgorithm hash, String secret, String seed, String output) {
        byte[] expected = HEX.parseHex(output);
        byte[] wholeSeed = HEX.parseHex(seed);
        try (Secret key = Secret.owning(HEX.parseHex(secret))) {
            for (int length = 0; length <= expected.length; length++) {
                int cut = length % wholeSeed.length;
                try (Secret derived = new Prf(hash)
                        .derive(
                                key,
                                "test label",
                                length,
                                Arrays.copyOf(wholeSeed, cut),
                                Arrays.copyOfRange(wholeSeed, cut, wholeSeed.length))) {
                    assertArrayEquals(Arrays.copyOf(expected, length), derived.bytes(), "length " + length);
                }
            }
        }
    }

    @Test
    void theSecretStaysTheCallers() {
        Secret key = Secret.owning(new byte[] {1, 2, 3});
        new Prf(HashAlgorithm.SHA256).derive(key, "label", 100).destroy();
        assertEquals("010203", HEX.formatHex(key.bytes()));
    }
}
