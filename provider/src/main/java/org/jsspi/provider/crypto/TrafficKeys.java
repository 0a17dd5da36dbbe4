package org.jsspi.provider.crypto;

import java.util.Arrays;
import java.util.Objects;
import javax.security.auth.Destroyable;

/**
 * What protects the records of one direction: the algorithm, its key and its initialization vector (RFC 8446 7.3, RFC 5246
 * 6.3).
 *
 * <p>Whoever installs them takes them over and destroys them. Not thread-safe.
 */
public final class TrafficKeys implements Destroyable, AutoCloseable {
    private static final byte[] NO_CONTEXT = {};

    private final Aead aead;
    private final Secret key;
    private final byte[] iv;
    private final boolean tls12;

    /**
     * Keys of known bytes, for records of TLS 1.3.
     *
     * @param key taken over; as long as the algorithm wants
     * @param iv copied; as long as the algorithm wants
     * @throws IllegalArgumentException if a length is not the algorithm's
     */
    public TrafficKeys(Aead aead, Secret key, byte[] iv) {
        this(aead, key, iv.clone(), aead.ivLength(), false);
    }

    /**
     * {@return keys for records of TLS 1.2}
     *
     * @param key taken over; as long as the algorithm wants
     * @param fixedIv copied; {@link Aead#fixedIvLength()} bytes
     * @throws IllegalArgumentException if a length is not the algorithm's
     */
    public static TrafficKeys tls12(Aead aead, Secret key, byte[] fixedIv) {
        return new TrafficKeys(aead, key, fixedIv.clone(), aead.fixedIvLength(), true);
    }

    /** @param iv taken over */
    private TrafficKeys(Aead aead, Secret key, byte[] iv, int ivLength, boolean tls12) {
        this.aead = Objects.requireNonNull(aead, "aead");
        this.key = Objects.requireNonNull(key, "key");
        this.iv = iv;
        this.tls12 = tls12;
        if (key.length() != aead.keyLength() || iv.length != ivLength) {
            throw new IllegalArgumentException(
                    "%s takes no key of %d bytes with an iv of %d".formatted(aead, key.length(), iv.length));
        }
    }

    /**
     * {@return the keys that a traffic secret stands for}
     *
     * @param trafficSecret stays the caller's
     */
    public static TrafficKeys derive(Hkdf hkdf, Aead aead, Secret trafficSecret) {
        // RFC 8446 7.3: [sender]_write_key and [sender]_write_iv
        try (Hkdf.Expansion expansion = hkdf.expansionOf(trafficSecret)) {
            Secret key = expansion.expandLabel("key", NO_CONTEXT, aead.keyLength());
            Secret iv = expansion.expandLabel("iv", NO_CONTEXT, aead.ivLength());
            return new TrafficKeys(aead, key, iv.bytes(), aead.ivLength(), false);
        }
    }

    /** {@return the algorithm} */
    public Aead aead() {
        return aead;
    }

    /** {@return the key, which these keys own} */
    public Secret key() {
        return key;
    }

    /** {@return whether they protect records as TLS 1.2 does (RFC 5246 6.2.3.3), and not as TLS 1.3 does} */
    public boolean isTls12() {
        return tls12;
    }

    /** {@return the live initialization vector, not a copy: {@link #destroy()} wipes it} */
    public byte[] iv() {
        return iv;
    }

    /** Overwrites key and initialization vector; doing it again does nothing. */
    @Override
    public void destroy() {
        key.destroy();
        Arrays.fill(iv, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return key.isDestroyed();
    }

    /** The same as {@link #destroy()}. */
    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return "TrafficKeys[" + aead + "]";
    }
}
