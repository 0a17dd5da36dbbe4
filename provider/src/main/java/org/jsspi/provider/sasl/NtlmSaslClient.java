package org.jsspi.provider.sasl;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.jsspi.AuthIdentity;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecurityPackage;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** The client of one exchange: NEGOTIATE without being asked, then AUTHENTICATE for CHALLENGE. */
final class NtlmSaslClient implements SaslClient {
    private static final int NETBIOS_DOMAIN_NAME = 2;

    private final Exchange exchange;
    private final String target;
    private final IscReq request;
    private boolean started;
    private String serverDomain;

    NtlmSaslClient(
            SecurityPackage ntlm,
            Settings settings,
            String authorizationId,
            String protocol,
            String serverName,
            CallbackHandler handler)
            throws SaslException {
        target = serverName == null || serverName.isEmpty() || protocol == null ? null : protocol + "/" + serverName;
        String wanted = settings.qualities().get(0);
        request = settings.encrypts(wanted)
                ? IscReq.CONFIDENTIALITY.or(IscReq.INTEGRITY)
                : wanted.equals(Settings.AUTH_INT) ? IscReq.INTEGRITY : IscReq.NONE;
        try (AuthIdentity identity = identity(authorizationId, serverName, handler)) {
            exchange = new Exchange(settings, ntlm.acquireCredentialsHandle(null, CredentialUse.OUTBOUND, identity));
        } catch (SspiException e) {
            throw Exchange.failure("no credential for NTLM", e);
        }
    }

    private static AuthIdentity identity(String authorizationId, String serverName, CallbackHandler handler)
            throws SaslException {
        RealmCallback realm =
                isEmpty(serverName) ? new RealmCallback("Realm: ") : new RealmCallback("Realm: ", serverName);
        NameCallback name = isEmpty(authorizationId)
                ? new NameCallback("User name: ")
                : new NameCallback("User name: ", authorizationId);
        PasswordCallback secret = new PasswordCallback("Password: ", false);
        char[] password = null;
        try {
            handler.handle(new Callback[] {realm, name, secret});
            password = secret.getPassword();
            String user = isEmpty(name.getName()) ? name.getDefaultName() : name.getName();
            if (isEmpty(user) || password == null) {
                throw new SaslException(
                        "the callback handler gave no " + (password == null ? "password" : "user name"));
            }
            String domain = realm.getText() == null ? "" : realm.getText();
            boolean chosen = !domain.isEmpty() && !domain.equals(serverName);
            // DOMAIN\\user and user@realm say where the account is; a realm that is only the default must not
            // contradict.
            boolean complete = user.indexOf('\\') > 0 || user.indexOf('@') > 0 && !chosen;
            return complete ? AuthIdentity.of(user, password) : AuthIdentity.of(user, domain, password);
        } catch (SaslException e) {
            throw e;
        } catch (IOException | UnsupportedCallbackException e) {
            throw new SaslException("the callback handler gave no user and password", e);
        } finally {
            secret.clearPassword();
            if (password != null) {
                Arrays.fill(password, '\0');
            }
        }
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }

    @Override
    public String getMechanismName() {
        return Settings.MECHANISM;
    }

    @Override
    public boolean hasInitialResponse() {
        return true;
    }

    @Override
    public byte[] evaluateChallenge(byte[] challenge) throws SaslException {
        exchange.requireRunning();
        SecBufferDesc output = Exchange.room();
        try {
            // What a server says before the first message is a greeting at most, and the JDK's client ignores it too.
            SecBufferDesc input = started ? Exchange.token(challenge == null ? new byte[0] : challenge) : null;
            SecurityStatus status = exchange.context()
                    .initializeSecurityContext(target, request, ContextOptions.DEFAULT, input, output);
            started = true;
            if (status == SecurityStatus.SEC_E_OK) {
                serverDomain =
                        domainName(exchange.context().queryContextAttributes(ContextAttribute.TARGET_INFORMATION));
                IscRet agreed = exchange.context().initiatorAttributes();
                exchange.complete(agreed.has(IscRet.INTEGRITY), agreed.has(IscRet.CONFIDENTIALITY));
            }
        } catch (SspiException e) {
            throw exchange.failure(e);
        }
        return output.get(0).toByteArray();
    }

    /** MS-NLMP 2.2.2.1: id and length in two bytes each, then the value; null if the domain's name is missing. */
    private static String domainName(byte[] pairs) {
        ByteBuffer in = ByteBuffer.wrap(pairs).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= 4) {
            int id = in.getShort() & 0xFFFF;
            int length = in.getShort() & 0xFFFF;
            if (length > in.remaining()) {
                return null;
            }
            if (id == NETBIOS_DOMAIN_NAME) {
                return new String(pairs, in.position(), length, StandardCharsets.UTF_16LE);
            }
            in.position(in.position() + length);
        }
        return null;
    }

    @Override
    public boolean isComplete() {
        return exchange.isComplete();
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) throws SaslException {
        return exchange.wrap(outgoing, offset, length);
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) throws SaslException {
        return exchange.unwrap(incoming, offset, length);
    }

    @Override
    public Object getNegotiatedProperty(String name) {
        Object common = exchange.negotiated(name);
        return Settings.DOMAIN.equals(name) ? serverDomain : common;
    }

    @Override
    public void dispose() {
        exchange.close();
    }
}
