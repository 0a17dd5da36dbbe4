package org.jsspi.provider.crypto;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.Provider;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jsspi.SspiException;

/**
 * The record protection algorithms (RFC 8446 B.4), served by JCA.
 *
 * <p>The provider is the first in provider order that offers the transformation and works, except that one known to be
 * slow (bcprov's own JCA provider) comes last. The property {@code org.jsspi.provider.} plus the
 * transformation, for example {@code org.jsspi.provider.AES/GCM/NoPadding=SunJCE}, names the one provider to use; it is
 * read as a system property and then as a security property. AES-128 and AES-256 share their transformation and so
 * their property. The choice is made once, on the first cipher, and kept for the life of the JVM.
 *
 * <p>Hazards of the JDK's own ciphers, for whoever drives them: ChaCha20-Poly1305 refuses an {@code init} with key and
 * nonce of the {@code init} before, for the other mode too, and its {@code update} over ByteBuffers throws
 * ShortBufferException; AES-GCM refuses that reuse for encryption only.
 */
public enum Aead implements ProviderChoice.Primitive {
    /** AES-128 in Galois/Counter Mode (RFC 5116 5.1). */
    AES_128_GCM("AES/GCM/NoPadding", "AES", 16, Aead.GCM_RECORDS, Aead.GCM_FORGERIES),
    /** AES-256 in Galois/Counter Mode (RFC 5116 5.2). */
    AES_256_GCM("AES/GCM/NoPadding", "AES", 32, Aead.GCM_RECORDS, Aead.GCM_FORGERIES),
    /** ChaCha20 and Poly1305 (RFC 8439). */
    CHACHA20_POLY1305("ChaCha20-Poly1305", "ChaCha20", 32, Long.MAX_VALUE, Aead.CHACHA_FORGERIES);

    /** The length of a nonce in bytes. */
    public static final int IV_LENGTH = 12;
    /** The length of an authentication tag in bytes. */
    public static final int TAG_LENGTH = 16;

    // RFC 8446 5.5: 2^24.5 full-size records on one connection keep a margin of about 2^-57.
    private static final long GCM_RECORDS = 23_726_566L;
    // RFC 9147 4.5.3: 2^36 records may fail authentication under one key of AES-GCM or ChaCha20-Poly1305. (TLS over a
    // reliable stream ends at the first; a datagram protocol counts.)
    private static final long GCM_FORGERIES = 1L << 36;
    private static final long CHACHA_FORGERIES = 1L << 36;

    private static final Aead[] ALL = values();

    private final String transformation;
    private final String keyAlgorithm;
    private final int keyLength;
    private final long confidentialityLimit;
    private final long integrityLimit;
    private volatile Provider provider;

    Aead(String transformation, String keyAlgorithm, int keyLength, long confidentialityLimit, long integrityLimit) {
        this.transformation = transformation;
        this.keyAlgorithm = keyAlgorithm;
        this.keyLength = keyLength;
        this.confidentialityLimit = confidentialityLimit;
        this.integrityLimit = integrityLimit;
    }

    /** {@return the algorithm whose keys are of this kind, {@code AES} or {@code ChaCha20}, and have so many bytes} */
    public static Aead of(String keyAlgorithm, int keyLength) {
        for (Aead aead : ALL) {
            if (aead.keyLength == keyLength && aead.keyAlgorithm.equals(keyAlgorithm)) {
                return aead;
            }
        }
        throw new IllegalArgumentException("keys of " + keyAlgorithm + " with " + keyLength + " bytes");
    }

    /** {@return the JCA transformation: {@code AES/GCM/NoPadding}} */
    public String transformation() {
        return transformation;
    }

    /** {@return the length of a key in bytes} */
    public int keyLength() {
        return keyLength;
    }

    /** {@return the length of a nonce in bytes} */
    public int ivLength() {
        return IV_LENGTH;
    }

    /**
     * {@return how many bytes of the nonce TLS 1.2 takes from the keys: 4 for AES-GCM, whose other 8 travel in the record (RFC
     * 5288 3); all for ChaCha20-Poly1305 (RFC 7905 2)}
     */
    public int fixedIvLength() {
        return this == CHACHA20_POLY1305 ? IV_LENGTH : 4;
    }

    /** {@return the length of an authentication tag in bytes} */
    public int tagLength() {
        return TAG_LENGTH;
    }

    /** {@return how many records one key may protect; {@code Long.MAX_VALUE} where the sequence number ends first} */
    public long confidentialityLimit() {
        return confidentialityLimit;
    }

    /** {@return how many records may fail to authenticate under one key} */
    public long integrityLimit() {
        return integrityLimit;
    }

    /** {@return whether some installed provider serves it; this makes the choice of the provider} */
    public boolean isAvailable() {
        try {
            newCipher();
            return true;
        } catch (SspiException e) {
            return false;
        }
    }

    /**
     * {@return a cipher that is not initialised yet, of the chosen provider}
     *
     * @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider serves it, or not the one that was named
     */
    public Cipher newCipher() throws SspiException {
        Provider chosen = provider();
        try {
            return Cipher.getInstance(transformation, chosen);
        } catch (GeneralSecurityException e) {
            throw Failures.unsupported(chosen.getName() + " no longer offers " + transformation, e);
        }
    }

    /** {@return whether nothing is left of the keys this cipher worked with last: their schedule has made room for that of a public key} */
    public boolean forget(Cipher cipher) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key(new byte[keyLength]), parameters(new byte[IV_LENGTH]));
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /**
     * {@return whether the ciphers copy every array as a whole and work on direct buffers in place: a native provider's may}
     *
     * @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider serves it, or not the one that was named
     */
    public boolean copiesArrays() throws SspiException {
        return ProviderChoice.copiesArrays(provider());
    }

    private Provider provider() throws SspiException {
        Provider chosen = provider;
        if (chosen == null) {
            chosen = choose();
            provider = chosen;
        }
        return chosen;
    }

    /**
     * {@return a key for the cipher, with a copy of the bytes}
     *
     * <p>It is {@code Destroyable}; ciphers keep their own schedule, so it may be destroyed as soon as it is never used
     * for {@code init} again.
     *
     * @throws IllegalArgumentException if there are not exactly {@link #keyLength()} bytes
     */
    public SecretKey key(byte[] bytes) {
        if (bytes.length != keyLength) {
            throw new IllegalArgumentException(this + " has keys of " + keyLength + " bytes, not " + bytes.length);
        }
        return new KeyBytes(bytes, keyAlgorithm);
    }

    /** {@return a key for the cipher, with a copy of the secret} */
    public SecretKey key(Secret secret) {
        return key(secret.bytes());
    }

    /**
     * {@return the parameters for one record, with a copy of the nonce: all that a record needs to allocate here}
     *
     * @param nonce {@link #IV_LENGTH} bytes; stays the caller's, who may overwrite it for the next record
     */
    public AlgorithmParameterSpec parameters(byte[] nonce) {
        return this == CHACHA20_POLY1305 ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG_LENGTH, nonce);
    }

    Provider choose() throws SspiException {
        return ProviderChoice.choose(transformation, this);
    }

    /** Whether the provider offers the transformation and takes our keys: some exist for tokens alone. */
    @Override
    public boolean isServedBy(Provider candidate) {
        try {
            Cipher cipher = Cipher.getInstance(transformation, candidate);
            Key key = key(new byte[keyLength]);
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters(new byte[IV_LENGTH]));
            return cipher.doFinal(new byte[1]).length == 1 + TAG_LENGTH;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
