package org.jsspi.conformance.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Security;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.FalseStart;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.EarlyDataInfo;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.SecurityStatus;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchannelStreamTest {
    /** Tasks here block on sockets: the common pool has one thread on a machine of two cores. */
    private static final Executor OWN_THREAD = task -> new Thread(task, "peer").start();

    private CredHandle outbound;
    private CredHandle inbound;
    private Socket clientSocket;
    private Socket serverSocket;

    /** Stands between the client and its socket. */
    private UnaryOperator<OutputStream> clientOut = UnaryOperator.identity();

    /** What a side does with its established stream. */
    private interface Side {
        void run(SchannelStream stream) throws Exception;
    }

    @BeforeEach
    void prepare() throws Exception {
        Security.addProvider(new JsspiProvider());
        Identity identity = SelfSignedCertificate.forLocalhost();
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("localhost", identity.chain().get(0));
        inbound = Sspi.acquireCredentialsHandle(
                null,
                SchannelStream.PACKAGE,
                CredentialUse.INBOUND,
                SchCredentials.builder().identities(List.of(identity)).build());
        outbound = Sspi.acquireCredentialsHandle(
                null,
                SchannelStream.PACKAGE,
                CredentialUse.OUTBOUND,
                SchCredentials.builder().rootStore(roots).build());
        connectSockets();
    }

    private void connectSockets() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            clientSocket = new Socket(listener.getInetAddress(), listener.getLocalPort());
            serverSocket = listener.accept();
        }
        impatient(clientSocket, serverSocket);
    }

    /** A side that waits in vain fails: a read of a socket takes no interrupt. */
    private static void impatient(Socket... sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
        }
    }

    @AfterEach
    void close() throws IOException {
        clientSocket.close();
        serverSocket.close();
        inbound.close();
        outbound.close();
    }

    @Test
    void oneByteAtATimeIsEnough() throws Exception {
        byte[] sent = new byte[2_000];
        new Random(2).nextBytes(sent);
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();

        run(
                1,
                client -> {
                    client.write(ByteBuffer.wrap(sent));
                    client.shutdown();
                    assertNull(client.read());
                },
                server -> {
                    copy(server, arrived);
                    server.shutdown();
                });

        assertArrayEquals(sent, arrived.toByteArray());
    }

    @Test
    void megabytesGoBothWaysAtOnceWhateverTheSizesOfReads() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(3).nextBytes(sent);
        ByteArrayOutputStream atServer = new ByteArrayOutputStream();
        ByteArrayOutputStream atClient = new ByteArrayOutputStream();

        run(5_003, stream -> both(stream, sent, atClient), stream -> both(stream, sent, atServer));

        assertArrayEquals(sent, atServer.toByteArray());
        assertArrayEquals(sent, atClient.toByteArray());
    }

    @Test
    void aRecordThatArrivesTogetherWithTheEndOfTheHandshakeIsNotLost() throws Exception {
        clientOut = HoldingBackTheSecondWrite::new;
        ByteArrayOutputStream arrived = new ByteArrayOutputStream();

        run(
                100_000,
                client -> {
                    client.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    client.shutdown();
                },
                server -> copy(server, arrived));

        assertArrayEquals(new byte[] {1, 2, 3}, arrived.toByteArray());
    }

    @Test
    void theSecondConnectionResumesTheSessionOfTheFirst() throws Exception {
        Side client = stream -> {
            assertEquals(false, stream.query(ContextAttribute.SESSION).resumed());
            stream.write(ByteBuffer.wrap(new byte[] {1}));
            // The ticket stands in front of the answer.
            assertEquals(1, stream.read().remaining());
        };
        Side server = stream -> stream.write(stream.read());
        run(1_000, client, server);

        connectSockets();
        run(
                1_000,
                stream -> assertTrue(stream.query(ContextAttribute.SESSION).resumed()),
                stream -> assertTrue(stream.query(ContextAttribute.SESSION).resumed()));
    }

    @Test
    void earlyDataArrivesBeforeTheHandshakeIsCompleteAndIsAnswered() throws Exception {
        ContextOptions options = ContextOptions.builder().maximumEarlyData(1000).build();
        for (int i = 0; i < 2; i++) {
            ByteBuffer request = ByteBuffer.wrap(new byte[] {1, 2, 3});
            CompletableFuture<EarlyDataInfo> atServer = CompletableFuture.supplyAsync(
                    () -> {
                        try (SchannelStream server = SchannelStream.accept(
                                inbound,
                                options,
                                List.of(),
                                serverSocket.getInputStream(),
                                serverSocket.getOutputStream())) {
                            if (server.isEarly()) {
                                assertThrows(IllegalStateException.class, server::read);
                            }
                            for (ByteBuffer data = server.readEarly(); data != null; data = server.readEarly()) {
                                server.writeEarly(data);
                            }
                            assertNull(server.readEarly());
                            server.write(server.read());
                            return server.query(ContextAttribute.EARLY_DATA);
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    },
                    OWN_THREAD);
            try (SchannelStream client = SchannelStream.connect(
                    outbound,
                    "localhost",
                    options,
                    List.of(),
                    stream -> stream.writeEarly(request),
                    clientSocket.getInputStream(),
                    clientSocket.getOutputStream())) {
                assertEquals(i == 0 ? 3 : 0, request.remaining());
                client.write(ByteBuffer.wrap(new byte[] {9}));
                if (i == 1) {
                    assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), client.read());
                }
                assertEquals(ByteBuffer.wrap(new byte[] {9}), client.read());
                EarlyDataInfo info = client.query(ContextAttribute.EARLY_DATA);
                assertEquals(i == 0 ? EarlyDataInfo.Status.NONE : EarlyDataInfo.Status.ACCEPTED, info.status());
                assertEquals(info, atServer.get());
            }
            connectSockets();
        }
    }

    private static final ContextOptions FALSE_START = ContextOptions.builder()
            .protocols(List.of("TLSv1.2"))
            .falseStart(FalseStart.ALWAYS)
            .build();

    private SchannelStream connect(ContextOptions options) throws Exception {
        return SchannelStream.connect(
                outbound,
                "localhost",
                options,
                List.of(),
                clientSocket.getInputStream(),
                clientSocket.getOutputStream());
    }

    /** What a server does whose second flight waits until it is let go. */
    private interface HoldingServer {
        void run(SchannelStream stream, HeldUntilRead held) throws Exception;
    }

    private CompletableFuture<Void> serve(HoldingServer server) {
        return CompletableFuture.runAsync(
                () -> {
                    // The second flight waits in the buffer until the server has read what follows the client's.
                    HeldUntilRead held = new HeldUntilRead(serverSocket);
                    try (SchannelStream stream = SchannelStream.accept(
                            inbound, ContextOptions.DEFAULT, List.of(), serverSocket.getInputStream(), held)) {
                        server.run(stream, held);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                OWN_THREAD);
    }

    /** Each side waits for what the other can only send if it has not waited before. */
    @Test
    void aClientOfTls12MayWriteBeforeTheServerHasFinished() throws Exception {
        CompletableFuture<Void> server = serve((stream, held) -> {
            assertTrue(stream.isComplete());
            assertEquals("early", text(stream.read()));
            held.release();
            stream.write(bytes("answer"));
            assertEquals("late", text(stream.read()));
            assertNull(stream.read());
            stream.shutdown();
        });
        try (SchannelStream client = connect(FALSE_START)) {
            assertFalse(client.isComplete());
            client.write(bytes("early"));
            assertFalse(client.isComplete());
            assertEquals("answer", text(client.read()));
            assertTrue(client.isComplete());
            client.complete();
            client.write(bytes("late"));
            client.shutdown();
            assertNull(client.read());
        }
        server.get();
    }

    @Test
    void aClientThatHasSaidAllBeforeTheServerHasFinishedReadsTheAnswer() throws Exception {
        CompletableFuture<Void> server = serve((stream, held) -> {
            assertEquals("early", text(stream.read()));
            assertNull(stream.read());
            held.release();
            stream.write(bytes("answer"));
            stream.shutdown();
        });
        try (SchannelStream client = connect(FALSE_START)) {
            client.write(bytes("early"));
            client.shutdown();
            assertFalse(client.isComplete());
            assertEquals("answer", text(client.read()));
            assertNull(client.read());
        }
        server.get();
    }

    @Test
    void anEndBeforeTheServersFinishedIsNotTakenForTheEnd() throws Exception {
        CompletableFuture<Void> server = serve((stream, held) -> {
            assertEquals("early", text(stream.read()));
            serverSocket.close();
        });
        try (SchannelStream client = connect(FALSE_START)) {
            client.write(bytes("early"));
            EOFException e = assertThrows(EOFException.class, client::read);
            assertEquals("the peer closed the connection during the handshake", e.getMessage());
            assertFalse(client.isComplete());
        }
        server.get();
    }

    /** Lets a server's first flight pass, and keeps what follows. */
    private static final class HeldUntilRead extends FilterOutputStream {
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();
        private int flights;
        private boolean released;

        HeldUntilRead(Socket socket) {
            super(outputOf(socket));
        }

        private static OutputStream outputOf(Socket socket) {
            try {
                return socket.getOutputStream();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            (flights == 0 || released ? out : held).write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            flights++;
            out.flush();
        }

        void release() throws IOException {
            released = true;
            out.write(held.toByteArray());
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(ByteBuffer data) {
        return StandardCharsets.US_ASCII.decode(data).toString();
    }

    @Test
    void anEndWithoutCloseNotifyIsNotTakenForTheEnd() throws Exception {
        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> run(1_000, client -> clientSocket.shutdownOutput(), server -> assertNull(server.read())));

        assertInstanceOf(EOFException.class, failure.getCause());
    }

    @Test
    void aForgedRecordEndsTheConnectionAndThePeerIsTold() throws Exception {
        byte[] forged = new byte[5 + 40];
        forged[0] = 23;
        forged[1] = 3;
        forged[2] = 3;
        forged[4] = 40;
        CompletableFuture<SspiException> atClient = new CompletableFuture<>();

        ExecutionException failure = assertThrows(
                ExecutionException.class,
                () -> run(
                        1_000,
                        client -> {
                            clientSocket.getOutputStream().write(forged);
                            atClient.complete(assertThrows(SspiException.class, client::read));
                        },
                        server -> server.read()));

        SspiException atServer = assertInstanceOf(SspiException.class, failure.getCause());
        assertEquals(20, atServer.alert().orElseThrow());
        assertEquals(20, atClient.get().alert().orElseThrow());
    }

    @Test
    void nothingIsSentAfterShutdown() throws Exception {
        run(
                1_000,
                client -> {
                    client.shutdown();
                    SspiException refused =
                            assertThrows(SspiException.class, () -> client.write(ByteBuffer.wrap(new byte[] {1})));
                    assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, refused.status());
                },
                server -> assertNull(server.read()));
    }

    private static void both(SchannelStream stream, byte[] sent, ByteArrayOutputStream arrived) throws Exception {
        CompletableFuture<Void> writing = CompletableFuture.runAsync(
                () -> {
                    try {
                        stream.write(ByteBuffer.wrap(sent));
                        stream.shutdown();
                    } catch (IOException | SspiException e) {
                        throw new IllegalStateException(e);
                    }
                },
                OWN_THREAD);
        copy(stream, arrived);
        writing.get();
    }

    private static void copy(SchannelStream stream, ByteArrayOutputStream arrived) throws Exception {
        for (ByteBuffer part = stream.read(); part != null; part = stream.read()) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            arrived.writeBytes(bytes);
        }
    }

    /** Both sides at once; what the server throws is the cause of what this throws, unless the client throws first. */
    private void run(int largestRead, Side client, Side server) throws Exception {
        CompletableFuture<Void> serving = CompletableFuture.runAsync(
                () -> {
                    try (SchannelStream stream = SchannelStream.accept(
                            inbound,
                            ContextOptions.DEFAULT,
                            List.of(),
                            sipping(serverSocket.getInputStream(), largestRead),
                            serverSocket.getOutputStream())) {
                        server.run(stream);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                OWN_THREAD);
        try (SchannelStream stream = SchannelStream.connect(
                outbound,
                "localhost",
                ContextOptions.builder().peer("localhost", 1).build(),
                List.of(),
                sipping(clientSocket.getInputStream(), largestRead),
                clientOut.apply(clientSocket.getOutputStream()))) {
            client.run(stream);
        }
        serving.get();
    }

    /** The first write is the ClientHello, the second the Finished: it leaves with the third, in one piece. */
    private static final class HoldingBackTheSecondWrite extends FilterOutputStream {
        private int writes;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        HoldingBackTheSecondWrite(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            held.write(bytes, offset, length);
            if (++writes != 2) {
                out.write(held.toByteArray());
                held.reset();
            }
        }
    }

    /** Gives at most so many bytes at a time. */
    private static InputStream sipping(InputStream in, int largestRead) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return super.read(bytes, offset, Math.min(length, largestRead));
            }
        };
    }
}
