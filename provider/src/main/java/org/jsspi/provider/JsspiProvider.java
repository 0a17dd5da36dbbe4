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

    private static final String DESCRIPTION = "META-INF/provider.properties";
    private static final Properties SELF = description();

    /** The provider, not yet registered anywhere. */
    public JsspiProvider() {
        super(self("name"), self("version"), self("info"));
        putService(new Entry(
                this,
                SecurityPackage.SERVICE_TYPE,
                SchannelPackage.NAME,
                SchannelPackage.class,
                SchannelPackage.ALIASES,
                SecurityPackage.attributesOf(SchannelPackage.INFO),
                SchannelPackage::new));
        if (NtlmPackage.isAllowed()) {
            putService(new Entry(
                    this,
                    SecurityPackage.SERVICE_TYPE,
                    NtlmPackage.NAME,
                    NtlmPackage.class,
                    List.of(),
                    SecurityPackage.attributesOf(NtlmPackage.INFO),
                    NtlmPackage::new));
            ContextServices.of(this, NtlmPackage.NAME, List.of()).forEach(this::putService);
            putService(new Entry(
                    this,
                    "SaslClientFactory",
                    NtlmPackage.NAME,
                    NtlmSaslClientFactory.class,
                    List.of(),
                    Map.of(),
                    () -> new NtlmSaslClientFactory(new NtlmPackage())));
            putService(new Entry(
                    this,
                    "SaslServerFactory",
                    NtlmPackage.NAME,
                    NtlmSaslServerFactory.class,
                    List.of(),
                    Map.of(),
                    () -> new NtlmSaslServerFactory(new NtlmPackage())));
        }
        if (VerifyOnlySignature.isWanted()) {
            VerifyOnlySignature.SERVICES.forEach((algorithm, names) -> putService(new Entry(
                    this,
                    "Signature",
                    algorithm,
                    VerifyOnlySignature.class,
                    names,
                    Map.of("SupportedKeyClasses", "java.security.interfaces.ECPublicKey"),
                    () -> new VerifyOnlySignature(algorithm))));
        }
        putService(context("TLS", List.of("SSL"), () -> new JsseContextSpi(new SchannelPackage(), null)));
        putService(context("TLSv1.2", List.of(), () -> new JsseContextSpi(new SchannelPackage(), List.of("TLSv1.2"))));
        putService(context(
                "TLSv1.3", List.of(), () -> new JsseContextSpi(new SchannelPackage(), List.of("TLSv1.3", "TLSv1.2"))));
        putService(context("Default", List.of(), () -> new DefaultContextSpi(new SchannelPackage())));
        putService(keys("SunX509", List.of()));
        putService(keys("NewSunX509", List.of("PKIX")));
        putService(trust("PKIX", List.of("SunPKIX", "X509", "X.509")));
        putService(trust("SunX509", List.of()));
    }

    private Entry keys(String name, List<String> aliases) {
        return new Entry(
                this,
                "KeyManagerFactory",
                name,
                JsseKeyManagerFactorySpi.class,
                aliases,
                Map.of(),
                () -> new JsseKeyManagerFactorySpi(name));
    }

    private Entry trust(String name, List<String> aliases) {
        return new Entry(
                this,
                "TrustManagerFactory",
                name,
                JsseTrustManagerFactorySpi.class,
                aliases,
                Map.of(),
                () -> new JsseTrustManagerFactorySpi(name));
    }

    private Entry context(String name, List<String> aliases, Maker maker) {
        return new Entry(this, "SSLContext", name, JsseContextSpi.class, aliases, Map.of(), maker);
    }

    /** Makes what a service stands for. */
    private interface Maker {
        Object make() throws GeneralSecurityException, IOException;
    }

    /** A service whose instances are made without reflection: nothing is looked up by name, on any kind of path. */
    private static final class Entry extends Service {
        private final Maker maker;

        Entry(
                Provider provider,
                String type,
                String algorithm,
                Class<?> implementation,
                List<String> aliases,
                Map<String, String> attributes,
                Maker maker) {
            super(provider, type, algorithm, implementation.getName(), aliases, attributes);
            this.maker = maker;
        }

        @Override
        public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            if (parameter != null) {
                throw new InvalidParameterException(getType() + " takes no constructor parameter");
            }
            try {
                return maker.make();
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
