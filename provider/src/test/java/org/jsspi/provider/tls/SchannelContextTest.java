package org.jsspi.provider.tls;

import static org.jsspi.provider.tls.TestCredentials.ROOT;
import static org.jsspi.provider.tls.TestCredentials.SERVER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.SecretKey;
import javax.net.ssl.SNIServerName;
import javax.security.auth.x500.X500Principal;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextCallbacks;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.HandshakeInfo;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a context promises beyond the tables of SSPI: whom it resumes with, when its keys end, what a failure leaves behind. */
class SchannelContextTest {
    private final CredHandle inbound = TestCredentials.inbound();
    private final CredHandle outbound = TestCredentials.outbound();

    /** Both ends of one connection, driven with whole flights. */
    private final class Pair {
        final SchannelContext client;
        final SchannelContext server;
        final String target;
        final ContextOptions clientOptions;
        final ContextOptions serverOptions;

        Pair(String target, ContextOptions clientOptions, ContextOptions serverOptions) throws SspiException {
            this.client = (SchannelContext) outbound.newContext();
            this.server = (SchannelContext) inbound.newContext();
            this.target = target;
            this.clientOptions = clientOptions;
            this.serverOptions = serverOptions;
        }

        Pair establish() throws SspiException {
            byte[] fromClient = token(initiate(null));
            byte[] fromServer = token(accept(fromClient));
            byte[] finished = token(initiate(fromServer));
            byte[] ticket = token(accept(finished));
            assertSame(SecurityStatus.SEC_E_OK, last);
            deliver(client, ticket, true);
            return this;
        }

        private SecurityStatus last;

        SecBufferDesc initiate(byte[] input) throws SspiException {
            SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100_000]));
            last = client.initializeSecurityContext(target, IscReq.STREAM, clientOptions, list(input), output);
            return output;
        }

        SecBufferDesc accept(byte[] input) throws SspiException {
            SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[100_000]));
            last = server.acceptSecurityContext(AscReq.STREAM, serverOptions, list(input), output);
            return output;
        }

        /** Hands a record to decryptMessage, and what it shows to the establishing call. */
        byte[] deliver(SchannelContext to, byte[] record, boolean toClient) throws SspiException {
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, record.clone()),
                    new SecBuffer(),
                    new SecBuffer(),
                    new SecBuffer());
            SecurityStatus status = to.decryptMessage(message, 0);
            if (status == SecurityStatus.SEC_I_RENEGOTIATE) {
                byte[] shown = message.find(SecBufferType.EXTRA).toByteArray();
                if (toClient) {
                    initiate(shown);
                } else {
                    accept(shown);
                }
                return new byte[0];
            }
            return message.find(SecBufferType.DATA).toByteArray();
        }
    }

    @Test
    void aSessionIsResumedForTheNameThatItsCertificateWasCheckedAgainstAndNoOther() throws Exception {
        ContextOptions gateway = ContextOptions.builder().peer("gateway", 1).build();
        new Pair("server.example", gateway, ContextOptions.DEFAULT).establish();
        Pair again = new Pair("server.example", gateway, ContextOptions.DEFAULT).establish();
        assertTrue(again.client
                .queryContextAttributes(ContextAttribute.SESSION_INFO)
                .reconnect());

        Pair other = new Pair("other.example", gateway, ContextOptions.DEFAULT);
        SspiException e = assertThrows(SspiException.class, other::establish);
        assertSame(SecurityStatus.SEC_E_WRONG_PRINCIPAL, e.status());
    }

    @Test
    void aChainIsBoundedForOneConnectionByItsSizeAndByItsLength() throws Exception {
        ContextOptions options =
                ContextOptions.builder().peer("server.example", 1).build();
        ContextOptions small = options.toBuilder().maximumChainSize(100).build();
        Pair pair = new Pair("server.example", small, ContextOptions.DEFAULT);
        SspiException e = assertThrows(SspiException.class, pair::establish);
        assertEquals(AlertDescription.ILLEGAL_PARAMETER.code(), e.alert().getAsInt());
        assertTrue(e.getMessage().contains("than the 100 that are accepted"), e.getMessage());
        ContextOptions large = options.toBuilder().maximumChainSize(10_000).build();
        ContextOptions shorter = large.toBuilder().maximumChainLength(1).build();
        Pair other = new Pair("server.example", shorter, ContextOptions.DEFAULT);
        e = assertThrows(SspiException.class, other::establish);
        assertEquals(AlertDescription.BAD_CERTIFICATE.code(), e.alert().getAsInt());
        ContextOptions enough = large.toBuilder().maximumChainLength(2).build();
        new Pair("server.example", enough, ContextOptions.DEFAULT).establish();
        assertThrows(
                IllegalArgumentException.class, () -> ContextOptions.builder().maximumChainSize(-1));
        assertThrows(
                IllegalArgumentException.class, () -> ContextOptions.builder().maximumChainLength(-1));
    }

    @Test
    void anObserverSeesEveryMessageOnceAndNoData() throws Exception {
        List<String> atClient = new ArrayList<>();
        List<String> atServer = new ArrayList<>();
        Pair pair = new Pair("server.example", observedBy(atClient), observedBy(atServer)).establish();
        SecBufferDesc data = sealing(new byte[100]);
        assertSame(SecurityStatus.SEC_E_OK, pair.client.encryptMessage(0, data, 0));
        assertEquals(100, pair.deliver(pair.server, joined(data), false).length);

        List<String> expected = List.of(
                "client_hello 22",
                "server_hello 22",
                "change_cipher_spec 20",
                "encrypted_extensions 22",
                "certificate 22",
                "certificate_verify 22",
                "finished 22",
                "change_cipher_spec 20",
                "finished 22",
                "new_session_ticket 22");
        assertEquals(expected, atClient.stream().map(line -> line.substring(2)).toList());
        assertEquals(expected, atServer.stream().map(line -> line.substring(2)).toList());
        // What one side sends the other receives.
        assertEquals(
                atClient.stream().map(line -> line.charAt(0) == '>').toList(),
                atServer.stream().map(line -> line.charAt(0) == '<').toList());
    }

    private static ContextOptions observedBy(List<String> lines) {
        return ContextOptions.builder()
                .messageObserver((sent, contentType, name, message) -> {
                    lines.add((sent ? "> " : "< ") + name + " " + contentType);
                    Arrays.fill(message, (byte) 0);
                    throw new IllegalStateException("whoever only watches breaks nothing");
                })
                .build();
    }

    @Test
    void aSessionIsNotResumedUnderOtherAlgorithmConstraints() throws Exception {
        new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        ContextOptions constrained = ContextOptions.builder()
                .algorithmConstraints(forbidding("nothing"))
                .build();
        Pair pair = new Pair("server.example", constrained, ContextOptions.DEFAULT).establish();
        assertFalse(pair.client
                .queryContextAttributes(ContextAttribute.SESSION_INFO)
                .reconnect());
    }

    @Test
    void constraintsTakeAlgorithmsOutOfTheOffer() throws Exception {
        ContextOptions constrained = ContextOptions.builder()
                .algorithmConstraints(forbidding("TLS_AES_128_GCM_SHA256"))
                .build();
        Pair pair = new Pair("server.example", constrained, ContextOptions.DEFAULT).establish();
        assertEquals(
                "TLS_AES_256_GCM_SHA384",
                pair.client.queryContextAttributes(ContextAttribute.CIPHER_INFO).cipherSuiteName());
    }

    @Test
    void atTheLimitOfAKeyAKeyUpdateLeavesBeforeTheMessage() throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        pair.client.limitRecordsPerKey(3);
        byte[] data = "data".getBytes();
        for (int sent = 0; sent < 20; sent++) {
            SecBufferDesc message = sealing(data);
            SecurityStatus status = pair.client.encryptMessage(0, message, 0);
            if (sent % 3 == 0 && sent > 0) {
                assertSame(SecurityStatus.SEC_I_RENEGOTIATE, status, "message " + sent);
                assertArrayEquals(data, message.get(1).toByteArray(), "nothing has changed");
                byte[] update = token(pair.initiate(null));
                assertEquals(0, pair.deliver(pair.server, update, false).length);
                message = sealing(data);
                status = pair.client.encryptMessage(0, message, 0);
            }
            assertSame(SecurityStatus.SEC_E_OK, status, "message " + sent);
            assertArrayEquals(data, pair.deliver(pair.server, joined(message), false));
        }
    }

    @Test
    void aServerThatAsksForACertificateNamesTheAuthoritiesThatItTrusts() throws Exception {
        Asking server = new Asking(List.of(ROOT.chain().get(0).getSubjectX500Principal()));
        Asking client = new Asking(List.of());
        ContextOptions asks = ContextOptions.builder()
                .callbacks(server)
                .clientAuthentication(ContextOptions.ClientAuthentication.WANT)
                .build();
        new Pair("server.example", ContextOptions.builder().callbacks(client).build(), asks).establish();
        assertArrayEquals(new Principal[] {ROOT.chain().get(0).getSubjectX500Principal()}, client.issuers);
    }

    @Test
    void aServerThatTrustsMoreAuthoritiesThanFitNamesNone() throws Exception {
        List<X500Principal> many = java.util.stream.IntStream.range(0, 3_000)
                .mapToObj(i -> new X500Principal("CN=Authority number " + i))
                .toList();
        Asking client = new Asking(List.of());
        ContextOptions asks = ContextOptions.builder()
                .callbacks(new Asking(many))
                .clientAuthentication(ContextOptions.ClientAuthentication.WANT)
                .build();
        new Pair("server.example", ContextOptions.builder().callbacks(client).build(), asks).establish();
        assertSame(null, client.issuers);
    }

    @Test
    void afterAFatalAlertOfOursTheAlertLeavesAndNothingElseWorks() throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        pair.client.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 80));
        assertExpired(() -> pair.client.encryptMessage(0, sealing(new byte[1]), 0));
        byte[] alert = token(pair.initiate(null));
        assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, pair.last);
        assertExpired(() -> pair.initiate(null));
        assertExpired(() -> pair.client.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS));
        SspiException e = assertThrows(SspiException.class, () -> pair.deliver(pair.server, alert, false));
        assertEquals(80, e.alert().getAsInt());
    }

    @Test
    void anErrorInsidePendingWorkIsToldToThePeer() throws Exception {
        ContextOptions breaking =
                ContextOptions.builder().async(true).callbacks(new Breaking()).build();
        Pair pair = new Pair("server.example", breaking, ContextOptions.DEFAULT);
        byte[] flight = token(pair.accept(token(pair.initiate(null))));
        pair.initiate(flight);
        assertSame(SecurityStatus.SEC_I_ASYNC_CALL_PENDING, pair.last);
        Runnable work = pair.client.pendingWork();
        assertNotNull(work);
        assertSame(null, pair.client.pendingWork(), "each piece is handed out once");
        work.run();
        assertToldToThePeer(pair, assertThrows(SspiException.class, () -> pair.initiate(null)));
    }

    @Test
    void anErrorOfACallbackThatRunsInsideTheCallIsToldToThePeer() throws Exception {
        ContextOptions breaking =
                ContextOptions.builder().callbacks(new Breaking()).build();
        Pair pair = new Pair("server.example", breaking, ContextOptions.DEFAULT);
        byte[] flight = token(pair.accept(token(pair.initiate(null))));
        assertToldToThePeer(pair, assertThrows(SspiException.class, () -> pair.initiate(flight)));
    }

    /** In TLS 1.3 the server's answer makes keys, in TLS 1.2 the client's. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void keysThatWorkHasMadeAreWipedIfTheCallNeverComes(String protocol) throws Exception {
        ContextOptions async = ContextOptions.builder()
                .async(true)
                .protocols(List.of(protocol))
                .build();
        Pair pair = new Pair("server.example", async, async);
        pair.accept(token(pair.initiate(null)));
        SchannelContext working = pair.server;
        working.pendingWork().run();
        if (protocol.equals("TLSv1.2")) {
            pair.initiate(token(pair.accept(null)));
            working = pair.client;
            working.pendingWork().run();
        }
        List<?> keys = (List<?>) field(field(field(field(working, "driver"), "work"), "effects"), "keys");
        assertFalse(keys.isEmpty());
        keys.forEach(key -> assertFalse(((TrafficKeys) key).isDestroyed()));
        working.close();
        keys.forEach(key -> assertTrue(((TrafficKeys) key).isDestroyed()));
    }

    /** The read key of a context, whose direction forgets it when it ends. */
    private static SecretKey readKey(SchannelContext context) throws ReflectiveOperationException {
        return (SecretKey) field(field(field(context, "reader"), "protection"), "key");
    }

    /** The next record of this context, for the other: the data is 10 zeros. */
    private static ByteBuffer record(SchannelContext from) throws SspiException {
        ByteBuffer record = ByteBuffer.allocate(100);
        assertSame(SecurityStatus.SEC_E_OK, from.encryptMessage(ByteBuffer.allocate(10), record));
        return record.flip();
    }

    private static SecurityStatus decrypt(SchannelContext context, ByteBuffer record, boolean withList)
            throws SspiException {
        if (!withList) {
            return context.decryptMessage(record, ByteBuffer.allocate(100));
        }
        SecBufferDesc list = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record), new SecBuffer(), new SecBuffer(), new SecBuffer());
        return context.decryptMessage(list, 0);
    }

    @ParameterizedTest(name = "the call has a list: {0}")
    @ValueSource(booleans = {true, false})
    void theReadKeyIsWipedWithTheRecordThatDoesNotAuthenticate(boolean withList) throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        SecretKey key = readKey(pair.server);
        assertSame(SecurityStatus.SEC_E_OK, decrypt(pair.server, record(pair.client), withList));
        assertFalse(key.isDestroyed());
        ByteBuffer forged = record(pair.client);
        forged.put(7, (byte) ~forged.get(7));
        SspiException e = assertThrows(SspiException.class, () -> decrypt(pair.server, forged, withList));
        assertEquals(AlertDescription.BAD_RECORD_MAC.code(), e.alert().getAsInt());
        assertTrue(key.isDestroyed());
    }

    /** Whoever fails a context while another thread reads does not wait for it. */
    @ParameterizedTest(name = "the call has a list: {0}")
    @ValueSource(booleans = {true, false})
    void whoReadsWhileTheContextFailsWipesTheReadKey(boolean withList) throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        SecretKey key = readKey(pair.server);
        ReentrantLock reading = (ReentrantLock) field(pair.server, "readLock");
        reading.lock();
        try {
            CompletableFuture.runAsync(() -> failWithAlert(pair.server)).get(60, TimeUnit.SECONDS);
            assertFalse(key.isDestroyed(), "a record is being read");
            try {
                assertSame(SecurityStatus.SEC_I_RENEGOTIATE, decrypt(pair.server, record(pair.client), withList));
            } catch (SspiException e) {
                assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, e.status());
            }
        } finally {
            reading.unlock();
        }
        assertTrue(key.isDestroyed());
    }

    private static void failWithAlert(SchannelContext context) {
        try {
            context.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 80));
        } catch (SspiException e) {
            throw new AssertionError(e);
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private static void assertToldToThePeer(Pair pair, SspiException e) throws SspiException {
        assertEquals(80, e.alert().getAsInt());
        assertTrue(e.getCause() instanceof AssertionError, String.valueOf(e.getCause()));
        byte[] alert = token(pair.initiate(null));
        SspiException atServer = assertThrows(SspiException.class, () -> pair.accept(alert));
        assertEquals(80, atServer.alert().getAsInt());
    }

    /** RFC 8446 D.4: change_cipher_spec comes before the client's second flight, and an alert is all there is of this one. */
    @Test
    void aClientThatRefusesTheServersFlightSendsChangeCipherSpecBeforeItsAlert() throws Exception {
        Pair pair = new Pair("other.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT);
        byte[] flight = token(pair.accept(token(pair.initiate(null))));
        SspiException refusal = assertThrows(SspiException.class, () -> pair.initiate(flight));
        byte[] words = token(pair.initiate(null));
        assertArrayEquals(new byte[] {20, 3, 3, 0, 1, 1}, Arrays.copyOf(words, 6));
        assertEquals(6 + 5 + 2 + 1 + 16, words.length, "and the alert, protected");
        SspiException atServer = assertThrows(SspiException.class, () -> pair.accept(words));
        assertEquals(refusal.alert(), atServer.alert());
    }

    /** SSLParameters.setMaximumPacketSize: no packet is larger, not even the clear ones at the beginning. */
    @Test
    void noRecordOfTheHandshakeIsLargerThanTheMaximumPacketSize() throws Exception {
        ContextOptions small = ContextOptions.builder().maximumPacketSize(200).build();
        Pair pair = new Pair("server.example", small, small);
        byte[] hello = token(pair.initiate(null));
        assertTrue(hello.length > 200, "the share of a hybrid group alone is larger");
        assertNoRecordOver(200, hello);
        byte[] flight = token(pair.accept(hello));
        assertNoRecordOver(200, flight);
        assertNoRecordOver(200, token(pair.initiate(flight)));
        assertSame(SecurityStatus.SEC_E_OK, pair.last);
    }

    private static void assertNoRecordOver(int bytes, byte[] records) {
        for (int at = 0; at < records.length; ) {
            int length = 5 + ((records[at + 3] & 0xFF) << 8 | records[at + 4] & 0xFF);
            assertTrue(length <= bytes, "a record of " + length + " bytes at " + at);
            at += length;
        }
    }

    /** What a handshake brings ends the series of records that bring nothing. */
    @Test
    void recordsThatBringNothingAreCountedFromTheLastThatBroughtSomething() throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT);
        byte[] flight = token(pair.accept(token(pair.initiate(null))));
        byte[] finished = token(pair.initiate(flight));
        byte[] changeCipherSpec = Arrays.copyOf(finished, 6);
        for (int i = 0; i < 20; i++) {
            pair.accept(changeCipherSpec);
        }
        pair.accept(finished);
        assertSame(SecurityStatus.SEC_E_OK, pair.last);
        for (int i = 0; i < 20; i++) {
            SecBufferDesc nothing = sealing(new byte[0]);
            assertSame(SecurityStatus.SEC_E_OK, pair.client.encryptMessage(0, nothing, 0));
            assertEquals(0, pair.deliver(pair.server, joined(nothing), false).length);
        }
    }

    /** Nobody can answer a second ClientHello, or send one, before the HelloRetryRequest. */
    @Test
    void handshakeBehindAMessageThatWaitsForAnAnswerIsUnexpected() throws Exception {
        ContextOptions retrying = ContextOptions.builder()
                .namedGroups(List.of("x25519", "secp384r1"))
                .build();
        ContextOptions p384 =
                ContextOptions.builder().namedGroups(List.of("secp384r1")).build();
        Pair pair = new Pair("server.example", retrying, p384);
        byte[] hello = token(pair.initiate(null));
        byte[] retry = token(pair.accept(hello));
        SspiException atClient = assertThrows(SspiException.class, () -> pair.initiate(withOneByteMore(retry, 2)));
        assertEquals(10, atClient.alert().getAsInt());

        Pair another = new Pair("server.example", retrying, p384);
        byte[] first = token(another.initiate(null));
        SspiException atServer = assertThrows(SspiException.class, () -> another.accept(withOneByteMore(first, 1)));
        assertEquals(10, atServer.alert().getAsInt());

        ContextOptions tls12 =
                ContextOptions.builder().protocols(List.of("TLSv1.2")).build();
        Pair older = new Pair("server.example", tls12, tls12);
        byte[] older12 = token(older.initiate(null));
        SspiException at12 = assertThrows(SspiException.class, () -> older.accept(withOneByteMore(older12, 16)));
        assertEquals(10, at12.alert().getAsInt());
    }

    /** Puts the type of a further message behind those of the first record. */
    private static byte[] withOneByteMore(byte[] records, int type) {
        int length = (records[3] & 0xFF) << 8 | records[4] & 0xFF;
        ByteBuffer longer = ByteBuffer.allocate(records.length + 1);
        longer.put(records, 0, 5 + length).put((byte) type).put(records, 5 + length, records.length - 5 - length);
        return longer.putShort(3, (short) (length + 1)).array();
    }

    @Test
    void aClosedContextIsOver() throws Exception {
        Pair pair = new Pair("server.example", ContextOptions.DEFAULT, ContextOptions.DEFAULT).establish();
        pair.client.close();
        pair.client.close();
        assertExpired(() -> pair.client.encryptMessage(0, sealing(new byte[1]), 0));
        assertExpired(() -> pair.initiate(null));
        assertEquals(0, pair.client.pendingTokenSize());
    }

    /** Trusts everybody, presents the server's identity, and remembers what it was asked. */
    private static class Asking implements ContextCallbacks {
        private final List<X500Principal> accepted;
        Principal[] issuers;

        Asking(List<X500Principal> accepted) {
            this.accepted = accepted;
        }

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {}

        @Override
        public Identity selectIdentity(HandshakeInfo info, List<String> keyTypes, Principal[] named) {
            issuers = named;
            return SERVER;
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
        public List<X500Principal> acceptedIssuers() {
            return accepted;
        }
    }

    /** Ends with an Error where it is asked about the peer. */
    private static final class Breaking extends Asking {
        Breaking() {
            super(List.of());
        }

        @Override
        public void verifyPeer(HandshakeInfo info, X509Certificate[] chain, String authType) {
            throw new AssertionError("broken");
        }
    }

    private static AlgorithmConstraints forbidding(String name) {
        return new AlgorithmConstraints() {
            @Override
            public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
                return !algorithm.equals(name);
            }

            @Override
            public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
                return true;
            }

            @Override
            public boolean permits(
                    Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
                return permits(primitives, algorithm, parameters);
            }
        };
    }

    private static SecBufferDesc list(byte[] token) {
        return token == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, token), new SecBuffer());
    }

    private static byte[] token(SecBufferDesc output) {
        return output.get(0).toByteArray();
    }

    private static SecBufferDesc sealing(byte[] data) {
        ByteBuffer record = ByteBuffer.allocate(5 + data.length + 17);
        record.put(5, data);
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.STREAM_HEADER, record, 0, 5);
        list.add(SecBufferType.DATA, record, 5, data.length);
        list.add(SecBufferType.STREAM_TRAILER, record, 5 + data.length, 17);
        list.add();
        return list;
    }

    private static byte[] joined(SecBufferDesc message) {
        return message.get(0).target().array();
    }

    private static void assertExpired(org.junit.jupiter.api.function.Executable call) {
        SspiException e = assertThrows(SspiException.class, call);
        assertSame(SecurityStatus.SEC_E_CONTEXT_EXPIRED, e.status(), e::getMessage);
    }
}
