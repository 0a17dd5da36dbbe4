package org.jsspi.provider.crypto;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jsspi.SspiException;

/**
 * Which JCA provider serves a symmetric algorithm: the first in provider order that works, so that an installed native
 * provider is used, except that those known to be slow come last.
 *
 * <p>The property {@code org.jsspi.provider.} plus the algorithm's JCA name, for example
 * {@code org.jsspi.provider.AES/GCM/NoPadding=SunJCE}, names the one provider to use; it is read as a system property
 * and then as a security property.
 */
final class ProviderChoice {
    /** bcprov's JCA provider: its hashes, HMACs and record ciphers are 2 to 50 times slower than the JDK's. */
    private static final Set<String> SLOW = Set.of("BC");

    private ProviderChoice() {}

    /** @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider works, or not the one that was named */
    static Provider choose(String algorithm, Predicate<Provider> works) throws SspiException {
        String pinned = property("org.jsspi.provider." + algorithm);
        if (pinned != null) {
            Provider named = Security.getProvider(pinned);
            if (named == null || !works.test(named)) {
                throw Failures.unsupported("the provider " + pinned + " does not serve " + algorithm, null);
            }
            return named;
        }
        List<Provider> last = new ArrayList<>();
        for (Provider candidate : Security.getProviders()) {
            if (SLOW.contains(candidate.getName())) {
                last.add(candidate);
            } else if (works.test(candidate)) {
                return candidate;
            }
        }
        for (Provider candidate : last) {
            if (works.test(candidate)) {
                return candidate;
            }
        }
        throw Failures.unsupported("no installed provider serves " + algorithm, null);
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
