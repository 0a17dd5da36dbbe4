package org.jsspi.provider.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/** ECDSA on the NIST curves by a JCA provider that computes and judges nothing: encoding, range and point are judged here. */
final class JcaEcdsa {
    private JcaEcdsa() {}

    /**
     * Verifies over a hash of any length, as {@link VerifyingKeys#ecdsa} does.
     *
     * @param key an ECPublicKey on this curve
     * @throws GeneralSecurityException if the provider does not work, or not with such a key
     */
    static boolean verify(Provider provider, NistCurve curve, PublicKey key, byte[] signature, byte[] hash)
            throws GeneralSecurityException {
        Optional<EcdsaSignatureValue> value = EcdsaSignatureValue.decode(signature, curve);
        // FIPS 186-5 6.4.2: r and s are below the order. Releases of JDK 17 before 17.0.3 do not look (CVE-2022-21449).
        if (value.isEmpty()
                || value.get().r().compareTo(curve.order()) >= 0
                || value.get().s().compareTo(curve.order()) >= 0
                || !curve.contains(((ECPublicKey) key).getW())) {
            return false;
        }
        Signature verifier = Signature.getInstance("NONEwithECDSA", provider);
        verifier.initVerify(key);
        verifier.update(hash);
        return verifier.verify(signature);
    }

    /**
     * {@return a signature over a hash of any length}
     *
     * @throws GeneralSecurityException if the provider does not work, or not with such a key
     */
    static byte[] sign(Provider provider, PrivateKey key, byte[] hash) throws GeneralSecurityException {
        Signature signer = Signature.getInstance("NONEwithECDSA", provider);
        signer.initSign(key, Randomness.secureRandom());
        signer.update(hash);
        return signer.sign();
    }
}
