package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Provider;
import java.security.Security;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AeadTest {
    @ParameterizedTest
    @EnumSource
    void whatIsSealedOpensAndWhatIsChangedDoesNot(Aead aead) throws Exception {
        assertTrue(aead.isAvailable());
        SecretKey key = aead.key(new byte[aead.keyLength()]);
        byte[] nonce = new byte[aead.ivLength()];
        byte[] sealed = seal(aead, key, nonce, new byte[100], new byte[5]);
        assertEquals(100 + aead.tagLength(), sealed.length);
        assertArrayEquals(new byte[100], open(aead, key, nonce, sealed, new byte[5]));
        assertThrows(AEADBadTagException.class, () -> open(aead, key, nonce, sealed, new byte[6]));
        sealed[3] ^= 1;
        assertThrows(AEADBadTagException.class, () -> open(aead, key, nonce, sealed, new byte[5]));
    }

    // GCM specification (McGrew and Viega), test cases 2 and 14; RFC 8439 2.8.2
    @Test
    void publishedVectorsComeOut() throws Exception {
        byte[] zeros = new byte[12];
        assertEquals(
                "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf",
                hex(seal(Aead.AES_128_GCM, Aead.AES_128_GCM.key(new byte[16]), zeros, new byte[16], new byte[0])));
        assertEquals(
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
                hex(seal(Aead.AES_256_GCM, Aead.AES_256_GCM.key(new byte[32]), zeros, new byte[16], new byte[0])));
        byte[] key = HexFormat.of().parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
        byte[] message = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                        + "future, sunscreen would be it.")
                .getBytes();
        byte[] sealed = seal(
                Aead.CHACHA20_POLY1305,
                Aead.CHACHA20_POLY1305.key(key),
                HexFormat.of().parseHex("070000004041424344454647"),
                message,
                HexFormat.of().parseHex("50515253c0c1c2c3c4c5c6c7"));
        assertEquals("1ae10b594f09e26a7e902ecbd0600691", hex(sealed).substring(2 * message.length));
    }

    @Test
    void kindAndLengthOfItsKeysTellTheAlgorithm() {
        assertEquals(Aead.AES_128_GCM, Aead.of("AES", 16));
        assertEquals(Aead.AES_256_GCM, Aead.of("AES", 32));
        assertEquals(Aead.CHACHA20_POLY1305, Aead.of("ChaCha20", 32));
        assertThrows(IllegalArgumentException.class, () -> Aead.of("ChaCha20", 16));
    }

    @Test
    void keysOfAnotherLengthAreRefused() {
        for (Aead aead : Aead.values()) {
            assertThrows(IllegalArgumentException.class, () -> aead.key(new byte[aead.keyLength() - 1]));
        }
    }

    // RFC 8446 5.5
    @Test
    void theLimitOfGcmIsTwoToTheTwentyFourAndAHalf() {
        assertEquals((long) Math.pow(2, 24.5), Aead.AES_128_GCM.confidentialityLimit());
        assertEquals((long) Math.pow(2, 24.5), Aead.AES_256_GCM.confidentialityLimit());
        assertEquals(Long.MAX_VALUE, Aead.CHACHA20_POLY1305.confidentialityLimit());
    }

    @Test
    void bouncyCastleInFrontDoesNotGetAesGcm() throws Exception {
        Provider slow = new BouncyCastleProvider();
        Security.insertProviderAt(slow, 1);
        try {
            assertEquals(
                    "BC", Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName());
            assertNotEquals("BC", Aead.AES_128_GCM.choose().getName());
            System.setProperty("org.jsspi.provider.AES/GCM/NoPadding", "BC");
            assertEquals("BC", Aead.AES_128_GCM.choose().getName());
        } finally {
            System.clearProperty("org.jsspi.provider.AES/GCM/NoPadding");
            Security.removeProvider("BC");
        }
    }

    @Test
    void aNamedProviderThatDoesNotServeIsAClearError() {
        for (String name : new String[] {"SUN", "Nobody"}) {
            System.setProperty("org.jsspi.provider.AES/GCM/NoPadding", name);
            try {
                SspiException e = assertThrows(SspiException.class, Aead.AES_128_GCM::choose);
                assertEquals(SecurityStatus.SEC_E_CRYPTO_SYSTEM_INVALID, e.status());
                assertTrue(e.getMessage().contains(name));
            } finally {
                System.clearProperty("org.jsspi.provider.AES/GCM/NoPadding");
            }
        }
    }

    private static byte[] seal(Aead aead, SecretKey key, byte[] nonce, byte[] data, byte[] aad) throws Exception {
        return run(aead, Cipher.ENCRYPT_MODE, key, nonce, data, aad);
    }

    private static byte[] open(Aead aead, SecretKey key, byte[] nonce, byte[] data, byte[] aad) throws Exception {
        return run(aead, Cipher.DECRYPT_MODE, key, nonce, data, aad);
    }

    private static byte[] run(Aead aead, int mode, SecretKey key, byte[] nonce, byte[] data, byte[] aad)
            throws Exception {
        Cipher cipher = aead.newCipher();
        cipher.init(mode, key, aead.parameters(nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(data);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
