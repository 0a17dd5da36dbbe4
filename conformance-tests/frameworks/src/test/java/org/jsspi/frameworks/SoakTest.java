package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import org.jsspi.conformance.fixture.TestPki;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two thousand connections, random traffic and random ends from either side, for as long as the property
 * {@code jsspi.soak.seconds} says: no byte is lost, nothing of a connection that has ended remains, no thread is stuck.
 */
class SoakTest {
    private static final int CONNECTIONS = 2000;
    private static final int SECONDS = Integer.getInteger("jsspi.soak.seconds", 120);
    private static final int IN_FLIGHT = 200_000;
    private static final long SEED = 20261125;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final AtomicReferenceArray<Client> clients = new AtomicReferenceArray<>(CONNECTIONS);
    private final Map<Integer, Server> servers = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<End, AtomicInteger> ends = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<SslContext> clientTls = new ArrayList<>();
    private volatile boolean traffic = true;
    private volatile boolean reopen = true;
    private Channel listening;

    /** Who ends a connection, and how. */
    private enum End {
        /** close_notify with an echo still under way, which must arrive: TLS 1.3 has two directions. */
        CLIENT_HALF,
        /** Once all has come back. */
        CLIENT_DONE,
        /** In the middle of the client's traffic. */
        SERVER,
        /** Without close_notify. */
        CLIENT_CUT,
        SERVER_CUT
    }

    @BeforeEach
    void listen() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(Material.SERVER.keyStore(), TestPki.PASSWORD);
        SslContext tls = SslContextBuilder.forServer(keys).build();
        for (String protocol : Material.protocols().toList()) {
            clientTls.add(SslContextBuilder.forClient()
                    .trustManager(Material.trust())
                    .protocols(protocol)
                    .build());
        }
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, CONNECTIONS)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        SslHandler handler = tls.newHandler(channel.alloc());
                        handler.setHandshakeTimeout(60, TimeUnit.SECONDS);
                        channel.pipeline().addLast(handler, new Server());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    @AfterEach
    void stop() {
        reopen = false;
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void connectionsComeAndGo() throws Exception {
        for (int place = 0; place < CONNECTIONS; place++) {
            open(place);
            if (place % 50 == 49) {
                int opened = place;
                await("connected", () -> ready() > opened - 50);
            }
        }
        await("all connected", () -> ready() == CONNECTIONS);
        Random random = new Random(SEED);
        int rounds = 4;
        long[] heap = new long[rounds];
        for (int round = 0; round < rounds; round++) {
            traffic = true;
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS) / rounds;
            while (System.nanoTime() < until) {
                for (int i = 0; i < 10; i++) {
                    act(random);
                }
                Thread.sleep(4);
            }
            traffic = false;
            await("everything has come back", () -> ready() == CONNECTIONS && all().allMatch(Client::isQuiet));
            await("the other ends have gone", () -> servers.size() == CONNECTIONS);
            assertEquals(List.of(), List.copyOf(faults));
            // The engines of the connections that are open, and none of those that ended.
            Ours.assertEnginesBetween(2 * CONNECTIONS, 2 * CONNECTIONS + 50);
            heap[round] = usedHeap();
        }
        System.out.println(
                "soak: " + bytes.get() / 1_000_000 + " MB came back, ends " + ends + ", heap " + Arrays.toString(heap));
        assertTrue(heap[rounds - 1] < heap[0] * 1.1 + 4_000_000, () -> "the heap grows: " + Arrays.toString(heap));
        for (End end : End.values()) {
            assertTrue(ends.containsKey(end), () -> "no connection ended by " + end);
        }
        reopen = false;
        all().toList().forEach(client -> client.end(End.CLIENT_DONE));
        await("all closed", () -> servers.isEmpty() && all().noneMatch(client -> client.channel.isOpen()));
        for (int place = 0; place < CONNECTIONS; place++) {
            clients.set(place, null);
        }
        assertEquals(List.of(), List.copyOf(faults));
        Ours.assertEnginesBetween(0, 50);
        for (EventExecutor loop : loops) {
            assertTrue(loop.submit(() -> {}).await(10, TimeUnit.SECONDS), "a thread is stuck");
        }
    }

    private void act(Random random) {
        Client client = clients.get(random.nextInt(CONNECTIONS));
        int dice = random.nextInt(1000);
        if (client == null || !client.ready) {
            return;
        }
        if (dice >= 10) {
            int length = dice < 100 ? 1 + random.nextInt(100_000) : 1 + random.nextInt(5_000);
            client.send(length);
        } else if (dice < 2) {
            client.end(client.half ? End.CLIENT_HALF : End.CLIENT_DONE);
        } else if (dice < 5) {
            client.end(End.CLIENT_DONE);
        } else if (dice < 8) {
            Server server = servers.get(client.id);
            if (server != null) {
                server.end();
            }
        } else if (dice < 9) {
            client.end(End.CLIENT_CUT);
        } else {
            Server server = servers.get(client.id);
            if (server != null) {
                server.cut();
            }
        }
    }

    private Stream<Client> all() {
        return Stream.iterate(0, place -> place + 1)
                .limit(CONNECTIONS)
                .map(clients::get)
                .filter(c -> c != null);
    }

    private long ready() {
        return all().filter(client -> client.ready).count();
    }

    private void open(int place) {
        Client client = new Client(place, ids.incrementAndGet());
        clients.set(place, client);
        SslContext tls = clientTls.get(client.id % clientTls.size());
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        SslHandler handler = tls.newHandler(channel.alloc(), "localhost", port());
                        handler.setHandshakeTimeout(60, TimeUnit.SECONDS);
                        handler.setCloseNotifyReadTimeout(30, TimeUnit.SECONDS);
                        channel.pipeline().addLast(handler, client);
                    }
                })
                .connect(listening.localAddress())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        faults.add("not connected: " + connected.cause());
                    }
                });
    }

    private int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    private void ended(End end) {
        ends.computeIfAbsent(end, none -> new AtomicInteger()).incrementAndGet();
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < end,
                    () -> what + " is not true; ready " + ready() + ", servers " + servers.size() + ", not quiet "
                            + all().filter(client -> !client.isQuiet()).limit(5).toList() + ", faults " + faults);
            Thread.sleep(20);
        }
    }

    /** Sends its number, then bytes that are known at each position, and wants them back in this order. */
    private final class Client extends ChannelInboundHandlerAdapter {
        private final int place;
        private final int id;
        private final boolean half;
        private final Payload.Check check = new Payload.Check();
        private volatile Channel channel;
        private volatile boolean ready;
        private volatile long sent;
        private volatile long received;
        private volatile End end;

        Client(int place, int id) {
            this.place = place;
            this.id = id;
            this.half = Material.protocols().toList().get(id % clientTls.size()).equals("TLSv1.3");
        }

        boolean isQuiet() {
            return received == sent;
        }

        void send(int length) {
            channel.eventLoop().execute(() -> {
                if (traffic && end == null && ready && sent - received < IN_FLIGHT) {
                    byte[] part = new byte[length];
                    Payload.fill(sent, part, 0, length);
                    sent += length;
                    channel.writeAndFlush(channel.alloc().buffer(length).writeBytes(part));
                }
            });
        }

        void end(End how) {
            channel.eventLoop().execute(() -> {
                if (end == null) {
                    end = how;
                    ended(how);
                    switch (how) {
                        case CLIENT_HALF ->
                            channel.pipeline().get(SslHandler.class).closeOutbound();
                        case CLIENT_CUT -> channel.pipeline().firstContext().close();
                        default -> closeWhenQuiet();
                    }
                }
            });
        }

        private void closeWhenQuiet() {
            if (end == End.CLIENT_DONE && isQuiet()) {
                channel.close();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            channel = context.channel();
            channel.pipeline().get(SslHandler.class).handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    ready = true;
                } else {
                    faults.add("handshake of client " + this + ": " + done.cause());
                }
            });
            context.writeAndFlush(context.alloc().buffer(4).writeInt(id));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            byte[] part = new byte[data.readableBytes()];
            data.readBytes(part);
            data.release();
            check.next(part, 0, part.length);
            bytes.addAndGet(part.length);
            received += part.length;
            if (check.wrong() || received != check.good()) {
                faults.add("wrong bytes at " + this);
                context.close();
            }
            closeWhenQuiet();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS) {
                Server server = servers.get(id);
                // All that the server has sent before its close_notify is here.
                if (server != null && server.echoed != received) {
                    faults.add("of " + server.echoed + " bytes from the server came " + received + ": " + this);
                }
                if (end == End.CLIENT_HALF && received != sent) {
                    faults.add("the rest did not come after the client's own close_notify: " + this);
                }
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            Server server = servers.get(id);
            boolean serverEnded = server != null && server.ended;
            if (end == End.CLIENT_DONE && received != sent && !serverEnded) {
                faults.add("an orderly end that is none: " + this);
            }
            ready = false;
            if (reopen) {
                open(place);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Server server = servers.get(id);
            if (end != End.CLIENT_CUT && !(server != null && server.cut)) {
                faults.add(this + ": " + cause);
            }
            context.close();
        }

        @Override
        public String toString() {
            return "client " + id + " sent " + sent + " received " + received + " end " + end + " ready " + ready;
        }
    }

    /** Sends back what comes, until it has had enough. */
    private final class Server extends ChannelInboundHandlerAdapter {
        private Channel channel;
        private int id;
        private volatile long echoed;
        /** By itself, and not because the client has. */
        private volatile boolean ended;

        private volatile boolean cut;
        private boolean ending;

        /** close_notify after what was echoed so far; what still comes is read, so that nothing is reset. */
        void end() {
            channel.eventLoop().execute(() -> {
                if (!ending) {
                    ending = true;
                    ended = true;
                    SoakTest.this.ended(End.SERVER);
                    channel.pipeline().get(SslHandler.class).closeOutbound();
                }
            });
        }

        void cut() {
            channel.eventLoop().execute(() -> {
                if (!ending) {
                    ending = true;
                    ended = true;
                    cut = true;
                    SoakTest.this.ended(End.SERVER_CUT);
                    channel.pipeline().firstContext().close();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            if (id == 0) {
                channel = context.channel();
                id = data.readInt();
                servers.put(id, this);
            }
            if (ending || !data.isReadable()) {
                data.release();
                return;
            }
            echoed += data.readableBytes();
            context.write(data);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS) {
                ending = true;
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            // The client looks here when it ends, which may be a moment later.
            context.channel().eventLoop().schedule(() -> servers.remove(id, this), 200, TimeUnit.MILLISECONDS);
        }

        /** A client that cuts is one: what matters is seen from the client. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
