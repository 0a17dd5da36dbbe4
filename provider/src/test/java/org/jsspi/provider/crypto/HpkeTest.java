package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HpkeTest {
    private static final byte[] INFO = hex("4f6465206f6e2061204772656369616e2055726e");
    private static final byte[] PLAINTEXT = hex("4265617574792069732074727574682c20747275746820626561757479");

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] count(int n) {
        return ("Count-" + n).getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 9180 A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, the first three encryptions. */
    @Test
    void theVectorsOfTheRfcOpen() {
        Hpke.Receiver receiver = Hpke.receiver(
                        1,
                        1,
                        hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
                        hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
                        INFO)
                .orElseThrow();
        String[] ciphertexts = {
            "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
            "af2d7e9ac9ae7e270f46ba1f975be53c09f8d875bdc8535458c2494e8a6eab251c03d0c22a56b8ca42c2063b84",
            "498dfcabd92e8acedc281e85af1cb4e3e31c7dc394a1ca20e173cb72516491588d96a19ad4a683518973dcc180"
        };
        for (int i = 0; i < ciphertexts.length; i++) {
            assertArrayEquals(
                    PLAINTEXT, receiver.open(count(i), hex(ciphertexts[i])).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void whatOneSideSealsTheOtherOpensInOrder(int aead) throws SspiException {
        byte[] privateKey = Randomness.bytes(32);
        byte[] publicKey = new byte[32];
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        for (int kdf = 1; kdf <= 3; kdf++) {
            Hpke.Sender sender = Hpke.sender(kdf, aead, publicKey, INFO);
            Hpke.Receiver receiver = Hpke.receiver(kdf, aead, privateKey, sender.encapsulated(), INFO)
                    .orElseThrow();
            for (int i = 0; i < 2; i++) {
                byte[] sealed = sender.seal(count(i), PLAINTEXT);
                assertEquals(PLAINTEXT.length + Hpke.EXPANSION, sealed.length);
                assertArrayEquals(PLAINTEXT, receiver.open(count(i), sealed).orElseThrow());
                assertEquals(Optional.empty(), receiver.open(count(i), sealed), "a message twice");
                assertEquals(Optional.empty(), receiver.open(count(i), new byte[3]), "less than a tag");
            }
            Hpke.Receiver other = Hpke.receiver(kdf, aead, privateKey, sender.encapsulated(), count(0))
                    .orElseThrow();
            assertEquals(
                    Optional.empty(),
                    other.open(count(0), Hpke.sender(kdf, aead, publicKey, INFO).seal(count(0), PLAINTEXT)),
                    "another info");
        }
    }

    @Test
    void keysOfAnotherLengthOrOfSmallOrderAreRefused() {
        byte[] privateKey = Randomness.bytes(32);
        for (byte[] key : new byte[][] {new byte[0], new byte[31], new byte[33], new byte[32]}) {
            SspiException refused = assertThrows(SspiException.class, () -> Hpke.sender(1, 1, key, INFO));
            assertEquals(47, refused.alert().orElse(-1), refused::getMessage);
            assertEquals(
                    Optional.empty(), Hpke.receiver(1, 1, privateKey, key, INFO).map(Object::getClass));
        }
    }

    @Test
    void whatIsNotHereIsSaidToBe() {
        assertTrue(Hpke.supports(0x20, 1, 1));
        assertTrue(Hpke.supports(0x20, 3, 3));
        assertFalse(Hpke.supports(0x10, 1, 1), "P-256");
        assertFalse(Hpke.supports(0x20, 0, 1));
        assertFalse(Hpke.supports(0x20, 0x1111, 1));
        assertFalse(Hpke.supports(0x20, 1, 0));
        assertFalse(Hpke.supports(0x20, 1, 0xFFFF), "export only");
        for (int i = 0; i < 50; i++) {
            assertTrue(Hpke.supports(0x20, 1, Hpke.anyAead()));
        }
    }
}
