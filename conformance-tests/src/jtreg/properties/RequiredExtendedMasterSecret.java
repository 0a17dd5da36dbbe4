/*
 * @test
 * @summary jdk.tls.allowLegacyMasterSecret=false refuses TLS 1.2 to a peer without the extended master secret
 * @run main/othervm -Djdk.tls.allowLegacyMasterSecret=false -Djdk.tls.useExtendedMasterSecret=false RequiredExtendedMasterSecret
 */
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class RequiredExtendedMasterSecret {
    public static void main(String[] args) throws Exception {
        Provider ours = new JsspiProvider();
        // Whom the second property makes such a peer; ours offers the secret in any case.
        Provider sun = Security.getProvider("SunJSSE");
        Loopback itself = new Loopback(Loopback.context(ours), Loopback.context(ours));
        itself.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        itself.handshake();
        Loopback.expect("TLSv1.2".equals(itself.client.engine.getSession().getProtocol()), "TLS 1.2 with itself");
        for (boolean client : new boolean[] {true, false}) {
            Loopback loopback =
                    new Loopback(Loopback.context(client ? ours : sun), Loopback.context(client ? sun : ours));
            loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
            SSLException failure = Loopback.expect(SSLException.class, loopback::handshake);
            Loopback.expect(failure.getMessage().contains("without extended_master_secret"), failure.getMessage());
        }
    }
}
