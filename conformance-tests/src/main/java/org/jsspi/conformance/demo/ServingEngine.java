package org.jsspi.conformance.demo;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jsspi.Identity;

/**
 * A key manager with one identity that remembers which engine asked for it: HttpsServer keeps its engines to itself, and
 * this is where JSSE shows one to the application.
 */
final class ServingEngine extends X509ExtendedKeyManager {
    private static final String ALIAS = "demo";

    private final Identity identity;
    private volatile SSLEngine engine;

    ServingEngine(Identity identity) {
        this.identity = identity;
    }

    /** {@return the engine that asked last, or null} */
    SSLEngine engine() {
        return engine;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine asking) {
        if (!keyType.equals(identity.privateKey().getAlgorithm())) {
            return null;
        }
        engine = asking;
        return ALIAS;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return keyType.equals(identity.privateKey().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity.privateKey();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
