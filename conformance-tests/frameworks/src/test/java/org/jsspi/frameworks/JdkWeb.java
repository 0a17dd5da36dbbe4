package org.jsspi.frameworks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** What the JDK itself has: HttpsServer, HttpClient and HttpsURLConnection. */
final class JdkWeb {
    private JdkWeb() {}

    static WebServer start(WebServer.Wish wish) throws IOException {
        SSLContext context = Material.context(wish.credential());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = context.getDefaultSSLParameters();
                tls.setNeedClientAuth(true);
                if (wish.protocol() != null) {
                    tls.setProtocols(new String[] {wish.protocol()});
                }
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/", JdkWeb::handle);
        server.start();
        return new WebServer() {
            @Override
            public int port() {
                return server.getAddress().getPort();
            }

            @Override
            public void close() {
                server.stop(0);
                threads.shutdownNow();
            }
        };
    }

    private static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            WebServer.serve(
                    exchange.getRequestURI().getPath(),
                    WebServer.about(((HttpsExchange) exchange).getSSLSession()),
                    exchange.getRequestBody(),
                    exchange.getResponseBody());
        }
    }

    /** With a certificate it has the JVM's default context, as a program has that sets none. */
    static WebClient open(boolean http2, boolean certificate) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        if (!certificate) {
            builder.sslContext(Material.context(null));
        }
        return new Client(builder.build());
    }

    private record Client(HttpClient client) implements WebClient {
        @Override
        public Answer get(URI page) throws Exception {
            HttpResponse<String> response = client.send(request(page).build(), BodyHandlers.ofString());
            return new Answer(response.body(), response.version() == HttpClient.Version.HTTP_2);
        }

        @Override
        public long download(URI page) throws Exception {
            try (InputStream in = client.send(request(page).build(), BodyHandlers.ofInputStream())
                    .body()) {
                return Payload.readFrom(in);
            }
        }

        @Override
        public String upload(URI page) throws Exception {
            return client.send(
                            request(page)
                                    .POST(BodyPublishers.ofInputStream(Payload::stream))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }

        private static HttpRequest.Builder request(URI page) {
            return HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(60));
        }

        @Override
        public void close() {}
    }

    /** HttpsURLConnection: the default context, as everywhere, or one without keys. */
    static WebClient urlConnection(boolean http2, boolean certificate) {
        return new WebClient() {
            @Override
            public Answer get(URI page) throws IOException {
                HttpsURLConnection connection = connection(page);
                String body = text(connection);
                return new Answer(body, false);
            }

            @Override
            public long download(URI page) throws IOException {
                try (InputStream in = connection(page).getInputStream()) {
                    return Payload.readFrom(in);
                }
            }

            @Override
            public String upload(URI page) throws IOException {
                HttpsURLConnection connection = connection(page);
                connection.setDoOutput(true);
                connection.setChunkedStreamingMode(0);
                try (OutputStream out = connection.getOutputStream()) {
                    Payload.writeTo(out);
                }
                return text(connection);
            }

            private HttpsURLConnection connection(URI page) throws IOException {
                HttpsURLConnection connection =
                        (HttpsURLConnection) page.toURL().openConnection();
                connection.setConnectTimeout(20_000);
                connection.setReadTimeout(60_000);
                if (!certificate) {
                    connection.setSSLSocketFactory(Material.context(null).getSocketFactory());
                }
                return connection;
            }

            private static String text(HttpsURLConnection connection) throws IOException {
                try (InputStream in = connection.getInputStream()) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            }

            @Override
            public void close() {}
        };
    }
}
