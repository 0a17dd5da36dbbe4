package org.jsspi.provider.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.security.auth.Destroyable;

/**
 * Bytes that must not outlive their use: a key, a traffic secret, a shared secret.
 *
 * <p>Equality is identity; compare contents with {@link #matches}, which takes the same time wherever the difference
 * is. {@link #destroy()} (or {@link #close()}) overwrites the bytes; afterwards the length is still known and the
 * contents throw. It is not thread-safe and not serializable: whoever holds it destroys
 * it.
 */
public final class Secret implements Destroyable, AutoCloseable {
    private final byte[] bytes;
    private boolean destroyed;

    private Secret(byte[] bytes) {
        this.bytes = Objects.requireNonNull(bytes, "bytes");
    }

    /**
     * {@return a secret that takes over the array, which it wipes when it is destroyed}
     *
     * @param bytes the caller hands over ownership and keeps no other use of it
     */
    public static Secret owning(byte[] bytes) {
        return new Secret(bytes);
    }

    /** {@return a secret with a copy of the array, which stays the caller's} */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /**
     * {@return the live array, not a copy: {@link #destroy()} wipes it}
     *
     * @throws IllegalStateException if the secret was destroyed
     */
    public byte[] bytes() {
        if (destroyed) {
            throw new IllegalStateException("the secret was destroyed");
        }
        return bytes;
    }

    /** {@return the number of bytes, before and after destruction} */
    public int length() {
        return bytes.length;
    }

    /** {@return a secret of its own life with the same bytes} */
    public Secret copy() {
        return copyOf(bytes());
    }

    /** {@return whether the contents are equal, in time that depends on the lengths only} */
    public boolean matches(byte[] other) {
        return MessageDigest.isEqual(bytes(), other);
    }

    /** {@return whether the contents are equal, in time that depends on the lengths only} */
    public boolean matches(Secret other) {
        return matches(other.bytes());
    }

    /** Overwrites the bytes with zeros; doing it again does nothing. */
    @Override
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + "]";
    }
}
