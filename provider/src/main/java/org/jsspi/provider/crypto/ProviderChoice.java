package org.jsspi.provider.crypto;

import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.Set;
import org.jsspi.SspiException;

/**
 * Which JCA provider serves an algorithm. Record ciphers: the first in provider order that works, so that an installed native
 * provider is used, except that those known to be slow come last. Hashes: the platform's own first. Curves and ECDSA: bcprov's
 * lightweight API, unless somebody put a provider before the platform's; before it SunEC, while the JVM is young ({@link ColdStart}).
 *
 * <p>The property {@code org.jsspi.provider.} plus the algorithm's JCA name, for example
 * {@code org.jsspi.provider.AES/GCM/NoPadding=SunJCE}, names the one provider to use; it is read as a system property
 * and then as a security property.
 */
final class ProviderChoice {
    /** bcprov's JCA provider: its hashes, HMACs and record ciphers are 2 to 50 times slower than the JDK's. */
    private static final Set<String> SLOW = Set.of("BC");

    /**
     * Its native code gets a copy of every array that is handed to a cipher, the whole of it and back, however small the part
     * in question; what lies outside the heap it reads and writes where it is.
     */
    private static final Set<String> COPIES_ARRAYS = Set.of("Conscrypt");

    /** Our own verifies signatures of ECDSA with the classes that are chosen here. */
    private static final String OURS = "JSSPI";

    private static final int FIRST = 0;
    private static final int LAST = 2;

    /** What a provider is wanted for. */
    @FunctionalInterface
    interface Primitive {
        /** {@return whether this provider, which offers it, is of use for it} */
        boolean isServedBy(Provider candidate);
    }

    private ProviderChoice() {}

    /** @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider works, or not the one that was named */
    static Provider choose(String algorithm, Primitive primitive) throws SspiException {
        return choose(algorithm, primitive, false);
    }

    /**
     * As {@link #choose(String, Primitive)}, but the platform's own come before all others.
     *
     * @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider works, or not the one that was named
     */
    static Provider choosePlatform(String algorithm, Primitive primitive) throws SspiException {
        return choose(algorithm, primitive, true);
    }

    private static Provider choose(String algorithm, Primitive primitive, boolean platformFirst) throws SspiException {
        String pinned = property("org.jsspi.provider." + algorithm);
        if (pinned != null) {
            Provider named = Security.getProvider(pinned);
            if (named == null || !primitive.isServedBy(named)) {
                throw Failures.unsupported("the provider " + pinned + " does not serve " + algorithm, null);
            }
            return named;
        }
        Provider[] candidates = Security.getProviders();
        for (int rank = FIRST; rank <= LAST; rank++) {
            for (Provider candidate : candidates) {
                if (rank(candidate, platformFirst) == rank && primitive.isServedBy(candidate)) {
                    return candidate;
                }
            }
        }
        throw Failures.unsupported("no installed provider serves " + algorithm, null);
    }

    /** Providers of one rank are asked in their own order. */
    private static int rank(Provider candidate, boolean platformFirst) {
        if (SLOW.contains(candidate.getName())) {
            return LAST;
        }
        return !platformFirst || isOfThePlatform(candidate) ? FIRST : FIRST + 1;
    }

    /**
     * The provider that is to be used in place of bcprov's lightweight API: one that a property names, or one that somebody has put
     * before the platform's own for this algorithm, which nobody does without a reason.
     *
     * @param name of the curve or signature, in the property {@code org.jsspi.provider.NAME}; the value {@code bcprov} asks for the lightweight API
     * @return empty for bcprov's lightweight API, also where the named one does not work
     */
    static Optional<Provider> preferred(String type, String algorithm, String name, Primitive primitive) {
        String pinned = property("org.jsspi.provider." + name);
        if (pinned != null) {
            return Optional.ofNullable(Security.getProvider(pinned)).filter(primitive::isServedBy);
        }
        for (Provider candidate : Security.getProviders()) {
            if (candidate.getService(type, algorithm) != null && !OURS.equals(candidate.getName())) {
                return isOfThePlatform(candidate)
                                || SLOW.contains(candidate.getName())
                                || !primitive.isServedBy(candidate)
                        ? Optional.empty()
                        : Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** {@return whether a property names who is {@link #preferred}, be it bcprov} */
    static boolean isNamed(String name) {
        return property("org.jsspi.provider." + name) != null;
    }

    /** {@return whether the ciphers of the provider copy whole arrays, and direct buffers not at all} */
    static boolean copiesArrays(Provider provider) {
        return COPIES_ARRAYS.contains(provider.getName());
    }

    static boolean isOfThePlatform(Provider candidate) {
        ClassLoader loader = candidate.getClass().getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** The value of a system property, otherwise of the security property of the same name, otherwise null. */
    static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            value = Security.getProperty(name);
        }
        return value == null || value.isBlank() ? null : value.strip();
    }
}
