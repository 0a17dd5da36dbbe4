package org.jsspi.provider.ntlm;

/**
 * NegotiateFlags of the three messages (MS-NLMP 2.2.2.5), by the names of the specification without their prefix.
 *
 * @param bits the 32 bits as they travel
 */
record NegotiateFlags(int bits) {
    static final int UNICODE = 0x00000001;
    static final int OEM = 0x00000002;
    static final int REQUEST_TARGET = 0x00000004;
    static final int SIGN = 0x00000010;
    static final int SEAL = 0x00000020;
    static final int DATAGRAM = 0x00000040;
    static final int LM_KEY = 0x00000080;
    static final int NTLM = 0x00000200;
    static final int ANONYMOUS = 0x00000800;
    static final int OEM_DOMAIN_SUPPLIED = 0x00001000;
    static final int OEM_WORKSTATION_SUPPLIED = 0x00002000;
    static final int ALWAYS_SIGN = 0x00008000;
    static final int TARGET_TYPE_DOMAIN = 0x00010000;
    static final int TARGET_TYPE_SERVER = 0x00020000;
    static final int EXTENDED_SESSIONSECURITY = 0x00080000;
    static final int IDENTIFY = 0x00100000;
    static final int REQUEST_NON_NT_SESSION_KEY = 0x00400000;
    static final int TARGET_INFO = 0x00800000;
    static final int VERSION = 0x02000000;
    static final int KEY_128 = 0x20000000;
    static final int KEY_EXCH = 0x40000000;
    static final int KEY_56 = 0x80000000;

    static final NegotiateFlags NONE = new NegotiateFlags(0);

    /** {@return the flags with these bits, of which there may be several in one number} */
    static NegotiateFlags of(int... bits) {
        int all = 0;
        for (int bit : bits) {
            all |= bit;
        }
        return new NegotiateFlags(all);
    }

    /** {@return true if all of these bits are set} */
    boolean has(int mask) {
        return (bits & mask) == mask;
    }

    /** {@return true if one of these bits is set} */
    boolean hasAny(int mask) {
        return (bits & mask) != 0;
    }

    NegotiateFlags with(int mask) {
        return new NegotiateFlags(bits | mask);
    }

    NegotiateFlags without(int mask) {
        return new NegotiateFlags(bits & ~mask);
    }

    NegotiateFlags and(NegotiateFlags other) {
        return new NegotiateFlags(bits & other.bits);
    }

    @Override
    public String toString() {
        return "0x%08X".formatted(bits);
    }
}
