package org.jsspi.provider.sasl;

import java.util.Map;
import javax.security.auth.callback.CallbackHandler;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslClientFactory;
import javax.security.sasl.SaslException;
import org.jsspi.SecurityPackage;

/** Makes clients of the SASL mechanism NTLM. */
public final class NtlmSaslClientFactory implements SaslClientFactory {
    private final SecurityPackage ntlm;

    /** A factory whose clients use this package, which must be NTLM. */
    public NtlmSaslClientFactory(SecurityPackage ntlm) {
        this.ntlm = ntlm;
    }

    /**
     * {@inheritDoc}
     *
     * @param handler is asked for RealmCallback, NameCallback and PasswordCallback, with the server's name and the
     *     authorization id as defaults
     */
    @Override
    public SaslClient createSaslClient(
            String[] mechanisms,
            String authorizationId,
            String protocol,
            String serverName,
            Map<String, ?> properties,
            CallbackHandler handler)
            throws SaslException {
        for (String mechanism : mechanisms) {
            if (Settings.MECHANISM.equals(mechanism) && Settings.allowsNtlm(properties)) {
                Settings settings = Settings.of(protocol, properties);
                if (handler == null) {
                    throw new SaslException("NTLM needs a callback handler for a realm, a name and a password");
                }
                return new NtlmSaslClient(ntlm, settings, authorizationId, protocol, serverName, handler);
            }
        }
        return null;
    }

    @Override
    public String[] getMechanismNames(Map<String, ?> properties) {
        return Settings.mechanisms(properties);
    }
}
