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
 * ML-KEM (FIPS 203) of the two larger sizes: the JDK's where it has it, otherwise bcprov's.
 *
 * <p>Both speak the same bytes. Which of them serves is decided on first use.
 */
enum MlKem {
    ML_KEM_768("ML-KEM-768", 1184, 1088),
    ML_KEM_1024("ML-KEM-1024", 1568, 1568);

    /** An encapsulated secret; the receiver wipes the secret. */
    record Encapsulation(byte[] ciphertext, byte[] sharedSecret) {
        @Override
        public String toString() {
            return "Encapsulation[" + ciphertext.length + "]";
        }
    }

    /** An implementation of one size. */
    interface Engine {
        KeyExchange.Ephemeral generate();

        /** @throws SspiException illegal_parameter if the key does not pass the encapsulation key check */
        Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException;
    }

    private final String algorithm;
    private final int encapsulationKeyLength;
    private final int ciphertextLength;
    private volatile Engine engine;

    MlKem(String algorithm, int encapsulationKeyLength, int ciphertextLength) {
        this.algorithm = algorithm;
        this.encapsulationKeyLength = encapsulationKeyLength;
        this.ciphertextLength = ciphertextLength;
    }

    /** {@return the name of FIPS 203, which is also the JCA name} */
    String algorithm() {
        return algorithm;
    }

    int encapsulationKeyLength() {
        return encapsulationKeyLength;
    }

    int ciphertextLength() {
        return ciphertextLength;
    }

    KeyExchange.Ephemeral generate() {
        return engine().generate();
    }

    Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException {
        return engine().encapsulate(encapsulationKey);
    }

    /** Two threads may find the same answer at once. */
    private Engine engine() {
        Engine chosen = engine;
        if (chosen == null) {
            chosen = Optional.<Engine>ofNullable(JdkMlKem.resolve(this)).orElseGet(() -> new Lightweight(this));
            engine = chosen;
        }
        return chosen;
    }

    SspiException badKey(Throwable cause) {
        return Failures.illegalParameter("key share fails the encapsulation key check of " + algorithm, cause);
    }

    SspiException badCiphertext(Throwable cause) {
        return Failures.illegalParameter("key share is not a ciphertext of " + algorithm, cause);
    }

    /** bcprov's lightweight ML-KEM. */
    static final class Lightweight implements Engine {
        private final MlKem size;
        private final MLKEMParameters parameters;

        Lightweight(MlKem size) {
            this.size = size;
            this.parameters = switch (size) {
                case ML_KEM_768 -> MLKEMParameters.ml_kem_768;
                case ML_KEM_1024 -> MLKEMParameters.ml_kem_1024;
            };
        }

        @Override
        public KeyExchange.Ephemeral generate() {
            MLKEMKeyPairGenerator generator = new MLKEMKeyPairGenerator();
            generator.init(new MLKEMKeyGenerationParameters(Randomness.secureRandom(), parameters));
            AsymmetricCipherKeyPair pair = generator.generateKeyPair();
            byte[] share = ((MLKEMPublicKeyParameters) pair.getPublic()).getEncoded();
            return new Decapsulator(size, (MLKEMPrivateKeyParameters) pair.getPrivate(), share);
        }

        @Override
        public Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException {
            MLKEMPublicKeyParameters key;
            try {
                // FIPS 203 7.2: the constructor checks length and modulus.
                key = new MLKEMPublicKeyParameters(parameters, encapsulationKey);
            } catch (IllegalArgumentException e) {
                throw size.badKey(e);
            }
            SecretWithEncapsulation made = new MLKEMGenerator(Randomness.secureRandom()).generateEncapsulated(key);
            return new Encapsulation(made.getEncapsulation(), made.getSecret());
        }
    }

    private record Decapsulator(MlKem size, MLKEMPrivateKeyParameters privateKey, byte[] publicShare)
            implements KeyExchange.Ephemeral {
        @Override
        public byte[] agree(byte[] ciphertext) throws SspiException {
            // FIPS 203 7.3: the ciphertext type check; a forged one of the right length gives an unrelated secret.
            if (ciphertext.length != size.ciphertextLength) {
                throw size.badCiphertext(null);
            }
            return new MLKEMExtractor(privateKey).extractSecret(ciphertext);
        }

        @Override
        public void destroy() {
            privateKey.destroy();
        }

        @Override
        public String toString() {
            return "Decapsulator[" + size.algorithm + "]";
        }
    }
}
