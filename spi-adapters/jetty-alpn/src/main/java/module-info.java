import org.eclipse.jetty.io.ssl.ALPNProcessor;
import org.jsspi.jetty.alpn.JsspiClientAlpn;
import org.jsspi.jetty.alpn.JsspiServerAlpn;

/** Jetty's ALPN over the engines of JSSPI. */
module org.jsspi.jetty.alpn {
    requires org.eclipse.jetty.io;
    requires org.jsspi.spi;
    // A program brings the side that it is.
    requires static org.eclipse.jetty.alpn.client;
    requires static org.eclipse.jetty.alpn.server;

    provides ALPNProcessor.Client with
            JsspiClientAlpn;
    provides ALPNProcessor.Server with
            JsspiServerAlpn;
}
