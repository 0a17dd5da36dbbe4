package org.jsspi.provider.ntlm;

import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccounts;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/** An NTLM credential: who the client is, whom the server knows, or both. */
final class NtlmCredential extends CredHandle {
    private final CredentialUse use;
    private final AuthIdentity identity;
    private final ClientExchange client;
    private final ServerExchange server;
    private volatile boolean closed;

    private NtlmCredential(
            CredentialUse use,
            AuthIdentity identity,
            ServerNames names,
            NtlmAccounts accounts,
            NtlmPolicy policy,
            Surroundings surroundings) {
        this.use = use;
        this.identity = identity;
        this.client = new ClientExchange(policy, surroundings);
        this.server = names == null
                ? null
                : new ServerExchange(
                        policy,
                        surroundings,
                        names,
                        accounts,
                        new FailureLimit(policy.failuresPerMinute(), System::nanoTime));
    }

    /**
     * {@return a new one}
     *
     * @param identity owned from now on; null unless {@code use} is outbound
     * @param names null unless {@code use} is inbound
     */
    static CredHandle of(
            CredentialUse use,
            AuthIdentity identity,
            ServerNames names,
            NtlmAccounts accounts,
            NtlmPolicy policy,
            Surroundings surroundings) {
        return new NtlmCredential(use, identity, names, accounts, policy, surroundings);
    }

    @Override
    public SecurityContext newContext() throws SspiException {
        if (closed) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the credential is closed");
        }
        return new NtlmContext(use, identity == null ? null : identity.copy(), client, server);
    }

    @Override
    public <T> T queryCredentialsAttributes(CredentialAttribute<T> attribute) throws SspiException {
        if (attribute != CredentialAttribute.NAMES) {
            return super.queryCredentialsAttributes(attribute);
        }
        if (identity == null || identity.isAnonymous()) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "the credential has no name");
        }
        @SuppressWarnings("unchecked")
        T name = (T) identity.toString();
        return name;
    }

    @Override
    public void close() {
        closed = true;
        if (identity != null) {
            identity.close();
        }
    }
}
