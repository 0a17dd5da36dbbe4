package org.jsspi.provider.ntlm;

import java.util.Arrays;
import org.jsspi.SequenceGuard;

/** What protects the messages of one direction. The keys are wiped when it is closed; what was made of it has its own. */
final class DirectionKeys implements AutoCloseable {
    private final NegotiateFlags flags;
    private final byte[] signKey;
    private final byte[] sealKey;
    private final SequenceGuard guard;

    /**
     * Derives the keys of a direction.
     *
     * @param revision NTLMRevisionCurrent of the other side
     * @param guard of a datagram direction that signs; otherwise null
     */
    DirectionKeys(
            NegotiateFlags flags,
            int revision,
            byte[] exportedSessionKey,
            SessionKeys.Direction direction,
            SequenceGuard guard) {
        this.flags = flags;
        this.signKey = SessionKeys.signKey(flags, exportedSessionKey, direction);
        this.sealKey = SessionKeys.sealKey(flags, revision, exportedSessionKey, direction);
        this.guard = guard;
    }

    NegotiateFlags flags() {
        return flags;
    }

    SequenceGuard guard() {
        return guard;
    }

    Protection protection() {
        return new Protection(flags, signKey, sealKey);
    }

    @Override
    public void close() {
        if (signKey != null) {
            Arrays.fill(signKey, (byte) 0);
        }
        Arrays.fill(sealKey, (byte) 0);
    }
}
