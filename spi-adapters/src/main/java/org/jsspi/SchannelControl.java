package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The control tokens of Schannel, as TOKEN buffers for {@link SecurityContext#applyControlToken}. Little-endian words. */
public final class SchannelControl {
    /** SCHANNEL_RENEGOTIATE: not supported, as on Windows. */
    public static final int SCHANNEL_RENEGOTIATE = 0;
    /** SCHANNEL_SHUTDOWN: the next establishing call produces close_notify. */
    public static final int SCHANNEL_SHUTDOWN = 1;
    /** SCHANNEL_ALERT: the next establishing call produces the alert that the token names. */
    public static final int SCHANNEL_ALERT = 2;
    /** SCHANNEL_SESSION: whether the session may be resumed. */
    public static final int SCHANNEL_SESSION = 3;

    /** TLS1_ALERT_WARNING. */
    public static final int ALERT_WARNING = 1;
    /** TLS1_ALERT_FATAL. */
    public static final int ALERT_FATAL = 2;
    /** SSL_SESSION_ENABLE_RECONNECTS. */
    public static final int ENABLE_RECONNECTS = 1;
    /** SSL_SESSION_DISABLE_RECONNECTS. */
    public static final int DISABLE_RECONNECTS = 2;

    private SchannelControl() {}

    /** {@return SCHANNEL_SHUTDOWN} */
    public static SecBufferDesc shutdown() {
        return token(SCHANNEL_SHUTDOWN);
    }

    /**
     * {@return SCHANNEL_ALERT_TOKEN}
     *
     * @param level {@link #ALERT_WARNING} or {@link #ALERT_FATAL}
     * @param number the alert
     */
    public static SecBufferDesc alert(int level, int number) {
        return token(SCHANNEL_ALERT, level, number);
    }

    /** {@return SCHANNEL_SESSION_TOKEN: whether the session may be resumed} */
    public static SecBufferDesc session(boolean reconnects) {
        return token(SCHANNEL_SESSION, reconnects ? ENABLE_RECONNECTS : DISABLE_RECONNECTS);
    }

    private static SecBufferDesc token(int... words) {
        ByteBuffer token = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            token.putInt(word);
        }
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token.flip()));
    }
}
