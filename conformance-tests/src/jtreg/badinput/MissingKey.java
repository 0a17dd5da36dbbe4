/*
 * @test
 * @summary a server without a key refuses every client with handshake_failure
 */
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class MissingKey {
    public static void main(String[] args) throws Exception {
        SSLContext servers = SSLContext.getInstance("TLS", new JsspiProvider());
        servers.init(new KeyManager[0], null, null);
        Loopback loopback = new Loopback(Loopback.context(new JsspiProvider()), servers);
        Loopback.expect(SSLException.class, loopback::handshake);
        loopback.server.engine.wrap(Loopback.NOTHING, loopback.client.in);
        SSLException told = Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(told.getMessage().contains("handshake_failure"), "handshake_failure: " + told.getMessage());
    }
}
