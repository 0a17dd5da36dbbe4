package org.jsspi;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a side has keys that its certificates have delegated to (RFC 9345), which are made anew every few days. Asked in every full
 * handshake.
 *
 * <p>An {@code X509KeyManager} that implements this as well gives them to the connections of its {@code SSLContext}; it need not have the
 * key of a certificate itself. Callers of SSPI have {@link SchCredentials.Builder#identities}, where delegated ones stand before the others,
 * or choose in {@link ContextCallbacks#selectIdentity}.
 */
@FunctionalInterface
public interface DelegatedCredentials {
    /**
     * {@return identities with keys that this certificate has delegated to, best first; empty for none}
     *
     * <p>The first that the peer accepts stands for the certificate; where there is none, its own key does. What is thrown ends the
     * handshake.
     *
     * @param certificate that the key manager has chosen
     */
    List<Identity> delegatedBy(X509Certificate certificate);
}
