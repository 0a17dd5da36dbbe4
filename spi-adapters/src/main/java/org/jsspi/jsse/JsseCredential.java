package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.DelegatedCredentials;
import org.jsspi.Identity;
import org.jsspi.SspiException;

/** What an initialised SSLContext gives to each of its connections: the credential, the managers, the lists. Safe for all threads. */
final class JsseCredential {
    private final CredHandle handle;
    private final X509ExtendedKeyManager keys;
    private final X509ExtendedTrustManager trust;
    private final DelegatedCredentials delegated;
    private final EchConfigs echConfigs;
    private final List<String> supportedProtocols;
    private final List<String> clientProtocols;
    private final List<String> serverProtocols;
    private final List<String> supportedCipherSuites;
    private final List<String> clientCipherSuites;
    private final List<String> serverCipherSuites;
    private final JsseSessionContext clientSessions;
    private final JsseSessionContext serverSessions;
    // What a connection was told last: the others are mostly told the same, and share the list.
    private volatile List<String> lastProtocols = List.of();
    private volatile List<String> lastCipherSuites = List.of();

    /**
     * Asks the credential for its lists.
     *
     * @param delegated keys that certificates have delegated to, or null
     * @param echConfigs where clients have the configurations of Encrypted Client Hello, or null
     * @param protocols what clients use unless told otherwise, as far as it is supported; servers use the credential's. Null:
     *     what system properties name, or the credential's
     */
    JsseCredential(
            CredHandle handle,
            X509ExtendedKeyManager keys,
            X509ExtendedTrustManager trust,
            DelegatedCredentials delegated,
            EchConfigs echConfigs,
            List<String> protocols)
            throws SspiException {
        this.handle = handle;
        this.keys = keys;
        this.trust = trust;
        this.delegated = delegated;
        this.echConfigs = echConfigs;
        this.supportedProtocols = handle.queryCredentialsAttributes(CredentialAttribute.PROTOCOLS);
        List<String> usual = handle.queryCredentialsAttributes(CredentialAttribute.DEFAULT_PROTOCOLS);
        List<String> customized = protocols == null ? PlatformSettings.CLIENT_PROTOCOLS : protocols;
        this.clientProtocols = named(customized, supportedProtocols, usual);
        this.serverProtocols =
                protocols == null ? named(PlatformSettings.SERVER_PROTOCOLS, supportedProtocols, usual) : usual;
        this.supportedCipherSuites = handle.queryCredentialsAttributes(CredentialAttribute.CIPHER_SUITES);
        List<String> suites = handle.queryCredentialsAttributes(CredentialAttribute.DEFAULT_CIPHER_SUITES);
        List<String> client = named(PlatformSettings.CLIENT_CIPHER_SUITES, supportedCipherSuites, suites);
        List<String> server = named(PlatformSettings.SERVER_CIPHER_SUITES, supportedCipherSuites, suites);
        // As the platform's provider: a property that names no suite that there is does not leave us without any.
        this.clientCipherSuites = client.isEmpty() ? suites : client;
        this.serverCipherSuites = server.isEmpty() ? suites : server;
        this.clientSessions =
                new JsseSessionContext(handle.queryCredentialsAttributes(CredentialAttribute.INITIATOR_SESSIONS));
        this.serverSessions =
                new JsseSessionContext(handle.queryCredentialsAttributes(CredentialAttribute.ACCEPTOR_SESSIONS));
    }

    /** {@return what the property names and is supported, in its order; without the property the usual} */
    private static List<String> named(List<String> property, List<String> supported, List<String> usual) {
        return property == null
                ? usual
                : property.stream().filter(supported::contains).toList();
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

    /** {@return identities with keys that this certificate has delegated to, best first} */
    List<Identity> delegatedBy(X509Certificate certificate) {
        List<Identity> found = delegated == null ? null : delegated.delegatedBy(certificate);
        return found == null ? List.of() : found;
    }

    /** {@return where clients have the configurations of Encrypted Client Hello, or null} */
    EchConfigs echConfigs() {
        return echConfigs;
    }

    List<String> supportedProtocols() {
        return supportedProtocols;
    }

    List<String> defaultProtocols(boolean client) {
        return client ? clientProtocols : serverProtocols;
    }

    /** {@return an equal list, which connections that are told the same have in common} */
    List<String> sharedProtocols(List<String> names) {
        List<String> last = lastProtocols;
        if (!names.equals(last)) {
            lastProtocols = names;
            return names;
        }
        return last;
    }

    List<String> supportedCipherSuites() {
        return supportedCipherSuites;
    }

    List<String> defaultCipherSuites(boolean client) {
        return client ? clientCipherSuites : serverCipherSuites;
    }

    /** {@return an equal list, which connections that are told the same have in common} */
    List<String> sharedCipherSuites(List<String> names) {
        List<String> last = lastCipherSuites;
        if (!names.equals(last)) {
            lastCipherSuites = names;
            return names;
        }
        return last;
    }

    SSLSessionContext sessions(boolean client) {
        return client ? clientSessions : serverSessions;
    }
}
