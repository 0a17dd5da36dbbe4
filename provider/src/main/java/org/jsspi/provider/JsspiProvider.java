package org.jsspi.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jsspi.SecurityPackage;
import org.jsspi.jca.ContextServices;
import org.jsspi.jsse.DefaultContextSpi;
import org.jsspi.jsse.JsseContextSpi;
import org.jsspi.jsse.JsseKeyManagerFactorySpi;
import org.jsspi.jsse.JsseTrustManagerFactorySpi;
import org.jsspi.provider.crypto.VerifyOnlySignature;
import org.jsspi.provider.ntlm.NtlmPackage;
import org.jsspi.provider.sasl.NtlmSaslClientFactory;
import org.jsspi.provider.sasl.NtlmSaslServerFactory;
import org.jsspi.provider.tls.SchannelPackage;

/**
 * The provider JSSPI: one {@link Provider} for every security package.
 *
 * <p>It is found by {@code Security.addProvider(new JsspiProvider())}, by its name in a {@code java.security} file, and by
 * {@link java.util.ServiceLoader}, on the class path and on the module path. Name, version and info come from
 * {@code META-INF/provider.properties}.
 */
public final class JsspiProvider extends Provider {
    private static final long serialVersionUID = 1L;

    private static final String SASL_CLIENT = "SaslClientFactory";
    private static final String SASL_SERVER = "SaslServerFactory";
    private static final String SIGNATURE = "Signature";
    private static final String CONTEXT = "SSLContext";
    private static final String KEYS = "KeyManagerFactory";
    private static final String TRUST = "TrustManagerFactory";

    private static final String DESCRIPTION = "META-INF/provider.properties";
    private static final Properties SELF = description();

    /** The provider, not yet registered anywhere. */
    public JsspiProvider() {
        super(self("name"), self("version"), self("info"));
        putService(new Entry(
                this,
                SecurityPackage.SERVICE_TYPE,
                SchannelPackage.NAME,
                SchannelPackage.class.getName(),
                SchannelPackage.ALIASES,
                SecurityPackage.attributesOf(SchannelPackage.INFO)));
        if (NtlmPackage.isAllowed()) {
            putService(new Entry(
                    this,
                    SecurityPackage.SERVICE_TYPE,
                    NtlmPackage.NAME,
                    NtlmPackage.class.getName(),
                    List.of(),
                    SecurityPackage.attributesOf(NtlmPackage.INFO)));
            for (Service service : ContextServices.of(this, NtlmPackage.NAME, List.of())) {
                putService(service);
            }
            putService(entry(SASL_CLIENT, NtlmPackage.NAME, "org.jsspi.provider.sasl.NtlmSaslClientFactory"));
            putService(entry(SASL_SERVER, NtlmPackage.NAME, "org.jsspi.provider.sasl.NtlmSaslServerFactory"));
        }
        if (VerifyOnlySignature.isWanted()) {
            for (Map.Entry<String, List<String>> served : VerifyOnlySignature.SERVICES.entrySet()) {
                putService(new Entry(
                        this,
                        SIGNATURE,
                        served.getKey(),
                        VerifyOnlySignature.class.getName(),
                        served.getValue(),
                        Map.of("SupportedKeyClasses", "java.security.interfaces.ECPublicKey")));
            }
        }
        putService(entry(CONTEXT, "TLS", "org.jsspi.jsse.JsseContextSpi", "SSL"));
        putService(entry(CONTEXT, "TLSv1.2", "org.jsspi.jsse.JsseContextSpi"));
        putService(entry(CONTEXT, "TLSv1.3", "org.jsspi.jsse.JsseContextSpi"));
        putService(entry(CONTEXT, "Default", "org.jsspi.jsse.DefaultContextSpi"));
        putService(entry(KEYS, "SunX509", "org.jsspi.jsse.JsseKeyManagerFactorySpi"));
        putService(entry(KEYS, "NewSunX509", "org.jsspi.jsse.JsseKeyManagerFactorySpi", "PKIX"));
        putService(entry(TRUST, "PKIX", "org.jsspi.jsse.JsseTrustManagerFactorySpi", "SunPKIX", "X509", "X.509"));
        putService(entry(TRUST, "SunX509", "org.jsspi.jsse.JsseTrustManagerFactorySpi"));
    }

    /** Names its class, because the literal would load it, whether it is ever asked for or not. */
    private Entry entry(String type, String name, String implementation, String... aliases) {
        return new Entry(this, type, name, implementation, List.of(aliases), Map.of());
    }

    /** What a service stands for, made anew. A switch, because a function for each would have to be linked when the JVM starts. */
    private static Object make(String type, String name) throws GeneralSecurityException, IOException {
        return switch (type) {
            case SecurityPackage.SERVICE_TYPE ->
                name.equals(SchannelPackage.NAME) ? new SchannelPackage() : new NtlmPackage();
            case SASL_CLIENT -> new NtlmSaslClientFactory(new NtlmPackage());
            case SASL_SERVER -> new NtlmSaslServerFactory(new NtlmPackage());
            case SIGNATURE -> new VerifyOnlySignature(name);
            case KEYS -> new JsseKeyManagerFactorySpi(name);
            case TRUST -> new JsseTrustManagerFactorySpi(name);
            case CONTEXT -> context(name);
            default -> throw new NoSuchAlgorithmException(type);
        };
    }

    private static Object context(String name) throws GeneralSecurityException, IOException {
        return switch (name) {
            case "TLSv1.2" -> new JsseContextSpi(new SchannelPackage(), List.of("TLSv1.2"));
            case "TLSv1.3" -> new JsseContextSpi(new SchannelPackage(), List.of("TLSv1.3", "TLSv1.2"));
            case "Default" -> new DefaultContextSpi(new SchannelPackage());
            default -> new JsseContextSpi(new SchannelPackage(), null);
        };
    }

    /** A service whose instances are made without reflection: nothing is looked up by name, on any kind of path. */
    private static final class Entry extends Service {
        Entry(
                Provider provider,
                String type,
                String algorithm,
                String implementation,
                List<String> aliases,
                Map<String, String> attributes) {
            super(provider, type, algorithm, implementation, aliases, attributes);
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            if (parameter != null) {
                throw new InvalidParameterException(getType() + " takes no constructor parameter");
            }
            try {
                return make(getType(), getAlgorithm());
            } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
                throw new NoSuchAlgorithmException(getType() + " " + getAlgorithm() + " cannot be made", e);
            }
        }
    }

    private static String self(String key) {
        return SELF.getProperty("org.jsspi.provider." + key);
    }

    private static Properties description() {
        try {
            Module module = JsspiProvider.class.getModule();
            if (module.isNamed()) {
                return read(module.getResourceAsStream(DESCRIPTION));
            }
            // A class path is shared: the first file of this name may be another provider's.
            Iterator<URL> found = JsspiProvider.class
                    .getClassLoader()
                    .getResources(DESCRIPTION)
                    .asIterator();
            while (found.hasNext()) {
                Properties properties = read(found.next().openStream());
                if (properties.containsKey("org.jsspi.provider.name")) {
                    return properties;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(DESCRIPTION + " cannot be read", e);
        }
        throw new IllegalStateException(DESCRIPTION + " is missing beside " + JsspiProvider.class.getName());
    }

    private static Properties read(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        }
    }
}
