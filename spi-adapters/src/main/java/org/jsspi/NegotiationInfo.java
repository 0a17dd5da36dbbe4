package org.jsspi;

import java.util.Objects;

/**
 * SecPkgContext_NegotiationInfo: the package that a negotiation settled on, and how far it is.
 *
 * @param packageInfo the package that does the work; where nothing was negotiated, the package itself
 * @param state how far the negotiation is
 */
public record NegotiationInfo(SecPkgInfo packageInfo, State state) {
    /** SECPKG_NEGOTIATION_: the ordinal is the constant's value. */
    public enum State {
        /** The package is agreed on. */
        COMPLETE,
        /** The package is the initiator's guess. */
        OPTIMISTIC,
        /** The exchange goes on. */
        IN_PROGRESS,
        /** The package was used without a negotiation. */
        DIRECT,
        /** Another credential is to be tried. */
        TRY_MULTICRED
    }

    /** Checks that both are there. */
    public NegotiationInfo {
        Objects.requireNonNull(packageInfo, "packageInfo");
        Objects.requireNonNull(state, "state");
    }
}
