package org.jsspi;

import java.util.Map;
import java.util.TreeMap;

/** What a client asks of a context: the ISC_REQ_ flags. Values as in {@code sspi.h}. */
public final class IscReq extends ContextFlags<IscReq> {
    private static final Map<Long, String> NAMES = new TreeMap<>();

    /** No flag. */
    public static final IscReq NONE = new IscReq(0);

    public static final IscReq DELEGATE = flag(0x1, "DELEGATE");
    public static final IscReq MUTUAL_AUTH = flag(0x2, "MUTUAL_AUTH");
    public static final IscReq REPLAY_DETECT = flag(0x4, "REPLAY_DETECT");
    public static final IscReq SEQUENCE_DETECT = flag(0x8, "SEQUENCE_DETECT");
    public static final IscReq CONFIDENTIALITY = flag(0x10, "CONFIDENTIALITY");
    public static final IscReq USE_SESSION_KEY = flag(0x20, "USE_SESSION_KEY");
    public static final IscReq PROMPT_FOR_CREDS = flag(0x40, "PROMPT_FOR_CREDS");
    public static final IscReq USE_SUPPLIED_CREDS = flag(0x80, "USE_SUPPLIED_CREDS");
    public static final IscReq ALLOCATE_MEMORY = flag(0x100, "ALLOCATE_MEMORY");
    public static final IscReq USE_DCE_STYLE = flag(0x200, "USE_DCE_STYLE");
    public static final IscReq DATAGRAM = flag(0x400, "DATAGRAM");
    public static final IscReq CONNECTION = flag(0x800, "CONNECTION");
    public static final IscReq CALL_LEVEL = flag(0x1000, "CALL_LEVEL");
    public static final IscReq FRAGMENT_SUPPLIED = flag(0x2000, "FRAGMENT_SUPPLIED");
    public static final IscReq EXTENDED_ERROR = flag(0x4000, "EXTENDED_ERROR");
    public static final IscReq STREAM = flag(0x8000, "STREAM");
    public static final IscReq INTEGRITY = flag(0x10000, "INTEGRITY");
    public static final IscReq IDENTIFY = flag(0x20000, "IDENTIFY");
    public static final IscReq NULL_SESSION = flag(0x40000, "NULL_SESSION");
    public static final IscReq MANUAL_CRED_VALIDATION = flag(0x80000, "MANUAL_CRED_VALIDATION");
    public static final IscReq RESERVED1 = flag(0x100000, "RESERVED1");
    public static final IscReq FRAGMENT_TO_FIT = flag(0x200000, "FRAGMENT_TO_FIT");
    public static final IscReq FORWARD_CREDENTIALS = flag(0x400000, "FORWARD_CREDENTIALS");
    public static final IscReq NO_INTEGRITY = flag(0x800000, "NO_INTEGRITY");
    public static final IscReq USE_HTTP_STYLE = flag(0x1000000, "USE_HTTP_STYLE");
    public static final IscReq UNVERIFIED_TARGET_NAME = flag(0x20000000, "UNVERIFIED_TARGET_NAME");
    public static final IscReq CONFIDENTIALITY_ONLY = flag(0x40000000, "CONFIDENTIALITY_ONLY");
    public static final IscReq MESSAGES = flag(0x100000000L, "MESSAGES");
    public static final IscReq DEFERRED_CRED_VALIDATION = flag(0x200000000L, "DEFERRED_CRED_VALIDATION");
    public static final IscReq NO_POST_HANDSHAKE_AUTH = flag(0x400000000L, "NO_POST_HANDSHAKE_AUTH");
    public static final IscReq REUSE_SESSION_TICKETS = flag(0x800000000L, "REUSE_SESSION_TICKETS");
    public static final IscReq EXPLICIT_SESSION = flag(0x1000000000L, "EXPLICIT_SESSION");

    private IscReq(long bits) {
        super(bits);
    }

    /** {@return the flags with these bits} */
    public static IscReq of(long bits) {
        return bits == 0 ? NONE : new IscReq(bits);
    }

    private static IscReq flag(long bit, String name) {
        NAMES.put(bit, name);
        return new IscReq(bit);
    }

    @Override
    IscReq with(long newBits) {
        return of(newBits);
    }

    @Override
    Map<Long, String> names() {
        return NAMES;
    }
}
