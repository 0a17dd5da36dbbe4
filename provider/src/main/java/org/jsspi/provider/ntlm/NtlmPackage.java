package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import javax.crypto.SecretKey;
import org.jsspi.AuthIdentity;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.NtlmAccounts;
import org.jsspi.NtlmCredentials;
import org.jsspi.PackageCapability;
import org.jsspi.SecPkgInfo;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityPackage;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.LegacyPolicy;

/** The security package NTLM: both roles, connection-oriented and datagram contexts. */
public final class NtlmPackage extends SecurityPackage {
    /** The name of the package. */
    public static final String NAME = "NTLM";

    /** No token of ours is longer, in bytes: a server's answer that would be is refused. Windows says the same. */
    static final int MAXIMUM_TOKEN = 2888;

    private static final int RPC_C_AUTHN_WINNT = 10;
    private static final int LONGEST_USER = 256;
    private static final int LONGEST_DOMAIN = 255;

    /** What the package says of itself. Unlike Windows' it has datagrams that work and says so, and it has no LSA. */
    public static final SecPkgInfo INFO = new SecPkgInfo(
            PackageCapability.bits(
                    PackageCapability.INTEGRITY,
                    PackageCapability.PRIVACY,
                    PackageCapability.TOKEN_ONLY,
                    PackageCapability.DATAGRAM,
                    PackageCapability.CONNECTION,
                    PackageCapability.MULTI_REQUIRED,
                    PackageCapability.ACCEPT_WIN32_NAME,
                    PackageCapability.NEGOTIABLE,
                    PackageCapability.READONLY_WITH_CHECKSUM),
            1,
            RPC_C_AUTHN_WINNT,
            MAXIMUM_TOKEN,
            NAME,
            "Jsspi NTLM Security Package");

    /** Made by the Provider, without arguments. */
    public NtlmPackage() {}

    /** {@return false if policy switches NTLM off: the security property {@code org.jsspi.ntlm=off}} */
    public static boolean isAllowed() {
        return LegacyPolicy.isAllowed();
    }

    /**
     * {@inheritDoc}
     *
     * @param principal the name of a server, {@code DOMAIN\computer} or {@code computer}, which may be DNS names; null for
     *     this machine. Not used by clients
     * @param authData {@link AuthIdentity} to initialize contexts, {@link NtlmAccounts} to accept them,
     *     {@link NtlmCredentials} for either or both
     */
    @Override
    public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData)
            throws SspiException {
        requireAllowed();
        return acquire(principal, use, authData, NtlmPolicy.ofSystem(), Surroundings.ofSystem());
    }

    static CredHandle acquire(
            String principal, CredentialUse use, Object authData, NtlmPolicy policy, Surroundings surroundings)
            throws SspiException {
        AuthIdentity identity = null;
        NtlmAccounts accounts = null;
        if (authData instanceof NtlmCredentials both) {
            identity = both.identity();
            accounts = both.accounts();
        } else if (authData instanceof AuthIdentity one) {
            identity = one;
        } else if (authData instanceof NtlmAccounts many) {
            accounts = many;
        } else if (authData != null) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    "NTLM takes AuthIdentity, NtlmAccounts or NtlmCredentials, not "
                            + authData.getClass().getName());
        }
        if (use.outbound()) {
            requireIdentity(identity);
        }
        if (use.inbound() && accounts == null) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "NtlmAccounts are missing");
        }
        return NtlmCredential.of(
                use,
                use.outbound() ? identity.copy() : null,
                use.inbound() ? ServerNames.of(principal) : null,
                accounts,
                policy,
                surroundings);
    }

    private static void requireIdentity(AuthIdentity identity) throws SspiException {
        if (identity == null) {
            throw new SspiException(SecurityStatus.SEC_E_NO_CREDENTIALS, "an AuthIdentity is missing");
        }
        if (!identity.allows(NAME)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_NO_CREDENTIALS, "the package list of the identity leaves NTLM out");
        }
        if (!ServerNames.isShort(identity.user(), LONGEST_USER)
                || !ServerNames.isShort(identity.domain(), LONGEST_DOMAIN)) {
            throw new SspiException(SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, "a user or domain name that is too long");
        }
    }

    @Override
    public SecurityContext importSecurityContext(ByteBuffer packed, SecretKey sealingKey) throws SspiException {
        requireAllowed();
        return NtlmContext.imported(packed, sealingKey);
    }

    private static void requireAllowed() throws SspiException {
        if (!isAllowed()) {
            throw new SspiException(SecurityStatus.SEC_E_SECPKG_NOT_FOUND, "policy switches NTLM off");
        }
    }
}
