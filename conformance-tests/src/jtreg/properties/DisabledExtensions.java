/*
 * @test
 * @summary an extension that jdk.tls.client.disableExtensions or jdk.tls.server.disableExtensions names is not negotiated
 * @run main/othervm -Djdk.tls.client.disableExtensions=application_layer_protocol_negotiation DisabledExtensions none
 * @run main/othervm -Djdk.tls.server.disableExtensions="application_layer_protocol_negotiation" DisabledExtensions none
 * @run main/othervm -Djdk.tls.client.disableExtensions=nobody_knows_it DisabledExtensions h2
 * @run main/othervm -Djdk.tls.client.disableExtensions=key_share DisabledExtensions fails
 */
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jsspi.provider.JsspiProvider;

public class DisabledExtensions {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        for (SSLEngine engine : new SSLEngine[] {loopback.client.engine, loopback.server.engine}) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            engine.setSSLParameters(parameters);
        }
        if (args[0].equals("fails")) {
            Loopback.expect(SSLException.class, loopback::handshake);
            return;
        }
        loopback.handshake();
        String agreed = loopback.client.engine.getApplicationProtocol();
        Loopback.expect(agreed.equals(args[0].equals("none") ? "" : args[0]), args[0] + " and not " + agreed);
    }
}
