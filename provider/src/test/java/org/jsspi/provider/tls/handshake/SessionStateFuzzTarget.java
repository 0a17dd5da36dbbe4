package org.jsspi.provider.tls.handshake;

import java.util.Arrays;

/** What a ticket holds once its seal is off. Sealed by ourselves, or by whoever shares the keys: all the same nothing may break. */
public final class SessionStateFuzzTarget {
    private static final SessionStates STATES = new SessionStates();
    private static final long NOW = 1_800_000_000_000L;

    private SessionStateFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        byte[] before = data.clone();
        ResumableSession session = STATES.decode(data, id -> null, NOW);
        if (!Arrays.equals(before, data)) {
            throw new AssertionError("the bytes, which are the caller's, were changed");
        }
        if (session == null) {
            return;
        }
        byte[] again = STATES.encode(session, 0xFFFF);
        if (again != null) {
            ResumableSession second = STATES.decode(again, id -> null, NOW);
            if (second == null) {
                throw new AssertionError("what was written cannot be read");
            }
            second.destroy();
        }
        session.destroy();
    }
}
