package org.jsspi.jsse;

import java.util.List;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.SspiException;

/** What an initialised SSLContext gives to each of its connections: the credential, the managers, the lists. Immutable. */
final class JsseCredential {
    private final CredHandle handle;
    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager trust;
    private final List<String> supportedProtocols;
    private final List<String> defaultProtocols;
    private final List<String> supportedCipherSuites;
    private final List<String> defaultCipherSuites;
    private final JsseSessionContext clientSessions;
    private final JsseSessionContext serverSessions;

    /**
     * Asks the credential for its lists.
     *
     * @param protocols the protocols that connections use unless told otherwise; null: those of the credential
     */
    JsseCredential(
            CredHandle handle, X509ExtendedKeyManager keys, X509ExtendedTrustManager trust, List<String> protocols)
            throws SspiException {
        this.handle = handle;
        this.keys = keys;
        this.trust = trust;
        this.supportedProtocols = handle.queryCredentialsAttributes(CredentialAttribute.PROTOCOLS);
        this.defaultProtocols = protocols == null
                ? handle.queryCredentialsAttributes(CredentialAttribute.DEFAULT_PROTOCOLS)
                : List.copyOf(protocols);
        this.supportedCipherSuites = handle.queryCredentialsAttributes(CredentialAttribute.CIPHER_SUITES);
        this.defaultCipherSuites = handle.queryCredentialsAttributes(CredentialAttribute.DEFAULT_CIPHER_SUITES);
        this.clientSessions =
                new JsseSessionContext(handle.queryCredentialsAttributes(CredentialAttribute.INITIATOR_SESSIONS));
        this.serverSessions =
                new JsseSessionContext(handle.queryCredentialsAttributes(CredentialAttribute.ACCEPTOR_SESSIONS));
    }

    CredHandle handle() {
        return handle;
    }

    X509ExtendedKeyManager keys() {
        return keys;
    }

    X509ExtendedTrustManager trust() {
        return trust;
    }

    List<String> supportedProtocols() {
        return supportedProtocols;
    }

    List<String> defaultProtocols() {
        return defaultProtocols;
    }

    List<String> supportedCipherSuites() {
        return supportedCipherSuites;
    }

    List<String> defaultCipherSuites() {
        return defaultCipherSuites;
    }

    SSLSessionContext sessions(boolean client) {
        return client ? clientSessions : serverSessions;
    }
}
