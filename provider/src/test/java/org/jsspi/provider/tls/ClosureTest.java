package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jsspi.ContextAttribute;
import org.jsspi.SchannelControl;
import org.jsspi.SecurityStatus;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a connection ends: by a closure alert, by a fatal one, and what is left of it then. */
class ClosureTest {
    private static final byte[] HELLO_REQUEST = {0, 0, 0, 0};

    static Stream<Arguments> ends() {
        List<Arguments> all = new ArrayList<>();
        for (String protocol : Handshaking.PROTOCOLS) {
            all.add(Arguments.of(protocol, true));
            all.add(Arguments.of(protocol, false));
        }
        return all.stream();
    }

    private static Handshaking established(String protocol, boolean server) throws SspiException {
        Handshaking pair = new Handshaking(protocol, Handshaking.Shape.FULL, server, Deviation.NONE);
        assertNull(pair.run());
        assertTrue(pair.isEstablished());
        return pair;
    }

    /** RFC 5246 7.2.2: a connection that a fatal alert has ended is not resumed; RFC 8446 6.2: nor should it be in TLS 1.3. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void theSessionOfAConnectionThatAFatalAlertHasEndedIsNotResumed(String protocol, boolean server) throws Exception {
        Handshaking told = established(protocol, server);
        Session session = told.context().queryContextAttributes(ContextAttribute.SESSION);
        assertTrue(session.isValid());
        byte[] alert = told.deviant().alertRecord(AlertLevel.FATAL, AlertDescription.INTERNAL_ERROR.code());
        assertThrows(SspiException.class, () -> told.decrypt(alert));
        assertFalse(session.isValid(), "the peer's alert");

        Handshaking telling = established(protocol, server);
        Session other = telling.context().queryContextAttributes(ContextAttribute.SESSION);
        byte[] record = telling.deviant().data(new byte[20]);
        record[record.length - 1] ^= 1;
        assertThrows(SspiException.class, () -> telling.decrypt(record));
        assertFalse(other.isValid(), "our own alert");

        Handshaking closing = established(protocol, server);
        Session closed = closing.context().queryContextAttributes(ContextAttribute.SESSION);
        closing.decrypt(closing.deviant().alertRecord(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY.code()));
        closing.context().close();
        assertTrue(closed.isValid(), "a closure alert ends the connection and not the session");
    }

    /** RFC 5246 7.2: what is fatal by its level is; RFC 8446 6: in TLS 1.3 the level says nothing. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void aFatalUserCanceledEndsTls12(String protocol, boolean server) throws Exception {
        Handshaking pair = established(protocol, server);
        pair.decrypt(pair.deviant().alertRecord(AlertLevel.WARNING, AlertDescription.USER_CANCELED.code()));
        byte[] fatal = pair.deviant().alertRecord(AlertLevel.FATAL, AlertDescription.USER_CANCELED.code());
        if (pair.isTls12()) {
            SspiException e = assertThrows(SspiException.class, () -> pair.decrypt(fatal));
            assertEquals(AlertDescription.USER_CANCELED.code(), e.alert().orElseThrow());
        } else {
            pair.decrypt(fatal);
        }
    }

    /** RFC 5246 7.2.1, RFC 8446 6.1: close_notify is the last that its sender sends. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void nothingFollowsOurCloseNotify(String protocol, boolean server) throws Exception {
        Handshaking pair = established(protocol, server);
        pair.context().applyControlToken(SchannelControl.shutdown());
        assertTrue(pair.establish(null).length > 0);
        if (pair.isTls12() && !server) {
            assertEquals(0, pair.decrypt(pair.deviant().message(HELLO_REQUEST)).length, "no refusal");
            assertEquals(0, pair.context().pendingTokenSize());
        }
        byte[] record = pair.deviant().data(new byte[20]);
        record[record.length - 1] ^= 1;
        assertThrows(SspiException.class, () -> pair.decrypt(record));
        assertEquals(0, pair.context().pendingTokenSize(), "no alert");
        assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, pair.statusNow());
    }

    /** A close_notify that has not left yet gives way to the alert that says why. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void aFailureThatComesBeforeOurCloseNotifyHasLeftIsTold(String protocol, boolean server) throws Exception {
        Handshaking pair = established(protocol, server);
        pair.context().applyControlToken(SchannelControl.shutdown());
        byte[] record = pair.deviant().data(new byte[20]);
        record[record.length - 1] ^= 1;
        assertThrows(SspiException.class, () -> pair.decrypt(record));
        pair.deviant().arrive(pair.establish(null));
        assertEquals(AlertDescription.BAD_RECORD_MAC.code(), pair.told());
    }

    /** RFC 5246 7.2.1, RFC 8446 6.1: what follows a closure alert is ignored, so that no handshake is completed by it. */
    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void aCloseNotifyInTheHandshakeEndsIt(String protocol, boolean server) throws Exception {
        Handshaking pair = new Handshaking(protocol, Handshaking.Shape.FULL, server, Deviation.NONE);
        if (server) {
            pair.establish(pair.deviant().take());
        } else {
            pair.deviant().arrive(pair.establish(null));
        }
        byte[] closeNotify = {21, 3, 3, 0, 2, 1, 0};
        pair.establish(closeNotify);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.status());
        if (!server) {
            pair.establish(pair.deviant().take());
            assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.status(), "the flight behind it");
        }
        pair.context().applyControlToken(SchannelControl.shutdown());
        assertTrue(pair.establish(null).length > 0, "its own close_notify is the answer");
    }
}
