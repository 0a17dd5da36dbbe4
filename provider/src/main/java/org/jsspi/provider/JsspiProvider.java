package org.jsspi.provider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.security.Provider;
import java.util.Iterator;
import java.util.Properties;

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
