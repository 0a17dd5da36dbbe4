package org.jsspi.jsse;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertPathParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;

/**
 * The trust manager factory that programs find here when this provider stands before the platform's, or alone: the
 * platform's own where it is registered, and {@link PkixTrust} where it is not.
 */
public final class JsseTrustManagerFactorySpi extends TrustManagerFactorySpi {
    private static final String PLATFORM = "SunJSSE";
    private static final String NO_FILE = "NONE";

    /** The platform's; null: it is not in the list of providers. */
    private final TrustManagerFactory platform;

    private TrustManager trust;

    /**
     * Looks for the platform's factory.
     *
     * @param algorithm the platform's name for it
     * @throws NoSuchAlgorithmException if the platform's provider is registered and has no such factory
     */
    public JsseTrustManagerFactorySpi(String algorithm) throws NoSuchAlgorithmException {
        Provider provider = Security.getProvider(PLATFORM);
        platform = provider == null ? null : TrustManagerFactory.getInstance(algorithm, provider);
    }

    @Override
    protected void engineInit(KeyStore store) throws KeyStoreException {
        if (platform != null) {
            platform.init(store);
            return;
        }
        try {
            trust = new PkixTrust(trusted(store == null ? defaultStore() : store), null);
        } catch (IOException | GeneralSecurityException e) {
            throw new KeyStoreException("the trust store cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    protected void engineInit(ManagerFactoryParameters wish) throws InvalidAlgorithmParameterException {
        if (platform != null) {
            platform.init(wish);
            return;
        }
        if (!(wish instanceof CertPathTrustManagerParameters parameters)) {
            throw new InvalidAlgorithmParameterException("the parameters are not CertPathTrustManagerParameters");
        }
        CertPathParameters path = parameters.getParameters();
        if (!(path instanceof PKIXBuilderParameters pkix)) {
            throw new InvalidAlgorithmParameterException("the parameters are not PKIXBuilderParameters");
        }
        Set<X509Certificate> anchors = new HashSet<>();
        for (TrustAnchor anchor : pkix.getTrustAnchors()) {
            if (anchor.getTrustedCert() != null) {
                anchors.add(anchor.getTrustedCert());
            }
        }
        trust = new PkixTrust(anchors, pkix);
    }

    @Override
    protected TrustManager[] engineGetTrustManagers() {
        if (platform != null) {
            return platform.getTrustManagers();
        }
        if (trust == null) {
            throw new IllegalStateException("TrustManagerFactory is not initialized");
        }
        return new TrustManager[] {trust};
    }

    /** As the platform: certificates that were put there as trusted, and the own certificate of each key. */
    private static Set<X509Certificate> trusted(KeyStore store) throws KeyStoreException {
        Set<X509Certificate> anchors = new HashSet<>();
        for (String alias : Collections.list(store.aliases())) {
            if ((store.isCertificateEntry(alias) || store.isKeyEntry(alias))
                    && store.getCertificate(alias) instanceof X509Certificate certificate) {
                anchors.add(certificate);
            }
        }
        return anchors;
    }

    /** As the platform: javax.net.ssl.trustStore and its sisters, or else jssecacerts, or else cacerts. */
    private static KeyStore defaultStore() throws IOException, GeneralSecurityException {
        String file = System.getProperty("javax.net.ssl.trustStore", "");
        String type = System.getProperty("javax.net.ssl.trustStoreType", KeyStore.getDefaultType());
        String provider = System.getProperty("javax.net.ssl.trustStoreProvider", "");
        String property = System.getProperty("javax.net.ssl.trustStorePassword", "");
        if (file.isEmpty()) {
            Path security = Path.of(System.getProperty("java.home"), "lib", "security");
            Path own = security.resolve("jssecacerts");
            file = (Files.isReadable(own) ? own : security.resolve("cacerts")).toString();
        }
        char[] password = property.isEmpty() ? null : property.toCharArray();
        try {
            KeyStore store = provider.isEmpty() ? KeyStore.getInstance(type) : KeyStore.getInstance(type, provider);
            if (file.equals(NO_FILE) || !Files.isReadable(Path.of(file))) {
                // Where there is no file nobody is trusted.
                store.load(null, password);
            } else {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
                    store.load(in, password);
                }
            }
            return store;
        } finally {
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }
}
