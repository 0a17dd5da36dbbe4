package org.jsspi.frameworks;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.HttpVersionPolicy;

/** Apache HttpClient 5: over sockets for HTTP/1.1, over engines for HTTP/2. */
final class ApacheWeb {
    private ApacheWeb() {}

    static WebClient open(boolean http2, boolean certificate) {
        ClientTlsStrategyBuilder strategy =
                ClientTlsStrategyBuilder.create().setSslContext(Material.context(certificate ? Material.CLIENT : null));
        if (!http2) {
            return new Classic(HttpClients.custom()
                    .disableAutomaticRetries()
                    .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                            .setTlsSocketStrategy(strategy.buildClassic())
                            .build())
                    .build());
        }
        TlsStrategy engines = strategy.buildAsync();
        CloseableHttpAsyncClient client = HttpAsyncClients.custom()
                .disableAutomaticRetries()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setTlsStrategy(engines)
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                                .build())
                        .build())
                .build();
        client.start();
        return new Async(client);
    }

    private record Classic(CloseableHttpClient client) implements WebClient {
        @Override
        public Answer get(URI page) throws IOException {
            return client.execute(
                    new HttpGet(page), response -> new Answer(EntityUtils.toString(response.getEntity()), false));
        }

        @Override
        public long download(URI page) throws IOException {
            return client.execute(
                    new HttpGet(page),
                    response -> Payload.readFrom(response.getEntity().getContent()));
        }

        @Override
        public String upload(URI page) throws IOException {
            HttpPost post = new HttpPost(page);
            post.setEntity(new InputStreamEntity(Payload.stream(), ContentType.APPLICATION_OCTET_STREAM));
            return client.execute(post, response -> EntityUtils.toString(response.getEntity()));
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private record Async(CloseableHttpAsyncClient client) implements WebClient {
        @Override
        public Answer get(URI page) throws Exception {
            SimpleHttpResponse response = send(SimpleHttpRequest.create(Method.GET, page));
            return new Answer(response.getBodyText(), response.getVersion().equals(HttpVersion.HTTP_2));
        }

        @Override
        public long download(URI page) throws Exception {
            byte[] body = send(SimpleHttpRequest.create(Method.GET, page)).getBodyBytes();
            Payload.Check check = new Payload.Check();
            check.next(body, 0, body.length);
            return check.good();
        }

        @Override
        public String upload(URI page) throws Exception {
            SimpleHttpRequest request = SimpleHttpRequest.create(Method.POST, page);
            request.setBody(Payload.bytes(), ContentType.APPLICATION_OCTET_STREAM);
            return send(request).getBodyText();
        }

        private SimpleHttpResponse send(SimpleHttpRequest request) throws Exception {
            return client.execute(SimpleRequestProducer.create(request), SimpleResponseConsumer.create(), null)
                    .get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
