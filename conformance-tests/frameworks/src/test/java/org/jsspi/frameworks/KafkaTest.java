package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ByteBufferSend;
import org.apache.kafka.common.network.ChannelState;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.NetworkSend;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.network.SslChannelBuilder;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jsspi.conformance.fixture.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka's SSL channel, client and broker side, configured as by a properties file. */
class KafkaTest {
    private static final String NODE = "broker";
    private static final int MESSAGE = 1024 * 1024;
    private static final int MESSAGES = Payload.SIZE / MESSAGE;

    static Stream<String> protocols() {
        return Material.protocols();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void fiftyMegabytesComeBack(String protocol) throws Exception {
        try (Broker broker = new Broker(Material.SERVER_FILE, protocol);
                Selector client = selector(ConnectionMode.CLIENT, Material.CLIENT_FILE, protocol)) {
            connect(client, broker);
            Payload.Check check = new Payload.Check();
            for (int i = 0; i < MESSAGES; i++) {
                ByteBuffer message = ByteBuffer.allocate(MESSAGE);
                Payload.fill((long) i * MESSAGE, message.array(), 0, MESSAGE);
                ByteBuffer received = exchange(client, message);
                check.next(received.array(), received.arrayOffset(), received.limit());
            }
            assertEquals(Payload.SIZE, check.good());
            Ours.assertEngines(2);
            assertEquals(Set.of("CN=Test client RSA"), broker.principals);
        }
    }

    /** Kafka opens a connection for every partition leader and lets go of idle ones: many short ones, some resumed. */
    @ParameterizedTest
    @MethodSource("protocols")
    void connectionsComeAndGo(String protocol) throws Exception {
        try (Broker broker = new Broker(Material.SERVER_FILE, protocol);
                Selector client = selector(ConnectionMode.CLIENT, Material.CLIENT_FILE, protocol)) {
            for (int i = 0; i < 20; i++) {
                connect(client, broker);
                ByteBuffer message = ByteBuffer.wrap(("message " + i).getBytes(StandardCharsets.UTF_8));
                assertEquals(message, exchange(client, message.duplicate()));
                client.close(NODE);
                client.poll(0);
            }
        }
    }

    @Test
    void aBrokerThatNobodyVouchesForIsRefused() throws Exception {
        refused(Material.store("stranger.p12", TestPki.selfSigned().keyStore()), Material.CLIENT_FILE);
    }

    @Test
    void aBrokerOfAnotherNameIsRefused() throws Exception {
        refused(
                Material.store(
                        "elsewhere.p12", TestPki.named("elsewhere.example").keyStore()),
                Material.CLIENT_FILE);
    }

    private static void refused(Path brokerKeys, Path clientKeys) throws Exception {
        try (Broker broker = new Broker(brokerKeys, null);
                Selector client = selector(ConnectionMode.CLIENT, clientKeys, null)) {
            client.connect(NODE, broker.address(), Selector.USE_DEFAULT_BUFFER_SIZE, Selector.USE_DEFAULT_BUFFER_SIZE);
            long end = System.nanoTime() + 20_000_000_000L;
            while (client.disconnected().isEmpty() && System.nanoTime() < end) {
                client.poll(1000);
            }
            ChannelState state = client.disconnected().get(NODE);
            assertEquals(ChannelState.State.AUTHENTICATION_FAILED, state.state());
            assertInstanceOf(SslAuthenticationException.class, state.exception());
        }
    }

    private static ByteBuffer exchange(Selector client, ByteBuffer message) throws IOException {
        client.send(new NetworkSend(NODE, ByteBufferSend.sizePrefixed(message)));
        long end = System.nanoTime() + 20_000_000_000L;
        boolean sent = false;
        ByteBuffer received = null;
        while (!sent || received == null) {
            client.poll(1000);
            sent |= !client.completedSends().isEmpty();
            for (NetworkReceive receive : client.completedReceives()) {
                received = receive.payload();
            }
            assertTrue(client.disconnected().isEmpty(), () -> "disconnected: " + client.disconnected());
            assertTrue(System.nanoTime() < end, "no answer in time");
        }
        return received;
    }

    private static void connect(Selector client, Broker broker) throws IOException {
        client.connect(NODE, broker.address(), Selector.USE_DEFAULT_BUFFER_SIZE, Selector.USE_DEFAULT_BUFFER_SIZE);
        long end = System.nanoTime() + 20_000_000_000L;
        while (!client.isChannelReady(NODE)) {
            client.poll(1000);
            assertTrue(client.disconnected().isEmpty(), () -> "disconnected: " + client.disconnected());
            assertTrue(System.nanoTime() < end, "not connected in time");
        }
    }

    private static Selector selector(ConnectionMode mode, Path keys, String protocol) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                Material.PASSWORD,
                "ssl.keystore.type",
                "PKCS12",
                "ssl.truststore.location",
                Material.TRUST_FILE.toString(),
                "ssl.truststore.password",
                Material.PASSWORD,
                "ssl.truststore.type",
                "PKCS12"));
        if (protocol != null) {
            properties.put("ssl.enabled.protocols", List.of(protocol));
        }
        Map<String, Object> settings =
                new HashMap<>(new AbstractConfig(new ConfigDef().withClientSslSupport(), properties, false).values());
        settings.put("ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "DEFAULT");
        SslChannelBuilder builder =
                new SslChannelBuilder(mode, mode == ConnectionMode.SERVER ? new ListenerName("SSL") : null, false);
        builder.configure(settings);
        return new Selector(-1, new Metrics(), Time.SYSTEM, "test", builder, new LogContext());
    }

    /** Sends back what it gets. */
    private static final class Broker implements AutoCloseable {
        private final ServerSocketChannel listening;
        private final Selector selector;
        private final Thread thread;
        private final Set<String> principals = ConcurrentHashMap.newKeySet();
        private volatile boolean ended;

        Broker(Path keys, String protocol) throws IOException {
            listening = ServerSocketChannel.open();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.configureBlocking(false);
            selector = selector(ConnectionMode.SERVER, keys, protocol);
            thread = new Thread(this::run, "broker");
            thread.start();
        }

        InetSocketAddress address() throws IOException {
            return new InetSocketAddress("localhost", ((InetSocketAddress) listening.getLocalAddress()).getPort());
        }

        private void run() {
            int connections = 0;
            try {
                while (!ended) {
                    SocketChannel accepted = listening.accept();
                    if (accepted != null) {
                        accepted.configureBlocking(false);
                        selector.register("client-" + connections++, accepted);
                    }
                    selector.poll(5);
                    for (NetworkReceive received : selector.completedReceives()) {
                        principals.add(
                                selector.channel(received.source()).principal().getName());
                        selector.send(
                                new NetworkSend(received.source(), ByteBufferSend.sizePrefixed(received.payload())));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            ended = true;
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertTrue(!thread.isAlive(), "the broker's thread is stuck");
            selector.close();
            listening.close();
        }
    }
}
