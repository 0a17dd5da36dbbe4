package org.jsspi.provider.tls;

import static org.jsspi.provider.tls.End.complete;
import static org.jsspi.provider.tls.End.concat;
import static org.jsspi.provider.tls.End.deliver;
import static org.jsspi.provider.tls.TestCredentials.SERVER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.FalseStart;
import org.jsspi.CredHandle;
import org.jsspi.CredentialAttribute;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.Trusting;
import org.jsspi.provider.tls.DeviantEnd.Deviation;
import org.jsspi.provider.tls.handshake.HandshakeSettings;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** False Start through the calls of SSPI (RFC 7918): what is sent early arrives, in order, and the handshake is none the less for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FalseStartTest {
    private static final Identity OTHER_ROOT = TestCertificates.of(TestCertificates.KeyKind.P256)
            .subject("CN=Other Root")
            .authority()
            .selfSigned();
    private static final int FALSE_START = StreamContext.QOP_FALSE_START;
    private static final int FINISHED = 20;
    private static final byte[] REQUEST = "GET /".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MORE = "and more".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "200".getBytes(StandardCharsets.US_ASCII);

    private static final ContextOptions ALLOWED =
            ContextOptions.builder().falseStart(FalseStart.WITH_ALPN).build();
    private static final ContextOptions TLS12 =
            ContextOptions.builder().protocols(List.of("TLSv1.2")).build();

    private final CredHandle outbound = TestCredentials.outbound();
    private final CredHandle inbound = TestCredentials.inbound();

    private End client(ContextOptions options) throws SspiException {
        return new End(outbound, true, options, List.of("h2"));
    }

    private End server(ContextOptions options) throws SspiException {
        return new End(inbound, false, options, List.of("h2", "http/1.1"));
    }

    /** A client at the point where it may send, and its server, which has heard nothing of the client's second flight. */
    private final class Started {
        final End client;
        final End server;
        final byte[] flight;

        Started(ContextOptions options) throws SspiException {
            this.client = client(options);
            this.server = server(TLS12);
            this.flight = client.establish(server.establish(client.establish(null)));
            assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
            assertEquals(0, client.rest.length);
        }
    }

    private int sessions() throws SspiException {
        return outbound.queryCredentialsAttributes(CredentialAttribute.INITIATOR_SESSIONS)
                .ids()
                .size();
    }

    private static void assertStatus(SecurityStatus status, Executable call) {
        SspiException e = assertThrows(SspiException.class, call);
        assertSame(status, e.status(), e::getMessage);
    }

    private static SspiException assertAlert(AlertDescription alert, Executable call) {
        SspiException e = assertThrows(SspiException.class, call);
        assertEquals(alert.code(), e.alert().orElse(-1), e::getMessage);
        return e;
    }

    private static SecBufferDesc received(byte[] record) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record.clone()), new SecBuffer(), new SecBuffer(), new SecBuffer());
    }

    // What it is for

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsSentBehindTheFinishedArrivesInOrderAndIsAnswered(boolean async) throws SspiException {
        Started pair = new Started(ALLOWED.toBuilder().async(async).build());
        End client = pair.client;
        assertEquals(
                "h2",
                client.context
                        .queryContextAttributes(ContextAttribute.APPLICATION_PROTOCOL)
                        .protocol());
        assertEquals(
                "TLSv1.2",
                client.context.queryContextAttributes(ContextAttribute.SESSION).protocol());
        assertEquals(
                16,
                client.context
                        .queryContextAttributes(ContextAttribute.STREAM_SIZES)
                        .trailer());
        byte[] sent = concat(pair.flight, client.encrypt(FALSE_START, REQUEST));
        sent = concat(sent, client.encrypt(FALSE_START, MORE));
        assertEquals(0, sessions(), "nobody has finished");

        byte[] answer = deliver(pair.server, sent);
        assertSame(SecurityStatus.SEC_E_OK, pair.server.status);
        assertEquals(List.of("GET /", "and more"), pair.server.late, "to the server it is data like any");
        answer = concat(answer, pair.server.encrypt(0, ANSWER));
        assertEquals(0, deliver(client, answer).length);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertEquals(List.of("200"), client.late);
        assertEquals(1, sessions(), "the session is kept now");

        // A thread that sends need not know that the moment is over.
        deliver(pair.server, concat(client.encrypt(FALSE_START, REQUEST), client.encrypt(0, MORE)));
        assertEquals(List.of("GET /", "and more", "GET /", "and more"), pair.server.late);
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> pair.server.encrypt(FALSE_START, ANSWER));
    }

    @Test
    void whatIsSentWhileTheServersFlightComesInPiecesArrives() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] sent = concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST));
        byte[] answer = deliver(pair.server, sent);
        byte[] left = answer;
        byte[] late = {};
        int records = 0;
        while (left.length > 0) {
            int length = 5 + ((left[3] & 0xFF) << 8 | left[4] & 0xFF);
            byte[] part = Arrays.copyOf(left, length - 1);
            pair.client.establish(part);
            assertSame(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, pair.client.status);
            late = concat(late, pair.client.encrypt(FALSE_START, MORE));
            pair.client.establish(Arrays.copyOf(left, length));
            left = Arrays.copyOfRange(left, length, left.length);
            records++;
            assertSame(
                    left.length == 0 ? SecurityStatus.SEC_E_OK : SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK,
                    pair.client.status);
        }
        assertEquals(3, records, "ticket, change_cipher_spec, Finished");
        deliver(pair.server, late);
        assertEquals(List.of("GET /", "and more", "and more", "and more"), pair.server.late);
    }

    @Test
    void aResumedHandshakeHasNothingToSendAhead() throws SspiException {
        Started first = new Started(ALLOWED);
        complete(first.client, first.server, first.flight);
        End client = client(ALLOWED);
        End server = server(TLS12);
        byte[] hello = client.establish(null);
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> client.encrypt(FALSE_START, REQUEST));
        complete(client, server, hello);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertTrue(client.context
                .queryContextAttributes(ContextAttribute.SESSION_INFO)
                .reconnect());
    }

    @Test
    void anotherThreadSendsWhileTheHandshakeIsCompleted() throws Exception {
        int messages = 2_000;
        Started pair = new Started(ALLOWED);
        CountDownLatch begun = new CountDownLatch(messages / 4);
        CompletableFuture<byte[]> sending = CompletableFuture.supplyAsync(() -> {
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            try {
                for (int i = 0; i < messages; i++) {
                    sent.writeBytes(
                            pair.client.encrypt(FALSE_START, Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
                    begun.countDown();
                }
            } catch (SspiException e) {
                throw new AssertionError(e);
            }
            return sent.toByteArray();
        });
        byte[] answer = deliver(pair.server, pair.flight);
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        deliver(pair.client, answer);
        assertSame(SecurityStatus.SEC_E_OK, pair.client.status);
        deliver(pair.server, sending.get(30, TimeUnit.SECONDS));
        assertEquals(
                IntStream.range(0, messages).mapToObj(Integer::toString).toList(),
                pair.server.late,
                "none lost, in order");
    }

    // What is not to be had

    private static void assertNone(End client) {
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.status);
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> client.encrypt(FALSE_START, REQUEST));
        for (ContextAttribute<?> attribute : List.of(
                ContextAttribute.STREAM_SIZES,
                ContextAttribute.APPLICATION_PROTOCOL,
                ContextAttribute.REMOTE_CERT_CONTEXT,
                ContextAttribute.EXPORTER_BINDINGS)) {
            assertStatus(SecurityStatus.SEC_E_INVALID_HANDLE, () -> client.context.queryContextAttributes(attribute));
        }
    }

    @Test
    void withoutTheOptionThereIsNone() throws SspiException {
        assertSame(FalseStart.NEVER, ContextOptions.DEFAULT.falseStart());
        End client = client(ContextOptions.DEFAULT);
        End server = server(TLS12);
        byte[] flight = client.establish(server.establish(client.establish(null)));
        assertNone(client);
        complete(client, server, flight);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        deliver(server, client.encrypt(FALSE_START, REQUEST));
        assertEquals(List.of("GET /"), server.late, "whoever has waited need not be told");
    }

    @Test
    void withoutAnApplicationProtocolThereIsNoneUnlessItIsAskedForExpressly() throws SspiException {
        End client = new End(outbound, true, ALLOWED);
        client.establish(server(TLS12).establish(client.establish(null)));
        assertNone(client);
        End insisting = new End(
                outbound,
                true,
                ALLOWED.toBuilder().falseStart(FalseStart.ALWAYS).build());
        insisting.establish(server(TLS12).establish(insisting.establish(null)));
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, insisting.status);
    }

    @Test
    void thereIsNoneBeforeTheClientsFinished() throws SspiException {
        End client = client(ALLOWED);
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> client.encrypt(FALSE_START, REQUEST));
        byte[] hello = client.establish(null);
        assertNone(client);
        byte[] flight = server(TLS12).establish(hello);
        client.establish(Arrays.copyOf(flight, 5 + ((flight[3] & 0xFF) << 8 | flight[4] & 0xFF) - 1));
        assertSame(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, client.status);
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> client.encrypt(FALSE_START, REQUEST));
    }

    @Test
    void tls13HasNone() throws SspiException {
        End client = client(ALLOWED);
        End server = server(ContextOptions.DEFAULT);
        byte[] hello = client.establish(null);
        assertNone(client);
        complete(client, server, hello);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
        assertEquals(
                "TLSv1.3",
                client.context.queryContextAttributes(ContextAttribute.SESSION).protocol());
    }

    /** Which of the two may pass the version says. */
    @Test
    void itIsToldApartFromEarlyData() throws SspiException {
        ContextOptions both = ALLOWED.toBuilder().maximumEarlyData(100).build();
        ContextOptions taking = ContextOptions.builder().maximumEarlyData(100).build();
        End first = client(both);
        complete(first, server(taking), first.establish(null));

        End resuming = client(both);
        byte[] hello = resuming.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, resuming.status);
        assertNull(resuming.context
                .queryContextAttributes(ContextAttribute.SESSION)
                .protocol());
        assertStatus(SecurityStatus.SEC_E_QOP_NOT_SUPPORTED, () -> resuming.encrypt(FALSE_START, REQUEST));
        End server = server(taking);
        complete(resuming, server, concat(hello, resuming.encrypt(StreamContext.QOP_EARLY_DATA, REQUEST)));
        assertEquals(List.of("GET /"), server.early);

        Started other = new Started(both.toBuilder().peer("another", 1).build());
        assertEquals(
                "TLSv1.2",
                other.client
                        .context
                        .queryContextAttributes(ContextAttribute.SESSION)
                        .protocol());
        assertStatus(
                SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                () -> other.client.encrypt(StreamContext.QOP_EARLY_DATA, REQUEST));
        complete(other.client, other.server, concat(other.flight, other.client.encrypt(FALSE_START, REQUEST)));
        assertEquals(List.of("GET /"), other.server.late);
    }

    @Test
    void nothingIsSentBeforeTheFlightHasLeft() throws SspiException {
        End client = client(ALLOWED);
        byte[] answer = server(TLS12).establish(client.establish(null));
        SecBufferDesc in = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, answer), new SecBuffer());
        IscReq fragments = IscReq.STREAM.or(IscReq.FRAGMENT_TO_FIT);
        SecurityStatus status =
                client.context.initializeSecurityContext("server.example", fragments, ALLOWED, in, null);
        int records = 0;
        while (status == SecurityStatus.SEC_I_MESSAGE_FRAGMENT) {
            assertSame(
                    SecurityStatus.SEC_I_RENEGOTIATE,
                    client.context.encryptMessage(
                            FALSE_START, new SecBufferDesc(new SecBuffer(SecBufferType.DATA, REQUEST.clone())), 0));
            assertStatus(
                    SecurityStatus.SEC_E_INVALID_HANDLE,
                    () -> client.context.queryContextAttributes(ContextAttribute.STREAM_SIZES));
            SecBufferDesc out = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[1000]));
            status = client.context.initializeSecurityContext("server.example", fragments, ALLOWED, null, out);
            records++;
        }
        assertEquals(3, records, "ClientKeyExchange, change_cipher_spec, Finished");
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, status);
        client.encrypt(FALSE_START, REQUEST);
    }

    @Test
    void otherMessagesWaitForTheServersFinished() throws SspiException {
        Started pair = new Started(ALLOWED);
        assertStatus(SecurityStatus.SEC_E_INVALID_HANDLE, () -> pair.client.encrypt(0, REQUEST));
        assertStatus(
                SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                () -> pair.client.encrypt(StreamContext.QOP_EARLY_DATA, REQUEST));
        byte[] answer = concat(deliver(pair.server, pair.flight), pair.server.encrypt(0, ANSWER));
        byte[] record =
                Arrays.copyOfRange(answer, answer.length - pair.server.encrypt(0, ANSWER).length, answer.length);
        assertStatus(
                SecurityStatus.SEC_E_INVALID_HANDLE, () -> pair.client.context.decryptMessage(received(record), 0));
        for (ContextAttribute<?> attribute : List.of(
                ContextAttribute.CONNECTION_INFO,
                ContextAttribute.SESSION_INFO,
                ContextAttribute.LIFESPAN,
                ContextAttribute.UNIQUE_BINDINGS)) {
            assertStatus(
                    SecurityStatus.SEC_E_INVALID_HANDLE, () -> pair.client.context.queryContextAttributes(attribute));
        }
        deliver(pair.client, answer);
        assertSame(SecurityStatus.SEC_E_OK, pair.client.status);
        assertEquals(List.of("200"), pair.client.late);
    }

    // What the caller can know

    @Test
    void whoeverJudgesCertificatesByItselfCanDoSoBeforeItSends() throws SspiException {
        CredHandle nobody = TestCredentials.outbound(OTHER_ROOT);
        End client = new End(nobody, true, ALLOWED, List.of("h2"));
        client.request = IscReq.STREAM.or(IscReq.MANUAL_CRED_VALIDATION);
        byte[] answer = server(TLS12).establish(client.establish(null));
        client.establish(answer);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
        assertEquals(
                SERVER.chain().get(0), client.context.queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
    }

    @Test
    void whatIsExportedStaysTheSame() throws SspiException {
        Started pair = new Started(ALLOWED);
        StreamContext client = (StreamContext) pair.client.context;
        assertStatus(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                () -> client.queryContextAttributes(ContextAttribute.KEYING_MATERIAL));
        KeyingMaterialInfo wanted = new KeyingMaterialInfo("EXPORTER-test", new byte[] {1, 2}, 40);
        client.setContextAttributes(ContextAttribute.KEYING_MATERIAL_INFO, wanted);
        byte[] early = client.queryContextAttributes(ContextAttribute.KEYING_MATERIAL);
        byte[] binding = client.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                .applicationData();
        complete(pair.client, pair.server, pair.flight);
        assertArrayEquals(early, client.queryContextAttributes(ContextAttribute.KEYING_MATERIAL));
        pair.server.context.setContextAttributes(ContextAttribute.KEYING_MATERIAL_INFO, wanted);
        assertArrayEquals(early, pair.server.context.queryContextAttributes(ContextAttribute.KEYING_MATERIAL));
        assertArrayEquals(
                binding,
                pair.server
                        .context
                        .queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                        .applicationData());
    }

    /** RFC 7627 5.4: it would bind to nothing. */
    @Test
    void withoutTheExtendedMasterSecretNothingIsExported() throws SspiException {
        DeviantEnd server = DeviantEnd.server(
                HandshakeSettings.builder(new Trusting(SERVER))
                        .versions(List.of(ProtocolVersion.TLS12))
                        .disabledExtensions(Set.of(ExtensionType.EXTENDED_MASTER_SECRET))
                        .build(),
                Deviation.NONE);
        End client = client(ALLOWED);
        server.arrive(client.establish(null));
        client.establish(server.take());
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
        client.context.setContextAttributes(
                ContextAttribute.KEYING_MATERIAL_INFO, new KeyingMaterialInfo("EXPORTER-test", null, 40));
        for (ContextAttribute<?> attribute :
                List.of(ContextAttribute.KEYING_MATERIAL, ContextAttribute.EXPORTER_BINDINGS)) {
            assertStatus(
                    SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, () -> client.context.queryContextAttributes(attribute));
        }
    }

    @Test
    void aSessionThatIsNotToBeResumedIsNotKept() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] sent = concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST));
        pair.client.context.applyControlToken(SchannelControl.session(false));
        complete(pair.client, pair.server, sent);
        assertSame(SecurityStatus.SEC_E_OK, pair.client.status);
        assertEquals(0, sessions());
    }

    /** RFC 5246 7.4.1.1: ignored while a handshake runs. */
    @Test
    void aHelloRequestChangesNothing() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] helloRequest = {22, 3, 3, 0, 4, 0, 0, 0, 0};
        assertEquals(0, pair.client.establish(helloRequest).length);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, pair.client.status);
        complete(pair.client, pair.server, concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST)));
        assertSame(SecurityStatus.SEC_E_OK, pair.client.status);
        assertEquals(List.of("GET /"), pair.server.late);
    }

    // How it ends where it does not end well

    /** RFC 7918 1: the handshake fails, and data has been sent that would not have been sent otherwise. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongFinishedEndsTheConnectionAndNoSessionIsLeft(boolean async) throws SspiException {
        DeviantEnd server = wrongFinished();
        End client = client(ALLOWED.toBuilder().async(async).build());
        server.arrive(client.establish(null));
        byte[] flight = client.establish(server.take());
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, client.status);
        byte[] request = client.encrypt(FALSE_START, REQUEST);
        server.arrive(concat(flight, request));
        byte[] answer = server.take();

        SspiException e = assertAlert(AlertDescription.DECRYPT_ERROR, () -> deliver(client, answer));
        assertSame(SspiException.Kind.HANDSHAKE, e.kind());
        server.arrive(client.establish(null));
        assertEquals(AlertDescription.DECRYPT_ERROR.code(), server.alert().orElse(-1), "under the client's keys");
        assertEnded(client);
    }

    private static DeviantEnd wrongFinished() {
        return DeviantEnd.server(
                HandshakeSettings.builder(new Trusting(SERVER))
                        .versions(List.of(ProtocolVersion.TLS12))
                        .build(),
                (n, message) -> {
                    if (message[0] == FINISHED) {
                        message[message.length - 1] ^= 1;
                    }
                    return List.of(message);
                });
    }

    private void assertEnded(End client) throws SspiException {
        assertStatus(SecurityStatus.SEC_E_CONTEXT_EXPIRED, () -> client.encrypt(FALSE_START, MORE));
        assertThrows(SspiException.class, () -> client.encrypt(0, MORE));
        assertThrows(SspiException.class, () -> client.context.decryptMessage(received(new byte[50]), 0));
        assertEquals(0, sessions());
    }

    @Test
    void anAlertInPlaceOfTheServersFinishedEndsTheConnection() throws SspiException {
        Started pair = new Started(ALLOWED);
        pair.client.encrypt(FALSE_START, REQUEST);
        byte[] accessDenied = {21, 3, 3, 0, 2, 2, 49};
        assertAlert(AlertDescription.ACCESS_DENIED, () -> pair.client.establish(accessDenied));
        assertEnded(pair.client);
    }

    @Test
    void dataInPlaceOfTheServersFinishedIsUnexpected() throws SspiException {
        Started pair = new Started(ALLOWED);
        pair.client.encrypt(FALSE_START, REQUEST);
        byte[] clear = {23, 3, 3, 0, 3, 'n', 'o', '!'};
        assertAlert(AlertDescription.UNEXPECTED_MESSAGE, () -> pair.client.establish(clear));
        assertEnded(pair.client);
    }

    /** Under the server's keys, which it has taken up, and in front of its Finished. */
    @Test
    void dataInFrontOfTheServersFinishedIsUnexpected() throws SspiException {
        DeviantEnd server = DeviantEnd.server(
                HandshakeSettings.builder(new Trusting(SERVER))
                        .versions(List.of(ProtocolVersion.TLS12))
                        .build(),
                (n, message) -> message[0] == FINISHED ? List.of() : List.of(message));
        End client = client(ALLOWED);
        server.arrive(client.establish(null));
        server.arrive(client.establish(server.take()));
        client.encrypt(FALSE_START, REQUEST);
        assertAlert(
                AlertDescription.UNEXPECTED_MESSAGE,
                () -> client.establish(concat(server.take(), server.data(ANSWER.clone()))));
        assertEnded(client);
    }

    @Test
    void aServerThatClosesInPlaceOfItsFinishedGetsNothingMore() throws SspiException {
        Started pair = new Started(ALLOWED);
        pair.client.encrypt(FALSE_START, REQUEST);
        byte[] closeNotify = {21, 3, 3, 0, 2, 1, 0};
        pair.client.establish(closeNotify);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.client.status, "and never SEC_E_OK");
        assertClosed(pair.client);
    }

    /** Under the server's keys, which it has taken up, and in place of its Finished. */
    @Test
    void aProtectedClosureInPlaceOfTheServersFinishedIsNoEndOfData() throws SspiException {
        DeviantEnd server = DeviantEnd.server(
                HandshakeSettings.builder(new Trusting(SERVER))
                        .versions(List.of(ProtocolVersion.TLS12))
                        .build(),
                (n, message) -> message[0] == FINISHED ? List.of() : List.of(message));
        End client = client(ALLOWED);
        server.arrive(client.establish(null));
        server.arrive(client.establish(server.take()));
        client.encrypt(FALSE_START, REQUEST);
        byte[] end = concat(server.take(), server.alertRecord(AlertLevel.WARNING, 0));
        client.establish(end);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, client.status);
        assertClosed(client);
    }

    /** Whatever is said to a peer that has closed, no call calls the handshake complete, or one that goes on. */
    private void assertClosed(End client) throws SspiException {
        client.context.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_WARNING, 90));
        assertTrue(client.establish(null).length > 0);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, client.status, "behind a warning");
        client.context.applyControlToken(SchannelControl.shutdown());
        assertTrue(client.establish(null).length > 0);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, client.status, "behind our shutdown");
        assertEnded(client);
    }

    /** As of an established context: whoever has said all waits for the answer. */
    @Test
    void ourShutdownFollowsWhatWasSentAndTheAnswerIsReceived() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] sent = concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST));
        pair.client.context.applyControlToken(SchannelControl.shutdown());
        byte[] closeNotify = pair.client.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, pair.client.status, "there is something to wait for");
        assertStatus(SecurityStatus.SEC_E_CONTEXT_EXPIRED, () -> pair.client.encrypt(FALSE_START, MORE));
        assertEquals(0, pair.client.establish(null).length, "one close_notify");
        assertSame(SecurityStatus.SEC_E_INCOMPLETE_MESSAGE, pair.client.status);

        byte[] answer = deliver(pair.server, sent);
        assertEquals(List.of("GET /"), pair.server.late);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.server.context.decryptMessage(received(closeNotify), 0));
        assertEquals(0, deliver(pair.client, concat(answer, pair.server.encrypt(0, ANSWER))).length);
        assertSame(SecurityStatus.SEC_E_OK, pair.client.status);
        assertEquals(List.of("200"), pair.client.late);
        assertStatus(SecurityStatus.SEC_E_CONTEXT_EXPIRED, () -> pair.client.encrypt(FALSE_START, MORE));
        assertEquals(1, sessions());
    }

    @Test
    void behindOurShutdownTheServersFinishedIsVerifiedAllTheSame() throws SspiException {
        DeviantEnd server = wrongFinished();
        End client = client(ALLOWED);
        server.arrive(client.establish(null));
        server.arrive(concat(client.establish(server.take()), client.encrypt(FALSE_START, REQUEST)));
        client.context.applyControlToken(SchannelControl.shutdown());
        client.establish(null);
        byte[] answer = server.take();
        assertAlert(AlertDescription.DECRYPT_ERROR, () -> deliver(client, answer));
        assertEquals(0, ((StreamContext) client.context).pendingTokenSize(), "close_notify was the last");
        assertEnded(client);
    }

    @Test
    void aShutdownBeforeTheFlightHasLeftFollowsIt() throws SspiException {
        End client = client(ALLOWED);
        End server = server(TLS12);
        byte[] answer = server.establish(client.establish(null));
        SecBufferDesc in = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, answer), new SecBuffer());
        IscReq fragments = IscReq.STREAM.or(IscReq.FRAGMENT_TO_FIT);
        assertSame(
                SecurityStatus.SEC_I_MESSAGE_FRAGMENT,
                client.context.initializeSecurityContext("server.example", fragments, ALLOWED, in, null));
        client.context.applyControlToken(SchannelControl.shutdown());
        byte[] flight = client.establish(null);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED, client.status);
        byte[] finished = server.establish(flight);
        assertSame(SecurityStatus.SEC_E_OK, server.status);
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, server.context.decryptMessage(received(server.rest), 0));
        deliver(client, finished);
        assertSame(SecurityStatus.SEC_E_OK, client.status);
    }

    @Test
    void ourFatalAlertEndsIt() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] sent = concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST));
        pair.client.context.applyControlToken(
                SchannelControl.alert(SchannelControl.ALERT_FATAL, AlertDescription.USER_CANCELED.code()));
        byte[] alert = pair.client.establish(null);
        deliver(pair.server, sent);
        assertAlert(AlertDescription.USER_CANCELED, () -> pair.server.decrypt(alert));
        assertEnded(pair.client);
    }

    @Test
    void aContextThatIsClosedSendsNothingMore() throws SspiException {
        Started pair = new Started(ALLOWED);
        pair.client.encrypt(FALSE_START, REQUEST);
        pair.client.context.close();
        assertEnded(pair.client);
        assertStatus(
                SecurityStatus.SEC_E_INVALID_HANDLE,
                () -> pair.client.context.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS));
    }

    @Test
    void aServerThatIsNotTrustedIsSentNothing() throws SspiException {
        CredHandle nobody = TestCredentials.outbound(OTHER_ROOT);
        End client = new End(nobody, true, ALLOWED, List.of("h2"));
        byte[] answer = server(TLS12).establish(client.establish(null));
        SspiException e = assertThrows(SspiException.class, () -> client.establish(answer));
        assertSame(SspiException.Kind.PEER_UNVERIFIED, e.kind());
        assertStatus(SecurityStatus.SEC_E_CONTEXT_EXPIRED, () -> client.encrypt(FALSE_START, REQUEST));
    }

    @Test
    void anAlertOfTheServersThatIsAWarningChangesNothing() throws SspiException {
        Started pair = new Started(ALLOWED);
        byte[] warning = {21, 3, 3, 0, 2, (byte) AlertLevel.WARNING.code(), 90};
        pair.client.establish(warning);
        assertSame(SecurityStatus.SEC_I_CONTINUE_NEEDED_MESSAGE_OK, pair.client.status);
        complete(pair.client, pair.server, concat(pair.flight, pair.client.encrypt(FALSE_START, REQUEST)));
        assertEquals(List.of("GET /"), pair.server.late);
        assertFalse(pair.client
                .context
                .queryContextAttributes(ContextAttribute.SESSION)
                .resumed());
    }
}
