package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SealedBlobTest {
    private static final SecretKey KEY = key(1, 32, "AES");
    private static final byte[] CONTENT = "keys of a context".getBytes(StandardCharsets.UTF_8);

    @Test
    void contentComesBackFromAnyBufferThatHoldsTheBlob() throws SspiException {
        byte[] blob = seal();
        assertEquals(1 + 8 + 12 + CONTENT.length + 16, blob.length);
        assertFalse(new String(blob, StandardCharsets.ISO_8859_1).contains("keys"));
        ByteBuffer direct = ByteBuffer.allocateDirect(blob.length + 9)
                .put(4, blob)
                .position(4)
                .limit(4 + blob.length)
                .asReadOnlyBuffer();
        assertArrayEquals(CONTENT, SealedBlob.open(KEY, "purpose", "NTLM", direct));
        assertEquals(4, direct.position());
        assertNotEquals(ByteBuffer.wrap(seal()), ByteBuffer.wrap(seal()));
        assertArrayEquals(new byte[0], SealedBlob.open(KEY, "p", "q", SealedBlob.seal(KEY, "p", "q", new byte[0])));
    }

    @Test
    void blobOpensOnceInAProcess() throws SspiException {
        byte[] blob = seal();
        SealedBlob.open(KEY, "purpose", "NTLM", ByteBuffer.wrap(blob));
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "purpose", "NTLM", blob);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "purpose", "NTLM", blob);
    }

    @Test
    void otherKeyPurposeOrPackageDoesNotOpenItAndLeavesItToTheRightOne() throws SspiException {
        byte[] blob = seal();
        fails(SecurityStatus.SEC_E_MESSAGE_ALTERED, "other", "NTLM", blob);
        fails(SecurityStatus.SEC_E_MESSAGE_ALTERED, "purpose", "Kerberos", blob);
        fails(SecurityStatus.SEC_E_MESSAGE_ALTERED, "purposeNT", "LM", blob);
        assertSame(
                SecurityStatus.SEC_E_MESSAGE_ALTERED,
                status(() -> SealedBlob.open(key(2, 32, "AES"), "purpose", "NTLM", ByteBuffer.wrap(blob))));
        assertArrayEquals(CONTENT, SealedBlob.open(KEY, "purpose", "NTLM", ByteBuffer.wrap(blob)));
    }

    @Test
    void everyAlteredBitIsNoticed() throws SspiException {
        byte[] blob = seal();
        for (int bit = 0; bit < blob.length * Byte.SIZE; bit++) {
            byte[] altered = blob.clone();
            altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            SecurityStatus status =
                    bit < Byte.SIZE ? SecurityStatus.SEC_E_INVALID_TOKEN : SecurityStatus.SEC_E_MESSAGE_ALTERED;
            fails(status, "purpose", "NTLM", altered);
        }
        for (int length = 0; length < blob.length; length++) {
            byte[] cut = Arrays.copyOf(blob, length);
            assertThrows(SspiException.class, () -> SealedBlob.open(KEY, "purpose", "NTLM", ByteBuffer.wrap(cut)));
        }
    }

    @Test
    void keysThatAreNotAes256AreRefused() throws SspiException {
        byte[] blob = seal();
        for (SecretKey key : new SecretKey[] {null, key(1, 16, "AES"), key(1, 24, "AES"), key(1, 32, "HmacSHA256")}) {
            assertSame(
                    SecurityStatus.SEC_E_INVALID_PARAMETER,
                    status(() -> SealedBlob.seal(key, "purpose", "NTLM", CONTENT)));
            assertSame(
                    SecurityStatus.SEC_E_INVALID_PARAMETER,
                    status(() -> SealedBlob.open(key, "purpose", "NTLM", ByteBuffer.wrap(blob))));
        }
    }

    @Test
    void whatIsForgottenCountsAsOpened() {
        SealedBlob.Opened opened = new SealedBlob.Opened(3);
        for (int time = 1; time <= 5; time++) {
            assertTrue(opened.add(time * 10, 0));
        }
        for (int time = 1; time <= 5; time++) {
            assertFalse(opened.add(time * 10, 0), "opened before");
        }
        assertFalse(opened.add(20, 1), "as old as one that is forgotten");
        assertTrue(opened.add(21, 1), "late, but younger than that");
        assertFalse(opened.add(21, 1), "and now forgotten itself");
        assertTrue(opened.add(60, 0));
    }

    private static byte[] seal() throws SspiException {
        return SealedBlob.seal(KEY, "purpose", "NTLM", CONTENT).array();
    }

    private static SecretKey key(int fill, int length, String algorithm) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) fill);
        return new SecretKeySpec(bytes, algorithm);
    }

    private static void fails(SecurityStatus status, String purpose, String packageName, byte[] blob) {
        assertSame(status, status(() -> SealedBlob.open(KEY, purpose, packageName, ByteBuffer.wrap(blob))));
    }

    private static SecurityStatus status(Executable call) {
        return assertThrows(SspiException.class, call).status();
    }
}
