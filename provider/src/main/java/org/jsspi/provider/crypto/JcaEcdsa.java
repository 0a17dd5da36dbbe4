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
     * {@return the signature, or empty if it or the key is none: a provider that does not look, as releases of JDK 17 before
     * 17.0.3 do not (CVE-2022-21449), is never shown it}
     *
     * @param key an ECPublicKey on this curve
     */
    static Optional<EcdsaSignatureValue> judge(NistCurve curve, PublicKey key, byte[] signature) {
        return curve.contains(((ECPublicKey) key).getW())
                ? EcdsaSignatureValue.decode(signature, curve)
                : Optional.empty();
    }

    /**
     * Verifies over a hash of any length.
     *
     * @param signature one that {@link #judge} takes
     * @throws GeneralSecurityException if the provider does not work, or not with such a key
     */
    static boolean verify(Provider provider, PublicKey key, byte[] signature, byte[] hash)
            throws GeneralSecurityException {
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
