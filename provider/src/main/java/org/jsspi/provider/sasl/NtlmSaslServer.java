package org.jsspi.provider.sasl;

import java.io.IOException;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccounts;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecurityPackage;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** The server of one exchange: CHALLENGE for NEGOTIATE, and a judgement for AUTHENTICATE. */
final class NtlmSaslServer implements SaslServer {
    private final Exchange exchange;
    private final CallbackHandler handler;
    private final AscReq request;
    private String authorizationId;
    private String clientDomain;

    NtlmSaslServer(SecurityPackage ntlm, Settings settings, String serverName, CallbackHandler handler)
            throws SaslException {
        this.handler = handler;
        this.request = settings.qualities().stream().anyMatch(settings::encrypts)
                ? AscReq.CONFIDENTIALITY.or(AscReq.INTEGRITY)
                : settings.qualities().contains(Settings.AUTH_INT) ? AscReq.INTEGRITY : AscReq.NONE;
        try {
            exchange = new Exchange(
                    settings,
                    ntlm.acquireCredentialsHandle(
                            principal(settings.domain(), serverName), CredentialUse.INBOUND, (NtlmAccounts)
                                    this::account));
        } catch (SspiException e) {
            throw Exchange.failure("no credential for NTLM", e);
        }
    }

    /** {@return {@code DOMAIN\\computer}, one of them for both where the other is missing, or null for this machine} */
    private static String principal(String domain, String serverName) {
        boolean named = serverName != null && !serverName.isEmpty();
        if (domain == null || domain.isEmpty()) {
            return named ? serverName : null;
        }
        return domain + '\\' + (named ? serverName : domain);
    }

    private AuthIdentity account(String user, String domain) throws SspiException {
        RealmCallback realm = domain.isEmpty() ? new RealmCallback("Domain: ") : new RealmCallback("Domain: ", domain);
        PasswordCallback secret = new PasswordCallback("Password: ", false);
        char[] password = null;
        try {
            handler.handle(new Callback[] {realm, new NameCallback("Name: ", user), secret});
            password = secret.getPassword();
            return password == null ? null : AuthIdentity.of(user, domain, password);
        } catch (IOException | UnsupportedCallbackException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INTERNAL_ERROR,
                    SspiException.Kind.KEY,
                    "the callback handler cannot look up a password",
                    e);
        } finally {
            secret.clearPassword();
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    @Override
    public String getMechanismName() {
        return Settings.MECHANISM;
    }

    @Override
    public byte[] evaluateResponse(byte[] response) throws SaslException {
        exchange.requireRunning();
        SecBufferDesc output = Exchange.room();
        try {
            SecurityStatus status = exchange.context()
                    .acceptSecurityContext(
                            request,
                            ContextOptions.DEFAULT,
                            Exchange.token(response == null ? new byte[0] : response),
                            output);
            if (status != SecurityStatus.SEC_E_OK) {
                return output.get(0).toByteArray();
            }
            String name = exchange.context().queryContextAttributes(ContextAttribute.NAMES);
            int backslash = name.indexOf('\\');
            clientDomain = backslash < 0 ? "" : name.substring(0, backslash);
            authorizationId = authorize(name.substring(backslash + 1));
            AscRet agreed = exchange.context().acceptorAttributes();
            exchange.complete(agreed.has(AscRet.INTEGRITY), agreed.has(AscRet.CONFIDENTIALITY));
            return null;
        } catch (SspiException e) {
            throw exchange.failure(e);
        }
    }

    /** NTLM carries one name, so whoever authenticates asks to act as himself. */
    private String authorize(String user) throws SaslException {
        AuthorizeCallback callback = new AuthorizeCallback(user, user);
        try {
            handler.handle(new Callback[] {callback});
        } catch (UnsupportedCallbackException e) {
            // A handler written for the JDK's NTLM server, which never asks.
            return user;
        } catch (IOException e) {
            exchange.close();
            throw new SaslException("the callback handler cannot authorize", e);
        }
        if (!callback.isAuthorized()) {
            exchange.close();
            throw new SaslException("the user is authenticated but not authorized");
        }
        return callback.getAuthorizedID();
    }

    @Override
    public boolean isComplete() {
        return exchange.isComplete();
    }

    @Override
    public String getAuthorizationID() {
        exchange.requireComplete();
        return authorizationId;
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) throws SaslException {
        return exchange.wrap(outgoing, offset, length);
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) throws SaslException {
        return exchange.unwrap(incoming, offset, length);
    }

    /** {@inheritDoc} com.sun.security.sasl.ntlm.domain is the domain of the client's account. */
    @Override
    public Object getNegotiatedProperty(String name) {
        Object common = exchange.negotiated(name);
        return Settings.DOMAIN.equals(name) ? clientDomain : common;
    }

    @Override
    public void dispose() {
        exchange.close();
    }
}
