package org.jsspi;

import java.util.Map;
import java.util.TreeMap;

/** What a server asks of a context: the ASC_REQ_ flags. Values as in {@code sspi.h}. */
public final class AscReq extends ContextFlags<AscReq> {
    private static final Map<Long, String> NAMES = new TreeMap<>();

    /** No flag. */
    public static final AscReq NONE = new AscReq(0);

    public static final AscReq DELEGATE = flag(0x1, "DELEGATE");
    public static final AscReq MUTUAL_AUTH = flag(0x2, "MUTUAL_AUTH");
    public static final AscReq REPLAY_DETECT = flag(0x4, "REPLAY_DETECT");
    public static final AscReq SEQUENCE_DETECT = flag(0x8, "SEQUENCE_DETECT");
    public static final AscReq CONFIDENTIALITY = flag(0x10, "CONFIDENTIALITY");
    public static final AscReq USE_SESSION_KEY = flag(0x20, "USE_SESSION_KEY");
    public static final AscReq SESSION_TICKET = flag(0x40, "SESSION_TICKET");
    public static final AscReq ALLOCATE_MEMORY = flag(0x100, "ALLOCATE_MEMORY");
    public static final AscReq USE_DCE_STYLE = flag(0x200, "USE_DCE_STYLE");
    public static final AscReq DATAGRAM = flag(0x400, "DATAGRAM");
    public static final AscReq CONNECTION = flag(0x800, "CONNECTION");
    public static final AscReq CALL_LEVEL = flag(0x1000, "CALL_LEVEL");
    public static final AscReq FRAGMENT_SUPPLIED = flag(0x2000, "FRAGMENT_SUPPLIED");
    public static final AscReq EXTENDED_ERROR = flag(0x8000, "EXTENDED_ERROR");
    public static final AscReq STREAM = flag(0x10000, "STREAM");
    public static final AscReq INTEGRITY = flag(0x20000, "INTEGRITY");
    public static final AscReq LICENSING = flag(0x40000, "LICENSING");
    public static final AscReq IDENTIFY = flag(0x80000, "IDENTIFY");
    public static final AscReq ALLOW_NULL_SESSION = flag(0x100000, "ALLOW_NULL_SESSION");
    public static final AscReq ALLOW_NON_USER_LOGONS = flag(0x200000, "ALLOW_NON_USER_LOGONS");
    public static final AscReq ALLOW_CONTEXT_REPLAY = flag(0x400000, "ALLOW_CONTEXT_REPLAY");
    public static final AscReq FRAGMENT_TO_FIT = flag(0x800000, "FRAGMENT_TO_FIT");
    public static final AscReq NO_TOKEN = flag(0x1000000, "NO_TOKEN");
    public static final AscReq PROXY_BINDINGS = flag(0x4000000, "PROXY_BINDINGS");
    public static final AscReq ALLOW_MISSING_BINDINGS = flag(0x10000000, "ALLOW_MISSING_BINDINGS");
    public static final AscReq MESSAGES = flag(0x100000000L, "MESSAGES");
    public static final AscReq EXPLICIT_SESSION = flag(0x1000000000L, "EXPLICIT_SESSION");

    private AscReq(long bits) {
        super(bits);
    }

    /** {@return the flags with these bits} */
    public static AscReq of(long bits) {
        return bits == 0 ? NONE : new AscReq(bits);
    }

    private static AscReq flag(long bit, String name) {
        NAMES.put(bit, name);
        return new AscReq(bit);
    }

    @Override
    AscReq with(long newBits) {
        return of(newBits);
    }

    @Override
    Map<Long, String> names() {
        return NAMES;
    }
}
