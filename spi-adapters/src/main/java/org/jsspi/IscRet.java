package org.jsspi;

import java.util.Map;
import java.util.TreeMap;

/** What a client's context offers: the ISC_RET_ flags. Values as in {@code sspi.h}. */
public final class IscRet extends ContextFlags<IscRet> {
    private static final Map<Long, String> NAMES = new TreeMap<>();

    /** No flag. */
    public static final IscRet NONE = new IscRet(0);

    public static final IscRet DELEGATE = flag(0x1, "DELEGATE");
    public static final IscRet MUTUAL_AUTH = flag(0x2, "MUTUAL_AUTH");
    public static final IscRet REPLAY_DETECT = flag(0x4, "REPLAY_DETECT");
    public static final IscRet SEQUENCE_DETECT = flag(0x8, "SEQUENCE_DETECT");
    public static final IscRet CONFIDENTIALITY = flag(0x10, "CONFIDENTIALITY");
    public static final IscRet USE_SESSION_KEY = flag(0x20, "USE_SESSION_KEY");
    public static final IscRet USED_COLLECTED_CREDS = flag(0x40, "USED_COLLECTED_CREDS");
    public static final IscRet USED_SUPPLIED_CREDS = flag(0x80, "USED_SUPPLIED_CREDS");
    public static final IscRet ALLOCATED_MEMORY = flag(0x100, "ALLOCATED_MEMORY");
    public static final IscRet USED_DCE_STYLE = flag(0x200, "USED_DCE_STYLE");
    public static final IscRet DATAGRAM = flag(0x400, "DATAGRAM");
    public static final IscRet CONNECTION = flag(0x800, "CONNECTION");
    public static final IscRet INTERMEDIATE_RETURN = flag(0x1000, "INTERMEDIATE_RETURN");
    public static final IscRet CALL_LEVEL = flag(0x2000, "CALL_LEVEL");
    public static final IscRet EXTENDED_ERROR = flag(0x4000, "EXTENDED_ERROR");
    public static final IscRet STREAM = flag(0x8000, "STREAM");
    public static final IscRet INTEGRITY = flag(0x10000, "INTEGRITY");
    public static final IscRet IDENTIFY = flag(0x20000, "IDENTIFY");
    public static final IscRet NULL_SESSION = flag(0x40000, "NULL_SESSION");
    public static final IscRet MANUAL_CRED_VALIDATION = flag(0x80000, "MANUAL_CRED_VALIDATION");
    public static final IscRet RESERVED1 = flag(0x100000, "RESERVED1");
    public static final IscRet FRAGMENT_ONLY = flag(0x200000, "FRAGMENT_ONLY");
    public static final IscRet FORWARD_CREDENTIALS = flag(0x400000, "FORWARD_CREDENTIALS");
    public static final IscRet USED_HTTP_STYLE = flag(0x1000000, "USED_HTTP_STYLE");
    public static final IscRet NO_ADDITIONAL_TOKEN = flag(0x2000000, "NO_ADDITIONAL_TOKEN");
    public static final IscRet REAUTHENTICATION = flag(0x8000000, "REAUTHENTICATION");
    public static final IscRet CONFIDENTIALITY_ONLY = flag(0x40000000, "CONFIDENTIALITY_ONLY");
    public static final IscRet MESSAGES = flag(0x100000000L, "MESSAGES");
    public static final IscRet DEFERRED_CRED_VALIDATION = flag(0x200000000L, "DEFERRED_CRED_VALIDATION");
    public static final IscRet NO_POST_HANDSHAKE_AUTH = flag(0x400000000L, "NO_POST_HANDSHAKE_AUTH");
    public static final IscRet REUSE_SESSION_TICKETS = flag(0x800000000L, "REUSE_SESSION_TICKETS");
    public static final IscRet EXPLICIT_SESSION = flag(0x1000000000L, "EXPLICIT_SESSION");

    private IscRet(long bits) {
        super(bits);
    }

    /** {@return the flags with these bits} */
    public static IscRet of(long bits) {
        return bits == 0 ? NONE : new IscRet(bits);
    }

    private static IscRet flag(long bit, String name) {
        NAMES.put(bit, name);
        return new IscRet(bit);
    }

    @Override
    IscRet with(long newBits) {
        return of(newBits);
    }

    @Override
    Map<Long, String> names() {
        return NAMES;
    }
}
