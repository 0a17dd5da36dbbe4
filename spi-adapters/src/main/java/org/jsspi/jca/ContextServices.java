package org.jsspi.jca;

import java.security.InvalidParameterException;
import java.security.Provider;
import java.util.List;
import java.util.Map;

/**
 * The services that a Provider registers for a package with datagram contexts: {@code Mac}, {@code Signature} and
 * {@code AlgorithmParameters}, all under the name of the package.
 *
 * <pre>{@code
 * ContextServices.of(this, "NTLM", List.of()).forEach(this::putService);
 * }</pre>
 */
public final class ContextServices {
    private static final String MAC = "Mac";
    private static final String SIGNATURE = "Signature";

    private ContextServices() {}

    /**
     * {@return the services of a package, for {@code Provider.putService}}
     *
     * @param provider the Provider that registers them
     * @param packageName the name of the package, which is the algorithm of its keys
     * @param aliases further names, maybe none
     */
    public static List<Provider.Service> of(Provider provider, String packageName, List<String> aliases) {
        Map<String, String> takesContextKeys = Map.of("SupportedKeyClasses", "org.jsspi.ContextKey");
        return List.of(
                new Entry(provider, MAC, packageName, "ContextMacSpi", aliases, takesContextKeys),
                new Entry(provider, SIGNATURE, packageName, "ContextSignatureSpi", aliases, takesContextKeys),
                new Entry(provider, "AlgorithmParameters", packageName, "SequenceParameters", aliases, Map.of()));
    }

    /** A service whose instances are made without reflection. It names its class, which is loaded when there is an instance. */
    private static final class Entry extends Provider.Service {
        Entry(
                Provider provider,
                String type,
                String packageName,
                String implementation,
                List<String> aliases,
                Map<String, String> attributes) {
            super(provider, type, packageName, "org.jsspi.jca." + implementation, aliases, attributes);
        }

        @Override
        public Object newInstance(Object constructorParameter) {
            if (constructorParameter != null) {
                throw new InvalidParameterException(
                        getType() + " " + getAlgorithm() + " takes no constructor parameter");
            }
            return switch (getType()) {
                case MAC -> new ContextMacSpi(getAlgorithm());
                case SIGNATURE -> new ContextSignatureSpi(getProvider(), getAlgorithm());
                default -> new SequenceParameters();
            };
        }
    }
}
