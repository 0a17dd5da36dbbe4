package org.jsspi.jsse;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.KeyStoreBuilderParameters;
import javax.net.ssl.ManagerFactoryParameters;

/**
 * The key manager factory that programs find here when this provider stands before the platform's, or alone: the platform's
 * own where it is registered, and {@link StoredKeys} where it is not.
 */
public final class JsseKeyManagerFactorySpi extends KeyManagerFactorySpi {
    private static final String PLATFORM = "SunJSSE";

    /** The platform's; null: it is not in the list of providers. */
    private final KeyManagerFactory platform;

    private StoredKeys keys;

    /**
     * Looks for the platform's factory.
     *
     * @param algorithm the platform's name for it
     * @throws NoSuchAlgorithmException if the platform's provider is registered and has no such factory
     */
    public JsseKeyManagerFactorySpi(String algorithm) throws NoSuchAlgorithmException {
        Provider provider = Security.getProvider(PLATFORM);
        platform = provider == null ? null : KeyManagerFactory.getInstance(algorithm, provider);
    }

    @Override
    protected void engineInit(KeyStore store, char[] password)
            throws KeyStoreException, NoSuchAlgorithmException, UnrecoverableKeyException {
        if (platform != null) {
            platform.init(store, password);
            return;
        }
        StoredKeys loaded = new StoredKeys();
        if (store != null) {
            loaded.add("", store, password);
        }
        keys = loaded;
    }

    @Override
    protected void engineInit(ManagerFactoryParameters wish) throws InvalidAlgorithmParameterException {
        if (platform != null) {
            platform.init(wish);
            return;
        }
        if (!(wish instanceof KeyStoreBuilderParameters parameters)) {
            throw new InvalidAlgorithmParameterException("the parameters are not KeyStoreBuilderParameters");
        }
        StoredKeys loaded = new StoredKeys();
        List<KeyStore.Builder> builders = parameters.getParameters();
        try {
            for (int i = 0; i < builders.size(); i++) {
                loaded.add(builders.size() == 1 ? "" : i + ".", builders.get(i));
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidAlgorithmParameterException("a key store cannot be read", e);
        }
        keys = loaded;
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        if (platform != null) {
            return platform.getKeyManagers();
        }
        if (keys == null) {
            throw new IllegalStateException("KeyManagerFactory is not initialized");
        }
        return new KeyManager[] {keys};
    }
}
