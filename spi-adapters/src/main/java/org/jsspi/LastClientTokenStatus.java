package org.jsspi;

/** SecPkgContext_LastClientTokenStatus: whether the client's token was its last. The ordinal is the constant's value. */
public enum LastClientTokenStatus {
    /** It was. */
    YES,
    /** Another follows. */
    NO,
    /** The package cannot tell. */
    MAYBE
}
