package org.jsspi;

import java.util.Arrays;

/**
 * SecPkgContext_SessionInfo.
 *
 * @param reconnect SSL_SESSION_RECONNECT: the session was resumed
 * @param sessionId rgbSessionId, at most 32 bytes
 */
public record SessionInfo(boolean reconnect, byte[] sessionId) {
    /** Copies the id. */
    public SessionInfo {
        sessionId = sessionId.clone();
    }

    /** {@return a copy of the id} */
    @Override
    public byte[] sessionId() {
        return sessionId.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionInfo that
                && reconnect == that.reconnect
                && Arrays.equals(sessionId, that.sessionId);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sessionId);
    }
}
