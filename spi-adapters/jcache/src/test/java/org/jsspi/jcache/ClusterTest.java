package org.jsspi.jcache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two servers in two JVMs, members of one embedded Hazelcast on the loopback address, and clients that change between them. */
@Tag("cluster")
class ClusterTest {
    private static final Provider OURS = new JsspiProvider();

    @TempDir
    private Path directory;

    private final byte[] sealingKey = new byte[32];
    private int firstPort;
    private int secondPort;
    private ClusterNode first;
    private Process secondJvm;
    private int second;

    @BeforeEach
    void prepare() throws Exception {
        new SecureRandom().nextBytes(sealingKey);
        store("identity.p12", TestPki.server(KeyKind.EC_P256).keyStore());
        store("roots.p12", TestPki.roots());
        firstPort = freePort();
        secondPort = freePort();
    }

    private void start(Duration period) throws Exception {
        first = new ClusterNode(
                List.of(firstPort, secondPort),
                sealingKey,
                period,
                directory.resolve("identity.p12"),
                directory.resolve("roots.p12"));
        startSecond(period);
    }

    private void startSecond(Duration period) throws Exception {
        secondJvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--add-modules",
                        "java.se",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterNode.class.getName(),
                        secondPort + "," + firstPort,
                        HexFormat.of().formatHex(sealingKey),
                        Long.toString(period.toMillis()),
                        directory.resolve("identity.p12").toString(),
                        directory.resolve("roots.p12").toString())
                .redirectError(directory.resolve("second.err").toFile())
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(secondJvm.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException(
                    "the second server did not start: " + Files.readString(directory.resolve("second.err")));
        }
        String[] words = line.split(" ");
        second = Integer.parseInt(words[1]);
        assertEquals("2", words[2], "members of the cluster");
    }

    @AfterEach
    void stop() throws Exception {
        System.err.print(Files.readString(directory.resolve("second.err")));
        if (secondJvm != null) {
            secondJvm.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        if (first != null) {
            first.close();
        }
    }

    private void store(String name, KeyStore store) throws Exception {
        try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
            store.store(out, ClusterNode.PASSWORD);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static SSLContext client(Provider provider, KeyManager... keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3", provider);
        context.init(keys, TestPki.trustManagers(), new SecureRandom());
        return context;
    }

    /** One address for both servers: what a client connects to is passed on to the one that is chosen. */
    private static final class Balancer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        volatile int target;

        Balancer() throws IOException {
            daemon(() -> {
                while (true) {
                    Socket client = socket.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                    daemon(() -> pass(client, server));
                    daemon(() -> pass(server, client));
                }
            });
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void daemon(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException closed) {
                    // One of the two ends has gone.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private static void pass(Socket from, Socket to) throws IOException {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            }
        }

        String ask(SSLContext client, int port) throws IOException {
            target = port;
            return ClusterTest.ask(client, socket.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** {@return the line that a server answers: the id of its session, and whom it takes the client for} */
    private static String ask(SSLContext client, int port) throws IOException {
        Socket transport = new Socket(InetAddress.getLoopbackAddress(), port);
        // To our client the port is the one that is named here; SunJSSE goes by the one of the transport.
        try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket(transport, "localhost", 443, true)) {
            socket.setSoTimeout(20_000);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (line == null) {
                throw new IOException("the server said nothing");
            }
            return line;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSSPI", "SunJSSE"})
    void aClientThatShookHandsWithOneServerResumesWithTheOther(String name) throws Exception {
        start(Duration.ofHours(12));
        Provider provider = name.equals("JSSPI") ? OURS : Security.getProvider(name);
        SSLContext client = client(provider, TestPki.client(KeyKind.EC_P256).keyManagers());

        try (Balancer balancer = new Balancer()) {
            String session = balancer.ask(client, first.port());
            assertTrue(session.endsWith(" CN=Test client EC_P256"), session);
            assertEquals(session, balancer.ask(client, second));
            assertEquals(session, balancer.ask(client, first.port()));
            assertNotEquals(session, balancer.ask(client(provider), second), "another client's session is another");
        }
    }

    @Test
    void aLostNodeCostsNothingButItsMemory() throws Exception {
        start(Duration.ofHours(12));
        SSLContext client = client(OURS);
        String session = ask(client, second);
        secondJvm.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        assertEquals(session, ask(client, first.port()));
        startSecond(Duration.ofHours(12));
        assertEquals(session, ask(client, second), "who comes back finds the keys");
    }

    @Test
    void aCacheThatIsLostCostsFullHandshakesAndNothingElse() throws Exception {
        start(Duration.ofSeconds(2));
        SSLContext client = client(OURS);
        String session = ask(client, first.port());
        assertEquals(session, ask(client, first.port()));
        // The cache and all that was in it, for this server.
        first.member.getLifecycleService().terminate();

        // With the keys that it has, then with its memory: every handshake succeeds, and sessions are resumed.
        int resumed = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(7);
        while (System.nanoTime() < end) {
            String next = ask(client, first.port());
            resumed += next.equals(session) ? 1 : 0;
            session = next;
            Thread.sleep(50);
        }
        assertTrue(resumed > 20, "resumed " + resumed);
        assertFalse(ask(client, second).isEmpty());
    }

    @Test
    void keysRotateUnderLoad() throws Exception {
        start(Duration.ofSeconds(1));
        int threads = 4;
        int[] connections = new int[threads];
        int[] resumed = new int[threads];
        Throwable[] failures = new Throwable[threads];
        Thread[] clients = new Thread[threads];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
        for (int t = 0; t < threads; t++) {
            int me = t;
            clients[t] = new Thread(() -> {
                try {
                    SSLContext client = client(OURS);
                    String before = "";
                    while (System.nanoTime() < end) {
                        String now = ask(client, connections[me] % 2 == 0 ? first.port() : second);
                        connections[me]++;
                        resumed[me] += now.equals(before) ? 1 : 0;
                        before = now;
                    }
                } catch (Exception | Error e) {
                    failures[me] = e;
                }
            });
            clients[t].start();
        }
        for (int t = 0; t < threads; t++) {
            clients[t].join(60_000);
            assertEquals(null, failures[t]);
            assertTrue(connections[t] > 10, "connections: " + connections[t]);
            // Each connection goes to the other server than the one before, and several periods pass.
            assertTrue(resumed[t] >= connections[t] - 2, resumed[t] + " of " + connections[t] + " resumed");
        }
    }
}
