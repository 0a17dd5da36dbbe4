package org.jsspi.provider.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A raw JCA key that can be wiped, which {@code SecretKeySpec} cannot before JDK 25.
 *
 * <p>Unlike it, this accepts an empty key: HMAC is defined for one, and HKDF-Extract without salt is that case.
 */
final class KeyBytes implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private final transient String algorithm;
    private transient boolean destroyed;

    /** @param bytes copied */
    KeyBytes(byte[] bytes, String algorithm) {
        this(algorithm, bytes.clone());
    }

    private KeyBytes(String algorithm, byte[] bytes) {
        this.bytes = bytes;
        this.algorithm = algorithm;
    }

    /**
     * {@return a key for one {@code init}, over bytes that stay the caller's}
     *
     * @param bytes neither copied nor wiped here
     */
    static KeyBytes lent(byte[] bytes, String algorithm) {
        return new KeyBytes(algorithm, bytes);
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key was destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return algorithm + " key[" + bytes.length + "]";
    }

    private void writeObject(java.io.ObjectOutputStream out) throws java.io.NotSerializableException {
        throw new java.io.NotSerializableException(KeyBytes.class.getName());
    }

    private void readObject(java.io.ObjectInputStream in) throws java.io.NotSerializableException {
        throw new java.io.NotSerializableException(KeyBytes.class.getName());
    }
}
