package org.jsspi.jcache;

import com.hazelcast.cache.HazelcastCachingProvider;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.jsse.JsseSessionContext;
import org.jsspi.provider.JsspiProvider;

/**
 * A server of a cluster: a member of an embedded Hazelcast on the loopback address, and a TLS server that answers each connection
 * with the id of its session. In a JVM of its own it ends with its standard input.
 */
final class ClusterNode implements AutoCloseable {
    static final char[] PASSWORD = "changeit".toCharArray();

    final HazelcastInstance member;
    final Cache<String, byte[]> cache;
    final CacheTicketKeys keys;
    private final SSLServerSocket socket;

    /**
     * A member that finds the others by their ports alone.
     *
     * @param ports of all members, this one's first
     * @param identity a key store with the server's key; the same for all nodes
     * @param roots whom to trust as clients
     */
    ClusterNode(List<Integer> ports, byte[] sealingKey, Duration period, Path identity, Path roots) throws Exception {
        this.member = Hazelcast.newHazelcastInstance(config(ports));
        CacheManager manager = Caching.getCachingProvider("com.hazelcast.cache.HazelcastMemberCachingProvider")
                .getCacheManager(null, null, HazelcastCachingProvider.propertiesByInstanceItself(member));
        this.cache = cache(manager);
        this.keys = new CacheTicketKeys(cache, new SecretKeySpec(sealingKey, "AES"), period);
        SSLContext context = context(identity, roots);
        ((JsseSessionContext) context.getServerSessionContext()).setTicketKeys(keys);
        this.socket = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        socket.setWantClientAuth(true);
        Thread acceptor = new Thread(this::accept, "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static Config config(List<Integer> ports) {
        Config config = new Config();
        config.setClusterName("jsspi-" + ports.stream().sorted().toList());
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.operation.call.timeout.millis", "5000");
        config.getJetConfig().setEnabled(false);
        var network = config.getNetworkConfig();
        network.setPort(ports.get(0)).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        var join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(2);
        ports.forEach(port -> join.getTcpIpConfig().addMember("127.0.0.1:" + port));
        return config;
    }

    private static Cache<String, byte[]> cache(CacheManager manager) {
        Cache<String, byte[]> found = manager.getCache("ticket keys", String.class, byte[].class);
        return found != null
                ? found
                : manager.createCache(
                        "ticket keys", new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
    }

    private static SSLContext context(Path identity, Path roots) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(load(identity), PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(load(roots));
        SSLContext context = SSLContext.getInstance("TLS", new JsspiProvider());
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    static KeyStore load(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) socket.accept();
                Thread thread = new Thread(() -> answer(connection), "connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(SSLSocket connection) {
        try (connection) {
            connection.setSoTimeout(20_000);
            connection.startHandshake();
            var session = connection.getSession();
            String client;
            try {
                client = session.getPeerPrincipal().getName();
            } catch (javax.net.ssl.SSLPeerUnverifiedException anonymous) {
                client = "nobody";
            }
            String line = HexFormat.of().formatHex(session.getId()) + " " + client + "\n";
            connection.getOutputStream().write(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            connection.getInputStream().read();
        } catch (IOException e) {
            // The client sees it.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        keys.close();
        member.getLifecycleService().terminate();
    }

    /** In a JVM of its own: ports, sealing key, period in milliseconds, identity, roots. */
    public static void main(String[] args) throws Exception {
        List<Integer> ports =
                Arrays.stream(args[0].split(",")).map(Integer::valueOf).toList();
        ClusterNode node = new ClusterNode(
                ports,
                HexFormat.of().parseHex(args[1]),
                Duration.ofMillis(Long.parseLong(args[2])),
                Path.of(args[3]),
                Path.of(args[4]));
        System.out.println("ready " + node.port() + " "
                + node.member.getCluster().getMembers().size());
        System.out.flush();
        new BufferedReader(new InputStreamReader(System.in, java.nio.charset.StandardCharsets.US_ASCII)).readLine();
        Runtime.getRuntime().halt(0);
    }
}
