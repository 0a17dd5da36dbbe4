package org.jsspi;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.SecretKey;

/**
 * A security package: the class behind a Provider service of type {@value #SERVICE_TYPE}.
 *
 * <p>A Provider registers a package under its name, with the attributes {@link #CAPABILITIES}, {@link #VERSION},
 * {@link #RPC_ID}, {@link #MAX_TOKEN} and {@link #COMMENT}, all decimal or 0x-hexadecimal text. Enumeration reads these
 * attributes alone and makes no instance. Instances are shared by all threads.
 */
public abstract class SecurityPackage {
    /** The type of the Provider service. */
    public static final String SERVICE_TYPE = "SecurityPackage";
    /** Service attribute: fCapabilities, see {@link PackageCapability}. */
    public static final String CAPABILITIES = "Capabilities";
    /** Service attribute: wVersion. */
    public static final String VERSION = "Version";
    /** Service attribute: wRPCID. */
    public static final String RPC_ID = "RpcId";
    /** Service attribute: cbMaxToken, in bytes. */
    public static final String MAX_TOKEN = "MaxToken";
    /** Service attribute: a line for people. */
    public static final String COMMENT = "Comment";

    /** For subclasses, which Providers make without arguments. */
    protected SecurityPackage() {}

    /** {@return what a package says of itself, as the attributes of its Provider service} */
    public static Map<String, String> attributesOf(SecPkgInfo info) {
        return Map.of(
                CAPABILITIES, "0x" + HexFormat.of().withUpperCase().toHexDigits(info.capabilities()),
                VERSION, Integer.toString(info.version()),
                RPC_ID, Integer.toString(info.rpcId()),
                MAX_TOKEN, Integer.toString(info.maxToken()),
                COMMENT, info.comment());
    }

    /**
     * AcquireCredentialsHandle: a credential that contexts are made with.
     *
     * @param principal the name of the principal, or null for the default
     * @param authData what the package takes as credentials (Schannel: {@link SchCredentials}; NTLM:
     *     {@link AuthIdentity}, of which it keeps a copy), or null for its default
     * @throws SspiException SEC_E_NO_CREDENTIALS, SEC_E_UNKNOWN_CREDENTIALS, SEC_E_ALGORITHM_MISMATCH,
     *     SEC_E_INTERNAL_ERROR
     */
    public abstract CredHandle acquireCredentialsHandle(String principal, CredentialUse use, Object authData)
            throws SspiException;

    /**
     * ImportSecurityContext: the context that another process has exported.
     *
     * @param packed what {@link SecurityContext#exportSecurityContext} gave
     * @param sealingKey the key that the blob was sealed with
     * @throws SspiException SEC_E_UNSUPPORTED_FUNCTION unless the package can; SEC_E_MESSAGE_ALTERED if the blob was sealed
     *     with another key; SEC_E_OUT_OF_SEQUENCE if it was imported before in this process
     */
    public SecurityContext importSecurityContext(ByteBuffer packed, SecretKey sealingKey) throws SspiException {
        throw new SspiException(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "contexts of this package cannot be imported");
    }
}
