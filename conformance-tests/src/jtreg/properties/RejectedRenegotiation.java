/*
 * @test
 * @summary jdk.tls.rejectClientInitiatedRenegotiation=true ends a connection of TLS 1.2 whose client wants to renegotiate
 * @run main/othervm RejectedRenegotiation refused
 * @run main/othervm -Djdk.tls.rejectClientInitiatedRenegotiation=true RejectedRenegotiation forbidden
 */
import java.security.Security;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class RejectedRenegotiation {
    public static void main(String[] args) throws Exception {
        Loopback loopback = new Loopback(
                Loopback.context(Security.getProvider("SunJSSE")), Loopback.context(new JsspiProvider()));
        loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        loopback.handshake();
        loopback.client.engine.beginHandshake();
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        if (args[0].equals("forbidden")) {
            SSLException failure = Loopback.expect(SSLException.class, loopback.server::receive);
            Loopback.expect(failure.getMessage().contains("forbidden"), failure.getMessage());
        } else {
            loopback.server.receive();
            loopback.server.send(loopback.client, "the connection goes on");
        }
    }
}
