package org.jsspi.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jsspi.conformance.fixture.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** pgjdbc with a PostgreSQL server, which has its TLS from OpenSSL; skipped where none is installed. */
class PostgresTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static Path directory;
    private static Path bin;
    private static Path clientKey;
    private static int port;
    private static Process server;

    @BeforeAll
    static void start() throws Exception {
        bin = programs();
        if (bin == null) {
            System.out.println("skipped: no PostgreSQL server is installed");
        }
        Assumptions.assumeTrue(bin != null, "no PostgreSQL server is installed");
        directory = Material.directory();
        if (ROOT) {
            // The server does not run as root, and wants to own what it keeps.
            run(List.of("chown", "postgres", directory.toString()));
        }
        Path secret = Files.writeString(directory.resolve("password"), Material.PASSWORD);
        Path data = directory.resolve("data");
        run(asServer(List.of(
                bin.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=tester",
                "--pwfile=" + secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync")));
        Path key = Material.SERVER.writeKey(directory.resolve("server.key"));
        Path chain = Material.SERVER.writeChain(directory.resolve("server.crt"));
        Path root = TestPki.writeRoot(directory.resolve("root.crt"));
        Files.writeString(
                directory.resolve("hba.conf"),
                "hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n"
                        + "hostssl all all ::1/128 scram-sha-256 clientcert=verify-ca\n");
        if (ROOT) {
            run(List.of("chown", "postgres", key.toString()));
        }
        run(List.of("chmod", "600", key.toString()));
        // The driver takes the entry "user" and no other.
        KeyStore store = Material.CLIENT.keyStore();
        store.setKeyEntry("user", Material.CLIENT.key(), TestPki.PASSWORD, store.getCertificateChain("key"));
        clientKey = Material.store("user.p12", store);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = new ProcessBuilder(asServer(List.of(
                        bin.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=localhost",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "ssl=on",
                        "-c",
                        "ssl_cert_file=" + chain,
                        "-c",
                        "ssl_key_file=" + key,
                        "-c",
                        "ssl_ca_file=" + root,
                        "-c",
                        "hba_file=" + directory.resolve("hba.conf"))))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        awaitReady();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.destroy();
            assertTrue(server.waitFor(20, TimeUnit.SECONDS), "the server does not end");
        }
    }

    static Stream<String> protocols() {
        return Material.protocols();
    }

    /** With a certificate, the server's name checked, and SCRAM bound to the channel (RFC 5929 4: tls-server-end-point). */
    @ParameterizedTest
    @MethodSource("protocols")
    void aQueryAndFiftyMegabytesEachWay(String protocol) throws Exception {
        setProtocol(protocol);
        try (Connection connection = connect(properties())) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select version, client_dn from pg_stat_ssl where pid = pg_backend_pid()")) {
                row.next();
                assertEquals(protocol, row.getString(1));
                assertEquals("/CN=Test client RSA", row.getString(2));
            }
            Ours.assertEngines(1);
            try (PreparedStatement statement = connection.prepareStatement("select ?::bytea")) {
                statement.setBinaryStream(1, Payload.stream(), Payload.SIZE);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    try (InputStream in = row.getBinaryStream(1)) {
                        assertEquals(Payload.SIZE, Payload.readFrom(in));
                    }
                }
            }
        }
    }

    /** By the JVM's default context, as with the driver's DefaultJavaSSLFactory. */
    @Test
    void theDefaultContextServesToo() throws Exception {
        Material.setAsDefault();
        Properties properties = properties();
        properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        for (String name : List.of("sslrootcert", "sslkey", "sslpassword")) {
            properties.remove(name);
        }
        try (Connection connection = connect(properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select 42")) {
            row.next();
            assertEquals(42, row.getInt(1));
            Ours.assertEngines(1);
        }
    }

    @Test
    void aClientWithoutACertificateIsRefused() {
        Properties properties = properties();
        properties.remove("sslkey");
        properties.remove("sslpassword");
        assertThrows(SQLException.class, () -> connect(properties).close());
    }

    @Test
    void aServerThatNobodyVouchesForIsRefused() throws Exception {
        Properties properties = properties();
        Path stranger = TestPki.selfSigned().writeChain(directory.resolve("stranger.crt"));
        properties.setProperty("sslrootcert", stranger.toString());
        SQLException thrown =
                assertThrows(SQLException.class, () -> connect(properties).close());
        assertTrue(thrown.toString().contains("SSL"), thrown.toString());
    }

    private static Connection connect(Properties properties) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/postgres", properties);
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", "tester");
        properties.setProperty("password", Material.PASSWORD);
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", directory.resolve("root.crt").toString());
        properties.setProperty("sslkey", clientKey.toString());
        properties.setProperty("sslpassword", Material.PASSWORD);
        properties.setProperty("channelBinding", "require");
        return properties;
    }

    private static void setProtocol(String protocol) throws SQLException, InterruptedException {
        try (Connection connection = connect(properties());
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_min_protocol_version = '" + protocol + "'");
            statement.execute("alter system set ssl_max_protocol_version = '" + protocol + "'");
            statement.execute("select pg_reload_conf()");
        }
        // The postmaster reloads when it comes to it.
        for (int i = 0; i < 100; i++) {
            try (Connection connection = connect(properties());
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("show ssl_max_protocol_version")) {
                row.next();
                if (row.getString(1).equals(protocol)) {
                    return;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the server has not taken " + protocol);
    }

    private static void awaitReady() throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        for (int i = 0; i < 300; i++) {
            if (Files.readString(log).contains("ready to accept connections")) {
                return;
            }
            assertTrue(server.isAlive(), Files.readString(log));
            Thread.sleep(100);
        }
        throw new AssertionError(Files.readString(log));
    }

    /** Debian keeps the server's programs below /usr/lib/postgresql, others on the path. */
    private static Path programs() throws IOException {
        List<Path> candidates = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.reverseOrder())
                        .map(version -> version.resolve("bin"))
                        .forEach(candidates::add);
            }
        }
        for (String directory : System.getenv("PATH").split(":")) {
            candidates.add(Path.of(directory));
        }
        return candidates.stream()
                .filter(path -> Files.isExecutable(path.resolve("initdb")))
                .findFirst()
                .orElse(null);
    }

    private static List<String> asServer(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> other =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"));
        other.addAll(command);
        return other;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + ":\n" + output);
    }
}
