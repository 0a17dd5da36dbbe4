package org.jsspi.provider.sasl;

import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.jsspi.SecurityPackage;

/** Makes servers of the SASL mechanism NTLM. */
public final class NtlmSaslServerFactory implements SaslServerFactory {
    private final SecurityPackage ntlm;

    /** A factory whose servers use this package, which must be NTLM. */
    public NtlmSaslServerFactory(SecurityPackage ntlm) {
        this.ntlm = ntlm;
    }

    /**
     * {@inheritDoc}
     *
     * @param handler is asked for RealmCallback, NameCallback and PasswordCallback, with the names that the client gave as
     *     defaults (no password: the user is unknown), and then for AuthorizeCallback. A handler that does not support the
     *     latter lets everybody act as himself
     */
    @Override
    public SaslServer createSaslServer(
            String mechanism, String protocol, String serverName, Map<String, ?> properties, CallbackHandler handler)
            throws SaslException {
        if (!Settings.MECHANISM.equals(mechanism) || !Settings.allowsNtlm(properties)) {
            return null;
        }
        Settings settings = Settings.of(protocol, properties);
        if (handler == null) {
            throw new SaslException("NTLM needs a callback handler for a realm, a name and a password");
        }
        return new NtlmSaslServer(ntlm, settings, serverName, handler);
    }

    @Override
    public String[] getMechanismNames(Map<String, ?> properties) {
        return Settings.mechanisms(properties);
    }
}
