package org.jsspi.conformance.demo;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.Sspi;

/**
 * What {@code jsspi demo} runs in a JVM of its own. This class registers no provider and names none: whatever it finds, it
 * has found through the {@code java.security} file that the JVM was started with.
 *
 * <p>Exit code 0: everything went through the engine of JSSPI. 1: it did not, and the last line says why.
 */
public final class HttpsExchangeDemo {
    private static final String PROVIDER = "JSSPI";
    private static final String GREETING = "Hello from com.sun.net.httpserver.HttpsServer\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintStream out;
    private final Identity identity;
    private final KeyStore roots;

    private HttpsExchangeDemo(PrintStream out) throws GeneralSecurityException, IOException {
        this.out = out;
        this.identity = SelfSignedCertificate.forLocalhost();
        this.roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("localhost", identity.chain().get(0));
    }

    /** Runs the demonstration. */
    public static void main(String[] args) {
        int code = 0;
        try {
            new HttpsExchangeDemo(System.out).run();
        } catch (Exception e) {
            System.out.flush();
            String what = e instanceof IllegalStateException ? "" : e.getClass().getSimpleName() + ": ";
            System.err.println("demo failed: " + what + e.getMessage());
            code = 1;
        }
        // HttpClient's threads are daemons, a failed server's are not.
        System.exit(code);
    }

    private void run() throws Exception {
        title("Providers of this JVM, in order of preference");
        StringBuilder names = new StringBuilder(" ");
        for (var provider : Security.getProviders()) {
            names.append(' ').append(provider.getName());
        }
        out.println(names);

        title("Security packages, as EnumerateSecurityPackages reports them");
        PackageTable.of(Sspi.enumerateSecurityPackages()).forEach(line -> out.println(("  " + line).stripTrailing()));

        title("HTTPS: java.net.http.HttpClient asks com.sun.net.httpserver.HttpsServer");
        https();

        title("Native SSPI in memory: two contexts, call by call");
        InMemoryExchange.run(identity, roots, out);
    }

    private void https() throws Exception {
        ServingEngine serving = new ServingEngine(identity);
        SSLContext serverContext = SSLContext.getInstance("TLS");
        serverContext.init(new KeyManager[] {serving}, null, null);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        SSLContext clientContext = SSLContext.getInstance("TLS");
        clientContext.init(null, trust.getTrustManagers(), null);

        CompletableFuture<SSLSession> served = new CompletableFuture<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try {
            server.setExecutor(threads);
            server.setHttpsConfigurator(new HttpsConfigurator(serverContext) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters settings = getSSLContext().getDefaultSSLParameters();
                    settings.setApplicationProtocols(new String[] {"http/1.1"});
                    parameters.setSSLParameters(settings);
                }
            });
            server.createContext("/", exchange -> {
                served.complete(((HttpsExchange) exchange).getSSLSession());
                byte[] body = GREETING.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            int port = server.getAddress().getPort();

            HttpClient client = HttpClient.newBuilder()
                    .sslContext(clientContext)
                    .executor(threads)
                    .connectTimeout(PATIENCE)
                    .build();
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            require(response.statusCode() == 200 && response.body().equals(GREETING), "the response is another one");
            SSLSession serverSession = served.get();
            SSLSession clientSession = response.sslSession().orElseThrow();

            line("request", "GET " + response.uri());
            line(
                    "response",
                    response.version() + " " + response.statusCode() + ", \""
                            + response.body().strip() + "\"");
            line("provider", serverContext.getProvider().getName() + " by SSLContext.getInstance(\"TLS\")");
            line("server engine", serving.engine().getClass().getName());
            line("client engine", clientContext.createSSLEngine().getClass().getName());
            line("protocol", serverSession.getProtocol());
            line("cipher suite", serverSession.getCipherSuite());
            line("ALPN", serving.engine().getApplicationProtocol());
            line("certificate", clientSession.getPeerPrincipal() + ", made a moment ago");

            require(serverContext.getProvider().getName().equals(PROVIDER), "TLS is not served by " + PROVIDER);
            require(serving.engine().getClass().getName().startsWith("org.jsspi."), "another engine served HTTPS");
            require(clientContext.getProvider().getName().equals(PROVIDER), "the client is not of " + PROVIDER);

            title("The same HTTPS server, asked through SSPI: initializeSecurityContext over a socket");
            viaSspi(port);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** JSSE cannot say which group was used, nor the stream sizes; SSPI can. */
    private void viaSspi(int port) throws GeneralSecurityException, IOException {
        SchCredentials trusts = SchCredentials.builder().rootStore(roots).build();
        try (CredHandle credential =
                        Sspi.acquireCredentialsHandle(null, SchannelStream.PACKAGE, CredentialUse.OUTBOUND, trusts);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            try (SchannelStream stream = SchannelStream.connect(
                    credential,
                    "localhost",
                    ContextOptions.builder().peer("localhost", port).build(),
                    List.of("h2", "http/1.1"),
                    socket.getInputStream(),
                    socket.getOutputStream())) {
                String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                stream.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                StringBuilder response = new StringBuilder();
                while (!response.toString().endsWith(GREETING)) {
                    ByteBuffer part = stream.read();
                    require(part != null, "the response is cut short");
                    response.append(StandardCharsets.US_ASCII.decode(part));
                }
                stream.shutdown();
                ConnectionReport.agreed(
                                stream.query(ContextAttribute.SESSION),
                                stream.query(ContextAttribute.APPLICATION_PROTOCOL),
                                stream.query(ContextAttribute.STREAM_SIZES))
                        .forEach(out::println);
                line("response", response.toString().lines().findFirst().orElse(""));
            }
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private void title(String text) {
        out.println();
        out.println(text);
        out.println("-".repeat(text.length()));
    }

    private void line(String label, Object value) {
        out.println(ConnectionReport.line(label, value));
    }
}
