package org.jsspi.frameworks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jsspi.conformance.fixture.TestPki.Credential;

/** A server of some framework with the pages of these tests, on loopback; it asks every client for a certificate. */
interface WebServer extends AutoCloseable {
    /** How to start one. */
    interface Framework {
        WebServer start(Wish wish) throws Exception;
    }

    /**
     * What it shall be.
     *
     * @param protocol the one protocol of TLS, or null for whatever the framework has by itself
     */
    record Wish(String protocol, boolean http2, Credential credential) {}

    int port();

    @Override
    void close() throws IOException;

    default URI uri(String path) {
        return URI.create("https://localhost:" + port() + path);
    }

    /**
     * The pages: /hello says what {@code about} says, /download is the payload, /upload says how much of it was right.
     *
     * @param about what the server knows of the connection
     */
    static void serve(String path, String about, InputStream request, OutputStream response) throws IOException {
        switch (path) {
            case "/hello" -> response.write(about.getBytes(StandardCharsets.UTF_8));
            case "/download" -> Payload.writeTo(response);
            case "/upload" ->
                response.write(Long.toString(Payload.readFrom(request)).getBytes(StandardCharsets.UTF_8));
            default -> throw new IOException("no page " + path);
        }
    }

    /** {@return class, protocol and client of a session} */
    static String about(SSLSession session) throws SSLPeerUnverifiedException {
        return session.getClass().getName() + " " + session.getProtocol() + " " + session.getCipherSuite() + " "
                + Arrays.stream(session.getPeerCertificates())
                        .findFirst()
                        .orElseThrow()
                        .hashCode();
    }
}
