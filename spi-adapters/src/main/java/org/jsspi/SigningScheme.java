package org.jsspi;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;

/** The signature schemes of TLS 1.3 (RFC 8446 4.2.3), as far as JCA signs by them: for what is signed ahead of a handshake. */
enum SigningScheme {
    ECDSA_SECP256R1_SHA256(0x0403, "EC", "SHA256withECDSA", 256),
    ECDSA_SECP384R1_SHA384(0x0503, "EC", "SHA384withECDSA", 384),
    ECDSA_SECP521R1_SHA512(0x0603, "EC", "SHA512withECDSA", 521),
    ED25519(0x0807, "Ed25519", "Ed25519", 0),
    ED448(0x0808, "Ed448", "Ed448", 0),
    RSA_PSS_RSAE_SHA256(0x0804, "RSA", "RSASSA-PSS", 256),
    RSA_PSS_RSAE_SHA384(0x0805, "RSA", "RSASSA-PSS", 384),
    RSA_PSS_RSAE_SHA512(0x0806, "RSA", "RSASSA-PSS", 512),
    RSA_PSS_PSS_SHA256(0x0809, "RSASSA-PSS", "RSASSA-PSS", 256),
    RSA_PSS_PSS_SHA384(0x080A, "RSASSA-PSS", "RSASSA-PSS", 384),
    RSA_PSS_PSS_SHA512(0x080B, "RSASSA-PSS", "RSASSA-PSS", 512),
    MLDSA44(0x0904, "ML-DSA-44", "ML-DSA-44", 1312),
    MLDSA65(0x0905, "ML-DSA-65", "ML-DSA-65", 1952),
    MLDSA87(0x0906, "ML-DSA-87", "ML-DSA-87", 2592);

    /** What two keys that belong together sign and verify. */
    private static final byte[] TEXT = {1, 2, 3};

    /** What the encoding of a key of ML-DSA has around it (RFC 9881 4), generously. */
    private static final int LARGEST_KEY_HEADER = 32;

    private final int code;
    private final String keyAlgorithm;
    private final String signature;
    /** The bits of the curve, or of the hash of RSASSA-PSS; the bytes of a key of ML-DSA. */
    private final int size;

    SigningScheme(int code, String keyAlgorithm, String signature, int size) {
        this.code = code;
        this.keyAlgorithm = keyAlgorithm;
        this.signature = signature;
        this.size = size;
    }

    int code() {
        return code;
    }

    /** {@return the JCA name of its keys} */
    String keyAlgorithm() {
        return keyAlgorithm;
    }

    static Optional<SigningScheme> of(int code) {
        for (SigningScheme scheme : values()) {
            if (scheme.code == code) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    /** {@return the first scheme whose signatures this key verifies} */
    static Optional<SigningScheme> of(PublicKey key) {
        for (SigningScheme scheme : values()) {
            if (scheme.fits(key)) {
                return Optional.of(scheme);
            }
        }
        return Optional.empty();
    }

    /** {@return whether it is a scheme for keys like this one} */
    boolean fits(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            // Whoever has keys of another curve with as many bits is told so by whoever verifies.
            return keyAlgorithm.equals("EC") && ec.getParams().getOrder().bitLength() == size;
        } else if (key instanceof EdECPublicKey edwards) {
            // The JDK calls both of them EdDSA.
            return keyAlgorithm.equals(edwards.getParams().getName());
        } else if (key.getAlgorithm().startsWith("ML-DSA")) {
            // All three sizes have one name in the JDK, and each one of its own in other providers.
            int beyond = key.getEncoded() == null ? -1 : key.getEncoded().length - size;
            return keyAlgorithm.startsWith("ML-DSA") && beyond >= 0 && beyond <= LARGEST_KEY_HEADER;
        }
        return keyAlgorithm.equalsIgnoreCase(key.getAlgorithm()) && key instanceof RSAKey rsa && permits(rsa);
    }

    /** RFC 4055 3.1: a key of RSASSA-PSS may be for one hash alone. */
    private boolean permits(RSAKey key) {
        return !(key.getParams() instanceof PSSParameterSpec only)
                || only.getDigestAlgorithm().equalsIgnoreCase(hash());
    }

    private String hash() {
        return "SHA-" + size;
    }

    /** {@return whether it is a scheme for RSA keys that other things use as well (RFC 9345 4)} */
    boolean isRsae() {
        return keyAlgorithm.equals("RSA");
    }

    byte[] sign(PrivateKey key, byte[]... parts) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(signature);
        signer.initSign(key);
        parameters(signer);
        for (byte[] part : parts) {
            signer.update(part);
        }
        return signer.sign();
    }

    boolean verify(PublicKey key, byte[] signed, byte[]... parts) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(signature);
        verifier.initVerify(key);
        parameters(verifier);
        for (byte[] part : parts) {
            verifier.update(part);
        }
        return verifier.verify(signed);
    }

    private void parameters(Signature algorithm) throws GeneralSecurityException {
        if (signature.equals("RSASSA-PSS")) {
            // RFC 8446 4.2.3: MGF1 with the same hash, and a salt as long as the hash.
            algorithm.setParameter(new PSSParameterSpec(
                    hash(),
                    "MGF1",
                    new MGF1ParameterSpec(hash()),
                    size / Byte.SIZE,
                    PSSParameterSpec.TRAILER_FIELD_BC));
        }
    }

    /** {@return whether the keys are a pair: the one verifies what the other signs} */
    boolean pairs(PrivateKey own, PublicKey published) {
        try {
            return verify(published, sign(own, TEXT), TEXT);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** {@return the name as the TLS registry spells it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
