package org.jsspi.provider.tls;

import static org.jsspi.provider.tls.End.complete;
import static org.jsspi.provider.tls.End.concat;
import static org.jsspi.provider.tls.End.deliver;
import static org.jsspi.provider.tls.TestCredentials.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Reason;
import org.jsspi.EarlyDataInfo.Status;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.TicketKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Early data through the calls of SSPI: what each side is told, what is kept apart, and what is never taken twice. */
class EarlyDataTest {
    private static final int EARLY = StreamContext.QOP_EARLY_DATA;
    private static final int LIMIT = 1000;
    private static final byte[] REQUEST = "GET /".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "200".getBytes(StandardCharsets.US_ASCII);

    private static final ContextOptions ALLOWED =
            ContextOptions.builder().maximumEarlyData(LIMIT).build();

    private final CredHandle outbound = TestCredentials.outbound();
    private final CredHandle inbound = server(null);

    private static CredHandle server(TicketKeys keys) {
        return TestCredentials.acquire(
                CredentialUse.INBOUND,
                SchCredentials.builder().identities(List.of(SERVER)).ticketKeys(keys));
    }

    private End client(ContextOptions options) throws SspiException {
        return new End(outbound, true, options);
    }

    /** A full handshake, after which the client has a ticket. */
    private void first(CredHandle server, ContextOptions clientOptions, ContextOptions serverOptions)
            throws SspiException {
        End client = client(clientOptions);
        End accepting = new End(server, false, serverOptions);
        complete(client, accepting, client.establish(null));
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertSame(SecurityStatus.SEC_E_OK, accepting.status);
    }

    private static ContextOptions async(boolean async) {
        return ALLOWED.toBuilder().async(async).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestArrivesWithTheFirstFlightAndIsAnsweredWithTheServersFirst(boolean async) throws SspiException {
        first(inbound, async(async), async(async));
        End client = client(async(async));
        byte[] flight = client.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
        assertEquals(EarlyDataInfo.offered("", LIMIT), client.earlyData());
        assertEquals(
                17,
                client.context
                        .queryContextAttributes(ContextAttribute.STREAM_SIZES)
                        .trailer());
        flight = concat(flight, client.encrypt(EARLY, REQUEST));
        assertEquals(REQUEST.length, client.earlyData().transferred());

        End server = new End(inbound, false, async(async));
        byte[] answer = server.establish(flight);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, server.status);
        answer = concat(answer, server.decrypt(server.rest));
        assertEquals(List.of("GET /"), server.early);
        assertEquals(EarlyDataInfo.offered("", LIMIT).accepted().transferred(REQUEST.length), server.earlyData());
        assertSame(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                assertThrows(SspiException.class, () -> server.encrypt(0, ANSWER))
                        .status(),
                "what is sent now is told apart");
        answer = concat(answer, server.encrypt(EARLY, ANSWER));

        byte[] finished = deliver(client, answer);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertEquals(Status.ACCEPTED, client.earlyData().status());
        assertEquals(List.of("200"), client.late, "to the client the server has proven that it is there");
        complete(client, server, concat(finished, client.encrypt(0, REQUEST)));
        assertSame(SecurityStatus.SEC_E_OK, server.status);
        assertEquals(List.of("GET /"), server.early);
        assertEquals(List.of("GET /"), server.late);
        assertNotSupported(() -> client.encrypt(EARLY, REQUEST));
        assertNotSupported(() -> server.encrypt(EARLY, ANSWER));
    }

    private static void assertNotSupported(Executable call) {
        assertSame(
                SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                assertThrows(SspiException.class, call).status());
    }

    @Test
    void withoutTheOptionThereIsNone() throws SspiException {
        first(inbound, ContextOptions.DEFAULT, ALLOWED);
        End client = client(ContextOptions.DEFAULT);
        byte[] flight = client.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.status);
        assertEquals(EarlyDataInfo.none(Reason.DISABLED), client.earlyData());
        assertNotSupported(() -> client.encrypt(EARLY, REQUEST));
        End server = new End(inbound, false, ContextOptions.DEFAULT);
        complete(client, server, flight);
        assertEquals(EarlyDataInfo.none(Reason.DISABLED), server.earlyData());

        first(inbound, ALLOWED, ContextOptions.DEFAULT);
        End eager = client(ALLOWED);
        eager.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, eager.status);
        assertEquals(EarlyDataInfo.none(Reason.UNSUPPORTED_FOR_SESSION), eager.earlyData());
    }

    @Test
    void aFlightThatIsSentAgainIsNotTakenAgain() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        flight = concat(flight, client.encrypt(EARLY, REQUEST));
        End server = new End(inbound, false, ALLOWED);
        byte[] answer = server.establish(flight.clone());
        server.decrypt(server.rest);
        assertEquals(List.of("GET /"), server.early);

        for (int i = 0; i < 3; i++) {
            End replayed = new End(inbound, false, ALLOWED);
            replayed.establish(flight.clone());
            assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, replayed.status);
            assertEquals(0, replayed.rest.length, "the early data is passed over");
            assertEquals(Status.REJECTED, replayed.earlyData().status());
            assertEquals(Reason.REPLAY, replayed.earlyData().reason());
            assertThrows(SspiException.class, () -> replayed.decrypt(new byte[30]));
            assertEquals(List.of(), replayed.early);
        }
        // The first of them goes on as if nothing had happened.
        complete(client, server, deliver(client, answer));
        assertSame(SecurityStatus.SEC_E_OK, server.status);
    }

    @Test
    void aServerThatSharesTheTicketKeysResumesAndTakesNone() throws SspiException {
        TicketKeys shared = TicketKeys.rotating(Duration.ofHours(1));
        CredHandle one = server(shared);
        CredHandle other = server(shared);
        first(one, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        flight = concat(flight, client.encrypt(EARLY, REQUEST));
        End server = new End(other, false, ALLOWED);
        complete(client, server, flight);
        assertSame(SecurityStatus.SEC_E_OK, server.status);
        assertTrue(server.context
                .queryContextAttributes(ContextAttribute.SESSION_INFO)
                .reconnect());
        assertEquals(Reason.UNSUPPORTED_FOR_SESSION, server.earlyData().reason());
        assertEquals(Status.REJECTED, client.earlyData().status());
        assertEquals(List.of(), server.early);
    }

    @Test
    void aServerThatKeepsSessionsInMemoryTakesIt() throws SspiException {
        CredHandle server = server(TicketKeys.NONE);
        first(server, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End accepting = new End(server, false, ALLOWED);
        complete(client, accepting, concat(flight, client.encrypt(EARLY, REQUEST)));
        assertEquals(List.of("GET /"), accepting.early);
    }

    /** Rejected early data passes by, and what the client sends afterwards arrives. */
    private void assertRejected(End client, End server, Reason forTheClient) throws SspiException {
        byte[] flight = client.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
        for (int i = 0; i < 5; i++) {
            flight = concat(flight, client.encrypt(EARLY, new byte[LIMIT / 5]));
        }
        complete(client, server, flight);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertSame(SecurityStatus.SEC_E_OK, server.status);
        EarlyDataInfo told = client.earlyData();
        assertEquals(
                EarlyDataInfo.offered("", LIMIT).transferred(LIMIT).rejected(forTheClient),
                told,
                "what was sent is the client's to send again");
        assertNotSupported(() -> client.encrypt(EARLY, REQUEST));
        complete(client, server, client.encrypt(0, REQUEST));
        assertEquals(List.of("GET /"), server.late);
        assertEquals(List.of(), server.early);
    }

    @Test
    void aServerThatDeclinesPassesItOver() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        assertRejected(client(ALLOWED), new End(inbound, false, ContextOptions.DEFAULT), Reason.PEER_DECLINED);
    }

    @Test
    void aServerThatDoesNotKnowTheTicketPassesItOver() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        assertRejected(client(ALLOWED), new End(server(null), false, ALLOWED), Reason.SESSION_NOT_RESUMED);
    }

    @Test
    void aServerThatNeedsASecondHelloPassesItOver() throws SspiException {
        ContextOptions both =
                ALLOWED.toBuilder().namedGroups(List.of("x25519", "secp256r1")).build();
        first(inbound, both, ALLOWED);
        ContextOptions one =
                ALLOWED.toBuilder().namedGroups(List.of("secp256r1")).build();
        assertRejected(client(both), new End(inbound, false, one), Reason.HELLO_RETRY_REQUEST);
    }

    @Test
    void noMoreIsSentThanTheTicketAllows() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        assertNotSupported(() -> client.encrypt(EARLY, new byte[LIMIT + 1]));
        flight = concat(flight, client.encrypt(EARLY, new byte[LIMIT - 1]));
        assertNotSupported(() -> client.encrypt(EARLY, new byte[2]));
        flight = concat(flight, client.encrypt(EARLY, new byte[1]));
        assertEquals(LIMIT, client.earlyData().transferred());
        End server = new End(inbound, false, ALLOWED);
        complete(client, server, flight);
        assertEquals(LIMIT, server.earlyData().transferred());
        assertEquals(Status.ACCEPTED, client.earlyData().status());
    }

    @Test
    void theClientsOwnLimitHoldsToo() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ContextOptions.builder().maximumEarlyData(3).build());
        client.establish(null);
        assertEquals(3, client.earlyData().maximum());
        assertNotSupported(() -> client.encrypt(EARLY, REQUEST));
    }

    @Test
    void itIsNotForTheEstablishingCall() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End server = new End(inbound, false, ALLOWED);
        server.establish(flight);
        byte[] record = client.encrypt(EARLY, REQUEST);
        assertSame(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                assertThrows(SspiException.class, () -> server.establish(record.clone()))
                        .status());
        server.decrypt(record);
        assertEquals(List.of("GET /"), server.early, "nothing had changed");
    }

    @Test
    void aPartOfARecordAndATargetThatIsTooSmallChangeNothing() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End server = new End(inbound, false, ALLOWED);
        server.establish(flight);
        byte[] record = client.encrypt(EARLY, REQUEST);
        for (int length = 0; length < record.length; length++) {
            SecBufferDesc part = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, Arrays.copyOf(record, length)),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            assertSame(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, server.context.decryptMessage(part, 0));
        }
        for (int room = 0; room < REQUEST.length; room++) {
            SecBufferDesc small = new SecBufferDesc(
                    new SecBuffer(SecBufferType.STREAM, record.clone()),
                    new SecBuffer(SecBufferType.DATA, new byte[room]),
                    new SecBuffer(),
                    new SecBuffer());
            assertSame(SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS, server.context.decryptMessage(small, 0));
            assertEquals(REQUEST.length, small.get(1).length(), "the room that it needs");
        }
        assertEquals(0, server.earlyData().transferred());
        server.decrypt(record);
        assertEquals(List.of("GET /"), server.early);
        assertEquals(REQUEST.length, server.earlyData().transferred());
    }

    @Test
    void nobodyIsToldWhatIsNotDecidedYet() throws SspiException {
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        assertEquals(Reason.NO_SESSION, client.earlyData().reason());
        End server = new End(inbound, false, ALLOWED);
        assertSame(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                assertThrows(SspiException.class, server::earlyData).status());
        server.establish(Arrays.copyOf(flight, 3));
        assertSame(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, server.status);
        assertSame(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                assertThrows(SspiException.class, server::earlyData).status());
        server.establish(flight);
        assertEquals(Reason.NO_SESSION, server.earlyData().reason());
    }

    @Test
    void aRecordThatWasChangedEndsTheConnection() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End server = new End(inbound, false, ALLOWED);
        server.establish(flight);
        byte[] record = client.encrypt(EARLY, REQUEST);
        record[record.length - 1] ^= 1;
        SspiException e = assertThrows(SspiException.class, () -> server.decrypt(record));
        assertEquals(20, e.alert().orElseThrow(), "bad_record_mac: nothing is passed over once early data is taken");
        assertEquals(List.of(), server.early);
    }

    private static void assertAlert(int alert, Executable call) {
        SspiException e = assertThrows(SspiException.class, call);
        assertEquals(alert, e.alert().orElse(-1), e::getMessage);
    }

    /** RFC 8446 5.2: what cannot be opened is bad_record_mac again, as soon as no early data can come any more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behindEarlyDataThatWasTakenNothingIsPassedOver(boolean async) throws SspiException {
        first(inbound, async(async), async(async));
        End client = client(async(async));
        byte[] flight = concat(client.establish(null), client.encrypt(EARLY, REQUEST));
        End server = new End(inbound, false, async(async));
        byte[] answer = deliver(server, flight);
        assertEquals(List.of("GET /"), server.early);
        byte[] finished = deliver(client, answer);
        finished[finished.length - 1] ^= 1;
        assertAlert(20, () -> deliver(server, finished));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behindTheSecondHelloNothingIsPassedOver(boolean async) throws SspiException {
        ContextOptions both = async(async).toBuilder()
                .namedGroups(List.of("x25519", "secp256r1"))
                .build();
        first(inbound, both, async(async));
        ContextOptions one =
                async(async).toBuilder().namedGroups(List.of("secp256r1")).build();
        End client = client(both);
        End server = new End(inbound, false, one);
        byte[] retry = deliver(server, concat(client.establish(null), client.encrypt(EARLY, REQUEST)));
        assertEquals(List.of(), server.early);
        byte[] answer = deliver(server, deliver(client, retry));
        byte[] finished = deliver(client, answer);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        finished[finished.length - 1] ^= 1;
        assertAlert(20, () -> deliver(server, finished));
    }

    /** An alert in the clear could be anybody's, once the peer has shown that it has keys. */
    @Test
    void behindEarlyDataAClearAlertIsNotBelieved() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = concat(client.establish(null), client.encrypt(EARLY, REQUEST));
        End server = new End(inbound, false, ALLOWED);
        byte[] finished = deliver(client, deliver(server, flight));
        int end = 5 + ((finished[3] & 0xFF) << 8 | finished[4] & 0xFF);
        deliver(server, Arrays.copyOf(finished, end));
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.status, "Finished is missing");
        byte[] handshakeFailure = {21, 3, 3, 0, 2, 2, 40};
        assertAlert(10, () -> deliver(server, handshakeFailure));
    }

    @Test
    void aClientMayCloseInTheMiddleOfIt() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End server = new End(inbound, false, ALLOWED);
        server.establish(concat(flight, client.encrypt(EARLY, REQUEST)));
        server.decrypt(server.rest);
        client.context.applyControlToken(SchannelControl.shutdown());
        byte[] close = client.establish(null);
        assertSame(
                SecurityStatus.SEC_E_CONTEXT_EXPIRED,
                assertThrows(SspiException.class, () -> client.encrypt(EARLY, REQUEST))
                        .status());
        SecBufferDesc message = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, close), new SecBuffer(), new SecBuffer(), new SecBuffer());
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, server.context.decryptMessage(message, 0));
    }

    @Test
    void aContextThatIsClosedInTheMiddleTakesNothingMore() throws SspiException {
        first(inbound, ALLOWED, ALLOWED);
        End client = client(ALLOWED);
        byte[] flight = client.establish(null);
        End server = new End(inbound, false, ALLOWED);
        server.establish(flight);
        byte[] record = client.encrypt(EARLY, REQUEST);
        server.context.close();
        client.context.close();
        assertThrows(SspiException.class, () -> server.decrypt(record));
        assertThrows(SspiException.class, () -> client.encrypt(EARLY, REQUEST));
    }

    @Test
    void aSessionSaysWhetherItIsGoodForIt() throws SspiException {
        End client = client(ALLOWED);
        complete(client, new End(inbound, false, ALLOWED), client.establish(null));
        assertEquals(
                LIMIT,
                client.context.queryContextAttributes(ContextAttribute.SESSION).maximumEarlyData());
        End other = client(ContextOptions.DEFAULT);
        complete(other, new End(inbound, false, ContextOptions.DEFAULT), other.establish(null));
        assertEquals(
                0,
                other.context.queryContextAttributes(ContextAttribute.SESSION).maximumEarlyData());
    }

    /** What is sent early goes to whoever was trusted before: with reverifyOnResume that is asked before anything leaves. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatIsNotTrustedAnyMoreIsSentNothing(boolean async) throws SspiException {
        AtomicBoolean trusted = new AtomicBoolean(true);
        ContextOptions careful = ALLOWED.toBuilder()
                .async(async)
                .reverifyOnResume(true)
                .callbacks(new Trusting(trusted))
                .build();
        first(inbound, careful, ALLOWED);
        End again = client(careful);
        byte[] flight = again.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, again.status);
        complete(again, new End(inbound, false, ALLOWED), concat(flight, again.encrypt(EARLY, REQUEST)));
        assertEquals(Status.ACCEPTED, again.earlyData().status());

        trusted.set(false);
        End refusing = client(careful);
        SspiException e = assertThrows(SspiException.class, () -> refusing.establish(null));
        assertSame(SspiException.Kind.PEER_UNVERIFIED, e.kind(), e::getMessage);
        byte[] alert = refusing.establish(null);
        assertEquals(21, alert[0], "nothing but an alert");
        assertThrows(SspiException.class, () -> refusing.encrypt(EARLY, REQUEST));
        trusted.set(true);
        End later = client(careful);
        later.establish(null);
        assertEquals(Reason.NO_SESSION, later.earlyData().reason(), "the session is not offered again");
    }

    private record Trusting(AtomicBoolean trusted) implements ContextCallbacks {
        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType)
                throws CertificateException {
            assertEquals(SERVER.chain().get(0), chain[0]);
            if (!trusted.get()) {
                throw new CertificateException("not any more");
            }
        }

        @Override
        public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] issuers) {
            return null;
        }

        @Override
        public String selectApplicationProtocol(HandshakeInfo info, List<String> offered) {
            return "";
        }

        @Override
        public boolean matchServerName(HandshakeInfo info, List<SNIServerName> names) {
            return true;
        }

        @Override
        public Object trustScope() {
            return Trusting.class;
        }

        @Override
        public List<X500Principal> acceptedIssuers() {
            return List.of();
        }
    }

    @Test
    void otherQualitiesOfProtectionAreUnknown() throws SspiException {
        End client = client(ALLOWED);
        complete(client, new End(inbound, false, ALLOWED), client.establish(null));
        assertNotSupported(() -> client.encrypt(1, REQUEST));
    }

    @Test
    void theReasonBelongsToWhatWasNotTaken() {
        assertThrows(IllegalArgumentException.class, () -> new EarlyDataInfo(Status.ACCEPTED, Reason.REPLAY, "", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new EarlyDataInfo(Status.REJECTED, null, "", 1, 1));
        assertThrows(
                IllegalArgumentException.class, () -> ContextOptions.builder().maximumEarlyData(-1));
        assertEquals(LIMIT, ALLOWED.maximumEarlyData());
        assertEquals(0, ContextOptions.DEFAULT.maximumEarlyData());
    }
}
