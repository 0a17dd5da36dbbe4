package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.IscReq;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.jsse.JsseEngine;
import org.jsspi.provider.JsspiProvider;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link StreamContext} promises of threads: one encrypts, another decrypts, a third calls what it likes. Keys end after a
 * few records, so that they change under everybody's hands.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrencyTest {
    private static final Identity SERVER = TestCertificates.of(KeyKind.P256)
            .subject("CN=localhost")
            .dnsNames("localhost")
            .selfSigned();
    private static final int MESSAGES = 3_000;
    private static final int CHANGES = 40;
    private static final int RECORDS_PER_KEY = 40;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @ParameterizedTest
    @ValueSource(strings = "TLSv1.3")
    void messagesOfOneThreadComeWholeWhateverTheOthersDo(String protocol) throws Exception {
        SchannelContext client = context(CredentialUse.OUTBOUND, protocol);
        SchannelContext server = context(CredentialUse.INBOUND, protocol);
        byte[] ticket = shakeHands(client, server);
        server.limitRecordsPerKey(RECORDS_PER_KEY + 3);
        BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>(List.of(ticket));

        Future<Integer> decrypts = go(() -> {
            int next = 0;
            while (next < MESSAGES) {
                next += receive(client, toClient.take(), next);
            }
            return next;
        });
        for (int i = 0; i < MESSAGES; i++) {
            send(server, i, toClient);
        }
        assertEquals(MESSAGES, decrypts.get());
        threads.shutdown();
    }

    /** Two threads make the records of one direction: nobody but the keys can say in which order. */
    @Test
    void everyRecordComesWhollyBeforeOrWhollyAfterAChangeOfKeys() throws Exception {
        SchannelContext client = context(CredentialUse.OUTBOUND, "TLSv1.3");
        SchannelContext server = context(CredentialUse.INBOUND, "TLSv1.3");
        shakeHands(client, server);
        assertEquals(
                "TLS_AES_128_GCM_SHA256",
                client.queryContextAttributes(ContextAttribute.CIPHER_INFO).cipherSuiteName());
        WriteKeys keys = WriteKeys.of(client);
        Deque<byte[]> messages = new ArrayDeque<>();
        Deque<byte[]> updates = new ArrayDeque<>();
        AtomicInteger changes = new AtomicInteger();

        Future<Void> encrypts = go(() -> {
            for (int i = 0; i < MESSAGES || changes.get() < CHANGES; ) {
                byte[] record = record(client, i);
                if (record != null) {
                    messages.add(record);
                    i++;
                }
            }
            return null;
        });
        Future<Void> asks = go(() -> {
            byte[] binding = client.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                    .applicationData();
            while (!encrypts.isDone()) {
                assertArrayEquals(
                        binding,
                        client.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                                .applicationData());
                assertTrue(client.queryContextAttributes(ContextAttribute.STREAM_SIZES)
                                .maximumMessage()
                        > 0);
                assertTrue(client.pendingTokenSize() >= 0);
            }
            return null;
        });
        while (!encrypts.isDone()) {
            updates.add(establish(client, null));
            changes.incrementAndGet();
            Thread.sleep(0, 100_000);
        }
        encrypts.get();
        asks.get();
        client.applyControlToken(SchannelControl.shutdown());
        assertThrows(SspiException.class, () -> record(client, 0));
        updates.add(establish(client, null));

        for (int due = 0; !messages.isEmpty() || !updates.isEmpty(); ) {
            byte[] message = keys.opens(messages.peek());
            if (message != null) {
                assertArrayEquals(message(due++), Arrays.copyOf(message, message.length - 1));
                messages.remove();
                keys.count();
            } else {
                byte[] update = keys.opens(updates.peek());
                assertNotNull(update, "a record between message " + due + " and the next change fits no key");
                updates.remove();
                keys.next();
            }
        }
        threads.shutdown();
    }

    /** The client's keys of TLS 1.3, one after the other (RFC 8446 7.2, 5.3). */
    private static final class WriteKeys {
        private final Hkdf hkdf;
        private Secret traffic;
        private TrafficKeys keys;
        private long sequence;

        private WriteKeys(Hkdf hkdf, Secret traffic) {
            this.hkdf = hkdf;
            this.traffic = traffic;
            keys = TrafficKeys.derive(hkdf, Aead.AES_128_GCM, traffic);
        }

        static WriteKeys of(SchannelContext client) throws ReflectiveOperationException {
            Object connected = ((HandshakeDriver) read(client, "driver")).connected();
            Object secrets = read(connected, "secrets");
            Secret traffic = (Secret) read(secrets, "clientTraffic");
            return new WriteKeys((Hkdf) read(secrets, "hkdf"), Secret.copyOf(traffic.bytes()));
        }

        private static Object read(Object from, String name) throws ReflectiveOperationException {
            Field field = from.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(from);
        }

        /** {@return the inner plaintext if it is the next record under this key, or null} */
        byte[] opens(byte[] record) throws GeneralSecurityException {
            if (record == null) {
                return null;
            }
            byte[] nonce = keys.iv().clone();
            for (int i = 0; i < 8; i++) {
                nonce[11 - i] ^= (byte) (sequence >>> 8 * i);
            }
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(keys.key().bytes(), "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(record, 0, 5);
            try {
                return cipher.doFinal(record, 5, record.length - 5);
            } catch (AEADBadTagException e) {
                return null;
            }
        }

        void count() {
            sequence++;
        }

        void next() {
            traffic = hkdf.expandLabel(
                    traffic, "traffic upd", new byte[0], hkdf.hash().length());
            keys = TrafficKeys.derive(hkdf, Aead.AES_128_GCM, traffic);
            sequence = 0;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "TLSv1.3")
    void anEngineChangesItsKeysWhileWrapAndUnwrapRunOnThreadsOfTheirOwn(String protocol) throws Exception {
        SSLEngine client = engine(true, protocol);
        SSLEngine server = engine(false, protocol);
        BlockingQueue<byte[]> toServer = new LinkedBlockingQueue<>();
        BlockingQueue<byte[]> toClient = new LinkedBlockingQueue<>();
        shakeHands(client, toServer, server, toClient);
        contextOf(client).limitRecordsPerKey(RECORDS_PER_KEY);
        contextOf(server).limitRecordsPerKey(RECORDS_PER_KEY + 3);
        Future<Integer> up = go(() -> wrapAll(client, toServer));
        Future<Integer> down = go(() -> wrapAll(server, toClient));
        Future<Integer> atServer = go(() -> unwrapAll(server, toServer));
        Future<Integer> atClient = go(() -> unwrapAll(client, toClient));

        assertEquals(MESSAGES, atServer.get());
        assertEquals(MESSAGES, atClient.get());
        // A key protects so many records: the others are KeyUpdates, and each of them changes the key.
        assertTrue(up.get() > MESSAGES + MESSAGES / (RECORDS_PER_KEY + 1) - 2, up.get() + " records");
        assertTrue(down.get() > MESSAGES + MESSAGES / (RECORDS_PER_KEY + 4) - 2, down.get() + " records");
        threads.shutdown();
    }

    private <T> Future<T> go(Callable<T> work) {
        return threads.submit(work);
    }

    // SSPI

    private static SchannelContext context(CredentialUse use, String protocol) throws Exception {
        SchCredentials.Builder settings = use.inbound()
                ? SchCredentials.builder().identities(List.of(SERVER))
                : SchCredentials.builder().rootStore(roots());
        CredHandle handle = new SchannelPackage().acquireCredentialsHandle(null, use, settings.build());
        return (SchannelContext) handle.newContext();
    }

    private static ContextOptions options(String protocol) {
        return ContextOptions.builder().protocols(List.of(protocol)).build();
    }

    /** {@return the ticket, which is for the client's decryptMessage} */
    private static byte[] shakeHands(SchannelContext client, SchannelContext server) throws SspiException {
        byte[] hello = establish(client, null);
        byte[] finished = establish(client, establish(server, hello));
        return establish(server, finished);
    }

    private static byte[] establish(SchannelContext context, byte[] input) throws SspiException {
        SecBufferDesc in =
                input == null ? null : new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, input), new SecBuffer());
        SecBufferDesc out = new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, new byte[20_000]));
        if (context.initiatorAttributes().bits() != 0
                || input == null && context.acceptorAttributes().bits() == 0) {
            context.initializeSecurityContext("localhost", IscReq.STREAM, null, in, out);
        } else {
            context.acceptSecurityContext(AscReq.STREAM, null, in, out);
        }
        return out.get(0).toByteArray();
    }

    private static void send(SchannelContext context, int number, BlockingQueue<byte[]> line) throws SspiException {
        byte[] record = record(context, number);
        if (record == null) {
            line.add(establish(context, null));
            record = record(context, number);
        }
        line.add(record);
    }

    /** {@return the message as a record, or null while a token has to leave first} */
    private static byte[] record(SchannelContext context, int number) throws SspiException {
        byte[] data = message(number);
        ByteBuffer record = ByteBuffer.allocate(5 + data.length + 17);
        record.put(5, data);
        SecBufferDesc list = new SecBufferDesc();
        list.add(SecBufferType.STREAM_HEADER, record, 0, 5);
        list.add(SecBufferType.DATA, record, 5, data.length);
        list.add(SecBufferType.STREAM_TRAILER, record, 5 + data.length, 17);
        list.add();
        return context.encryptMessage(0, list, 0) == SecurityStatus.SEC_E_OK ? record.array() : null;
    }

    /** {@return 1 if it was the message that is due, 0 if it was no message} */
    private static int receive(SchannelContext context, byte[] record, int due) throws SspiException {
        SecBufferDesc list = opening(record);
        SecurityStatus status = context.decryptMessage(list, 0);
        if (status == SecurityStatus.SEC_I_RENEGOTIATE) {
            byte[] answer = establish(context, list.find(SecBufferType.EXTRA).toByteArray());
            assertEquals(0, answer.length, "nobody asked for an update");
            return 0;
        }
        assertSame(SecurityStatus.SEC_E_OK, status);
        assertArrayEquals(message(due), list.find(SecBufferType.DATA).toByteArray(), "message " + due);
        return 1;
    }

    private static SecBufferDesc opening(byte[] record) {
        return new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record), new SecBuffer(), new SecBuffer(), new SecBuffer());
    }

    /** Of a length of its own, and the number in every byte. */
    private static byte[] message(int number) {
        byte[] data = new byte[1 + number % 61];
        Arrays.fill(data, (byte) number);
        return data;
    }

    // JSSE

    private static SSLEngine engine(boolean client, String protocol) throws Exception {
        KeyStore store = roots();
        store.setKeyEntry(
                "server",
                SERVER.privateKey(),
                new char[0],
                SERVER.chain().toArray(new java.security.cert.Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots());
        SSLContext context = SSLContext.getInstance("TLS", new JsspiProvider());
        context.init(client ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        SSLEngine engine = client ? context.createSSLEngine("localhost", 1) : context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[] {protocol});
        engine.beginHandshake();
        return engine;
    }

    private static KeyStore roots() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", SERVER.chain().get(0));
        return store;
    }

    /** The engine says nothing of keys that end, and its context's own limit takes a minute to reach. */
    private static SchannelContext contextOf(SSLEngine engine) throws IllegalAccessException {
        for (Field field : JsseEngine.class.getDeclaredFields()) {
            field.setAccessible(true);
            if (field.get(engine) instanceof SchannelContext context) {
                return context;
            }
        }
        throw new AssertionError("the engine has no context");
    }

    private static void shakeHands(
            SSLEngine client, BlockingQueue<byte[]> toServer, SSLEngine server, BlockingQueue<byte[]> toClient)
            throws Exception {
        for (int i = 0; i < 100; i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        assertSame(HandshakeStatus.NOT_HANDSHAKING, client.getHandshakeStatus());
        assertSame(HandshakeStatus.NOT_HANDSHAKING, server.getHandshakeStatus());
    }

    private static void step(SSLEngine engine, BlockingQueue<byte[]> in, BlockingQueue<byte[]> out) throws Exception {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> wrap(engine, new byte[0], out);
            default -> {
                byte[] record = in.peek();
                if (record != null) {
                    if (unwrap(engine, record, ByteBuffer.allocate(20_000)).bytesConsumed() > 0) {
                        in.remove();
                    }
                }
            }
        }
    }

    private static SSLEngineResult wrap(SSLEngine engine, byte[] data, BlockingQueue<byte[]> out) throws Exception {
        ByteBuffer record = ByteBuffer.allocate(17_000);
        SSLEngineResult result = engine.wrap(ByteBuffer.wrap(data), record);
        assertSame(Status.OK, result.getStatus());
        if (result.bytesProduced() > 0) {
            out.add(Arrays.copyOf(record.array(), result.bytesProduced()));
        }
        return result;
    }

    private static SSLEngineResult unwrap(SSLEngine engine, byte[] record, ByteBuffer into) throws Exception {
        SSLEngineResult result = engine.unwrap(ByteBuffer.wrap(record), into);
        assertSame(Status.OK, result.getStatus());
        return result;
    }

    /** {@return how many records it took} */
    private static int wrapAll(SSLEngine engine, BlockingQueue<byte[]> out) throws Exception {
        int records = 0;
        for (int sent = 0; sent < MESSAGES; records++) {
            sent += wrap(engine, message(sent), out).bytesConsumed() > 0 ? 1 : 0;
        }
        return records;
    }

    private static int unwrapAll(SSLEngine engine, BlockingQueue<byte[]> in) throws Exception {
        int received = 0;
        while (received < MESSAGES) {
            byte[] record = in.poll(30, TimeUnit.SECONDS);
            ByteBuffer data = ByteBuffer.allocate(20_000);
            while (unwrap(engine, record, data).bytesConsumed() == 0) {
                Thread.yield();
            }
            if (data.position() > 0) {
                assertArrayEquals(message(received), Arrays.copyOf(data.array(), data.position()));
                received++;
            }
        }
        return received;
    }
}
