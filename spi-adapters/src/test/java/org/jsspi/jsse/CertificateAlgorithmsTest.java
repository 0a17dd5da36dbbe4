package org.jsspi.jsse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.CryptoPrimitive;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateAlgorithmsTest {
    private static final Set<CryptoPrimitive> SIGNATURE = EnumSet.of(CryptoPrimitive.SIGNATURE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MD5withRSA | MD5withRSA | false",
                "md5WITHrsa | MD5withRSA | false",
                "MD5withRSA | SHA256withRSA | true",
                "SHA1 | SHA1withECDSA | false",
                "DSA | SHA256withDSA | false",
                "DSA | SHA256withECDSA | true",
                "RSA | SHA256withRSA | false",
                "SSLv3, TLSv1, RC4, anon, NULL, ECDH, TLS_RSA_* | SHA256withECDSA | true",
                "rsa_pkcs1_sha1 usage HandshakeSignature | SHA1withRSA | true",
                "Ed25519 | Ed25519 | false",
                " | SHA256withRSA | true"
            })
    void aNameIsThatOfAnAlgorithmOrOfAPartOfIt(String property, String algorithm, boolean permitted) {
        assertEquals(permitted, new CertificateAlgorithms(property).permits(SIGNATURE, algorithm, null));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA keySize < 2049, false",
        "RSA keySize < 2048, true",
        "RSA keySize <= 2048, false",
        "RSA keySize == 2048, false",
        "RSA keySize != 2048, true",
        "RSA keySize > 1024, false",
        "RSA keySize >= 2049, true",
        "EC keySize < 9999, true",
        "RSA, false"
    })
    void aKeyIsMeasured(String property, boolean permitted) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        PublicKey key = generator.generateKeyPair().getPublic();
        assertEquals(permitted, new CertificateAlgorithms(property).permits(SIGNATURE, key));
    }

    @Test
    void curvesAreMeasuredByTheirOrder() throws Exception {
        PublicKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        assertTrue(new CertificateAlgorithms("EC keySize < 224").permits(SIGNATURE, key));
        assertFalse(new CertificateAlgorithms("EC keySize < 9999").permits(SIGNATURE, key));
        assertTrue(CertificateAlgorithms.OF_PLATFORM.permits(SIGNATURE, key));
    }
}
