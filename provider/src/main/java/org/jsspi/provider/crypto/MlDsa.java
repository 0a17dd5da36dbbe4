package org.jsspi.provider.crypto;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/**
 * ML-DSA (FIPS 204) with an empty context string, as TLS uses it (draft-ietf-tls-mldsa): bcprov's, over keys as they are encoded.
 *
 * <p>Keys are known by their encoding alone, since providers do not agree on a name for them: it is {@code ML-DSA} in the JDK,
 * {@code ML-DSA-65} in bcprov and the object identifier where a JDK before 24 reads a certificate.
 */
enum MlDsa {
    ML_DSA_44("ML-DSA-44", "2.16.840.1.101.3.4.3.17", MLDSAParameters.ml_dsa_44, 1312),
    ML_DSA_65("ML-DSA-65", "2.16.840.1.101.3.4.3.18", MLDSAParameters.ml_dsa_65, 1952),
    ML_DSA_87("ML-DSA-87", "2.16.840.1.101.3.4.3.19", MLDSAParameters.ml_dsa_87, 2592);

    private final String algorithm;
    private final String identifier;
    private final MLDSAParameters parameters;
    private final int keyLength;

    MlDsa(String algorithm, String identifier, MLDSAParameters parameters, int keyLength) {
        this.algorithm = algorithm;
        this.identifier = identifier;
        this.parameters = parameters;
        this.keyLength = keyLength;
    }

    /** {@return the name of FIPS 204, which is also the JCA name} */
    String algorithm() {
        return algorithm;
    }

    /** {@return whether a key that calls itself so may be one of this size} */
    boolean isName(String name) {
        return name.equalsIgnoreCase("ML-DSA") || name.equalsIgnoreCase(algorithm) || name.equals(identifier);
    }

    /** {@return a key that is its encoding and nothing more; whether it is one {@link #isKey} says} */
    PublicKey publicKey(byte[] subjectPublicKeyInfo) throws IOException {
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(subjectPublicKeyInfo);
        return new EncodedKey(algorithm, info.getEncoded(ASN1Encoding.DER));
    }

    /** A key for verifiers of this class, which no provider needs to know. */
    private static final class EncodedKey implements PublicKey {
        private static final long serialVersionUID = 1;

        private final String algorithm;
        private final byte[] encoded;

        EncodedKey(String algorithm, byte[] encoded) {
            this.algorithm = algorithm;
            this.encoded = encoded;
        }

        @Override
        public String getAlgorithm() {
            return algorithm;
        }

        @Override
        public String getFormat() {
            return "X.509";
        }

        @Override
        public byte[] getEncoded() {
            return encoded.clone();
        }
    }

    boolean isKey(PublicKey key) {
        return bytes(key).isPresent();
    }

    /** Verifies under a key that {@link #isKey}. */
    boolean verify(PublicKey key, byte[] signature, byte[] message) {
        MLDSASigner verifier = new MLDSASigner();
        verifier.init(false, new MLDSAPublicKeyParameters(parameters, bytes(key).orElseThrow()));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(signature);
    }

    /** {@return the key without its wrapping, or empty if it is none of this size} */
    private Optional<byte[]> bytes(PublicKey key) {
        if (!isName(key.getAlgorithm())) {
            return Optional.empty();
        }
        try {
            // RFC 9881 4. A JDK that does not know the algorithm gives it a NULL for parameters: they are not looked
            // at.
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(key.getEncoded());
            byte[] bytes = info.getPublicKeyData().getOctets();
            boolean same = info.getAlgorithm().getAlgorithm().getId().equals(identifier) && bytes.length == keyLength;
            return same ? Optional.of(bytes) : Optional.empty();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** {@return the signature, or empty if the key does not show itself or is of another size} */
    Optional<byte[]> sign(PrivateKey key, byte[] message) {
        byte[] encoded = "PKCS#8".equals(key.getFormat()) ? key.getEncoded() : null;
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            if (!(PrivateKeyFactory.createKey(encoded) instanceof MLDSAPrivateKeyParameters secret)
                    || secret.getParameters() != parameters) {
                return Optional.empty();
            }
            try {
                MLDSASigner signer = new MLDSASigner();
                signer.init(true, new ParametersWithRandom(secret, Randomness.secureRandom()));
                signer.update(message, 0, message.length);
                return Optional.of(signer.generateSignature());
            } finally {
                secret.destroy();
            }
        } catch (IOException | CryptoException | RuntimeException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }
}
