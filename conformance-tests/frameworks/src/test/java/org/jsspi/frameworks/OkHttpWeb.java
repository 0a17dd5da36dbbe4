package org.jsspi.frameworks;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/** OkHttp. */
final class OkHttpWeb {
    private OkHttpWeb() {}

    static WebClient open(boolean http2, boolean certificate) {
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(
                        Material.context(certificate ? Material.CLIENT : null).getSocketFactory(),
                        (X509TrustManager) Material.trust().getTrustManagers()[0])
                .protocols(http2 ? List.of(Protocol.HTTP_2, Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1))
                .callTimeout(Duration.ofSeconds(60))
                .build();
        return new Client(client);
    }

    private record Client(OkHttpClient client) implements WebClient {
        @Override
        public Answer get(URI page) throws IOException {
            try (Response response = call(page, null)) {
                return new Answer(response.body().string(), response.protocol() == Protocol.HTTP_2);
            }
        }

        @Override
        public long download(URI page) throws IOException {
            try (Response response = call(page, null)) {
                return Payload.readFrom(response.body().byteStream());
            }
        }

        @Override
        public String upload(URI page) throws IOException {
            RequestBody body = new RequestBody() {
                @Override
                public MediaType contentType() {
                    return null;
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    Payload.writeTo(sink.outputStream());
                }
            };
            try (Response response = call(page, body)) {
                return response.body().string();
            }
        }

        private Response call(URI page, RequestBody body) throws IOException {
            Request.Builder request = new Request.Builder().url(page.toString());
            return client.newCall((body == null ? request : request.post(body)).build())
                    .execute();
        }

        @Override
        public void close() {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
