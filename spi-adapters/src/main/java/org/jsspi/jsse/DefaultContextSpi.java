package org.jsspi.jsse;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityPackage;

/**
 * The SSLContext named {@code Default}: keys from the system properties {@code javax.net.ssl.keyStore},
 * {@code keyStoreType}, {@code keyStoreProvider} and {@code keyStorePassword}, trust from {@code javax.net.ssl.trustStore}
 * and its sisters, or else from the platform's {@code cacerts}. It is complete when it is made.
 */
public final class DefaultContextSpi extends JsseContextSpi {
    private static final String NO_FILE = "NONE";

    /**
     * Reads the properties.
     *
     * @param securityPackage a package whose contexts are stream contexts
     * @throws IOException if the key store cannot be read
     * @throws GeneralSecurityException if it holds no usable keys, or the package gives no credential
     */
    public DefaultContextSpi(SecurityPackage securityPackage) throws IOException, GeneralSecurityException {
        super(securityPackage, null);
        initialize(firstKeys(keysOfProperties()), firstTrust(null), SchCredentials.builder(), null, null);
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("Default SSLContext is initialized automatically");
    }

    private static KeyManager[] keysOfProperties() throws IOException, GeneralSecurityException {
        String file = System.getProperty("javax.net.ssl.keyStore", "");
        if (file.isEmpty()) {
            return null;
        }
        String type = System.getProperty("javax.net.ssl.keyStoreType", KeyStore.getDefaultType());
        String provider = System.getProperty("javax.net.ssl.keyStoreProvider", "");
        String property = System.getProperty("javax.net.ssl.keyStorePassword", "");
        char[] password = property.isEmpty() ? null : property.toCharArray();
        try {
            KeyStore store = provider.isEmpty() ? KeyStore.getInstance(type) : KeyStore.getInstance(type, provider);
            // NONE: the key store lies in a token and not in a file.
            if (file.equals(NO_FILE)) {
                store.load(null, password);
            } else {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
                    store.load(in, password);
                }
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            // Keys of a token are protected by the token's own password.
            factory.init(store, file.equals(NO_FILE) && type.equalsIgnoreCase("PKCS11") ? null : password);
            return factory.getKeyManagers();
        } finally {
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }
}
