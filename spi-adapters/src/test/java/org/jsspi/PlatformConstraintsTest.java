package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformConstraintsTest {
    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x25519, RC4; X25519; false",
                "x25519; X25519MLKEM768; true",
                "TLS_CHACHA20_*; TLS_CHACHA20_POLY1305_SHA256; false",
                "AES_128_GCM; TLS_AES_128_GCM_SHA256; false",
                "AES_128_GCM; TLS_AES_256_GCM_SHA384; true",
                "GCM; TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; false",
                "ChaCha20-Poly1305; TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256; false",
                "ECDHE_RSA; TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; false",
                "ECDHE_RSA; TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384; true",
                "RSA; TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; false",
                "ECDH; TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384; true",
                "SHA-384; TLS_AES_256_GCM_SHA384; false",
                "MD5; MD5withRSA; false",
                "SHA1; SHA-1; false",
                "SHA1; SHA256withRSA; true",
                "RSA keySize < 2048; SHA256withRSA; true",
                "SHA1 jdkCA & usage TLSServer; SHA1withRSA; true",
                "SHA1 usage SignedJAR & denyAfter 2019-01-01; SHA1withRSA; true",
                "rsa_pkcs1_sha1 usage HandshakeSignature; rsa_pkcs1_sha1; false",
                "rsa_pkcs1_sha1 usage CertificateSignature; rsa_pkcs1_sha1; true",
                "' , ,'; x25519; true"
            })
    void anEntryForbidsWhatHasItsNameOrIsMadeOfIt(String property, String algorithm, boolean permitted) {
        assertEquals(permitted, PlatformConstraints.of(property).permits(algorithm));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA keySize < 2048, RSA, 1024, false",
        "RSA keySize < 1024, RSA, 1024, true",
        "RSA keySize <= 1024, RSA, 1024, false",
        "RSA keySize >= 2048, RSA, 1024, true",
        "RSA keySize == 1024, RSA, 1024, false",
        "RSA keySize != 1024, RSA, 1024, true",
        "EC keySize < 257, EC, 256, false",
        "EC keySize > 256, EC, 256, true",
        "RSA keySize < 2048, EC, 256, true",
        "DSA keySize < 2048, DSA, 1024, false",
        "rsa, RSA, 1024, false"
    })
    void keysAreJudgedByTheirSize(String property, String algorithm, int size, boolean permitted) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        Key key = generator.generateKeyPair().getPublic();

        assertEquals(permitted, PlatformConstraints.of(property).permits(SIGNATURE, key));
        assertEquals(permitted, PlatformConstraints.of(property).permits(SIGNATURE, "unknown", key, null));
    }

    @Test
    void severalPropertiesAreOne() {
        PlatformConstraints constraints = PlatformConstraints.of("MD2", null, "include no.such.property, MD5");

        assertFalse(constraints.permits("MD2withRSA"));
        assertFalse(constraints.permits("MD5withRSA"));
        assertTrue(constraints.permits("SHA256withRSA"));
    }

    @Test
    void thePlatformsOwnListForbidsWhatIsOldAndNothingThatIsOurs() {
        assertFalse(PlatformConstraints.HANDSHAKE.permits("TLSv1.1"));
        assertFalse(PlatformConstraints.CERTIFICATES.permits("MD5withRSA"));
        assertTrue(PlatformConstraints.HANDSHAKE.permits("TLS_AES_128_GCM_SHA256"));
        assertTrue(PlatformConstraints.CERTIFICATES.permits("SHA256withECDSA"));
    }
}
