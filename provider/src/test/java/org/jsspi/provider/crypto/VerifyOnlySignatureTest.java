package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifyOnlySignatureTest {
    private static final byte[] MESSAGE = "what was signed".getBytes();

    @ParameterizedTest
    @CsvSource({
        "secp256r1, SHA256withECDSA",
        "secp256r1, SHA512withECDSA",
        "secp384r1, SHA256withECDSA",
        "secp384r1, SHA384withECDSA",
        "secp521r1, SHA384withECDSA",
        "secp521r1, SHA512withECDSA"
    })
    void verifiesWhatThePlatformSignsAndNothingElse(String curve, String algorithm) throws Exception {
        KeyPair keys = keys(curve);
        Signature signer = Signature.getInstance(algorithm, "SunEC");
        signer.initSign(keys.getPrivate());
        signer.update(MESSAGE);
        byte[] signature = signer.sign();

        Signature verifier = Signature.getInstance(algorithm, new JsspiProvider());
        verifier.initVerify(keys.getPublic());
        for (int round = 0; round < 2; round++) {
            verifier.update(MESSAGE);
            assertTrue(verifier.verify(signature));
        }
        verifier.update(MESSAGE);
        verifier.update((byte) 0);
        assertFalse(verifier.verify(signature));
        verifier.update(MESSAGE);
        signature[signature.length - 1] ^= 1;
        assertFalse(verifier.verify(signature));
        verifier.initVerify(keys(curve).getPublic());
        verifier.update(MESSAGE);
        assertFalse(verifier.verify(signature));
    }

    @Test
    void refusesToSignAndKeysThatItDoesNotServe() throws Exception {
        Signature ours = Signature.getInstance("SHA256withECDSA", new JsspiProvider());
        assertThrows(
                InvalidKeyException.class, () -> ours.initSign(keys("secp256r1").getPrivate()));
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        assertThrows(InvalidKeyException.class, () -> ours.initVerify(rsa.getPublic()));
        assertThrows(SignatureException.class, () -> ours.verify(new byte[70]));
    }

    @Test
    void inFirstPlaceItVerifiesAndThePlatformGoesOnSigning() throws Exception {
        Provider first = new JsspiProvider();
        Security.insertProviderAt(first, 1);
        try {
            KeyPair keys = keys("secp256r1");
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            assertEquals("SunEC", signature.getProvider().getName());
            signature.update(MESSAGE);
            byte[] signed = signature.sign();

            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(keys.getPublic());
            assertEquals(first.getName(), verifier.getProvider().getName());
            verifier.update(MESSAGE);
            assertTrue(verifier.verify(signed));
        } finally {
            Security.removeProvider(first.getName());
        }
    }

    private static KeyPair keys(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }
}
