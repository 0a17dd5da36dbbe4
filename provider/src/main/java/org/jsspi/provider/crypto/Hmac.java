package org.jsspi.provider.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * HMAC (RFC 2104) under one key, which computes any number of values one after the other.
 *
 * <p>Not thread-safe. {@link #close()} ends its use: its Mac, which is pooled, takes a key of zeros in place of this one.
 */
public final class Hmac implements AutoCloseable {
    private final HashAlgorithm hash;
    private Mac mac;

    /**
     * An HMAC under this key.
     *
     * @param key stays the caller's; may be destroyed afterwards
     */
    public Hmac(HashAlgorithm hash, Secret key) {
        this(hash, key.bytes());
    }

    /** @param key stays the caller's */
    Hmac(HashAlgorithm hash, byte[] key) {
        this.hash = hash;
        this.mac = hash.takeMac();
        init(key.length == 0 ? hash.emptyMacKey() : KeyBytes.lent(key, hash.macName()));
    }

    private void init(SecretKey key) {
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the provider of " + hash.macName() + " refuses raw keys", e);
        }
    }

    /** Adds to the input. */
    public void update(byte[] part) {
        mac.update(part);
    }

    /** Adds {@code length} bytes from {@code offset} to the input. */
    public void update(byte[] part, int offset, int length) {
        mac.update(part, offset, length);
    }

    /** Adds one byte to the input. */
    public void update(byte value) {
        mac.update(value);
    }

    /** {@return the value over the input; the next input starts anew under the same key} */
    public byte[] doFinal() {
        return mac.doFinal();
    }

    /** {@return whether the value over the input is the expected one, compared in constant time} */
    public boolean verifies(byte[] expected) {
        return MessageDigest.isEqual(doFinal(), expected);
    }

    @Override
    public void close() {
        if (mac != null) {
            init(hash.emptyMacKey());
            hash.giveMac(mac);
            mac = null;
        }
    }
}
