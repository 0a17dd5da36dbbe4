package org.jsspi.provider.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jsspi.provider.wire.Pool;

/**
 * The hash functions of cipher suites and signatures (FIPS 180-4), served by the platform's providers first: a native one pays for
 * its way into native code with every one of the short inputs of a handshake (Conscrypt's HMAC under a fresh key takes five times
 * as long). bcprov's slower JCA provider is the last.
 *
 * <p>The providers of digest and Mac are chosen once, on first use, and kept for the life of the JVM; the properties
 * {@code org.jsspi.provider.SHA-256} and {@code org.jsspi.provider.HmacSHA256} (and so on) name them.
 */
public enum HashAlgorithm implements ProviderChoice.Primitive {
    /** SHA-256: 32 bytes. */
    SHA256("SHA-256", "HmacSHA256", 32, 64),
    /** SHA-384: 48 bytes. */
    SHA384("SHA-384", "HmacSHA384", 48, 128),
    /** SHA-512: 64 bytes. */
    SHA512("SHA-512", "HmacSHA512", 64, 128);

    private final String jcaName;
    private final String macName;
    private final int length;
    private final int blockLength;

    // Never fed and never given a key: what callers get are clones, a tenth of the price of a look-up by name. Benign
    // races: every writer writes an equivalent value.
    private volatile MessageDigest freshDigest;
    private volatile Mac freshMac;
    private volatile byte[] emptyHash;
    private final Pool<Mac> macs = new Pool<>();
    private final SecretKey emptyMacKey;
    private final Hkdf hkdf = new Hkdf(this);

    HashAlgorithm(String jcaName, String macName, int length, int blockLength) {
        this.jcaName = jcaName;
        this.macName = macName;
        this.length = length;
        this.blockLength = blockLength;
        // RFC 2104: a key is filled with zeros to the block, so a single zero byte is the empty key, which some
        // providers refuse.
        this.emptyMacKey = new KeyBytes(new byte[1], macName);
    }

    /** {@return the standard name of the message digest: {@code SHA-256}} */
    public String jcaName() {
        return jcaName;
    }

    /** {@return the standard name of the Mac: {@code HmacSHA256}} */
    public String macName() {
        return macName;
    }

    /** {@return the length of a hash in bytes} */
    public int length() {
        return length;
    }

    /** {@return the length of an input block in bytes} */
    public int blockLength() {
        return blockLength;
    }

    /** {@return HKDF over this hash: the same for everybody, as it holds no key} */
    public Hkdf hkdf() {
        return hkdf;
    }

    /**
     * {@return a new digest, which the caller may clone to fork a running hash}
     *
     * @throws IllegalStateException if no provider serves it, or not the one that a property names
     */
    public MessageDigest newDigest() {
        try {
            MessageDigest fresh = freshDigest;
            if (fresh == null) {
                fresh = MessageDigest.getInstance(jcaName, ProviderChoice.choosePlatform(jcaName, this));
                freshDigest = fresh;
            }
            return (MessageDigest) fresh.clone();
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("no provider offers a cloneable " + jcaName, e);
        }
    }

    /** {@return whether the provider has a digest that is of use} */
    @Override
    public boolean isServedBy(Provider candidate) {
        try {
            // A transcript hash is forked at every stage, so a digest that cannot be is of no use.
            return MessageDigest.getInstance(jcaName, candidate).clone() != null;
        } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
            return false;
        }
    }

    /** {@return the hash of the parts, in order} */
    public byte[] hash(byte[]... parts) {
        MessageDigest digest = newDigest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** {@return the hash of the empty string, a copy that is the caller's} */
    public byte[] emptyHash() {
        return sharedEmptyHash().clone();
    }

    /** {@return the hash of the empty string, which nobody writes to} */
    byte[] sharedEmptyHash() {
        byte[] hash = emptyHash;
        if (hash == null) {
            hash = newDigest().digest();
            emptyHash = hash;
        }
        return hash;
    }

    /** {@return the HMAC (RFC 2104) of the parts, in order; Finished.verify_data is made with it (RFC 8446 4.4.4)} */
    public byte[] hmac(Secret key, byte[]... parts) {
        try (Hmac hmac = new Hmac(this, key)) {
            for (byte[] part : parts) {
                hmac.update(part);
            }
            return hmac.doFinal();
        }
    }

    /** {@return a Mac that still needs its key, from the pool if it has one} */
    Mac takeMac() {
        Mac pooled = macs.take();
        return pooled == null ? newMac() : pooled;
    }

    /** {@return the key of no bytes} */
    SecretKey emptyMacKey() {
        return emptyMacKey;
    }

    /** Gives a Mac back, under another key than it was used with. */
    void giveMac(Mac mac) {
        macs.give(mac);
    }

    private Mac newMac() {
        try {
            Mac fresh = freshMac;
            if (fresh == null) {
                fresh = Mac.getInstance(macName, ProviderChoice.choosePlatform(macName, this::authenticates));
                freshMac = fresh;
            }
            return copy(fresh);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no provider offers " + macName + " with raw keys", e);
        }
    }

    private static Mac copy(Mac fresh) throws NoSuchAlgorithmException {
        try {
            return (Mac) fresh.clone();
        } catch (CloneNotSupportedException e) {
            return Mac.getInstance(fresh.getAlgorithm(), fresh.getProvider());
        }
    }

    private boolean authenticates(Provider candidate) {
        try {
            Mac mac = Mac.getInstance(macName, candidate);
            mac.init(emptyMacKey);
            return mac.doFinal().length == length;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
