package org.jsspi.provider.tls.message;

/** The reserved values that a peer may offer to keep us tolerant, and must never be chosen (RFC 8701). */
public final class Grease {
    private Grease() {}

    /**
     * {@return whether {@code value} is one of 0x0A0A, 0x1A1A .. 0xFAFA}
     *
     * <p>These are the GREASE values of suites, extensions, groups, signature schemes and versions.
     */
    public static boolean isGrease(int value) {
        return (value & 0xFFFF_0F0F) == 0x0A0A && value >>> 8 == (value & 0xFF);
    }

    /** {@return one of those sixteen values, by the low four bits of {@code choice}} */
    public static int value(int choice) {
        return 0x0A0A + 0x1010 * (choice & 0xF);
    }

    /** {@return whether {@code mode} is a GREASE value of PskKeyExchangeMode: 0x0B, 0x2A, 0x49 .. 0xE4} */
    public static boolean isGreasePskMode(int mode) {
        return mode >= 0x0B && mode <= 0xE4 && (mode - 0x0B) % 0x1F == 0;
    }
}
