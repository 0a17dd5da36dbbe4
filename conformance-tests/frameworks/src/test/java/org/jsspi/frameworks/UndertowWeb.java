package org.jsspi.frameworks;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.net.InetSocketAddress;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;

/** Undertow. */
final class UndertowWeb {
    private UndertowWeb() {}

    static WebServer start(WebServer.Wish wish) {
        Undertow.Builder builder = Undertow.builder()
                .addHttpsListener(0, "localhost", Material.context(wish.credential()))
                .setServerOption(UndertowOptions.ENABLE_HTTP2, wish.http2())
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 2L * Payload.SIZE)
                .setSocketOption(Options.SSL_CLIENT_AUTH_MODE, SslClientAuthMode.REQUIRED)
                .setHandler(new BlockingHandler(UndertowWeb::handle));
        if (wish.protocol() != null) {
            builder.setSocketOption(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(wish.protocol()));
        }
        Undertow undertow = builder.build();
        undertow.start();
        return new WebServer() {
            @Override
            public int port() {
                return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
            }

            @Override
            public void close() {
                undertow.stop();
            }
        };
    }

    private static void handle(HttpServerExchange exchange) throws Exception {
        WebServer.serve(
                exchange.getRequestPath(),
                WebServer.about(exchange.getConnection().getSslSessionInfo().getSSLSession()),
                exchange.getInputStream(),
                exchange.getOutputStream());
    }
}
