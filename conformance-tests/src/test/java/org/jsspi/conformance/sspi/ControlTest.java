package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.IscReq;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Control tokens, shutdown, and what TLS 1.3 sends after the handshake. */
class ControlTest {
    private Connection<SspiEnd, SspiEnd> pair;
    private StreamContext client;
    private StreamContext server;

    @BeforeEach
    void connect() throws Exception {
        pair = Schannel.connected();
        client = pair.client().context();
        server = pair.server().context();
    }

    @Test
    void aContextThatHasNotBegunHasNothingToControl() throws Exception {
        StreamContext fresh = Schannel.context(Schannel.outbound());

        assertStatus(SecurityStatus.SEC_E_INVALID_HANDLE, () -> fresh.applyControlToken(SchannelControl.shutdown()));
    }

    @Test
    void noListIsAnInternalError() {
        assertStatus(SecurityStatus.SEC_E_INTERNAL_ERROR, () -> client.applyControlToken(null));
    }

    @Test
    void anythingButOneTokenIsAnInvalidToken() {
        ByteBuffer shutdown = SchannelControl.shutdown().get(0).view();
        for (SecBufferDesc list : new SecBufferDesc[] {
            new SecBufferDesc(),
            new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, shutdown), new SecBuffer()),
            new SecBufferDesc(new SecBuffer(SecBufferType.ALERT, shutdown)),
            new SecBufferDesc(new SecBuffer(SecBufferType.DATA, shutdown))
        }) {
            assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> client.applyControlToken(list));
        }
    }

    @Test
    void aTokenTooShortForAWordIsUnsupported() {
        for (int length = 0; length < 4; length++) {
            SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[length]));
            assertStatus(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, () -> client.applyControlToken(list));
        }
    }

    @Test
    void renegotiationIsUnsupported() {
        SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[4]));

        assertStatus(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, () -> client.applyControlToken(list));
    }

    @Test
    void shutdownMayBeRepeatedAndOneCloseNotifyLeaves() throws Exception {
        assertEquals(SecurityStatus.SEC_E_OK, client.applyControlToken(SchannelControl.shutdown()));
        assertEquals(SecurityStatus.SEC_E_OK, client.applyControlToken(SchannelControl.shutdown()));

        assertEquals(SecurityStatus.SEC_E_OK, pair.client().establish(null, pair.server()));
        assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, pair.client().establish(null, pair.server()));

        byte[] records = pair.server().takeInbox();
        assertEquals(5 + 2 + 17, records.length);
        pair.server().arrive(records);
        pair.settle();
        assertTrue(pair.server().expired());
    }

    @Test
    void shutdownInTheMiddleOfAHandshakeSendsCloseNotifyInTheClear() throws Exception {
        SspiEnd half = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd other = Schannel.server(ContextOptions.DEFAULT, null);
        half.step(other);
        other.takeInbox();

        half.context().applyControlToken(SchannelControl.shutdown());

        assertEquals(SecurityStatus.SEC_E_OK, half.establish(null, other));
        byte[] record = other.takeInbox();
        assertEquals(7, record.length);
        assertArrayEquals(new byte[] {0, 2, 1, 0}, Arrays.copyOfRange(record, 3, 7));
    }

    @Test
    void eachDirectionIsShutDownByItself() throws Exception {
        client.applyControlToken(SchannelControl.shutdown());
        pair.client().establish(null, pair.server());
        pair.settle();
        assertTrue(pair.server().expired());

        pair.client().arrive(pair.server().encrypt(new byte[] {1, 2}));
        pair.settle();

        assertArrayEquals(new byte[] {1, 2}, pair.client().takeReceived());
    }

    @Test
    void anAlertTokenSendsThatAlert() throws Exception {
        assertEquals(
                SecurityStatus.SEC_E_OK,
                client.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 49)));
        pair.client().establish(null, pair.server());

        SspiException heard =
                assertThrows(SspiException.class, () -> pair.server().step(pair.client()));

        assertEquals(49, heard.alert().getAsInt());
        // access_denied
        assertEquals(SecurityStatus.SEC_E_LOGON_DENIED, heard.status());
    }

    @Test
    void anAlertTokenThatNamesNoAlertIsUnsupported() {
        assertStatus(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                () -> client.applyControlToken(SchannelControl.alert(3, 49)));
        assertStatus(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                () -> client.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 256)));
    }

    @Test
    void ticketsSurfaceAsRenegotiateAndGoBackToTheEstablishingCall() throws Exception {
        SspiEnd newClient = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd newServer = Schannel.server(ContextOptions.DEFAULT, null);

        new Connection<>(newClient, newServer).handshake();

        assertTrue(newClient.statuses().contains(SecurityStatus.SEC_I_RENEGOTIATE), newClient.toString());
        assertEquals(
                SecurityStatus.SEC_E_OK,
                newClient.statuses().get(newClient.statuses().indexOf(SecurityStatus.SEC_I_RENEGOTIATE) + 1));
    }

    @Test
    void aKeyUpdateSurfacesAsAHandshakeRecordOfTheSamePlace() throws Exception {
        // An establishing call without input on an established context asks for new keys.
        assertEquals(SecurityStatus.SEC_E_OK, pair.client().establish(null, pair.server()));
        byte[] record = pair.server().takeInbox();
        byte[] following = pair.client().encrypt(new byte[] {7});
        byte[] both = Arrays.copyOf(record, record.length + following.length);
        System.arraycopy(following, 0, both, record.length, following.length);
        SecBufferDesc message = list(both);

        assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, server.decryptMessage(message, 0));

        SecBuffer extra = message.find(SecBufferType.EXTRA);
        byte[] handshake = extra.toByteArray();
        assertEquals(22, handshake[0]);
        assertEquals(24, handshake[5], "a KeyUpdate");
        assertEquals(
                SecurityStatus.SEC_E_OK,
                pair.server()
                        .establish(
                                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, handshake), new SecBuffer()),
                                pair.client()));
        SecBufferDesc next = list(following);
        assertEquals(SecurityStatus.SEC_E_OK, server.decryptMessage(next, 0));
        assertArrayEquals(new byte[] {7}, next.get(1).toByteArray());
    }

    @Test
    void aMessageThatIsNotTakenBackHoldsEverythingUp() throws Exception {
        pair.client().establish(null, pair.server());
        server.decryptMessage(list(pair.server().takeInbox()), 0);

        assertStatus(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                () -> server.decryptMessage(list(pair.client().encrypt(new byte[] {7})), 0));
    }

    @Test
    void otherBytesThanThoseThatWereDecryptedAreUnexpected() throws Exception {
        pair.client().establish(null, pair.server());
        SecBufferDesc message = list(pair.server().takeInbox());
        server.decryptMessage(message, 0);
        byte[] forged = message.find(SecBufferType.EXTRA).toByteArray();
        forged[forged.length - 1] ^= 1;

        SspiException failure = assertThrows(
                SspiException.class,
                () -> pair.server()
                        .establish(
                                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, forged), new SecBuffer()),
                                pair.client()));

        assertEquals(10, failure.alert().getAsInt());
    }

    @Test
    void clearHandshakeRecordsGivenToAnEstablishedContextAreUnexpected() {
        byte[] keyUpdate = {22, 3, 3, 0, 5, 24, 0, 0, 1, 0};

        SspiException failure = assertThrows(
                SspiException.class,
                () -> pair.server()
                        .establish(
                                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, keyUpdate), new SecBuffer()),
                                pair.client()));

        assertEquals(10, failure.alert().getAsInt());
        assertEquals(SecurityStatus.SEC_E_ILLEGAL_MESSAGE, failure.status());
    }

    @Test
    void aFailedContextGivesItsAlertOnceAndThenExpires() throws Exception {
        byte[] record = pair.client().encrypt(new byte[3]);
        record[6] ^= 1;
        assertThrows(SspiException.class, () -> server.decryptMessage(list(record), 0));

        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100]));
        assertEquals(
                SecurityStatus.SEC_I_CONTEXT_EXPIRED, server.acceptSecurityContext(AscReq.NONE, null, null, output));

        pair.client().arrive(output.get(0).toByteArray());
        SspiException heard =
                assertThrows(SspiException.class, () -> pair.client().step(pair.server()));
        assertEquals(20, heard.alert().getAsInt());
        assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, heard.status());
        assertStatus(
                SecurityStatus.SEC_E_CONTEXT_EXPIRED,
                () -> server.acceptSecurityContext(AscReq.NONE, null, null, output));
        assertStatus(
                SecurityStatus.SEC_E_CONTEXT_EXPIRED,
                () -> client.initializeSecurityContext(null, IscReq.NONE, null, null, output));
    }

    private static SecBufferDesc list(byte[] bytes) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, bytes),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer());
    }

    private static void assertStatus(SecurityStatus status, org.junit.jupiter.api.function.Executable call) {
        SspiException failure = assertThrows(SspiException.class, call);
        assertEquals(status, failure.status(), failure.getMessage());
    }
}
