/*
 * @test
 * @summary jdk.tls.client.protocols and jdk.tls.server.protocols are the defaults of TLS, and of no other context
 * @run main/othervm -Djdk.tls.client.protocols=TLSv1.3 -Djdk.tls.server.protocols=TLSv1.1 Protocols
 * @run main/othervm -Djdk.tls.client.protocols="TLSv1.3,,TLSv1.1" -Djdk.tls.server.protocols=TLSv1.1 Protocols
 */
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class Protocols {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext context = Loopback.context(provider);
        SSLEngine engine = context.createSSLEngine();
        Loopback.expect(engine.getEnabledProtocols().length == 0, "a fresh engine is a server: nothing is left");
        engine.setUseClientMode(true);
        Loopback.expect(List.of(engine.getEnabledProtocols()).equals(List.of("TLSv1.3")), "the client's property");
        Loopback.expect(
                List.of(context.getDefaultSSLParameters().getProtocols()).equals(List.of("TLSv1.3")),
                "the context's defaults are those of a client");
        Loopback.expect(context.getSupportedSSLParameters().getProtocols().length > 0, "supported in any case");

        SSLContext named = SSLContext.getInstance("TLSv1.3", provider);
        named.init(null, null, null);
        Loopback.expect(named.createSSLEngine().getEnabledProtocols().length > 0, "another context has its own");

        Loopback loopback = new Loopback(context, context);
        SSLException failure = Loopback.expect(SSLException.class, loopback::handshake);
        Loopback.expect(failure.getMessage().contains("jdk.tls.server.protocols"), "the reason: " + failure.getMessage());
    }
}
