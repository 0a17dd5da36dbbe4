package org.jsspi;

/** What a credential is for: SECPKG_CRED_INBOUND, SECPKG_CRED_OUTBOUND, SECPKG_CRED_BOTH. */
public enum CredentialUse {
    /** To accept contexts: a server. */
    INBOUND(1),
    /** To initialize contexts: a client. */
    OUTBOUND(2),
    /** Either. */
    BOTH(3);

    private final int value;

    CredentialUse(int value) {
        this.value = value;
    }

    /** {@return the value of the SECPKG_CRED_ constant} */
    public int value() {
        return value;
    }

    /** {@return true if the credential may accept contexts} */
    public boolean inbound() {
        return (value & INBOUND.value) != 0;
    }

    /** {@return true if the credential may initialize contexts} */
    public boolean outbound() {
        return (value & OUTBOUND.value) != 0;
    }
}
