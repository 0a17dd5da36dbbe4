package org.jsspi.provider.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import javax.crypto.Mac;

/**
 * HMAC (RFC 2104) under one key, which computes any number of values one after the other.
 *
 * <p>Not thread-safe. {@link #close()} ends its use and wipes the copy of the key that this package made; what the
 * JCA provider keeps goes with the object.
 */
public final class Hmac implements AutoCloseable {
    private static final byte[] EMPTY = {0};

    private final Mac mac;
    private final KeyBytes key;

    /** An HMAC that copies the key, so the secret may be destroyed afterwards. */
    public Hmac(HashAlgorithm hash, Secret key) {
        this(hash, key.bytes());
    }

    Hmac(HashAlgorithm hash, byte[] key) {
        this.mac = hash.newMac();
        // RFC 2104: a key is filled with zeros to the block, so a single zero byte is the empty key, which some
        // providers refuse.
        this.key = new KeyBytes(key.length == 0 ? EMPTY : key, hash.macName());
        try {
            mac.init(this.key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the provider of " + hash.macName() + " refuses raw keys", e);
        }
    }

    /** Adds to the input. */
    public void update(byte[] part) {
        mac.update(part);
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
        key.destroy();
    }
}
