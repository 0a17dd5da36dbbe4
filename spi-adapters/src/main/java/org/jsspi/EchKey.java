package org.jsspi;

import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.KeyAgreement;
import javax.security.auth.Destroyable;

/**
 * A key that opens Encrypted Client Hellos, with its configuration (RFC 9849 4): of X25519, the KEM that everybody has (RFC 9849
 * 9). Whoever has it can read the names that clients asked this server for, also in what was recorded before. Safe for all threads.
 *
 * <pre>
 * EchKey key = EchKey.generate("public.example");
 * Files.writeString(file, key.toPem());                              // for the server, and for nobody else
 * byte[] list = EchConfig.encodeList(List.of(key.config()));         // for the DNS
 * </pre>
 */
public final class EchKey implements Destroyable {
    /** The number of DHKEM(X25519, HKDF-SHA256), RFC 9180 7.1. */
    public static final int X25519 = 0x20;

    private static final int KEY_LENGTH = 32;

    /** The u-coordinate of the base point, RFC 7748 4.1. */
    private static final BigInteger BASE = BigInteger.valueOf(9);

    private static final int HKDF_SHA256 = 1;

    /** AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305. */
    private static final List<EchConfig.CipherSuite> CIPHER_SUITES = List.of(
            new EchConfig.CipherSuite(HKDF_SHA256, 1),
            new EchConfig.CipherSuite(HKDF_SHA256, 2),
            new EchConfig.CipherSuite(HKDF_SHA256, 3));

    // RFC 9934 2: the private key in PKCS #8, then its ECHConfigList.
    private static final Pattern PEM_BLOCK =
            Pattern.compile("-----BEGIN (PRIVATE KEY|ECHCONFIG)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final class Random {
        static final SecureRandom SOURCE = new SecureRandom();
    }

    private final EchConfig config;
    private final byte[] privateKey;
    private final boolean retry;
    private volatile boolean destroyed;

    private EchKey(EchConfig config, byte[] privateKey, boolean retry) {
        this.config = config;
        this.privateKey = privateKey;
        this.retry = retry;
    }

    /** {@return a new key with a random id, for names of any length, which answers clients that have used something else} */
    public static EchKey generate(String publicName) {
        return generate(Random.SOURCE.nextInt(256), publicName, 0);
    }

    /**
     * {@return a new key, which answers clients that have used something else}
     *
     * @param configId 0 to 255: one that no other key of the server has
     * @param publicName the host name that clients send in the clear, for which the server has a certificate
     * @param maximumNameLength 0 to 255: the length of the longest name that is to be hidden, 0 if it is not known
     * @throws IllegalArgumentException as {@link EchConfig#of} does
     */
    public static EchKey generate(int configId, String publicName, int maximumNameLength) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] secret = ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow();
            byte[] share = encode(((XECPublicKey) pair.getPublic()).getU());
            return new EchKey(
                    EchConfig.of(configId, X25519, share, CIPHER_SUITES, maximumNameLength, publicName), secret, true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no provider makes keys of X25519", e);
        }
    }

    /**
     * {@return the key of a configuration}
     *
     * @param privateKey {@value #KEY_LENGTH} bytes, copied: the caller wipes its own
     * @param retry whether clients that have used something else are answered with the configuration
     * @throws IllegalArgumentException if it is not the key of the configuration, or that is none of X25519
     */
    public static EchKey of(EchConfig config, byte[] privateKey, boolean retry) {
        if (!config.isKnown() || config.kemId() != X25519 || privateKey.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a configuration or key that is not of X25519");
        }
        if (!MessageDigest.isEqual(publicKey(privateKey), config.publicKey())) {
            throw new IllegalArgumentException("a private key that does not belong to the configuration");
        }
        return new EchKey(config, privateKey.clone(), retry);
    }

    /**
     * {@return the keys in a file as RFC 9934 has it, one for each configuration of the private key}
     *
     * @param retry whether clients that have used something else are answered with these configurations
     * @throws SspiException SEC_E_INVALID_TOKEN if it is no such file, or no configuration belongs to its key
     */
    public static List<EchKey> fromPem(String pem, boolean retry) throws SspiException {
        byte[] secret = null;
        List<EchKey> keys = new ArrayList<>();
        Matcher block = PEM_BLOCK.matcher(pem);
        try {
            while (block.find()) {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                if (block.group(1).equals("PRIVATE KEY")) {
                    secret = scalar(der, secret);
                } else {
                    for (EchConfig config : EchConfig.decodeList(der)) {
                        if (secret != null
                                && config.kemId() == X25519
                                && MessageDigest.isEqual(publicKey(secret), config.publicKey())) {
                            keys.add(of(config, secret, retry));
                        }
                    }
                }
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw notPem(e);
        } finally {
            wipe(secret);
        }
        if (keys.isEmpty()) {
            throw notPem(null);
        }
        return List.copyOf(keys);
    }

    private static byte[] scalar(byte[] pkcs8, byte[] earlier) throws GeneralSecurityException {
        try {
            if (earlier != null) {
                throw new GeneralSecurityException("two private keys");
            }
            PrivateKey key = KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return ((XECPrivateKey) key)
                    .getScalar()
                    .orElseThrow(() -> new GeneralSecurityException("a private key without encoding"));
        } finally {
            wipe(pkcs8);
        }
    }

    private static SspiException notPem(Exception cause) {
        return new SspiException(
                SecurityStatus.SEC_E_INVALID_TOKEN,
                SspiException.Kind.KEY,
                "not a private key of X25519 with an ECHCONFIG that belongs to it (RFC 9934)",
                cause);
    }

    /** {@return key and configuration as a file (RFC 9934), which other servers take as well} */
    public String toPem() {
        byte[] secret = privateKey();
        byte[] pkcs8 = null;
        try {
            pkcs8 = KeyFactory.getInstance("X25519")
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, secret))
                    .getEncoded();
            return block("PRIVATE KEY", pkcs8) + block("ECHCONFIG", EchConfig.encodeList(List.of(config)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no provider encodes keys of X25519", e);
        } finally {
            wipe(secret);
            wipe(pkcs8);
        }
    }

    private static String block(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /** RFC 7748 6.1: the public key is the private key times the base point. */
    private static byte[] publicKey(byte[] privateKey) {
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519");
            PrivateKey secret = factory.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey));
            PublicKey base = factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, BASE));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(secret);
            agreement.doPhase(base, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no provider serves X25519", e);
        }
    }

    /** RFC 7748 5: least significant byte first. */
    private static byte[] encode(BigInteger u) {
        byte[] encoded = new byte[KEY_LENGTH];
        byte[] bigEndian = u.toByteArray();
        for (int i = 0; i < Math.min(KEY_LENGTH, bigEndian.length); i++) {
            encoded[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return encoded;
    }

    private static void wipe(byte[] secret) {
        if (secret != null) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    /** {@return what clients encrypt with} */
    public EchConfig config() {
        return config;
    }

    /** {@return whether clients that have used something else are answered with the configuration} */
    public boolean isRetry() {
        return retry;
    }

    /**
     * {@return a copy of the private key, which the caller wipes}
     *
     * @throws IllegalStateException if it was destroyed
     */
    public byte[] privateKey() {
        byte[] copy = privateKey.clone();
        // A copy that was made while the key was wiped is recognised as such: destroy() raises the flag first.
        VarHandle.acquireFence();
        if (destroyed) {
            wipe(copy);
            throw new IllegalStateException("the key was destroyed");
        }
        return copy;
    }

    /** Wipes the key: it opens nothing any more. */
    @Override
    public void destroy() {
        destroyed = true;
        VarHandle.fullFence();
        wipe(privateKey);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** {@return which it is, without the key} */
    @Override
    public String toString() {
        return "EchKey[" + config + "]";
    }
}
