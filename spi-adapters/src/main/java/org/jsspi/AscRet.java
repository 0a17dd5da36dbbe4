package org.jsspi;

import java.util.Map;
import java.util.TreeMap;

/** What a server's context offers: the ASC_RET_ flags. Values as in {@code sspi.h}. */
public final class AscRet extends ContextFlags<AscRet> {
    private static final Map<Long, String> NAMES = new TreeMap<>();

    /** No flag. */
    public static final AscRet NONE = new AscRet(0);

    public static final AscRet DELEGATE = flag(0x1, "DELEGATE");
    public static final AscRet MUTUAL_AUTH = flag(0x2, "MUTUAL_AUTH");
    public static final AscRet REPLAY_DETECT = flag(0x4, "REPLAY_DETECT");
    public static final AscRet SEQUENCE_DETECT = flag(0x8, "SEQUENCE_DETECT");
    public static final AscRet CONFIDENTIALITY = flag(0x10, "CONFIDENTIALITY");
    public static final AscRet USE_SESSION_KEY = flag(0x20, "USE_SESSION_KEY");
    public static final AscRet SESSION_TICKET = flag(0x40, "SESSION_TICKET");
    public static final AscRet ALLOCATED_MEMORY = flag(0x100, "ALLOCATED_MEMORY");
    public static final AscRet USED_DCE_STYLE = flag(0x200, "USED_DCE_STYLE");
    public static final AscRet DATAGRAM = flag(0x400, "DATAGRAM");
    public static final AscRet CONNECTION = flag(0x800, "CONNECTION");
    public static final AscRet CALL_LEVEL = flag(0x2000, "CALL_LEVEL");
    public static final AscRet THIRD_LEG_FAILED = flag(0x4000, "THIRD_LEG_FAILED");
    public static final AscRet EXTENDED_ERROR = flag(0x8000, "EXTENDED_ERROR");
    public static final AscRet STREAM = flag(0x10000, "STREAM");
    public static final AscRet INTEGRITY = flag(0x20000, "INTEGRITY");
    public static final AscRet LICENSING = flag(0x40000, "LICENSING");
    public static final AscRet IDENTIFY = flag(0x80000, "IDENTIFY");
    public static final AscRet NULL_SESSION = flag(0x100000, "NULL_SESSION");
    public static final AscRet ALLOW_NON_USER_LOGONS = flag(0x200000, "ALLOW_NON_USER_LOGONS");
    public static final AscRet ALLOW_CONTEXT_REPLAY = flag(0x400000, "ALLOW_CONTEXT_REPLAY");
    public static final AscRet FRAGMENT_ONLY = flag(0x800000, "FRAGMENT_ONLY");
    public static final AscRet NO_TOKEN = flag(0x1000000, "NO_TOKEN");
    public static final AscRet NO_ADDITIONAL_TOKEN = flag(0x2000000, "NO_ADDITIONAL_TOKEN");
    public static final AscRet MESSAGES = flag(0x100000000L, "MESSAGES");
    public static final AscRet EXPLICIT_SESSION = flag(0x1000000000L, "EXPLICIT_SESSION");

    private AscRet(long bits) {
        super(bits);
    }

    /** {@return the flags with these bits} */
    public static AscRet of(long bits) {
        return bits == 0 ? NONE : new AscRet(bits);
    }

    private static AscRet flag(long bit, String name) {
        NAMES.put(bit, name);
        return new AscRet(bit);
    }

    @Override
    AscRet with(long newBits) {
        return of(newBits);
    }

    @Override
    Map<Long, String> names() {
        return NAMES;
    }
}
