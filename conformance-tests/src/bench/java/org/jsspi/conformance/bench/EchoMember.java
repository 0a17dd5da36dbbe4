package org.jsspi.conformance.bench;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * A server and its clients in one process, one thread each, over real sockets: many connections that say nothing and some that
 * send a message as soon as the echo of the last has arrived. Obeys {@link Scale} by lines on standard input.
 *
 * <pre>
 * -> round MILLIS     measure for so long
 * <- ECHOES NANOS P50 P99 CPU     how many, in how long, and what one took in nanoseconds
 * -> idle             does each idle connection still answer?
 * <- HEAP             bytes in use after a collection
 * </pre>
 */
final class EchoMember {
    /** Bytes of a message. */
    static final int MESSAGE = 4096;

    /** The beginning of an answer that is the last. */
    static final String FAILED = "failed: ";

    /** So many handshakes run at a time. */
    private static final int WINDOW = 64;

    private static final long PATIENCE_SECONDS = 300;

    private final EchoLoop server;
    private final EchoLoop client;
    private final SocketAddress address;
    private final int busy;
    private final int count;
    private final CountDownLatch connected;

    // For the client's thread alone, or while it has nothing to do.
    private final List<EchoConnection> connections = new ArrayList<>();
    private final ByteBuffer message = ByteBuffer.allocate(MESSAGE);
    private final long[] latencies = new long[1 << 20];
    private int begun;
    private int echoes;
    private int outstanding;
    private long deadline;
    private CountDownLatch quiet;

    private EchoMember(Contender contender, int idle, int busy) throws Exception {
        SSLContext context = contender.context(Identity.p256());
        this.busy = busy;
        this.count = idle + busy;
        this.connected = new CountDownLatch(count);
        this.server = new EchoLoop("server", engines(contender, context, false), new EchoConnection.Listener() {
            @Override
            public void established(EchoConnection connection) {
                // the client speaks first
            }

            @Override
            public void received(EchoConnection connection, ByteBuffer data) throws IOException {
                connection.send(data);
            }
        });
        this.client = new EchoLoop("client", engines(contender, context, true), new EchoConnection.Listener() {
            @Override
            public void established(EchoConnection connection) throws IOException {
                connections.add(connection);
                connected.countDown();
                connect();
            }

            @Override
            public void received(EchoConnection connection, ByteBuffer data) throws IOException {
                echo(connection, data.remaining());
            }
        });
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        this.address = listening.getLocalAddress();
        server.listen(listening);
        server.start();
        client.start();
    }

    private static Supplier<SSLEngine> engines(Contender contender, SSLContext context, boolean client) {
        return () -> {
            // Without a peer's name: nobody resumes.
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(client);
            contender.pin(engine, Protocol.TLS13);
            return engine;
        };
    }

    /** Takes a {@link Contender} and the numbers of idle and of busy connections. */
    public static void main(String... arguments) throws Exception {
        Logger quiet = Logger.getLogger("org.bouncycastle");
        quiet.setLevel(Level.OFF);
        try {
            obey(new EchoMember(
                    Contender.valueOf(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])));
        } catch (Exception | LinkageError e) {
            System.out.println(FAILED + Row.reason(e));
            System.exit(1);
        }
    }

    private static void obey(EchoMember member) throws IOException, InterruptedException {
        member.client.submit(() -> {
            for (int i = 0; i < WINDOW; i++) {
                member.connect();
            }
        });
        member.await(member.connected);
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(
                    order.equals("idle")
                            ? member.idle()
                            : member.round(Long.parseLong(order.substring(order.indexOf(' ') + 1))));
        }
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        for (long i = 0; !latch.await(100, TimeUnit.MILLISECONDS); i++) {
            client.check();
            server.check();
            if (i > PATIENCE_SECONDS * 10) {
                throw new IllegalStateException("nothing comes any more; " + latch.getCount() + " are missing");
            }
        }
    }

    private void connect() throws IOException {
        if (begun < count) {
            begun++;
            client.adopt(SocketChannel.open(address));
        }
    }

    private String round(long millis) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        long cpu = cpu();
        long start = System.nanoTime();
        client.submit(() -> {
            echoes = 0;
            deadline = start + millis * 1_000_000;
            quiet = done;
            for (EchoConnection connection : connections.subList(count - busy, count)) {
                send(connection);
            }
        });
        await(done);
        long nanos = System.nanoTime() - start;
        cpu = cpu() - cpu;
        int kept = Math.min(echoes, latencies.length);
        Arrays.sort(latencies, 0, kept);
        return String.join(
                " ",
                String.valueOf(echoes),
                String.valueOf(nanos),
                String.valueOf(latencies[kept / 2]),
                String.valueOf(latencies[(int) (kept * 0.99)]),
                String.valueOf(cpu / echoes));
    }

    /** One message over each of those that have said nothing since their handshake. */
    private String idle() throws InterruptedException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        CountDownLatch done = new CountDownLatch(1);
        client.submit(() -> {
            echoes = 0;
            deadline = 0;
            quiet = done;
            for (EchoConnection connection : connections.subList(0, count - busy)) {
                send(connection);
            }
        });
        await(done);
        if (echoes != count - busy) {
            throw new IllegalStateException(echoes + " of " + (count - busy) + " idle connections answer");
        }
        return String.valueOf(heap);
    }

    private void send(EchoConnection connection) throws IOException {
        outstanding++;
        connection.missing = MESSAGE;
        connection.sentAt = System.nanoTime();
        connection.send(message.rewind());
    }

    private void echo(EchoConnection connection, int bytes) throws IOException {
        connection.missing -= bytes;
        if (connection.missing > 0) {
            return;
        }
        if (connection.missing < 0) {
            throw new IllegalStateException("more comes back than was sent");
        }
        long now = System.nanoTime();
        latencies[echoes++ % latencies.length] = now - connection.sentAt;
        outstanding--;
        if (now < deadline) {
            send(connection);
        } else if (outstanding == 0) {
            quiet.countDown();
        }
    }

    private long cpu() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadCpuTime(new long[] {server.getId(), client.getId()}))
                .sum();
    }
}
