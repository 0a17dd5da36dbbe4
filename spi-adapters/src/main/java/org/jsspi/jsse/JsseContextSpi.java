package org.jsspi.jsse;

import java.security.KeyManagementException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.CertificateTimestamps;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredentials;
import org.jsspi.EchKeys;
import org.jsspi.PreSharedKeys;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityPackage;
import org.jsspi.SspiException;
import org.jsspi.StatusResponses;

/**
 * An SSLContext over a security package: {@code init} acquires a credential, each engine and socket is a context made with
 * it. The sessions belong to the credential, so a second {@code init} begins with none.
 *
 * <p>The first X509KeyManager, the first {@link PreSharedKeys} and the first X509TrustManager of the arrays serve. Plain ones are
 * wrapped; for a plain X509TrustManager the name of the peer and the algorithm constraints of the connection are checked here,
 * an X509ExtendedTrustManager does that itself.
 */
public class JsseContextSpi extends SSLContextSpi {
    private final SecurityPackage securityPackage;
    private final List<String> protocols;
    private volatile JsseCredential credential;

    /**
     * A context that {@code init} has to complete.
     *
     * @param securityPackage a package whose contexts are stream contexts
     * @param clientProtocols the protocols that clients use unless told otherwise, best first, as far as the package has them;
     *     servers use all of the package, as the platform's contexts do, whatever their name. Null: what the system properties
     *     jdk.tls.client.protocols and jdk.tls.server.protocols name, or all of the package
     * @throws IllegalArgumentException if one of these properties names something that is no protocol
     */
    public JsseContextSpi(SecurityPackage securityPackage, List<String> clientProtocols) {
        if (clientProtocols == null) {
            ConnectionSettings.requireProtocols("jdk.tls.client.protocols", PlatformSettings.CLIENT_PROTOCOLS);
            ConnectionSettings.requireProtocols("jdk.tls.server.protocols", PlatformSettings.SERVER_PROTOCOLS);
        }
        this.securityPackage = Objects.requireNonNull(securityPackage, "securityPackage");
        this.protocols = clientProtocols == null ? null : List.copyOf(clientProtocols);
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws KeyManagementException {
        SchCredentials.Builder credentials = SchCredentials.builder();
        DelegatedCredentials delegated = null;
        if (!areOfThePlatform(keys)) {
            credentials
                    .statusResponses(ofKeys(keys, StatusResponses.class))
                    .certificateTimestamps(ofKeys(keys, CertificateTimestamps.class))
                    .preSharedKeys(preSharedKeys(keys))
                    .echKeys(ofKeys(keys, EchKeys.class));
            delegated = ofKeys(keys, DelegatedCredentials.class);
        }
        initialize(
                firstKeys(keys),
                firstTrust(trust),
                credentials,
                delegated,
                areOfThePlatform(trust) ? null : echConfigs(trust));
    }

    /** {@return whether none of these managers can know more than JSSE asks for: to ask them would load what there is to know} */
    private static boolean areOfThePlatform(Object[] managers) {
        for (Object manager : managers == null ? new Object[0] : managers) {
            if (manager != null && manager.getClass().getModule() != Object.class.getModule()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Acquires the credential.
     *
     * @param credentials what the managers know besides keys and trust
     * @param delegated keys that certificates have delegated to, or null
     * @param echConfigs where clients have the configurations of Encrypted Client Hello, or null
     */
    final void initialize(
            X509ExtendedKeyManager keys,
            X509ExtendedTrustManager trust,
            SchCredentials.Builder credentials,
            DelegatedCredentials delegated,
            EchConfigs echConfigs)
            throws KeyManagementException {
        SessionProperties.apply(credentials);
        try {
            CredHandle handle = securityPackage.acquireCredentialsHandle(null, CredentialUse.BOTH, credentials.build());
            JsseCredential complete = new JsseCredential(handle, keys, trust, delegated, echConfigs, protocols);
            SSLSessionContext sessions = complete.sessions(false);
            sessions.setSessionTimeout(SessionProperties.serverTimeout(sessions.getSessionTimeout()));
            credential = complete;
        } catch (SspiException e) {
            throw new KeyManagementException(e.getMessage(), e);
        }
    }

    static X509ExtendedKeyManager firstKeys(KeyManager[] candidates) {
        if (candidates != null) {
            for (KeyManager candidate : candidates) {
                if (candidate instanceof X509KeyManager keys) {
                    return keys instanceof X509ExtendedKeyManager extended ? extended : PlainKeys.of(keys);
                }
            }
        }
        return PlainKeys.of(null);
    }

    /** {@return the first X509TrustManager, if it has configurations of Encrypted Client Hello too; or null} */
    private static EchConfigs echConfigs(TrustManager[] candidates) {
        for (TrustManager candidate : candidates == null ? new TrustManager[0] : candidates) {
            if (candidate instanceof X509TrustManager) {
                return candidate instanceof EchConfigs configs ? configs : null;
            }
        }
        return null;
    }

    /** {@return the first X509KeyManager, if it knows this of its certificates too; or null} */
    private static <T> T ofKeys(KeyManager[] candidates, Class<T> knowledge) {
        for (KeyManager candidate : candidates == null ? new KeyManager[0] : candidates) {
            if (candidate instanceof X509KeyManager) {
                return knowledge.isInstance(candidate) ? knowledge.cast(candidate) : null;
            }
        }
        return null;
    }

    /** {@return the first keys that are pre-shared, or null} */
    private static PreSharedKeys preSharedKeys(KeyManager[] candidates) {
        for (KeyManager candidate : candidates == null ? new KeyManager[0] : candidates) {
            if (candidate instanceof PreSharedKeys keys) {
                return keys;
            }
        }
        return null;
    }

    static X509ExtendedTrustManager firstTrust(TrustManager[] candidates) {
        TrustManager[] asked = candidates == null ? platformTrust() : candidates;
        for (TrustManager candidate : asked) {
            if (candidate instanceof X509TrustManager trust) {
                return trust instanceof X509ExtendedTrustManager extended ? extended : PlainTrust.of(trust);
            }
        }
        return PlainTrust.of(null);
    }

    /** {@return the platform's trust: its default factory over its default roots; none where that fails} */
    private static TrustManager[] platformTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        } catch (NoSuchAlgorithmException | KeyStoreException | RuntimeException e) {
            // Without roots nobody is trusted: servers that ask for no certificate work, everyone else is refused.
            return new TrustManager[0];
        }
    }

    private JsseCredential credential() {
        JsseCredential current = credential;
        if (current == null) {
            throw new IllegalStateException("SSLContext is not initialized");
        }
        return current;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return engineCreateSSLEngine(null, -1);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        JsseCredential current = credential();
        return new JsseEngine(current, new ConnectionSettings(current, false), host, port, null);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return JsseSocketFactory.of(credential());
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return JsseServerSocketFactory.of(credential());
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return credential().sessions(true);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return credential().sessions(false);
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return new ConnectionSettings(credential(), true).parameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return ConnectionSettings.supported(credential());
    }
}
