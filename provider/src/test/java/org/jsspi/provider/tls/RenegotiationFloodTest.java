package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions.Renegotiation;
import org.jsspi.IscReq;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.Handshaking.Shape;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HelloRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that wants to renegotiate without end, in records under the keys of the connection. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RenegotiationFloodTest {
    /** As many in a row without data are borne. */
    private static final int BORNE = 32;

    /** As many handshakes a peer gets at once. */
    private static final int AT_ONCE = 64;

    private static final int SECONDS_FOR_ONE_MORE = 10;

    /** HelloRequests, and hellos that know nothing of RFC 5746, in the name of a client that does. */
    private static byte[] request(DeviantEnd peer, boolean server) throws SspiException {
        byte[] hello = ClientHello.of(new byte[32], new byte[0], Codes.of(0xC02B), Extensions.NONE)
                .toBytes();
        return peer.message(server ? hello : new HelloRequest().toBytes());
    }

    private static Arguments ends(Renegotiation permitted, boolean server, int borne, AlertDescription alert) {
        return Arguments.of(permitted, server, borne, alert);
    }

    static Stream<Arguments> ends() {
        AlertDescription tooMany = AlertDescription.UNEXPECTED_MESSAGE;
        AlertDescription forbidden = AlertDescription.NO_RENEGOTIATION;
        AlertDescription forged = AlertDescription.HANDSHAKE_FAILURE;
        return Stream.of(
                ends(Renegotiation.REFUSE, false, BORNE, tooMany),
                ends(Renegotiation.IGNORE, false, BORNE, tooMany),
                ends(Renegotiation.FORBID, false, 0, forbidden),
                ends(Renegotiation.INITIATE, false, 0, forbidden),
                // RFC 5246 7.4.1.1: the first begins a handshake, in which the others are passed over.
                ends(Renegotiation.ACCEPT_ONCE, false, 1 + BORNE, tooMany),
                ends(Renegotiation.ACCEPT, false, 1 + BORNE, tooMany),
                ends(Renegotiation.REFUSE, true, BORNE, tooMany),
                ends(Renegotiation.IGNORE, true, BORNE, tooMany),
                ends(Renegotiation.FORBID, true, 0, forbidden),
                ends(Renegotiation.INITIATE, true, 0, forbidden),
                // RFC 5746 3.7: a hello without renegotiation_info.
                ends(Renegotiation.ACCEPT_ONCE, true, 0, forged),
                ends(Renegotiation.ACCEPT, true, 0, forged));
    }

    @ParameterizedTest(name = "{0}, the context is the server: {1}")
    @MethodSource("ends")
    void requestsWithoutDataInBetweenComeToAnEnd(
            Renegotiation permitted, boolean server, int borne, AlertDescription alert) throws Exception {
        Handshaking pair = new Handshaking("TLSv1.2", Shape.FULL, server, Deviation.NONE)
                .with(options -> options.renegotiation(permitted))
                .connect();
        byte[] hello = {};
        for (int n = 0; n < borne; n++) {
            byte[] answer = pair.decrypt(request(pair.deviant(), server));
            if (permitted.isPossible()) {
                hello = n == 0 ? answer : hello;
                assertEquals(n == 0, answer.length > 0, "one hello, however often it is asked for");
            } else {
                pair.deviant().arrive(answer);
            }
        }
        boolean told = permitted == Renegotiation.REFUSE || permitted == Renegotiation.IGNORE && server;
        assertEquals(told ? BORNE : 0, pair.deviant().refusedRenegotiations());
        byte[] last = request(pair.deviant(), server);
        SspiException end = assertThrows(SspiException.class, () -> pair.decrypt(last));
        assertEquals(alert.code(), end.alert().orElseThrow(), end.getMessage());
        pair.deviant().arrive(hello);
        // The alert leaves under the keys that there are.
        pair.deviant().arrive(pair.establish(null));
        assertEquals(alert.code(), pair.told());
        assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, pair.statusNow());
    }

    private static final byte[] NO_DATA = {};

    /** Has the peer renegotiate, with this data in between, until it is told no. {@return how often it was granted} */
    private static int granted(Handshaking pair, byte[] data) throws Exception {
        long start = System.nanoTime();
        int times = -1;
        do {
            times++;
            if (data.length > 0) {
                pair.decrypt(pair.deviant().data(data));
            }
            assertNull(pair.deviantBegins());
        } while (pair.deviant().refusedRenegotiations() == 0 && times < 4 * AT_ONCE);
        long brought = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) / SECONDS_FOR_ONE_MORE;
        assertTrue(times >= AT_ONCE && times <= AT_ONCE + brought, times + " handshakes");
        return times;
    }

    @ParameterizedTest(name = "the context is the server: {0}")
    @ValueSource(booleans = {true, false})
    void handshakesWithoutDataInBetweenComeToAnEnd(boolean server) throws Exception {
        Handshaking pair = new Handshaking("TLSv1.2", Shape.RENEGOTIATED, server, Deviation.NONE).connect();
        long before = Handshaking.allocated();
        int times = granted(pair, NO_DATA);
        // The whole test allocates, the peer and the buffers of the calls included.
        long each = (Handshaking.allocated() - before) / times;
        assertTrue(each < 1 << 21, each + " bytes for each of them");
    }

    @Test
    void dataInBetweenBuysAClientNoHandshakesWithoutEnd() throws Exception {
        Handshaking pair = new Handshaking("TLSv1.2", Shape.RENEGOTIATED, true, Deviation.NONE).connect();
        granted(pair, new byte[1]);
        Object session = pair.context().queryContextAttributes(ContextAttribute.SESSION);
        // The connection goes on, for a client that can bear the answer.
        pair.decrypt(pair.deviant().data(new byte[1]));
        SecBufferDesc data = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[1]));
        assertSame(SecurityStatus.SEC_E_OK, pair.context().encryptMessage(0, data, 0));
        assertSame(session, pair.context().queryContextAttributes(ContextAttribute.SESSION));
    }

    /** A caller that reads and never sends keeps no answer for each of the requests. */
    @ParameterizedTest(name = "the context is the server: {0}")
    @ValueSource(booleans = {true, false})
    void refusalsThatWaitAreOne(boolean server) throws Exception {
        Handshaking pair = new Handshaking("TLSv1.2", Shape.FULL, server, Deviation.NONE).connect();
        for (int n = 0; n < 4 * BORNE; n++) {
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, request(pair.deviant(), server)),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            assertSame(SecurityStatus.SEC_I_RENEGOTIATE, pair.context().decryptMessage(message, 0));
            byte[] kept = message.find(SecBufferType.EXTRA).toByteArray();
            SecBufferDesc input = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, kept), new SecBuffer());
            if (server) {
                pair.context().acceptSecurityContext(AscReq.FRAGMENT_TO_FIT, null, input, null);
            } else {
                pair.context().initializeSecurityContext("localhost", IscReq.FRAGMENT_TO_FIT, null, input, null);
            }
            pair.decrypt(pair.deviant().data(new byte[1]));
        }
        pair.deviant().arrive(pair.establish(null));
        assertEquals(0, pair.context().pendingTokenSize());
        assertEquals(1, pair.deviant().refusedRenegotiations());
        // And the next request has an answer again.
        pair.deviant().arrive(pair.decrypt(request(pair.deviant(), server)));
        assertEquals(2, pair.deviant().refusedRenegotiations());
    }
}
