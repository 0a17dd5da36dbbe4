package org.jsspi.provider.tls;

import static org.jsspi.provider.tls.SchannelContext.misuse;
import static org.jsspi.provider.tls.SchannelContext.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jsspi.SchannelControl;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertLevel;

/** What the tokens of ApplyControlToken say, by the structures of {@code schannel.h}: little-endian words, of which the first is the kind. */
final class ControlToken {
    private ControlToken() {}

    /** Has the context do what its caller says. Called without a lock: what the context does with the token takes the locks that it needs. */
    static void apply(SecBufferDesc input, SchannelContext context) throws SspiException {
        require(input != null, SecurityStatus.SEC_E_INTERNAL_ERROR, "there is no control token");
        require(
                input.count() == 1 && input.get(0).type() == SecBufferType.TOKEN,
                SecurityStatus.SEC_E_INVALID_TOKEN,
                "a control token is one TOKEN buffer");
        ByteBuffer token = input.get(0).view().order(ByteOrder.LITTLE_ENDIAN);
        requireWords(1, token, "a control token begins with a word");
        switch (token.getInt()) {
            case SchannelControl.SCHANNEL_SHUTDOWN -> context.shutDown();
            case SchannelControl.SCHANNEL_ALERT -> alert(token, context);
            case SchannelControl.SCHANNEL_SESSION -> session(token, context);
            default ->
                throw misuse(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, "Schannel does not know this control token");
        }
    }

    /** SCHANNEL_ALERT_TOKEN: dwAlertType, dwAlertNumber. */
    private static void alert(ByteBuffer token, SchannelContext context) throws SspiException {
        requireWords(2, token, "SCHANNEL_ALERT_TOKEN has three words");
        int level = token.getInt();
        int number = token.getInt();
        require(
                (level == SchannelControl.ALERT_WARNING || level == SchannelControl.ALERT_FATAL)
                        && number >= 0
                        && number <= 255,
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                "SCHANNEL_ALERT_TOKEN names no alert");
        context.alert(level == SchannelControl.ALERT_FATAL ? AlertLevel.FATAL : AlertLevel.WARNING, number);
    }

    /** SCHANNEL_SESSION_TOKEN: dwFlags. */
    private static void session(ByteBuffer token, SchannelContext context) throws SspiException {
        requireWords(1, token, "SCHANNEL_SESSION_TOKEN has two words");
        if (token.getInt() == SchannelControl.DISABLE_RECONNECTS) {
            context.invalidateSessions();
        }
    }

    private static void requireWords(int count, ByteBuffer token, String message) throws SspiException {
        require(token.remaining() >= count * Integer.BYTES, SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, message);
    }
}
