package org.jsspi.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The released gRPC-java, client and server, over the contexts of this artifact. */
class GrpcTest {
    private static final int CHUNK = 1 << 16;
    private static final int CHUNKS = 50 * 1024 * 1024 / CHUNK;
    private static final MethodDescriptor<byte[], byte[]> ECHO = method("echo", MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> UPLOAD = method("upload", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<byte[], byte[]> DOWNLOAD = method("download", MethodType.SERVER_STREAMING);
    private static final Credential SERVER = TestPki.server(KeyKind.EC_P256);
    private static final Credential CLIENT = TestPki.client(KeyKind.RSA);

    /** Set by whichever call comes first. */
    private final CompletableFuture<SSLSession> serverSession = new CompletableFuture<>();

    private Server server;
    private ManagedChannel channel;

    @TempDir
    private Path directory;

    /** Last in the list: the artifact finds it by name, though the platform's own providers come first. */
    @BeforeAll
    static void register() {
        Security.addProvider(new JsspiProvider());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        if (server != null) {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    static List<String> protocols() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", "JSSPI");
        context.init(null, null, null);
        return List.of(context.getDefaultSSLParameters().getProtocols());
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aCallWithCertificatesOnBothSidesGoesThroughOurEngines(String protocol) throws Exception {
        start(SERVER, protocol);
        connect(clientContext().keyManager(keys(CLIENT)).build());

        ClientCall<byte[], byte[]> call = channel.newCall(ECHO, CallOptions.DEFAULT);
        byte[] answer = ClientCalls.futureUnaryCall(call, "hello".getBytes(StandardCharsets.UTF_8))
                .get(10, TimeUnit.SECONDS);

        assertEquals("hello", new String(answer, StandardCharsets.UTF_8));
        SSLSession ofClient = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        SSLSession ofServer = serverSession.get(1, TimeUnit.SECONDS);
        for (SSLSession session : List.of(ofClient, ofServer)) {
            assertEquals("org.jsspi.jsse", session.getClass().getPackageName());
            assertEquals(protocol, session.getProtocol());
        }
        assertEquals(SERVER.certificate(), ofClient.getPeerCertificates()[0]);
        assertEquals(CLIENT.certificate(), ofServer.getPeerCertificates()[0]);
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void fiftyMegabytesPassEachWay(String protocol) throws Exception {
        start(SERVER, protocol);
        connect(clientContext().keyManager(keys(CLIENT)).build());

        Iterator<byte[]> received =
                ClientCalls.blockingServerStreamingCall(channel, DOWNLOAD, CallOptions.DEFAULT, new byte[0]);
        for (int i = 0; i < CHUNKS; i++) {
            assertArrayEquals(chunk(i), received.next());
        }
        assertFalse(received.hasNext());

        assertEquals(Integer.toString(CHUNKS), upload());
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        start(SERVER, null);
        connect(clientContext().build());
        assertRefused();
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() throws Exception {
        start(TestPki.selfSigned(), null);
        connect(clientContext().keyManager(keys(CLIENT)).build());
        assertRefused();
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        start(TestPki.named("elsewhere.example"), null);
        connect(clientContext().keyManager(keys(CLIENT)).build());
        assertRefused();
    }

    @Test
    void everyWayToNameAServersKeyGivesOurContextWithHttp2() throws Exception {
        Path chain = SERVER.writeChain(directory.resolve("chain.pem"));
        Path key = SERVER.writeKey(directory.resolve("key.pem"));
        List<SslContextBuilder> builders;
        try (InputStream chain1 = Files.newInputStream(chain);
                InputStream key1 = Files.newInputStream(key);
                InputStream chain2 = Files.newInputStream(chain);
                InputStream key2 = Files.newInputStream(key)) {
            builders = List.of(
                    JsspiGrpcSslContexts.forClient(),
                    JsspiGrpcSslContexts.forServer(chain.toFile(), key.toFile()),
                    JsspiGrpcSslContexts.forServer(chain.toFile(), key.toFile(), null),
                    JsspiGrpcSslContexts.forServer(chain1, key1),
                    JsspiGrpcSslContexts.forServer(chain2, key2, null),
                    JsspiGrpcSslContexts.forServer(keys(SERVER)));
        }
        for (SslContextBuilder builder : builders) {
            JdkSslContext context = assertInstanceOf(JdkSslContext.class, builder.build());
            assertEquals("JSSPI", context.context().getProvider().getName());
            assertEquals(List.of("h2"), context.applicationProtocolNegotiator().protocols());
        }
    }

    @Test
    void withoutTheProviderTheMessageSaysWhatIsMissing() {
        Security.removeProvider("JSSPI");
        try {
            IllegalStateException thrown = assertThrows(IllegalStateException.class, JsspiGrpcSslContexts::forClient);
            assertTrue(thrown.getMessage().contains("JSSPI is not registered"), thrown.getMessage());
        } finally {
            register();
        }
    }

    /** Why this artifact is there: once gRPC takes us by itself, it can go. */
    @Test
    void grpcAloneDoesNotTakeOurProvider() {
        assertThrows(
                IllegalArgumentException.class,
                () -> GrpcSslContexts.configure(SslContextBuilder.forClient(), Security.getProvider("JSSPI")));
    }

    private String upload() throws Exception {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = channel.newCall(UPLOAD, CallOptions.DEFAULT);
        ClientResponseObserver<byte[], byte[]> observer = new Upload(answer);
        ClientCalls.asyncClientStreamingCall(call, observer);
        return new String(answer.get(60, TimeUnit.SECONDS), StandardCharsets.UTF_8);
    }

    private void assertRefused() {
        StatusRuntimeException thrown = assertThrows(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel, ECHO, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), new byte[1]));
        assertEquals(Status.Code.UNAVAILABLE, thrown.getStatus().getCode(), thrown.toString());
        assertFalse(serverSession.isDone());
    }

    private void start(Credential credential, String protocol) throws Exception {
        SslContextBuilder tls = JsspiGrpcSslContexts.forServer(keys(credential))
                .trustManager(trust())
                .clientAuth(ClientAuth.REQUIRE);
        SslContext context =
                protocol == null ? tls.build() : tls.protocols(protocol).build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(context)
                .addService(service())
                .intercept(new SessionSeen())
                .build()
                .start();
    }

    private void connect(SslContext context) {
        channel = NettyChannelBuilder.forAddress("localhost", server.getPort())
                .sslContext(context)
                .build();
    }

    private static SslContextBuilder clientContext() throws Exception {
        return JsspiGrpcSslContexts.forClient().trustManager(trust());
    }

    private static KeyManagerFactory keys(Credential credential) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(credential.keyStore(), TestPki.PASSWORD);
        return factory;
    }

    private static TrustManagerFactory trust() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(TestPki.roots());
        return factory;
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("test")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, answer) -> {
                    answer.onNext(request);
                    answer.onCompleted();
                }))
                .addMethod(UPLOAD, ServerCalls.asyncClientStreamingCall(Received::new))
                .addMethod(DOWNLOAD, ServerCalls.asyncServerStreamingCall(GrpcTest::sendAll))
                .build();
    }

    private static void sendAll(byte[] request, StreamObserver<byte[]> observer) {
        ServerCallStreamObserver<byte[]> call = (ServerCallStreamObserver<byte[]>) observer;
        int[] next = {0};
        call.setOnReadyHandler(() -> {
            while (call.isReady() && next[0] < CHUNKS) {
                call.onNext(chunk(next[0]++));
                if (next[0] == CHUNKS) {
                    call.onCompleted();
                }
            }
        });
    }

    private static byte[] chunk(int number) {
        byte[] bytes = new byte[CHUNK];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                .setFullMethodName("test/" + name)
                .setType(type)
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Counts the chunks that came as they had to. */
    private static final class Received implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> answer;
        private int good;

        Received(StreamObserver<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(byte[] value) {
            if (Arrays.equals(value, chunk(good))) {
                good++;
            }
        }

        @Override
        public void onError(Throwable thrown) {
            answer.onError(thrown);
        }

        @Override
        public void onCompleted() {
            answer.onNext(Integer.toString(good).getBytes(StandardCharsets.UTF_8));
            answer.onCompleted();
        }
    }

    /** Sends every chunk, as fast as the channel takes them. */
    private static final class Upload implements ClientResponseObserver<byte[], byte[]> {
        private final CompletableFuture<byte[]> answer;

        Upload(CompletableFuture<byte[]> answer) {
            this.answer = answer;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            int[] next = {0};
            requests.setOnReadyHandler(() -> {
                while (requests.isReady() && next[0] < CHUNKS) {
                    requests.onNext(chunk(next[0]++));
                    if (next[0] == CHUNKS) {
                        requests.onCompleted();
                    }
                }
            });
        }

        @Override
        public void onNext(byte[] value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable thrown) {
            answer.completeExceptionally(thrown);
        }

        @Override
        public void onCompleted() {}
    }

    private final class SessionSeen implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            serverSession.complete(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
            return next.startCall(call, headers);
        }
    }
}
