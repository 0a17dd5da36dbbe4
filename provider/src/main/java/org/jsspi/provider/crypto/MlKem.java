package org.jsspi.provider.crypto;

import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.generators.MLKEMKeyPairGenerator;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.jsspi.SspiException;

/**
 * ML-KEM-768 (FIPS 203): the JDK's where it has it, otherwise bcprov's.
 *
 * <p>Both speak the same bytes. Which of them serves is decided on first use.
 */
final class MlKem {
    static final int ENCAPSULATION_KEY_LENGTH = 1184;
    static final int CIPHERTEXT_LENGTH = 1088;

    /** An encapsulated secret; the receiver wipes the secret. */
    record Encapsulation(byte[] ciphertext, byte[] sharedSecret) {
        @Override
        public String toString() {
            return "Encapsulation[" + ciphertext.length + "]";
        }
    }

    /** An implementation of ML-KEM-768. */
    interface Engine {
        KeyExchange.Ephemeral generate();

        /** @throws SspiException illegal_parameter if the key does not pass the encapsulation key check */
        Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException;
    }

    private static final class Holder {
        static final Engine CHOSEN =
                Optional.<Engine>ofNullable(JdkMlKem.resolve()).orElseGet(Lightweight::new);
    }

    private MlKem() {}

    static KeyExchange.Ephemeral generate() {
        return Holder.CHOSEN.generate();
    }

    static Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException {
        return Holder.CHOSEN.encapsulate(encapsulationKey);
    }

    static SspiException badKey(Throwable cause) {
        return Failures.illegalParameter("key share fails the encapsulation key check of ML-KEM-768", cause);
    }

    static SspiException badCiphertext(Throwable cause) {
        return Failures.illegalParameter("key share is not a ciphertext of ML-KEM-768", cause);
    }

    /** bcprov's lightweight ML-KEM. */
    static final class Lightweight implements Engine {
        private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_768;

        @Override
        public KeyExchange.Ephemeral generate() {
            MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
            generator.init(new MLKEMKeyGenerationParameters(Randomness.secureRandom(), PARAMETERS));
            AsymmetricCipherKeyPair pair = generator.generateKeyPair();
            byte[] share = ((MLKEMPublicKeyParameters) pair.getPublic()).getEncoded();
            return new Decapsulator((MLKEMPrivateKeyParameters) pair.getPrivate(), share);
        }

        @Override
        public Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException {
            MLKEMPublicKeyParameters key;
            try {
                // FIPS 203 7.2: the constructor checks length and modulus.
                key = new MLKEMPublicKeyParameters(PARAMETERS, encapsulationKey);
            } catch (IllegalArgumentException e) {
                throw badKey(e);
            }
            SecretWithEncapsulation made = new MLKEMGenerator(Randomness.secureRandom()).generateEncapsulated(key);
            return new Encapsulation(made.getEncapsulation(), made.getSecret());
        }
    }

    private record Decapsulator(MLKEMPrivateKeyParameters privateKey, byte[] publicShare)
            implements KeyExchange.Ephemeral {
        @Override
        public byte[] agree(byte[] ciphertext) throws SspiException {
            // FIPS 203 7.3: the ciphertext type check; a forged one of the right length gives an unrelated secret.
            if (ciphertext.length != CIPHERTEXT_LENGTH) {
                throw badCiphertext(null);
            }
            return new MLKEMExtractor(privateKey).extractSecret(ciphertext);
        }

        @Override
        public void destroy() {
            privateKey.destroy();
        }

        @Override
        public String toString() {
            return "Decapsulator[ML-KEM-768]";
        }
    }
}
