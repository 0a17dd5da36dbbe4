/*
 * @test
 * @summary jdk.tls.maxHandshakeMessageSize bounds what a peer may send
 * @run main/othervm -Djdk.tls.maxHandshakeMessageSize=100 MaximumHandshakeMessage
 */
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class MaximumHandshakeMessage {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        SSLException failure = Loopback.expect(SSLException.class, loopback::handshake);
        Loopback.expect(failure.getMessage().contains("100"), "the bound: " + failure.getMessage());
    }
}
