package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Netty with the provider that it finds by itself. */
class NettyTest {
    private static EventLoopGroup loops;

    @BeforeAll
    static void start() {
        Material.setAsDefault();
        loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    /** What Netty asks of an engine without a mode, when its classes are initialised, decides this for the whole JVM. */
    @Test
    void nettyTakesOurProviderForOneWithAlpn() throws Exception {
        assertEquals(SslProvider.JDK, SslContext.defaultServerProvider());
        assertTrue(SslProvider.isAlpnSupported(SslProvider.JDK));
        assertTrue(SslProvider.isTlsv13Supported(SslProvider.JDK));
        Ours.assertOurs(server(null).newEngine(UnpooledByteBufAllocator.DEFAULT));
    }

    static Stream<String> protocols() {
        return Material.protocols();
    }

    /** The echo comes while the rest is still being sent: both directions are full at once. */
    @ParameterizedTest
    @MethodSource("protocols")
    void fiftyMegabytesComeBack(String protocol) throws Exception {
        SslContext serverTls = server(protocol);
        SslContext clientTls = SslContextBuilder.forClient()
                .keyManager(keys(Material.CLIENT))
                .trustManager(Material.trust())
                .build();
        Channel server = listen(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(serverTls.newHandler(channel.alloc()), new Echo());
            }
        });
        CompletableFuture<Long> received = new CompletableFuture<>();
        Channel client = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        clientTls.newHandler(channel.alloc(), "localhost", port(server)),
                                        new ChunkedWriteHandler(),
                                        new Receiver(received));
                    }
                })
                .connect(server.localAddress())
                .sync()
                .channel();
        SslHandler tls = client.pipeline().get(SslHandler.class);
        tls.handshakeFuture().sync();
        Ours.assertOurs(tls.engine());
        assertEquals(protocol, tls.engine().getSession().getProtocol());
        client.writeAndFlush(new ChunkedStream(Payload.stream(), 30_000));
        assertEquals(Payload.SIZE, received.get(60, TimeUnit.SECONDS));
        Ours.assertEngines(2);
        client.close().sync();
        server.close().sync();
    }

    /** Netty's HTTP/2 server and the JDK's client. */
    @ParameterizedTest
    @MethodSource("protocols")
    void fiftyMegabytesComeBackOverHttp2(String protocol) throws Exception {
        SslContext tls = SslContextBuilder.forServer(keys(Material.SERVER))
                .trustManager(Material.trust())
                .clientAuth(ClientAuth.REQUIRE)
                .protocols(protocol)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
        Channel server = listen(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                tls.newHandler(channel.alloc()),
                                Http2FrameCodecBuilder.forServer().build(),
                                new Http2MultiplexHandler(new EchoStream()));
            }
        });
        HttpResponse<InputStream> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port(server) + "/"))
                                .POST(BodyPublishers.ofInputStream(Payload::stream))
                                .build(),
                        BodyHandlers.ofInputStream());
        assertEquals(HttpClient.Version.HTTP_2, response.version());
        assertEquals(protocol, response.sslSession().orElseThrow().getProtocol());
        assertEquals(Payload.SIZE, Payload.readFrom(response.body()));
        Ours.assertEngines(2);
        server.close().sync();
    }

    /** The handshake fails on both sides, with a reason, and both channels close. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatNobodyVouchesForIsRefused(boolean serverIsBad) throws Exception {
        SslContext serverTls = SslContextBuilder.forServer(keys(serverIsBad ? TestPki.selfSigned() : Material.SERVER))
                .trustManager(Material.trust())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        SslContext clientTls = SslContextBuilder.forClient()
                .keyManager(keys(serverIsBad ? Material.CLIENT : TestPki.selfSigned()))
                .trustManager(Material.trust())
                .build();
        CompletableFuture<Throwable> atServer = new CompletableFuture<>();
        Channel server = listen(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                SslHandler tls = serverTls.newHandler(channel.alloc());
                tls.handshakeFuture().addListener(done -> atServer.complete(done.cause()));
                channel.pipeline().addLast(tls);
            }
        });
        Channel client = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(clientTls.newHandler(channel.alloc(), "localhost", port(server)));
                    }
                })
                .connect(server.localAddress())
                .sync()
                .channel();
        Throwable thrown = atServer.get(20, TimeUnit.SECONDS);
        assertEquals("javax.net.ssl.SSLHandshakeException", thrown.getClass().getName(), thrown.toString());
        assertTrue(client.closeFuture().await(20, TimeUnit.SECONDS));
        server.close().sync();
    }

    private static SslContext server(String protocol) throws Exception {
        SslContextBuilder builder = SslContextBuilder.forServer(keys(Material.SERVER))
                .trustManager(Material.trust())
                .clientAuth(ClientAuth.REQUIRE);
        return protocol == null ? builder.build() : builder.protocols(protocol).build();
    }

    private static KeyManagerFactory keys(Credential credential) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(credential.keyStore(), TestPki.PASSWORD);
        return factory;
    }

    private static Channel listen(ChannelHandler initializer) throws InterruptedException {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer)
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private static int port(Channel server) {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Stops reading while the peer does not take what it gets. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
            context.channel().config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(context.channel().isWritable());
        }
    }

    private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        private final CompletableFuture<Long> all;
        private final Payload.Check check = new Payload.Check();

        Receiver(CompletableFuture<Long> all) {
            this.all = all;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            byte[] bytes = new byte[message.readableBytes()];
            message.readBytes(bytes);
            check.next(bytes, 0, bytes.length);
            if (check.wrong() || check.good() == Payload.SIZE) {
                all.complete(check.good());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            all.completeExceptionally(cause);
        }
    }

    @ChannelHandler.Sharable
    private static final class EchoStream extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame) {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
            } else if (message instanceof Http2DataFrame data) {
                context.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
