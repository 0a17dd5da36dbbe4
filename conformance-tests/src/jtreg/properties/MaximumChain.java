/*
 * @test
 * @summary the bounds of the peer's chain; that of the one side before that of both
 * @run main/othervm -Djdk.tls.maxCertificateChainLength=0 MaximumChain fails
 * @run main/othervm -Djdk.tls.client.maxInboundCertificateChainLength=0 MaximumChain fails
 * @run main/othervm -Djdk.tls.maxCertificateChainLength=0 -Djdk.tls.client.maxInboundCertificateChainLength=1
 *      MaximumChain works
 * @run main/othervm -Djdk.tls.server.maxInboundCertificateChainLength=0 MaximumChain works
 * @run main/othervm -Djdk.tls.server.maxInboundCertificateChainLength=0 MaximumChain mutual
 */
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class MaximumChain {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        loopback.server.engine.setNeedClientAuth(args[0].equals("mutual"));
        if (args[0].equals("works")) {
            loopback.handshake();
        } else {
            SSLException failure = Loopback.expect(SSLException.class, loopback::handshake);
            Loopback.expect(failure.getMessage().contains("chain of 1"), "the chain: " + failure.getMessage());
        }
    }
}
