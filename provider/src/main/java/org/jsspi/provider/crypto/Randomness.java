package org.jsspi.provider.crypto;

import java.security.SecureRandom;

/**
 * The one source of random bytes: the platform's default {@link SecureRandom}.
 *
 * <p>It is the JDK's because its generator is many times faster than bcprov's, and one because each instance costs a
 * seeding. It is found on first use, never when a class of the provider is initialised.
 */
public final class Randomness {
    private static final class Holder {
        static final SecureRandom SHARED = new SecureRandom();
    }

    private Randomness() {}

    /** {@return the shared generator, which is thread-safe} */
    public static SecureRandom secureRandom() {
        return Holder.SHARED;
    }

    /** {@return fresh random bytes} */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        secureRandom().nextBytes(bytes);
        return bytes;
    }
}
