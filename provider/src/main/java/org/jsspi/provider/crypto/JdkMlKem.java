package org.jsspi.provider.crypto;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import org.jsspi.SspiException;

/**
 * The JDK's ML-KEM, which JDK 24 brought, reached without a link to {@code javax.crypto.KEM}: older builds of 17
 * lack the class.
 */
final class JdkMlKem implements MlKem.Engine {
    // SubjectPublicKeyInfo of id-alg-ml-kem-768 and id-alg-ml-kem-1024 up to the key.
    private static final String PREFIX_768 = "308204b2300b0609608648016503040402038204a100";
    private static final String PREFIX_1024 = "30820632300b06096086480165030404030382062100";

    private final MlKem size;
    private final byte[] prefix;
    private final Provider provider;
    private final Object kem;
    private final MethodHandle newEncapsulator;
    private final MethodHandle encapsulate;
    private final MethodHandle encapsulation;
    private final MethodHandle key;
    private final MethodHandle newDecapsulator;
    private final MethodHandle decapsulate;

    private JdkMlKem(MlKem size, Provider provider) throws Throwable {
        this.size = size;
        this.prefix = HexFormat.of()
                .parseHex(
                        switch (size) {
                            case ML_KEM_768 -> PREFIX_768;
                            case ML_KEM_1024 -> PREFIX_1024;
                        });
        this.provider = provider;
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> kemClass = Class.forName("javax.crypto.KEM");
        Class<?> encapsulator = Class.forName("javax.crypto.KEM$Encapsulator");
        Class<?> encapsulated = Class.forName("javax.crypto.KEM$Encapsulated");
        Class<?> decapsulator = Class.forName("javax.crypto.KEM$Decapsulator");
        this.kem = lookup.findStatic(
                        kemClass, "getInstance", MethodType.methodType(kemClass, String.class, Provider.class))
                .invoke(size.algorithm(), provider);
        this.newEncapsulator = lookup.findVirtual(
                        kemClass,
                        "newEncapsulator",
                        MethodType.methodType(encapsulator, PublicKey.class, SecureRandom.class))
                .asType(MethodType.methodType(Object.class, Object.class, PublicKey.class, SecureRandom.class));
        this.encapsulate = lookup.findVirtual(encapsulator, "encapsulate", MethodType.methodType(encapsulated))
                .asType(MethodType.methodType(Object.class, Object.class));
        this.encapsulation = lookup.findVirtual(encapsulated, "encapsulation", MethodType.methodType(byte[].class))
                .asType(MethodType.methodType(byte[].class, Object.class));
        this.key = lookup.findVirtual(encapsulated, "key", MethodType.methodType(SecretKey.class))
                .asType(MethodType.methodType(SecretKey.class, Object.class));
        this.newDecapsulator = lookup.findVirtual(
                        kemClass, "newDecapsulator", MethodType.methodType(decapsulator, PrivateKey.class))
                .asType(MethodType.methodType(Object.class, Object.class, PrivateKey.class));
        this.decapsulate = lookup.findVirtual(
                        decapsulator, "decapsulate", MethodType.methodType(SecretKey.class, byte[].class))
                .asType(MethodType.methodType(SecretKey.class, Object.class, byte[].class));
    }

    /** The JDK's engine, or null where this JDK has none. */
    static JdkMlKem resolve(MlKem size) {
        Provider provider = Security.getProvider("SunJCE");
        if (provider == null || provider.getService("KEM", size.algorithm()) == null) {
            return null;
        }
        try {
            JdkMlKem engine = new JdkMlKem(size, provider);
            KeyPair probe = engine.newPair();
            return engine.isExpected(probe.getPublic().getEncoded()) ? engine : null;
        } catch (Throwable absent) {
            return null;
        }
    }

    private boolean isExpected(byte[] encoded) {
        return encoded != null
                && encoded.length == prefix.length + size.encapsulationKeyLength()
                && Arrays.equals(encoded, 0, prefix.length, prefix, 0, prefix.length);
    }

    private KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(size.algorithm(), provider);
        generator.initialize(new NamedParameterSpec(size.algorithm()), Randomness.secureRandom());
        return generator.generateKeyPair();
    }

    @Override
    public KeyExchange.Ephemeral generate() {
        try {
            KeyPair pair = newPair();
            byte[] encoded = pair.getPublic().getEncoded();
            return new Pair(pair.getPrivate(), Arrays.copyOfRange(encoded, prefix.length, encoded.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SunJCE no longer makes keys for " + size.algorithm(), e);
        }
    }

    @Override
    public MlKem.Encapsulation encapsulate(byte[] encapsulationKey) throws SspiException {
        if (encapsulationKey.length != size.encapsulationKeyLength()) {
            throw size.badKey(null);
        }
        byte[] encoded = Arrays.copyOf(prefix, prefix.length + encapsulationKey.length);
        System.arraycopy(encapsulationKey, 0, encoded, prefix.length, encapsulationKey.length);
        try {
            // FIPS 203 7.2: newEncapsulator does the modulus check.
            PublicKey publicKey =
                    KeyFactory.getInstance(size.algorithm(), provider).generatePublic(new X509EncodedKeySpec(encoded));
            Object encapsulator = (Object) newEncapsulator.invokeExact(kem, publicKey, Randomness.secureRandom());
            Object made = (Object) encapsulate.invokeExact(encapsulator);
            byte[] ciphertext = (byte[]) encapsulation.invokeExact(made);
            SecretKey secret = (SecretKey) key.invokeExact(made);
            return new MlKem.Encapsulation(ciphertext, secret.getEncoded());
        } catch (InvalidKeyException | InvalidKeySpecException | IllegalArgumentException e) {
            throw size.badKey(e);
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    private SspiException rethrown(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return Failures.unsupported("the JDK's " + size.algorithm() + " failed", e);
    }

    private final class Pair implements KeyExchange.Ephemeral {
        private final byte[] publicShare;
        private PrivateKey privateKey;

        Pair(PrivateKey privateKey, byte[] publicShare) {
            this.privateKey = privateKey;
            this.publicShare = publicShare;
        }

        @Override
        public byte[] publicShare() {
            return publicShare;
        }

        @Override
        public byte[] agree(byte[] ciphertext) throws SspiException {
            if (ciphertext.length != size.ciphertextLength()) {
                throw size.badCiphertext(null);
            }
            try {
                Object decapsulator = (Object) newDecapsulator.invokeExact(kem, privateKey);
                SecretKey secret = (SecretKey) decapsulate.invokeExact(decapsulator, ciphertext);
                return secret.getEncoded();
            } catch (Throwable e) {
                throw rethrown(e);
            }
        }

        // The JDK's key has no destroy(): all that can be done is not to hold it.
        @Override
        public void destroy() {
            privateKey = null;
        }
    }
}
