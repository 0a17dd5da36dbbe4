package org.jsspi.frameworks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
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
import org.eclipse.jetty.server.ConnectionFactory;
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
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jsspi.conformance.fixture.TestPki;

/** Jetty, both sides. */
final class JettyWeb {
    private JettyWeb() {}

    static WebServer start(WebServer.Wish wish) throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(wish.credential().keyStore());
        tls.setKeyStorePassword(Material.PASSWORD);
        tls.setTrustStore(TestPki.roots());
        tls.setNeedClientAuth(true);
        if (wish.protocol() != null) {
            tls.setIncludeProtocols(wish.protocol());
        }
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new SecureRequestCustomizer());
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        List<ConnectionFactory> factories = new ArrayList<>();
        if (wish.http2()) {
            ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
            alpn.setDefaultProtocol(http1.getProtocol());
            factories.add(new SslConnectionFactory(tls, alpn.getProtocol()));
            factories.add(alpn);
            factories.add(new HTTP2ServerConnectionFactory(http));
        } else {
            factories.add(new SslConnectionFactory(tls, http1.getProtocol()));
        }
        factories.add(http1);
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, factories.toArray(ConnectionFactory[]::new));
        connector.setHost("localhost");
        server.addConnector(connector);
        server.setHandler(new Pages());
        server.start();
        return new WebServer() {
            @Override
            public int port() {
                return connector.getLocalPort();
            }

            @Override
            public void close() throws IOException {
                stop(server);
            }
        };
    }

    private static final class Pages extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            EndPoint.SslSessionData data =
                    (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
            try (InputStream in = Content.Source.asInputStream(request);
                    OutputStream out = Content.Sink.asOutputStream(response)) {
                WebServer.serve(Request.getPathInContext(request), WebServer.about(data.sslSession()), in, out);
            }
            callback.succeeded();
            return true;
        }
    }

    static WebClient open(boolean http2, boolean certificate) throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setTrustStore(TestPki.roots());
        if (certificate) {
            tls.setKeyStore(Material.CLIENT.keyStore());
            tls.setKeyStorePassword(Material.PASSWORD);
        }
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
        return new Client(client);
    }

    private record Client(HttpClient client) implements WebClient {
        @Override
        public Answer get(URI page) throws Exception {
            ContentResponse response =
                    client.newRequest(page).timeout(20, TimeUnit.SECONDS).send();
            return new Answer(response.getContentAsString(), response.getVersion() == HttpVersion.HTTP_2);
        }

        @Override
        public long download(URI page) throws Exception {
            InputStreamResponseListener listener = new InputStreamResponseListener();
            client.newRequest(page).send(listener);
            listener.get(20, TimeUnit.SECONDS);
            try (InputStream in = listener.getInputStream()) {
                return Payload.readFrom(in);
            }
        }

        @Override
        public String upload(URI page) throws Exception {
            return new String(
                    client.POST(page)
                            .body(new BytesRequestContent(Payload.bytes()))
                            .timeout(60, TimeUnit.SECONDS)
                            .send()
                            .getContent(),
                    StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            stop(client);
        }
    }

    private static void stop(LifeCycle running) throws IOException {
        try {
            running.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
