package org.jsspi.jetty.alpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientConnectionFactory;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.ClientConnectionFactoryOverHTTP2;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The released Jetty, client and server, with no more of ours than the provider and the two processors. */
class JettyAlpnTest {
    private static final CompletableFuture<SSLSession> SESSION = new CompletableFuture<>();
    private static Server server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Security.insertProviderAt(new JsspiProvider(), 1);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(TestPki.server(KeyKind.EC_P256).keyStore());
        tls.setKeyStorePassword(new String(TestPki.PASSWORD));
        server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer());
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        ServerConnector connector = new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                new HTTP2ServerConnectionFactory(http),
                http1);
        connector.setHost("localhost");
        server.addConnector(connector);
        server.setHandler(new Hello());
        server.start();
        port = connector.getLocalPort();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
        Security.removeProvider("JSSPI");
    }

    @Test
    void clientAndServerAgreeOnHttp2() throws Exception {
        ContentResponse response = get(true);
        assertEquals(HttpVersion.HTTP_2, response.getVersion());
        assertEquals("hello", response.getContentAsString());
        assertEquals(
                "org.jsspi.jsse", SESSION.get(1, TimeUnit.SECONDS).getClass().getPackageName());
    }

    @Test
    void aClientOfHttp1GetsHttp1() throws Exception {
        ContentResponse response = get(false);
        assertEquals(HttpVersion.HTTP_1_1, response.getVersion());
        assertEquals("hello", response.getContentAsString());
    }

    @Test
    void aClientWithoutAlpnGetsTheDefaultProtocol() throws Exception {
        try (SSLSocket socket = socket(List.of())) {
            socket.startHandshake();
            assertEquals("", socket.getApplicationProtocol());
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 200") && answer.endsWith("hello"), answer);
        }
    }

    /** RFC 7301 3.2. */
    @Test
    void aClientWithNothingInCommonIsToldSo() throws Exception {
        try (SSLSocket socket = socket(List.of("spdy/3.1"))) {
            SSLException thrown = assertThrows(SSLException.class, socket::startHandshake);
            assertTrue(thrown.getMessage().contains("no_application_protocol"), thrown.getMessage());
        }
    }

    private static ContentResponse get(boolean http2) throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setTrustStore(TestPki.roots());
        ClientConnector connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        ClientConnectionFactory.Info http1 = HttpClientConnectionFactory.HTTP11;
        HttpClient client = new HttpClient(
                http2
                        ? new HttpClientTransportDynamic(
                                connector,
                                new ClientConnectionFactoryOverHTTP2.HTTP2(new HTTP2Client(connector)),
                                http1)
                        : new HttpClientTransportDynamic(connector, http1));
        client.start();
        try {
            return client.newRequest("https://localhost:" + port + "/")
                    .timeout(20, TimeUnit.SECONDS)
                    .send();
        } finally {
            client.stop();
        }
    }

    private static SSLSocket socket(List<String> applicationProtocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, TestPki.trustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            EndPoint.SslSessionData data =
                    (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
            SESSION.complete(data.sslSession());
            Content.Sink.write(response, true, "hello", callback);
            return true;
        }
    }
}
