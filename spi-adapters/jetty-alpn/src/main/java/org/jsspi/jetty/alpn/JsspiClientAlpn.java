package org.jsspi.jetty.alpn;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.eclipse.jetty.alpn.client.ALPNClientConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.ALPNProcessor;
import org.eclipse.jetty.io.ssl.SslConnection.SslEndPoint;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.jsspi.jsse.JsseEngine;

/** A client's ALPN: the protocols of the connection are offered, and what the server has chosen decides how it goes on. */
public final class JsspiClientAlpn implements ALPNProcessor.Client {
    /** For ServiceLoader. */
    public JsspiClientAlpn() {}

    @Override
    public boolean appliesTo(SSLEngine engine) {
        return engine instanceof JsseEngine;
    }

    @Override
    public void configure(SSLEngine engine, Connection connection) {
        ALPNClientConnection alpn = (ALPNClientConnection) connection;
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(alpn.getProtocols().toArray(String[]::new));
        engine.setSSLParameters(parameters);
        ((SslEndPoint) alpn.getEndPoint()).getSslConnection().addHandshakeListener(new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
                String agreed = event.getSSLEngine().getApplicationProtocol();
                // Null tells Jetty that the server has chosen nothing: RFC 7301 3.1 leaves the decision to the client.
                alpn.selected(agreed == null || agreed.isEmpty() ? null : agreed);
            }
        });
    }
}
