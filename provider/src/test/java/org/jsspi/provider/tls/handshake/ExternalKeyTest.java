package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.jsspi.PreSharedKey;
import org.jsspi.PreSharedKey.Hash;
import org.jsspi.PreSharedKey.Name;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.ImportedIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys as TLS 1.3 uses them. RFC 9258 has no vectors: these were computed from its text and that of RFC 8446 7.1 with the hmac
 * module of Python, which shares no code with us. The key is 00 01 .. 1f, the binder is over "hello".
 */
class ExternalKeyTest {
    private static final byte[] IDENTITY = "psk one".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTEXT = "ctx".getBytes(StandardCharsets.US_ASCII);

    private static PreSharedKey key(Use use, Hash hash) {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return PreSharedKey.of(
                use == Use.IMPORTED ? new Name(use, IDENTITY, CONTEXT) : new Name(use, IDENTITY), hash, key);
    }

    private static String binder(PreSharedKey key, HashAlgorithm hash) {
        byte[] hello = hash.hash("hello".getBytes(StandardCharsets.US_ASCII));
        try (EarlySecrets early = ExternalKey.secrets(key, hash)) {
            assertEquals(hash, early.hash());
            return HexFormat.of().formatHex(early.binder(hello));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256, SHA256, 179b3c133f76604e5e48e1ea2e299d4c1a2c83e7b2f3425a945753b69e5f99b4",
        "SHA256, SHA384, afdbc3c09efa2897cc143fbc90ac1b37f56b78f08386006f9b5d15f5d2b2f5449ca3d9a3ac894ccaf46ef432139ec90e",
        "SHA384, SHA256, b8bf3aa0edbdcb9e0ad8316e2b37400420dc4622a921d9a426096830aa7b8ef2",
        "SHA384, SHA384, c0bc44814c61738063ef8142c37d183dc4df429027c0fd0c848cc1435a62f5537d8fef19eb1fb283e256740616bea303"
    })
    void anImportedKeyServesEveryHash(Hash own, HashAlgorithm target, String binder) {
        PreSharedKey key = key(Use.IMPORTED, own);
        assertEquals(binder, binder(key, target));
        byte[] identity = ExternalKey.identity(key, target).orElseThrow();
        String kdf = target == HashAlgorithm.SHA256 ? "0001" : "0002";
        assertEquals(
                "000770736b206f6e65" + "0003637478" + "0304" + kdf,
                HexFormat.of().formatHex(identity));
        assertEquals(Optional.of(key.name()), ExternalKey.importedName(identity));
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256, SHA384, b092ab04aa0bcbbc28d7a2efad572cbd7528e46e97421c047fb2db85e7c83432",
        "SHA384, SHA256, cd7ce708d6d549a42e6d8a3e0c9a451f1ad7e5d164354dd7e496dafc6284112cffad6681a28199bddb0d4a20cc1c863b"
    })
    void aKeyThatIsUsedAsItIsServesItsOwnHashAlone(Hash own, HashAlgorithm other, String binder) {
        PreSharedKey key = key(Use.TLS13, own);
        assertEquals(binder, binder(key, HashAlgorithm.valueOf(own.name())));
        assertArrayEquals(
                IDENTITY,
                ExternalKey.identity(key, HashAlgorithm.valueOf(own.name())).orElseThrow());
        assertFalse(ExternalKey.identity(key, other).isPresent());
        assertEquals(Optional.of(key.name()), ExternalKey.plainName(IDENTITY));
    }

    @Test
    void whatIsImportedForAnotherProtocolIsNoNameHere() {
        assertTrue(ExternalKey.importedName(new ImportedIdentity(IDENTITY, CONTEXT, 0x0304, 1).toBytes())
                .isPresent());
        assertFalse(ExternalKey.importedName(new ImportedIdentity(IDENTITY, CONTEXT, 0xFEFC, 1).toBytes())
                .isPresent());
        assertFalse(ExternalKey.importedName(IDENTITY).isPresent());
        assertFalse(ExternalKey.importedName(
                        new ImportedIdentity(new byte[PreSharedKey.LONGEST_NAME], CONTEXT, 0x0304, 1).toBytes())
                .isPresent());
        assertFalse(
                ExternalKey.plainName(new byte[PreSharedKey.LONGEST_NAME + 1]).isPresent());
    }
}
