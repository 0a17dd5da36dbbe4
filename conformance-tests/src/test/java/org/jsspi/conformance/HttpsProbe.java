package org.jsspi.conformance;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * HTTPS by unchanged JDK code, in a JVM whose only hints are a {@code java.security} file and the key and trust store
 * properties. Prints one line for each thing that it has seen.
 */
final class HttpsProbe {
    private static final String TEXT = "served by our engine ".repeat(20_000);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;

    private HttpsProbe() {}

    public static void main(String[] args) throws Exception {
        SSLContext context = SSLContext.getDefault();
        System.out.println("first provider " + Security.getProviders()[0].getName());
        System.out.println("default " + context.getProvider().getName());
        System.out.println("TLS " + SSLContext.getInstance("TLS").getProvider().getName());
        System.out.println("engine " + context.createSSLEngine().getClass().getName());
        System.out.println(
                "socket " + context.getSocketFactory().createSocket().getClass().getName());

        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        });
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = body.length > 0 ? body : TEXT.getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("https://localhost:" + server.getAddress().getPort() + "/");

        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> got = client.send(request(uri), HttpResponse.BodyHandlers.ofString());
        System.out.println("HttpClient " + got.version() + " "
                + got.sslSession().orElseThrow().getProtocol() + " "
                + got.body().equals(TEXT));
        HttpRequest post = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.ofString(TEXT))
                .build();
        System.out.println("POST "
                + client.send(post, HttpResponse.BodyHandlers.ofString()).body().equals(TEXT));

        HttpsURLConnection connection = (HttpsURLConnection) new URL(uri.toString()).openConnection();
        byte[] page = connection.getInputStream().readAllBytes();
        System.out.println("HttpsURLConnection " + connection.getCipherSuite().startsWith("TLS_AES") + " "
                + new String(page, StandardCharsets.US_ASCII).equals(TEXT));
        server.stop(0);

        try (SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var parameters = listener.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            listener.setSSLParameters(parameters);
            threads.execute(() -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    serveHttp2(socket);
                } catch (IOException e) {
                    System.err.println(e);
                }
            });
            HttpResponse<String> second = client.send(
                    request(URI.create("https://localhost:" + listener.getLocalPort() + "/")),
                    HttpResponse.BodyHandlers.ofString());
            System.out.println("HttpClient " + second.version() + " " + second.body());
        }
        System.exit(0);
    }

    private static HttpRequest request(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }

    /** As much of RFC 9113 as one GET takes: every request is answered with 200 and two bytes. */
    private static void serveHttp2(SSLSocket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        String preface = new String(in.readNBytes(24), StandardCharsets.US_ASCII);
        if (!preface.startsWith("PRI * HTTP/2.0")) {
            throw new IOException("no preface: " + preface);
        }
        frame(out, SETTINGS, 0, 0);
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(length);
                if (type == SETTINGS && (flags & 1) == 0) {
                    frame(out, SETTINGS, 1, 0);
                } else if (type == HEADERS) {
                    // END_HEADERS; RFC 7541 appendix A: index 8 is ":status 200".
                    frame(out, HEADERS, 4, stream, 0x88);
                    frame(out, DATA, 1, stream, 'o', 'k');
                } else if (type == GOAWAY) {
                    return;
                } else if (type != SETTINGS && type != WINDOW_UPDATE && type != DATA) {
                    System.err.println("passed over a frame of type " + type);
                }
            }
        } catch (EOFException end) {
            // The client has gone.
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, int... payload)
            throws IOException {
        byte[] frame = new byte[9 + payload.length];
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[7] = (byte) (stream >> 8);
        frame[8] = (byte) stream;
        for (int i = 0; i < payload.length; i++) {
            frame[9 + i] = (byte) payload[i];
        }
        out.write(frame);
        out.flush();
    }
}
