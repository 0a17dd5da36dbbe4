package org.jsspi.provider.tls;

import java.util.List;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.PackageCapability;
import org.jsspi.SchCredentials;
import org.jsspi.SecPkgInfo;
import org.jsspi.SecurityPackage;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.handshake.HandshakeSettings;

/** The security package Schannel: TLS 1.3 and 1.2, both roles, stream contexts. */
public final class SchannelPackage extends SecurityPackage {
    /** The name of the package. */
    public static final String NAME = "Schannel";

    /** The further names that Windows lists: UNISP_NAME and the default TLS package. */
    public static final List<String> ALIASES =
            List.of("Microsoft Unified Security Protocol Provider", "Default TLS SSP");

    /**
     * No flight of ours is longer: one Certificate message of {@link #MAXIMUM_CHAIN} bytes, the other messages of a server's
     * flight, and the framing of the records they travel in. (Windows says 24,576.)
     */
    static final int MAXIMUM_TOKEN = 0x12000;

    /** The longest certificate chain, as a Certificate message, that a credential may have, in bytes. */
    static final int MAXIMUM_CHAIN = HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE;

    private static final int RPC_C_AUTHN_GSS_SCHANNEL = 14;

    /** What the package says of itself. */
    public static final SecPkgInfo INFO = new SecPkgInfo(
            PackageCapability.bits(
                    PackageCapability.INTEGRITY,
                    PackageCapability.PRIVACY,
                    PackageCapability.CONNECTION,
                    PackageCapability.MULTI_REQUIRED,
                    PackageCapability.EXTENDED_ERROR,
                    PackageCapability.STREAM,
                    PackageCapability.FRAGMENT,
                    PackageCapability.MUTUAL_AUTH),
            1,
            RPC_C_AUTHN_GSS_SCHANNEL,
            MAXIMUM_TOKEN,
            NAME,
            "Jsspi Schannel Security Package (TLS 1.3, TLS 1.2)");

    /** Made by the Provider, without arguments. */
    public SchannelPackage() {}

    /**
     * {@inheritDoc}
     *
     * @param principal not used
     * @param authData {@link SchCredentials}, or null for a client without identity that trusts the platform's roots
     */
    @Override
    public CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData)
            throws SspiException {
        if (authData != null && !(authData instanceof SchCredentials)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                    "Schannel takes SchCredentials, not " + authData.getClass().getName());
        }
        SchCredentials settings = authData == null ? SchCredentials.builder().build() : (SchCredentials) authData;
        return SchannelCredential.of(use, settings);
    }
}
