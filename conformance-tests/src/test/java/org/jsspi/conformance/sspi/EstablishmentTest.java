package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscReq;
import org.jsspi.AscRet;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.IscReq;
import org.jsspi.IscRet;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;

/** The establishing calls of Schannel: which lists they take, what they answer, and that misuse harms nothing. */
class EstablishmentTest {
    private static final int ROOM = 40_000;

    private final StreamContext client = context(true);
    private final StreamContext server = context(false);

    @Test
    void theFirstCallWithoutOutputIsAnInvalidToken() {
        assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> initialize(IscReq.NONE, null, null));
    }

    @Test
    void anOutputWithoutATokenIsAnInvalidToken() {
        assertStatus(
                SecurityStatus.SEC_E_INVALID_TOKEN,
                () -> initialize(
                        IscReq.NONE, null, new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[ROOM]))));
    }

    @Test
    void aTokenWithoutRoomIsInsufficientMemoryAndTheContextGoesOn() throws Exception {
        assertStatus(SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, () -> initialize(IscReq.NONE, null, token(0)));
        assertStatus(SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, () -> initialize(IscReq.NONE, null, token(20)));

        SecBufferDesc output = token(ROOM);
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, initialize(IscReq.NONE, null, output));
        assertTrue(output.get(0).length() > 100);
    }

    @Test
    void anAlertBufferWithoutRoomIsInsufficientMemory() {
        SecBufferDesc output = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, new byte[ROOM]), new SecBuffer(SecBufferType.ALERT, new byte[0]));

        assertStatus(SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, () -> initialize(IscReq.NONE, null, output));
    }

    @Test
    void anAlertBufferIsEmptyAfterSuccess() throws Exception {
        SecBufferDesc output = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, new byte[ROOM]), new SecBuffer(SecBufferType.ALERT, new byte[100]));

        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, initialize(IscReq.NONE, null, output));

        assertEquals(0, output.get(1).length());
    }

    @Test
    void thePackageAllocatesWhereItIsAsked() throws Exception {
        try (SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[0]))) {
            assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, initialize(IscReq.ALLOCATE_MEMORY, null, output));

            assertTrue(output.get(0).length() > 100);
            assertEquals(22, output.get(0).toByteArray()[0]);
            assertTrue(client.initiatorAttributes().has(IscRet.ALLOCATED_MEMORY));
        }
    }

    @Test
    void theFirstInputMayBeEmptyOrHoldOptionsInAnySlot() throws Exception {
        SecBufferDesc options = new SecBufferDesc(new SecBuffer(), ApplicationProtocols.offer(List.of("h2")));

        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, initialize(IscReq.NONE, options, token(ROOM)));
        assertEquals(
                SecurityStatus.SEC_I_CONTINUE_NEEDED,
                context(true)
                        .initializeSecurityContext(
                                "localhost", IscReq.NONE, null, new SecBufferDesc(new SecBuffer()), token(ROOM)));
    }

    @Test
    void aRunningHandshakeWithoutInputIsIncomplete() throws Exception {
        initialize(IscReq.NONE, null, token(ROOM));
        SecBufferDesc output = token(ROOM);

        assertEquals(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, initialize(IscReq.NONE, null, output));

        assertEquals(ROOM, output.get(0).length());
        assertEquals(SecBufferType.TOKEN, output.get(0).type());
    }

    @Test
    void everyStrictPrefixOfARecordIsIncompleteAndMissingSaysHowMuch() throws Exception {
        byte[] hello = clientHello();
        for (int have = 0; have < hello.length; have++) {
            SecBufferDesc input = input(Arrays.copyOf(hello, have));
            SecBufferDesc output = token(ROOM);

            assertEquals(
                    SecurityStatus.SEC_E_INCOMPLETE_MESSAGE,
                    server.acceptSecurityContext(AscReq.NONE, null, input, output));

            assertEquals(SecBufferType.MISSING, input.get(1).type(), have + " bytes");
            assertEquals(have < 5 ? 5 - have : hello.length - have, input.get(1).length());
            assertEquals(ROOM, output.get(0).length());
        }
        assertEquals(
                SecurityStatus.SEC_I_CONTINUE_NEEDED,
                server.acceptSecurityContext(AscReq.NONE, null, input(hello), token(ROOM)));
    }

    @Test
    void anEmptyBufferWithALengthIsAnInvalidTokenAndTheContextGoesOn() throws Exception {
        byte[] hello = clientHello();
        SecBufferDesc wrong = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, hello), new SecBuffer(SecBufferType.EMPTY, new byte[1]));

        assertStatus(
                SecurityStatus.SEC_E_INVALID_TOKEN,
                () -> server.acceptSecurityContext(AscReq.NONE, null, wrong, token(ROOM)));
        assertEquals(
                SecurityStatus.SEC_I_CONTINUE_NEEDED,
                server.acceptSecurityContext(AscReq.NONE, null, input(hello), token(ROOM)));
    }

    @Test
    void garbageIsRefusedAndTheContextHasFailed() throws Exception {
        byte[] garbage = new byte[100];
        Arrays.fill(garbage, (byte) 0x55);

        SspiException failure = assertThrows(
                SspiException.class,
                () -> server.acceptSecurityContext(AscReq.NONE, null, input(garbage), token(ROOM)));

        assertEquals(SecurityStatus.SEC_E_INVALID_TOKEN, failure.status());
        SecBufferDesc output = token(ROOM);
        assertEquals(
                SecurityStatus.SEC_I_CONTEXT_EXPIRED, server.acceptSecurityContext(AscReq.NONE, null, null, output));
        assertEquals(21, output.get(0).toByteArray()[0]);
    }

    @Test
    void theFirstCallOfAServerNeedsInput() {
        assertStatus(
                SecurityStatus.SEC_E_INVALID_TOKEN,
                () -> server.acceptSecurityContext(AscReq.NONE, null, null, token(ROOM)));
    }

    @Test
    void bytesBehindTheLastRecordBecomeExtra() throws Exception {
        initialize(IscReq.NONE, null, token(ROOM));
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                Schannel.client(ContextOptions.DEFAULT, null), Schannel.server(ContextOptions.DEFAULT, null));
        pair.client().step(pair.server());
        pair.server().step(pair.client());
        byte[] flight = pair.client().takeInbox();
        byte[] more = Arrays.copyOf(flight, flight.length + 7);
        SecBufferDesc input = input(more);

        assertEquals(SecurityStatus.SEC_E_OK, pair.client().establish(input, pair.server()));

        assertEquals(SecBufferType.EXTRA, input.get(1).type());
        assertEquals(7, input.get(1).length());
    }

    @Test
    void leftOverBytesWithoutAnEmptyBufferAreAnInvalidToken() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                Schannel.client(ContextOptions.DEFAULT, null), Schannel.server(ContextOptions.DEFAULT, null));
        pair.client().step(pair.server());
        pair.server().step(pair.client());
        byte[] flight = pair.client().takeInbox();
        SecBufferDesc input =
                new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, Arrays.copyOf(flight, flight.length + 7)));

        assertStatus(SecurityStatus.SEC_E_INVALID_TOKEN, () -> pair.client().establish(input, pair.server()));
    }

    @Test
    void bothSidesEndWithOkAndATokenThatHasToBeSent() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                Schannel.client(ContextOptions.DEFAULT, null), Schannel.server(ContextOptions.DEFAULT, null));
        pair.client().step(pair.server());
        pair.server().step(pair.client());

        pair.client().step(pair.server());

        // TLS 1.3: the client's Finished leaves with SEC_E_OK, and so do the server's tickets.
        assertEquals(SecurityStatus.SEC_E_OK, pair.client().statuses().get(1));
        assertTrue(pair.client().established());
        pair.server().step(pair.client());
        assertEquals(SecurityStatus.SEC_E_OK, pair.server().statuses().get(1));
        assertTrue(pair.client().takeInbox().length > 0);
    }

    @Test
    void attributesNameWhatIsGrantedAndReflectTheFlagsOfTheCall() throws Exception {
        initialize(IscReq.EXTENDED_ERROR.or(IscReq.USE_SUPPLIED_CREDS), null, token(ROOM));
        IscRet always = IscRet.REPLAY_DETECT
                .or(IscRet.SEQUENCE_DETECT)
                .or(IscRet.CONFIDENTIALITY)
                .or(IscRet.STREAM);
        assertTrue(client.initiatorAttributes()
                .has(always.or(IscRet.EXTENDED_ERROR).or(IscRet.USED_SUPPLIED_CREDS)));
        assertFalse(client.initiatorAttributes().has(IscRet.ALLOCATED_MEMORY));

        server.acceptSecurityContext(AscReq.NONE, null, input(clientHello()), token(ROOM));
        assertTrue(server.acceptorAttributes().has(AscRet.STREAM), "STREAM is granted without being asked for");
    }

    @Test
    void delegationAndDatagramsAreUnsupported() throws Exception {
        byte[] hello = clientHello();
        assertStatus(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                () -> server.acceptSecurityContext(AscReq.DELEGATE, null, input(hello), token(ROOM)));
        assertStatus(
                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                () -> server.acceptSecurityContext(AscReq.DATAGRAM, null, input(hello), token(ROOM)));
        assertStatus(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, () -> initialize(IscReq.DATAGRAM, null, token(ROOM)));
    }

    @Test
    void aContextKeepsItsSide() throws Exception {
        initialize(IscReq.NONE, null, token(ROOM));

        assertStatus(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                () -> client.acceptSecurityContext(AscReq.NONE, null, input(new byte[10]), token(ROOM)));
    }

    @Test
    void oneRecordAtATimeWhereTheCallerAsksForFragments() throws Exception {
        SecBufferDesc none = null;
        assertEquals(SecurityStatus.SEC_I_MESSAGE_FRAGMENT, initialize(IscReq.FRAGMENT_TO_FIT, null, none));
        int size = client.pendingTokenSize();
        assertEquals(SecurityStatus.SEC_I_MESSAGE_FRAGMENT, initialize(IscReq.FRAGMENT_TO_FIT, null, token(size - 1)));
        SecBufferDesc output = token(size);
        SecurityStatus status = initialize(IscReq.FRAGMENT_TO_FIT, null, output);

        assertEquals(size, output.get(0).length());
        assertEquals(
                client.pendingTokenSize() > 0
                        ? SecurityStatus.SEC_I_MESSAGE_FRAGMENT
                        : SecurityStatus.SEC_I_CONTINUE_NEEDED,
                status);
    }

    @Test
    void aServerThatNeedsACertificateAsksWithMutualAuth() throws Exception {
        SspiEnd client = SspiEnd.initiator(
                Schannel.context(org.jsspi.Sspi.acquireCredentialsHandle(
                        null,
                        "Schannel",
                        org.jsspi.CredentialUse.OUTBOUND,
                        org.jsspi.SchCredentials.builder()
                                .identities(
                                        List.of(TestPki.client(KeyKind.EC_P256).identity()))
                                .rootStore(TestPki.roots())
                                .build())),
                ContextOptions.DEFAULT,
                null);
        SspiEnd server = Schannel.server(
                ContextOptions.builder()
                        .clientAuthentication(ContextOptions.ClientAuthentication.NEED)
                        .build(),
                null);

        new Connection<>(client, server).handshake();

        assertEquals(
                TestPki.client(KeyKind.EC_P256).certificate(),
                server.context().queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
        assertEquals(
                TestPki.client(KeyKind.EC_P256).certificate(),
                client.context().queryContextAttributes(ContextAttribute.LOCAL_CERT_CONTEXT));
        assertEquals(
                TestPki.client(KeyKind.EC_P256).certificate().getNotAfter().toInstant(),
                server.context().expiry());
    }

    @Test
    void asynchronousWorkIsOfferedOnlyToThoseWhoAskForIt() throws Exception {
        Connection<SspiEnd, SspiEnd> plain = Schannel.connected();
        assertFalse(plain.client().statuses().contains(SecurityStatus.SEC_I_ASYNC_CALL_PENDING));
        assertFalse(plain.server().statuses().contains(SecurityStatus.SEC_I_ASYNC_CALL_PENDING));

        ContextOptions async = ContextOptions.builder().async(true).build();
        SecBufferDesc output = token(ROOM);
        SecurityStatus status = server.acceptSecurityContext(AscReq.NONE, async, input(clientHello()), output);

        assertEquals(SecurityStatus.SEC_I_ASYNC_CALL_PENDING, status);
        int rounds = 0;
        while (status == SecurityStatus.SEC_I_ASYNC_CALL_PENDING) {
            Runnable work = server.pendingWork();
            assertEquals(null, server.pendingWork(), "handed out once");
            work.run();
            output = token(ROOM);
            status = server.acceptSecurityContext(AscReq.NONE, async, null, output);
            assertTrue(++rounds < 10);
        }
        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, status);
        assertTrue(output.get(0).length() > 100);
    }

    @Test
    void inputIsNeverChanged() throws Exception {
        byte[] hello = clientHello();
        byte[] copy = hello.clone();
        SecBufferDesc input = new SecBufferDesc(
                new SecBuffer(SecBufferType.TOKEN, ByteBuffer.wrap(hello).asReadOnlyBuffer()), new SecBuffer());

        assertEquals(
                SecurityStatus.SEC_I_CONTINUE_NEEDED,
                server.acceptSecurityContext(AscReq.NONE, null, input, token(ROOM)));

        assertArrayEquals(copy, hello);
    }

    private SecurityStatus initialize(IscReq request, SecBufferDesc input, SecBufferDesc output) throws SspiException {
        return client.initializeSecurityContext("localhost", request, null, input, output);
    }

    private static byte[] clientHello() throws SspiException {
        SspiEnd from = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd to = Schannel.server(ContextOptions.DEFAULT, null);
        from.step(to);
        return to.takeInbox();
    }

    private static SecBufferDesc token(int room) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, ByteBuffer.allocate(room)));
    }

    private static SecBufferDesc input(byte[] bytes) {
        return new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, bytes), new SecBuffer());
    }

    private static StreamContext context(boolean initiator) {
        try {
            return Schannel.context(
                    initiator ? Schannel.outbound() : Schannel.inbound(TestPki.server(KeyKind.EC_P256)));
        } catch (SspiException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertStatus(SecurityStatus status, org.junit.jupiter.api.function.Executable call) {
        SspiException failure = assertThrows(SspiException.class, call);
        assertEquals(status, failure.status(), failure.getMessage());
    }
}
