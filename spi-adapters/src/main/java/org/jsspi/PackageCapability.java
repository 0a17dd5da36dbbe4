package org.jsspi;

import java.util.EnumSet;
import java.util.Set;

/** What a security package promises to its callers: the SECPKG_FLAG_ constants of {@code sspi.h}. */
public enum PackageCapability {
    /** MakeSignature and verifySignature work. */
    INTEGRITY(0x1),
    /** EncryptMessage and decryptMessage work. */
    PRIVACY(0x2),
    /** Only the security trailer is examined; works with token-only calls. */
    TOKEN_ONLY(0x4),
    /** Datagram contexts. */
    DATAGRAM(0x8),
    /** Connection-oriented contexts. */
    CONNECTION(0x10),
    /** More than one leg is needed to authenticate. */
    MULTI_REQUIRED(0x20),
    /** There is no server side. */
    CLIENT_ONLY(0x40),
    /** Can emit error tokens for the peer. */
    EXTENDED_ERROR(0x80),
    /** The server can impersonate the client. */
    IMPERSONATION(0x100),
    /** Understands Windows principal and target names. */
    ACCEPT_WIN32_NAME(0x200),
    /** Stream semantics. */
    STREAM(0x400),
    /** Can be picked by Negotiate. */
    NEGOTIABLE(0x800),
    /** Tokens interoperate with GSS-API. */
    GSS_COMPATIBLE(0x1000),
    /** Supports LsaLogonUser. */
    LOGON(0x2000),
    /** Tokens are ASCII. */
    ASCII_BUFFERS(0x4000),
    /** Can fragment tokens that do not fit. */
    FRAGMENT(0x8000),
    /** Mutual authentication. */
    MUTUAL_AUTH(0x10000),
    /** Delegation. */
    DELEGATION(0x20000),
    /** Honours SECBUFFER_READONLY_WITH_CHECKSUM. */
    READONLY_WITH_CHECKSUM(0x40000),
    /** Callers with restricted tokens are allowed. */
    RESTRICTED_TOKENS(0x80000),
    /** Extends Negotiate. */
    NEGO_EXTENDER(0x100000),
    /** Negotiated through the extender. */
    NEGOTIABLE2(0x200000),
    /** AppContainer policy. */
    APPCONTAINER_PASSTHROUGH(0x400000),
    /** AppContainer policy. */
    APPCONTAINER_CHECKS(0x800000),
    /** Runs under Credential Guard. */
    CREDENTIAL_ISOLATION_ENABLED(0x1000000),
    /** Recognises loopback. */
    APPLY_LOOPBACK(0x2000000);

    private final int value;

    PackageCapability(int value) {
        this.value = value;
    }

    /** {@return the bit of the SECPKG_FLAG_ constant} */
    public int value() {
        return value;
    }

    /** {@return the capabilities whose bits are set; unknown bits are left out} */
    public static Set<PackageCapability> of(int bits) {
        Set<PackageCapability> set = EnumSet.noneOf(PackageCapability.class);
        for (PackageCapability capability : values()) {
            if ((bits & capability.value) != 0) {
                set.add(capability);
            }
        }
        return set;
    }

    /** {@return the bits of these capabilities} */
    public static int bits(PackageCapability... capabilities) {
        int bits = 0;
        for (PackageCapability capability : capabilities) {
            bits |= capability.value;
        }
        return bits;
    }
}
