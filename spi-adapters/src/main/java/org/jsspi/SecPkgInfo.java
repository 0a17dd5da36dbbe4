package org.jsspi;

import java.util.Objects;
import java.util.Set;

/**
 * SecPkgInfo: what a security package says of itself.
 *
 * @param capabilities fCapabilities, the bits of {@link PackageCapability}
 * @param version wVersion, 1
 * @param rpcId wRPCID, the RPC_C_AUTHN_ number, or {@link #SECPKG_ID_NONE}
 * @param maxToken cbMaxToken: no token that the package produces is ever longer, in bytes
 * @param name the name that acquireCredentialsHandle takes
 * @param comment a line for people
 */
public record SecPkgInfo(int capabilities, int version, int rpcId, int maxToken, String name, String comment) {
    /** The package has no RPC authentication number. */
    public static final int SECPKG_ID_NONE = 0xFFFF;

    /** Checks that name and comment are there. */
    public SecPkgInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(comment, "comment");
    }

    /** {@return true if the package promises this} */
    public boolean has(PackageCapability capability) {
        return (capabilities & capability.value()) != 0;
    }

    /** {@return all that the package promises} */
    public Set<PackageCapability> capabilitySet() {
        return PackageCapability.of(capabilities);
    }
}
