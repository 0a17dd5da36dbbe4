package org.jsspi.jetty.alpn;

import java.util.List;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.alpn.server.ALPNServerConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.ALPNProcessor;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jsspi.jsse.JsseEngine;

/** A server's ALPN: while the ClientHello is judged, the connection chooses among what the client offers. */
public final class JsspiServerAlpn implements ALPNProcessor.Server {
    /** For ServiceLoader. */
    public JsspiServerAlpn() {}

    @Override
    public boolean appliesTo(SSLEngine engine) {
        return engine instanceof JsseEngine;
    }

    @Override
    public void configure(SSLEngine engine, Connection connection) {
        ALPNServerConnection alpn = (ALPNServerConnection) connection;
        engine.setHandshakeApplicationProtocolSelector((asking, offered) -> choose(alpn, offered));
        ((SslEndPoint) alpn.getEndPoint()).getSslConnection().addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                // The client has no ALPN: the selector was not asked, and Jetty's default protocol is taken.
                if (alpn.getProtocol() == null) {
                    alpn.unsupported();
                }
            }
        });
    }

    /** {@return the choice, empty for none; null, which means the alert no_application_protocol, where nothing fits} */
    private static String choose(ALPNServerConnection alpn, List<String> offered) {
        try {
            alpn.select(offered);
        } catch (RuntimeException e) {
            // RFC 7301 3.2: with no protocol in common the server refuses. Jetty says so by an exception.
            return null;
        }
        String chosen = alpn.getProtocol();
        return chosen == null ? "" : chosen;
    }
}
