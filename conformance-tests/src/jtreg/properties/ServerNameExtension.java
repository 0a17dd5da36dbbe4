/*
 * @test
 * @summary jsse.enableSNIExtension=false and jdk.tls.client.disableExtensions=server_name keep the name to the client
 * @run main/othervm -Djsse.enableSNIExtension=false ServerNameExtension 0
 * @run main/othervm -Djdk.tls.client.disableExtensions=record_size_limit,server_name ServerNameExtension 0
 * @run main/othervm -Djdk.tls.server.disableExtensions=server_name ServerNameExtension 0
 * @run main/othervm ServerNameExtension 1
 */
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.jsspi.provider.JsspiProvider;

public class ServerNameExtension {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        SSLParameters parameters = loopback.client.engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("server.example.com")));
        loopback.client.engine.setSSLParameters(parameters);
        loopback.handshake();
        int names = ((ExtendedSSLSession) loopback.server.engine.getSession()).getRequestedServerNames().size();
        Loopback.expect(names == Integer.parseInt(args[0]), args[0] + " names and not " + names);
    }
}
