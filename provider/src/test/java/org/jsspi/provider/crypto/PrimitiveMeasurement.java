package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Times each primitive in the JDK and in bcprov, turn by turn in one run, and prints how many times faster bcprov is.
 *
 * <p>Not a test: run {@code main} with the test class path. The decisions in the package description rest on it.
 */
final class PrimitiveMeasurement {
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 150_000_000L;
    private static long sink;

    private PrimitiveMeasurement() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("bcprov's speed where the JDK's is 1, on " + Runtime.version());
        curve25519();
        for (NistCurve curve : NistCurve.values()) {
            nist(curve);
        }
        edwards(SignatureAlgorithm.ED25519);
        edwards(SignatureAlgorithm.ED448);
        rsa();
        symmetric();
        mlKem();
        System.out.println("(" + (sink & 1) + ")");
    }

    private static void compare(String name, Callable<?> jdk, Callable<?> bcprov) throws Exception {
        for (int i = 0; i < ROUNDS; i++) { // until the compiler has settled
            time(jdk);
            time(bcprov);
        }
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ratios[i] = time(jdk) / time(bcprov);
        }
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "%-34s %6.2f%n", name, ratios[ROUNDS / 2]);
    }

    private static double time(Callable<?> operation) throws Exception {
        long start = System.nanoTime();
        long end = start;
        int count = 0;
        while (end - start < ROUND_NANOS) {
            sink += operation.call().hashCode();
            count++;
            end = System.nanoTime();
        }
        return (double) (end - start) / count;
    }

    private static void curve25519() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
        compare("X25519 generate", generator::generateKeyPair, EphemeralX25519::generate);
        KeyPair ours = generator.generateKeyPair();
        KeyPair theirs = generator.generateKeyPair();
        EphemeralX25519 mine = EphemeralX25519.generate();
        byte[] share = EphemeralX25519.generate().publicShare();
        compare("X25519 agree", () -> agree("X25519", ours, theirs), () -> mine.agree(share));
    }

    private static byte[] agree(String algorithm, KeyPair ours, KeyPair theirs) throws Exception {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(ours.getPrivate());
        agreement.doPhase(theirs.getPublic(), true);
        return agreement.generateSecret();
    }

    private static void nist(NistCurve curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve.standardName()));
        compare(curve + " generate", generator::generateKeyPair, () -> EphemeralPoint.generate(curve));
        KeyPair ours = generator.generateKeyPair();
        KeyPair theirs = generator.generateKeyPair();
        EphemeralPoint mine = EphemeralPoint.generate(curve);
        byte[] share = EphemeralPoint.generate(curve).publicShare();
        BigInteger scalar = ((ECPrivateKey) ours.getPrivate()).getS();
        compare(curve + " agree, constant-time", () -> agree("ECDH", ours, theirs), () -> mine.agree(share));
        compare(
                curve + " agree, variable-time",
                () -> agree("ECDH", ours, theirs),
                () -> LightweightCurve.of(curve).decode(share).multiply(scalar).normalize());
        SignatureAlgorithm algorithm = Arrays.stream(SignatureAlgorithm.values())
                .filter(a -> a.curve() == curve)
                .findFirst()
                .orElseThrow();
        byte[] content = new byte[130];
        compare(
                curve + " sign",
                () -> Signing.signJca(algorithm, ours.getPrivate(), content),
                () -> Signing.signLightweight(algorithm, ours.getPrivate(), content)
                        .orElseThrow());
        byte[] signature = Signing.signJca(algorithm, ours.getPrivate(), content);
        byte[] hash = algorithm.hash().orElseThrow().hash(content);
        EcdsaSignatureValue value = EcdsaSignatureValue.decode(signature, curve).orElseThrow();
        compare(
                curve + " verify, new key",
                () -> Signing.verifyJca(algorithm, ours.getPublic(), signature, content),
                () -> {
                    ECPoint point = LightweightCurve.of(curve)
                            .point(((ECPublicKey) ours.getPublic()).getW())
                            .orElseThrow();
                    ECDSASigner verifier = new ECDSASigner();
                    verifier.init(
                            false,
                            new ECPublicKeyParameters(
                                    point, LightweightCurve.of(curve).domain()));
                    return verifier.verifySignature(hash, value.r(), value.s());
                });
        compare(
                curve + " verify, known key",
                () -> Signing.verifyJca(algorithm, ours.getPublic(), signature, content),
                () -> Signing.verify(algorithm, ours.getPublic(), signature, content));
    }

    private static void edwards(SignatureAlgorithm algorithm) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(algorithm.jcaName()).generateKeyPair();
        byte[] content = new byte[130];
        compare(
                algorithm + " sign",
                () -> Signing.signJca(algorithm, pair.getPrivate(), content),
                () -> Signing.signLightweight(algorithm, (EdECPrivateKey) pair.getPrivate(), content)
                        .orElseThrow());
        byte[] signature = Signing.signJca(algorithm, pair.getPrivate(), content);
        compare(
                algorithm + " verify",
                () -> Signing.verifyJca(algorithm, pair.getPublic(), signature, content),
                () -> Signing.verify(algorithm, pair.getPublic(), signature, content));
    }

    private static void rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
        RSAPublicKey publicKey = (RSAPublicKey) pair.getPublic();
        RSAPrivateCrtKeyParameters lightweight = new RSAPrivateCrtKeyParameters(
                key.getModulus(),
                key.getPublicExponent(),
                key.getPrivateExponent(),
                key.getPrimeP(),
                key.getPrimeQ(),
                key.getPrimeExponentP(),
                key.getPrimeExponentQ(),
                key.getCrtCoefficient());
        RSAKeyParameters publicLightweight =
                new RSAKeyParameters(false, publicKey.getModulus(), publicKey.getPublicExponent());
        byte[] content = new byte[130];
        SignatureAlgorithm algorithm = SignatureAlgorithm.RSA_PSS_RSAE_SHA256;
        compare("RSA-2048 PSS sign", () -> Signing.signJca(algorithm, key, content), () -> {
            PSSSigner signer = new PSSSigner(new RSABlindedEngine(), new SHA256Digest(), 32);
            signer.init(true, lightweight);
            signer.update(content, 0, content.length);
            return signer.generateSignature();
        });
        byte[] signature = Signing.signJca(algorithm, key, content);
        compare("RSA-2048 PSS verify", () -> Signing.verifyJca(algorithm, publicKey, signature, content), () -> {
            PSSSigner verifier = new PSSSigner(new RSABlindedEngine(), new SHA256Digest(), 32);
            verifier.init(false, publicLightweight);
            verifier.update(content, 0, content.length);
            return verifier.verifySignature(signature);
        });
    }

    private static void symmetric() throws Exception {
        byte[] record = new byte[16384];
        byte[] key = new byte[32];
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        SHA256Digest lightweightDigest = new SHA256Digest();
        compare("SHA-256, 16 KiB", () -> digest.digest(record), () -> {
            byte[] hash = new byte[32];
            lightweightDigest.update(record, 0, record.length);
            lightweightDigest.doFinal(hash, 0);
            return hash;
        });
        Mac mac = Mac.getInstance("HmacSHA256");
        HMac lightweightMac = new HMac(new SHA256Digest());
        byte[] info = new byte[54];
        compare(
                "HMAC-SHA256, new key, 54 bytes",
                () -> {
                    mac.init(new SecretKeySpec(key, "HmacSHA256"));
                    return mac.doFinal(info);
                },
                () -> {
                    byte[] value = new byte[32];
                    lightweightMac.init(new KeyParameter(key));
                    lightweightMac.update(info, 0, info.length);
                    lightweightMac.doFinal(value, 0);
                    return value;
                });
        byte[] out = new byte[record.length + 16];
        byte[] nonce = new byte[12];
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        SecretKeySpec aes = new SecretKeySpec(new byte[16], "AES");
        AEADCipher lightweightGcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
        KeyParameter aesParameter = new KeyParameter(new byte[16]);
        compare(
                "AES-128-GCM, 16 KiB",
                () -> {
                    count(nonce);
                    gcm.init(Cipher.ENCRYPT_MODE, aes, new GCMParameterSpec(128, nonce));
                    return gcm.doFinal(record, 0, record.length, out, 0);
                },
                () -> {
                    count(nonce);
                    lightweightGcm.init(true, new AEADParameters(aesParameter, 128, nonce));
                    int n = lightweightGcm.processBytes(record, 0, record.length, out, 0);
                    return n + lightweightGcm.doFinal(out, n);
                });
        Cipher chacha = Cipher.getInstance("ChaCha20-Poly1305");
        SecretKeySpec chachaKey = new SecretKeySpec(key, "ChaCha20");
        ChaCha20Poly1305 lightweightChacha = new ChaCha20Poly1305();
        KeyParameter chachaParameter = new KeyParameter(key);
        compare(
                "ChaCha20-Poly1305, 16 KiB",
                () -> {
                    count(nonce);
                    chacha.init(Cipher.ENCRYPT_MODE, chachaKey, new IvParameterSpec(nonce));
                    return chacha.doFinal(record, 0, record.length, out, 0);
                },
                () -> {
                    count(nonce);
                    lightweightChacha.init(true, new ParametersWithIV(chachaParameter, nonce));
                    int n = lightweightChacha.processBytes(record, 0, record.length, out, 0);
                    return n + lightweightChacha.doFinal(out, n);
                });
    }

    private static void count(byte[] nonce) {
        for (int i = nonce.length - 1; i >= 0 && ++nonce[i] == 0; i--) {
            // carry into the next byte
        }
    }

    private static void mlKem() throws Exception {
        JdkMlKem jdk = JdkMlKem.resolve(MlKem.ML_KEM_768);
        if (jdk == null) {
            System.out.println("ML-KEM-768: this JDK has none");
            return;
        }
        MlKem.Engine lightweight = new MlKem.Lightweight(MlKem.ML_KEM_768);
        compare("ML-KEM-768 generate", jdk::generate, lightweight::generate);
        byte[] share = jdk.generate().publicShare();
        compare("ML-KEM-768 encapsulate", () -> jdk.encapsulate(share), () -> lightweight.encapsulate(share));
        KeyExchange.Ephemeral one = jdk.generate();
        KeyExchange.Ephemeral other = lightweight.generate();
        byte[] toOne = lightweight.encapsulate(one.publicShare()).ciphertext();
        byte[] toOther = lightweight.encapsulate(other.publicShare()).ciphertext();
        compare("ML-KEM-768 decapsulate", () -> one.agree(toOne), () -> other.agree(toOther));
    }
}
