package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jsspi.AscReq;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not TLS, or is not right: one clear error, the right status, the right alert, and an end. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputTest {
    private static final int UNEXPECTED_MESSAGE = 10;
    private static final int BAD_RECORD_MAC = 20;
    private static final int RECORD_OVERFLOW = 22;
    private static final int DECODE_ERROR = 50;
    private static final int PROTOCOL_VERSION = 70;
    private static final int UNSUPPORTED_EXTENSION = 110;

    /** First bytes that a server meets, what the error says of them, and the alert. */
    static Stream<Arguments> firstBytes() {
        byte[] noise = new byte[200];
        new Random(1).nextBytes(noise);
        noise[0] = (byte) 0xA7;
        return Stream.of(
                Arguments.of("noise", noise, "", -1),
                Arguments.of("zeros", new byte[100], "", -1),
                Arguments.of(
                        "plain HTTP",
                        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                        "HTTP",
                        -1),
                Arguments.of("SSLv2 hello", sslv2Hello(0x0002), "SSLv2", -1),
                Arguments.of("SSLv2 hello that offers TLS 1.2", sslv2Hello(0x0303), "SSLv2", -1),
                Arguments.of("PCT hello", sslv2Hello(0x8001), "PCT", -1),
                Arguments.of("oversized record", header(22, 0x0301, 16385 + 256), "", RECORD_OVERFLOW),
                Arguments.of("empty handshake record", header(22, 0x0301, 0), "", UNEXPECTED_MESSAGE),
                Arguments.of("application data", header(23, 0x0303, 20), "", UNEXPECTED_MESSAGE),
                Arguments.of("a message of 16 MB", concat(header(22, 0x0301, 4), bytes(1, 0xFF, 0xFF, 0xFF)), "", -1),
                Arguments.of(
                        "a Finished",
                        concat(header(22, 0x0301, 36), bytes(20, 0, 0, 32), new byte[32]),
                        "",
                        UNEXPECTED_MESSAGE),
                Arguments.of(
                        "a ClientHello cut short",
                        concat(header(22, 0x0301, 6), bytes(1, 0, 0, 2, 3, 3)),
                        "",
                        DECODE_ERROR),
                Arguments.of("TLS 1.1 hello", clientHello(0x0302), "", PROTOCOL_VERSION));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstBytes")
    void theServersEngineRefuses(String what, byte[] bytes, String named, int alert) throws Exception {
        EngineEnd server = new EngineEnd(Jsse.serverEngine(Jsse.OURS.server(KeyKind.EC_P256)), Memory.READ_ONLY);
        server.arrive(bytes);
        server.arrive(new byte[17000]);

        SSLException failure = Failures.of(() -> drive(server));

        assertNotNull(Failures.sspi(failure), "no SspiException behind " + failure);
        assertTrue(failure.getMessage().contains(named), failure.getMessage());
        assertEquals(HandshakeStatus.NEED_WRAP, server.engine().getHandshakeStatus());
        assertEquals(Status.CLOSED, server.wrap(new byte[0], null).getStatus());
        byte[] told = server.records().get(0);
        // RFC 8446 6: level fatal, one alert in the clear.
        assertArrayEquals(new byte[] {21, 3, 3, 0, 2, 2}, Arrays.copyOf(told, 6));
        assertEquals(7, told.length);
        if (alert >= 0) {
            assertEquals(alert, told[6], failure.getMessage());
        }
        assertTrue(server.engine().isInboundDone() && server.engine().isOutboundDone());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstBytes")
    void theServersContextRefuses(String what, byte[] bytes, String named, int alert) throws Exception {
        StreamContext context = Schannel.context(Schannel.inbound(TestPki.server(KeyKind.EC_P256)));
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 17000);

        SspiException failure = assertThrows(SspiException.class, () -> accept(context, padded));

        assertTrue(failure.getMessage().contains(named), failure.getMessage());
        if (alert >= 0 && failure.alert().isPresent()) {
            assertEquals(alert, failure.alert().getAsInt());
        }
        assertTrue(
                List.of(
                                SecurityStatus.SEC_E_INVALID_TOKEN,
                                SecurityStatus.SEC_E_ILLEGAL_MESSAGE,
                                SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION,
                                SecurityStatus.SEC_E_ALGORITHM_MISMATCH)
                        .contains(failure.status()),
                failure.status() + ": " + failure.getMessage());
        assertEnds(context);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("firstBytes")
    void theServersSocketRefuses(String what, byte[] bytes, String named, int alert) throws Exception {
        try (Listening server = Listening.tls(Jsse.OURS.server(KeyKind.EC_P256), SSLSocket::startHandshake)) {
            byte[] answer = Listening.within(10, () -> {
                try (Socket client = server.connect()) {
                    client.getOutputStream().write(bytes);
                    client.getOutputStream().write(new byte[17000]);
                    return client.getInputStream().readNBytes(7);
                } catch (IOException e) {
                    // A reset: the server has closed with our bytes unread.
                    return new byte[0];
                }
            });

            Throwable failure = server.failure();
            assertTrue(failure instanceof SSLException, String.valueOf(failure));
            assertTrue(failure.getMessage().contains(named), failure.getMessage());
            if (answer.length == 7) {
                assertArrayEquals(new byte[] {21, 3, 3, 0, 2, 2}, Arrays.copyOf(answer, 6));
            }
        }
    }

    @Test
    void aClientThatMeetsAPlainServerSaysSo() throws Exception {
        EngineEnd client = new EngineEnd(Jsse.clientEngine(Jsse.OURS.client()), Memory.HEAP);
        client.engine().beginHandshake();
        client.wrap(new byte[0], null);
        client.arrive("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        SSLException failure = Failures.of(() -> drive(client));

        assertTrue(failure.getMessage().contains("HTTP"), failure.getMessage());
        assertEquals(Status.CLOSED, client.wrap(new byte[0], null).getStatus());
    }

    @Test
    void aPeerWithoutTheVersionsThatAreEnabledHearsProtocolVersion() throws Exception {
        for (boolean oursServes : new boolean[] {true, false}) {
            SSLContext server = (oursServes ? Jsse.OURS : Jsse.SUN).server(KeyKind.EC_P256);
            SSLContext client = (oursServes ? Jsse.SUN : Jsse.OURS).client();
            EnginePair pair = new EnginePair(client, server);
            SSLEngine old = oursServes ? pair.client().engine() : pair.server().engine();
            old.setEnabledProtocols(new String[] {"TLSv1.2"});
            SSLEngine recent =
                    oursServes ? pair.server().engine() : pair.client().engine();
            recent.setEnabledProtocols(new String[] {"TLSv1.3"});

            SSLException failure = Failures.of(pair::handshake);

            assertTrue(failure.getMessage() != null && !failure.getMessage().isBlank());
            EngineEnd ours = oursServes ? pair.server() : pair.client();
            if (Failures.sspi(failure) != null) {
                assertEquals(PROTOCOL_VERSION, Failures.sspi(failure).alert().getAsInt(), failure.getMessage());
                EngineEnd other = (EngineEnd) pair.peerOf(ours);
                ours.wrap(new byte[0], other);
                SSLException told = Failures.of(pair::settle);
                assertTrue(told.getMessage().contains("protocol_version"), told.getMessage());
            } else {
                // The other side has refused: ours hears it.
                EngineEnd other = (EngineEnd) pair.peerOf(ours);
                other.wrap(new byte[0], ours);
                SspiException heard = Failures.sspi(Failures.of(pair::settle));
                assertNotNull(heard.getMessage());
            }
        }
    }

    @Test
    void anExtensionThatTheClientDidNotAskForIsRefused() throws Exception {
        EngineEnd client = new EngineEnd(Jsse.clientEngine(Jsse.OURS.client()), Memory.HEAP);
        SspiEnd server = Schannel.server(ContextOptions.DEFAULT, null);
        client.engine().beginHandshake();
        client.wrap(new byte[0], server);
        server.step(client);
        byte[] answer = client.takeInbox();
        // An unknown extension at the end of the ServerHello, which is in the clear: lengths of record, message and
        // list grow.
        int record = 5 + ((answer[3] & 0xFF) << 8 | answer[4] & 0xFF);
        byte[] more = bytes(0xFE, 0xFE, 0, 0);
        byte[] hello = concat(Arrays.copyOf(answer, record), more);
        grow(hello, 3, 4);
        grow(hello, 7, 4);
        int sessionId = hello[5 + 4 + 2 + 32];
        grow(hello, 5 + 4 + 2 + 32 + 1 + sessionId + 3, 4);
        client.arrive(hello);

        SSLException failure = Failures.of(() -> drive(client));

        assertEquals(UNSUPPORTED_EXTENSION, Failures.sspi(failure).alert().getAsInt(), failure.getMessage());
        assertEquals(
                SecurityStatus.SEC_E_ILLEGAL_MESSAGE, Failures.sspi(failure).status());
    }

    @Test
    void unknownExtensionsOfAClientArePassedOver() throws Exception {
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd server = Schannel.server(ContextOptions.DEFAULT, null);
        client.step(server);
        byte[] hello = concat(server.takeInbox(), bytes(0xFE, 0xFE, 0, 1, 7));
        // What lies behind it is pre_shared_key only where a session is offered: here the end is free.
        grow(hello, 3, 5);
        grow(hello, 7, 5);
        int at = 5 + 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + ((hello[at] & 0xFF) << 8 | hello[at + 1] & 0xFF);
        at += 1 + hello[at];
        grow(hello, at, 5);
        server.arrive(hello);

        server.step(client);

        assertEquals(SecurityStatus.SEC_I_CONTINUE_NEEDED, server.statuses().get(0));
    }

    @Test
    void anOversizedProtectedRecordIsRefused() throws Exception {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.SUN.server(KeyKind.EC_P256)).handshake();
        pair.client().arrive(header(23, 0x0303, 16384 + 257));
        pair.client().arrive(new byte[17000]);

        SSLException failure = Failures.of(() -> pair.client().unwrap());

        assertEquals(RECORD_OVERFLOW, Failures.sspi(failure).alert().getAsInt(), failure.getMessage());
    }

    @Test
    void aBadTagIsAMessageAltered() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        byte[] record = pair.client().encrypt(new byte[10]);
        record[record.length - 1] ^= 1;
        pair.server().arrive(record);

        SspiException failure =
                assertThrows(SspiException.class, () -> pair.server().step(pair.client()));

        assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, failure.status());
        assertEquals(BAD_RECORD_MAC, failure.alert().getAsInt());
        assertEnds(pair.server().context());
    }

    @Test
    void aReplayedRecordIsAMessageAltered() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        byte[] record = pair.client().encrypt(new byte[10]);
        pair.server().arrive(record);
        pair.server().step(pair.client());
        pair.server().arrive(record);

        SspiException failure =
                assertThrows(SspiException.class, () -> pair.server().step(pair.client()));

        assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, failure.status());
        assertEnds(pair.server().context());
    }

    /** Certificates that a client refuses: what SSPI calls it, the alert, and a word of the message. */
    static Stream<Arguments> badCertificates() {
        return Stream.of(
                Arguments.of("wrong name", TestPki.named("somebody.else"), SecurityStatus.SEC_E_WRONG_PRINCIPAL, 42),
                Arguments.of("expired", TestPki.expired(), SecurityStatus.SEC_E_CERT_EXPIRED, 45),
                Arguments.of("untrusted", TestPki.selfSigned(), SecurityStatus.SEC_E_UNTRUSTED_ROOT, 48));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCertificates")
    void aClientsContextRefusesTheCertificate(String what, Credential credential, SecurityStatus status, int alert)
            throws Exception {
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd server = SspiEnd.acceptor(Schannel.context(Schannel.inbound(credential)), ContextOptions.DEFAULT, null);
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(client, server);

        SspiException failure = assertThrows(SspiException.class, pair::handshake);

        assertEquals(status, failure.status(), failure.getMessage());
        assertEquals(alert, failure.alert().getAsInt());
        client.takeInbox();
        assertEquals(SecurityStatus.SEC_I_CONTEXT_EXPIRED, client.establish(null, server));
        SspiException told = assertThrows(SspiException.class, pair::settle);
        assertEquals(alert, told.alert().getAsInt(), told.getMessage());
        assertEnds(client.context());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCertificates")
    void aClientsEngineRefusesTheCertificate(String what, Credential credential, SecurityStatus status, int alert)
            throws Exception {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.SUN.context(credential));

        SSLException failure = Failures.of(pair::handshake);

        assertTrue(failure instanceof SSLHandshakeException, failure.toString());
        assertTrue(failure.getCause() instanceof CertificateException, String.valueOf(failure.getCause()));
        EngineEnd client = pair.client();
        assertEquals(Status.CLOSED, client.wrap(new byte[0], pair.server()).getStatus());
        SSLException told = Failures.of(pair::settle);
        assertTrue(
                told.getMessage().contains("certificate") || told.getMessage().contains("unknown_ca"),
                told.getMessage());
    }

    @Test
    void aServersContextWithoutAnIdentityRefusesEveryClient() throws Exception {
        CredHandle handle = Sspi.acquireCredentialsHandle(
                null,
                "Schannel",
                CredentialUse.INBOUND,
                SchCredentials.builder().build());
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd server = SspiEnd.acceptor(Schannel.context(handle), ContextOptions.DEFAULT, null);

        SspiException failure = assertThrows(SspiException.class, new Connection<>(client, server)::handshake);

        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, failure.status(), failure.getMessage());
    }

    @Test
    void aKeyThatDoesNotBelongToTheCertificateMakesNoConnection() throws Exception {
        Credential mixed = new Credential(
                TestPki.server(KeyKind.RSA).key(),
                TestPki.server(KeyKind.EC_P256).chain());
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        SspiEnd server = SspiEnd.acceptor(Schannel.context(Schannel.inbound(mixed)), ContextOptions.DEFAULT, null);

        SspiException failure = assertThrows(SspiException.class, new Connection<>(client, server)::handshake);

        assertEquals(40, failure.alert().getAsInt(), failure.getMessage());
    }

    @Test
    void aServerWithoutAKeyRefusesEveryClient() throws Exception {
        EnginePair pair =
                new EnginePair(Jsse.SUN.client(), Jsse.OURS.context(new KeyManager[0], TestPki.trustManagers()));

        SSLException failure = Failures.of(pair::handshake);

        SspiException cause = Failures.sspi(failure);
        assertEquals(40, cause.alert().getAsInt(), failure.getMessage());
        assertEquals(
                Status.CLOSED, pair.server().wrap(new byte[0], pair.client()).getStatus());
        assertTrue(Failures.of(pair::settle).getMessage().contains("handshake_failure"));
    }

    @Test
    void nullManagersAreThePlatformsDefaults() throws Exception {
        SSLContext context = Jsse.OURS.context(null, null);
        EnginePair pair = new EnginePair(context, Jsse.SUN.server(KeyKind.EC_P256));

        SSLException failure = Failures.of(pair::handshake);

        assertTrue(failure.getCause() instanceof CertificateException, "the test root is in nobody's defaults");
    }

    @Test
    void aContextThatIsNotInitialisedSaysSo() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new org.jsspi.provider.JsspiProvider());

        assertThrows(IllegalStateException.class, context::createSSLEngine);
        context.init(null, null, new SecureRandom());
        assertNotNull(context.createSSLEngine());
    }

    @Test
    void aClosedContextAnswersNothing() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        pair.client().context().close();

        assertEnds(pair.client().context());
        assertThrows(SspiException.class, () -> pair.client().encrypt(new byte[1]));
    }

    @Test
    void aClosedCredentialMakesNoContext() throws Exception {
        CredHandle handle = Schannel.outbound();
        handle.close();

        SspiException failure = assertThrows(SspiException.class, handle::newContext);

        assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, failure.status());
    }

    @Test
    void anEmptyKeyStoreTrustsNobody() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        EnginePair pair = new EnginePair(
                Jsse.OURS.context(
                        new KeyManager[0],
                        TestPki.trustManagers(TestPki.selfSigned().keyStore())),
                Jsse.SUN.server(KeyKind.EC_P256));

        assertTrue(Failures.of(pair::handshake).getCause() instanceof CertificateException);
    }

    private static void drive(EngineEnd end) throws SSLException {
        end.engine().beginHandshake();
        for (int i = 0; i < 100; i++) {
            switch (end.engine().getHandshakeStatus()) {
                case NEED_TASK -> end.runTasks();
                case NEED_WRAP -> end.wrap(new byte[0], null);
                default -> end.unwrap();
            }
        }
        throw new AssertionError("neither an error nor an end: " + end);
    }

    private static void accept(StreamContext context, byte[] bytes) throws SspiException {
        SecBufferDesc input = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, bytes), new SecBuffer());
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, ByteBuffer.allocate(40_000)));
        SecurityStatus status = context.acceptSecurityContext(AscReq.NONE, null, input, output);
        throw new AssertionError("answered " + status);
    }

    /** The alert at most, and then SEC_E_CONTEXT_EXPIRED to everything. */
    private static void assertEnds(StreamContext context) {
        SecBufferDesc output = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, ByteBuffer.allocate(40_000)));
        for (int i = 0; i < 2; i++) {
            try {
                boolean client = context.initiatorAttributes().bits() != 0;
                SecurityStatus status = client
                        ? context.initializeSecurityContext(null, IscReq.NONE, null, null, output)
                        : context.acceptSecurityContext(AscReq.NONE, null, null, output);
                assertSame(SecurityStatus.SEC_I_CONTEXT_EXPIRED, status);
                assertEquals(0, i, "one alert at most");
            } catch (SspiException e) {
                assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, e.status(), e.getMessage());
            }
        }
        SspiException failure = assertThrows(
                SspiException.class,
                () -> context.decryptMessage(
                        new SecBufferDesc(
                                new SecBuffer(SecBufferType.DATA, new byte[40]),
                                new SecBuffer(),
                                new SecBuffer(),
                                new SecBuffer()),
                        0));
        assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, failure.status());
    }

    private static byte[] header(int type, int version, int length) {
        return bytes(type, version >> 8, version, length >> 8, length);
    }

    /** MS-TLSP and the SSLv2 draft share the shape: 2-byte length with the high bit, type 1, version. */
    private static byte[] sslv2Hello(int version) {
        byte[] hello = new byte[2 + 43];
        byte[] start = bytes(0x80, 43, 1, version >> 8, version, 0, 18, 0, 0, 0, 16);
        System.arraycopy(start, 0, hello, 0, start.length);
        return hello;
    }

    private static byte[] clientHello(int version) {
        byte[] body = concat(
                bytes(version >> 8, version),
                new byte[32],
                bytes(0, 0, 4, 0xC0, 0x2F, 0x00, 0x2F, 1, 0),
                HexFormat.of().parseHex("0008" + "000a0004" + "00020017"));
        return concat(header(22, 0x0301, body.length + 4), bytes(1, 0, body.length >> 8, body.length), body);
    }

    private static void grow(byte[] bytes, int at, int by) {
        int length = ((bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF) + by;
        bytes[at] = (byte) (length >> 8);
        bytes[at + 1] = (byte) length;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
