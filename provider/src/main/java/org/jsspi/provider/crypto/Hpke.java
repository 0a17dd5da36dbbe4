package org.jsspi.provider.crypto;

import java.util.Optional;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContext;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jsspi.SspiException;

/**
 * Hybrid public key encryption in mode base (RFC 9180), served by bcprov, with DHKEM(X25519, HKDF-SHA256).
 *
 * <p>The receiver's key lives long, and bcprov multiplies points of X25519 with a ladder whose steps do not depend on the key; of
 * the NIST curves one cannot say that, so their KEMs are not here.
 */
public final class Hpke {
    /** DHKEM(X25519, HKDF-SHA256), RFC 9180 7.1. */
    public static final int KEM_X25519 = 0x20;
    /** HKDF-SHA256, RFC 9180 7.2. */
    public static final int HKDF_SHA256 = 1;

    /** AES-128-GCM, AES-256-GCM and ChaCha20-Poly1305 are 1 to 3, RFC 9180 7.3: each adds a tag of 16 bytes. */
    public static final int EXPANSION = 16;

    /** The length of a public key of {@link #KEM_X25519}, encapsulated or not. */
    public static final int PUBLIC_KEY_LENGTH = X25519.POINT_SIZE;

    private static final int MOST_KDF = HPKE.kdf_HKDF_SHA512;
    private static final int MOST_AEAD = HPKE.aead_CHACHA20_POLY1305;

    private Hpke() {}

    /** {@return whether these numbers stand for something that is here} */
    public static boolean supports(int kem, int kdf, int aead) {
        return kem == KEM_X25519 && kdf >= HKDF_SHA256 && kdf <= MOST_KDF && aead >= 1 && aead <= MOST_AEAD;
    }

    /** {@return the number of one of the ciphers, any} */
    public static int anyAead() {
        return 1 + Randomness.secureRandom().nextInt(MOST_AEAD);
    }

    /**
     * Begins to encrypt to a public key.
     *
     * @throws SspiException illegal_parameter if the key is none that one can encrypt to
     */
    public static Sender sender(int kdf, int aead, byte[] publicKey, byte[] info) throws SspiException {
        if (publicKey.length != X25519.POINT_SIZE) {
            throw Failures.illegalParameter("an HPKE public key that is not as long as one of X25519", null);
        }
        HPKE hpke = hpke(kdf, aead);
        try {
            return new Sender(hpke.setupBaseS(hpke.deserializePublicKey(publicKey), info));
        } catch (RuntimeException e) {
            // RFC 9180 7.1.4: an all-zero result means a point of small order.
            throw Failures.illegalParameter("an HPKE public key of small order", e);
        }
    }

    /**
     * {@return what opens what was encrypted to a key, or empty if {@code enc} is no encapsulated key}
     *
     * @param privateKey stays the caller's
     */
    public static Optional<Receiver> receiver(int kdf, int aead, byte[] privateKey, byte[] enc, byte[] info) {
        if (enc.length != X25519.POINT_SIZE) {
            return Optional.empty();
        }
        X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(privateKey, 0);
        try {
            AsymmetricCipherKeyPair pair = new AsymmetricCipherKeyPair(key.generatePublicKey(), key);
            return Optional.of(new Receiver(hpke(kdf, aead).setupBaseR(enc, pair, info)));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static HPKE hpke(int kdf, int aead) {
        if (!supports(KEM_X25519, kdf, aead)) {
            throw new IllegalArgumentException("HPKE with KDF " + kdf + " and AEAD " + aead);
        }
        return new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, (short) kdf, (short) aead);
    }

    /** The side that has the public key only. Not thread-safe; messages are numbered. */
    public static final class Sender {
        private final HPKEContextWithEncapsulation context;

        private Sender(HPKEContextWithEncapsulation context) {
            this.context = context;
        }

        /** {@return the encapsulated key, which the receiver needs} */
        public byte[] encapsulated() {
            return context.getEncapsulation();
        }

        /** {@return the ciphertext, {@link #EXPANSION} bytes longer than the plaintext} */
        public byte[] seal(byte[] associatedData, byte[] plaintext) {
            try {
                return context.seal(associatedData, plaintext);
            } catch (InvalidCipherTextException e) {
                throw new IllegalStateException("HPKE does not encrypt", e);
            }
        }
    }

    /** The side that has the private key. Not thread-safe; messages are numbered. */
    public static final class Receiver {
        private final HPKEContext context;

        private Receiver(HPKEContext context) {
            this.context = context;
        }

        /** {@return the plaintext, or empty if this is not the next message to this key} */
        public Optional<byte[]> open(byte[] associatedData, byte[] ciphertext) {
            try {
                return Optional.of(context.open(associatedData, ciphertext));
            } catch (InvalidCipherTextException | RuntimeException e) {
                return Optional.empty();
            }
        }
    }
}
