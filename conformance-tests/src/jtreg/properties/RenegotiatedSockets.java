/*
 * @test
 * @summary org.jsspi.renegotiation=accept: sockets of TLS 1.2 renegotiate while data flows, with those of SunJSSE too
 * @run main/othervm/timeout=120 -Dorg.jsspi.renegotiation=accept RenegotiatedSockets
 */
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.security.Provider;
import java.security.Security;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jsspi.provider.JsspiProvider;

public class RenegotiatedSockets {
    private static final Provider OURS = new JsspiProvider();
    private static final Provider SUN = Security.getProvider("SunJSSE");
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    public static void main(String[] args) throws Exception {
        for (Provider client : new Provider[] {OURS, SUN}) {
            for (Provider server : new Provider[] {OURS, SUN}) {
                if (client != SUN || server != SUN) {
                    lateClientCertificate(client, server);
                    clientBegins(client, server);
                }
            }
        }
        whileDataFlows();
        nobodyReads();
        closedInTheMiddle();
    }

    private interface Conversation {
        void on(SSLSocket socket) throws Exception;
    }

    /** Both ends of one connection, each on a thread of its own. */
    private static void connect(Provider client, Provider server, Conversation ofClient, Conversation ofServer)
            throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket) Loopback.context(server)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Future<?> served = run(() -> {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                    ofServer.on(socket);
                }
                return null;
            });
            try (SSLSocket socket = (SSLSocket) Loopback.context(client)
                    .getSocketFactory()
                    .createSocket(listening.getInetAddress(), listening.getLocalPort())) {
                socket.setSoTimeout(30_000);
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                ofClient.on(socket);
            } catch (Exception | AssertionError e) {
                AssertionError failure = new AssertionError("client " + client + ", server " + server, e);
                if (served.isDone()) {
                    try {
                        served.get();
                    } catch (ExecutionException atServer) {
                        failure.addSuppressed(atServer.getCause());
                    }
                }
                throw failure;
            }
            served.get(30, TimeUnit.SECONDS);
        }
    }

    private static Future<?> run(Callable<?> task) {
        return THREADS.submit(task);
    }

    private static Semaphore completions(SSLSocket socket) {
        Semaphore completed = new Semaphore(0);
        socket.addHandshakeCompletedListener(event -> completed.release());
        return completed;
    }

    private static void await(Semaphore completed, int times) throws Exception {
        Loopback.expect(completed.tryAcquire(times, 20, TimeUnit.SECONDS), times + " handshakes");
    }

    /** The client only waits for its answer, and does not know of anything. */
    private static void lateClientCertificate(Provider client, Provider server) throws Exception {
        connect(
                client,
                server,
                socket -> {
                    Semaphore completed = completions(socket);
                    AtomicInteger times = new AtomicInteger();
                    socket.addHandshakeCompletedListener(event -> {
                        if (times.incrementAndGet() != 2) {
                            return;
                        }
                        try {
                            socket.getOutputStream().write(3);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
                    socket.getOutputStream().write(1);
                    Loopback.expect(socket.getInputStream().read() == 2, "the answer");
                    await(completed, 2);
                },
                socket -> {
                    Semaphore completed = completions(socket);
                    Loopback.expect(socket.getInputStream().read() == 1, "the question");
                    SSLSession before = socket.getSession();
                    Loopback.expect(SSLPeerUnverifiedException.class, before::getPeerCertificates);
                    socket.setNeedClientAuth(true);
                    socket.startHandshake();
                    // SunJSSE's returns when the client has said hello; whoever reads carries it on.
                    Loopback.expect(socket.getInputStream().read() == 3, "a client that has finished");
                    await(completed, 2);
                    Loopback.expect(
                            socket.getSession().getPeerCertificates()[0].equals(Loopback.certificate()),
                            "the client's certificate");
                    Loopback.expect(socket.getSession() != before, "another session");
                    socket.getOutputStream().write(2);
                });
    }

    private static void clientBegins(Provider client, Provider server) throws Exception {
        connect(
                client,
                server,
                socket -> {
                    Semaphore completed = completions(socket);
                    socket.startHandshake();
                    for (int i = 0; i < 3; i++) {
                        SSLSession before = socket.getSession();
                        socket.startHandshake();
                        // SunJSSE's has said hello, and sends its data behind it.
                        Loopback.expect(client == SUN || socket.getSession() != before, "another session");
                        socket.getOutputStream().write(i);
                        Loopback.expect(socket.getInputStream().read() == i, "an answer");
                    }
                    await(completed, 4);
                    socket.getOutputStream().write(9);
                },
                socket -> {
                    int read;
                    while ((read = socket.getInputStream().read()) != 9) {
                        socket.getOutputStream().write(read);
                    }
                });
    }

    /** Four threads read and write at both ends, and both ends renegotiate again and again. */
    private static void whileDataFlows() throws Exception {
        int longs = 200_000;
        CountDownLatch handshakes = new CountDownLatch(2);
        CountDownLatch read = new CountDownLatch(2);
        Conversation talking = socket -> {
            boolean client = socket.getUseClientMode();
            socket.startHandshake();
            Semaphore completed = completions(socket);
            Future<?> writing = run(() -> {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                byte[] block = new byte[8 * 500];
                for (int i = 0; i < longs; i += 500) {
                    var buffer = java.nio.ByteBuffer.wrap(block);
                    for (int j = 0; j < 500; j++) {
                        buffer.putLong(i + j);
                    }
                    out.write(block);
                }
                out.writeLong(-1);
                return null;
            });
            Future<?> reading = run(() -> {
                DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
                for (long i = 0; i < longs; i++) {
                    long got = in.readLong();
                    Loopback.expect(got == i, "in order: " + i + ", and not " + got);
                }
                Loopback.expect(in.readLong() == -1, "the end");
                read.countDown();
                // Somebody reads until the connection is over: the other side may want to renegotiate once more.
                try {
                    return in.read();
                } catch (java.io.IOException closed) {
                    return closed;
                }
            });
            if (client) {
                for (int i = 0; i < 6; i++) {
                    socket.startHandshake();
                    Thread.sleep(20);
                }
                await(completed, 6);
            } else {
                for (int i = 0; i < 3; i++) {
                    Thread.sleep(35);
                    socket.startHandshake();
                }
            }
            handshakes.countDown();
            writing.get(60, TimeUnit.SECONDS);
            while (!read.await(10, TimeUnit.MILLISECONDS)) {
                Loopback.expect(!reading.isDone(), "a reader that goes on: " + (reading.isDone() ? reading.get() : ""));
            }
            Loopback.expect(handshakes.await(60, TimeUnit.SECONDS), "all handshakes of both sides");
        };
        connect(OURS, OURS, talking, talking);
    }

    /** What comes during the handshake is there afterwards. */
    private static void nobodyReads() throws Exception {
        byte[] data = new byte[300_000];
        new java.util.Random(1).nextBytes(data);
        connect(
                OURS,
                OURS,
                socket -> {
                    socket.startHandshake();
                    Thread.sleep(100);
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    byte[] read = new byte[data.length];
                    new DataInputStream(socket.getInputStream()).readFully(read);
                    Loopback.expect(java.util.Arrays.equals(data, read), "all of it");
                },
                socket -> {
                    socket.getOutputStream().write(data);
                    Loopback.expect(socket.getInputStream().read() == 1, "what came behind it");
                });
    }

    private static void closedInTheMiddle() throws Exception {
        connect(
                OURS,
                OURS,
                socket -> {
                    socket.startHandshake();
                    socket.getOutputStream().write(1);
                    Loopback.expect(java.io.IOException.class, () -> {
                        // The server is gone before it has answered.
                        socket.startHandshake();
                        while (socket.getInputStream().read() >= 0) {}
                        throw new java.io.EOFException("the end");
                    });
                },
                socket -> {
                    Loopback.expect(socket.getInputStream().read() == 1, "a byte");
                    socket.close();
                });
    }
}
