/*
 * @test
 * @summary jdk.tls.allowLegacyMasterSecret=false refuses TLS 1.2 to a peer without the extended master secret
 * @run main/othervm -Djdk.tls.useExtendedMasterSecret=false RequiredExtendedMasterSecret taken
 * @run main/othervm -Djdk.tls.useExtendedMasterSecret=false -Djdk.tls.allowLegacyMasterSecret=false RequiredExtendedMasterSecret refused
 */
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class RequiredExtendedMasterSecret {
    public static void main(String[] args) throws Exception {
        Provider ours = new JsspiProvider();
        Provider sun = Security.getProvider("SunJSSE");
        for (boolean client : new boolean[] {true, false}) {
            Loopback loopback =
                    new Loopback(Loopback.context(client ? ours : sun), Loopback.context(client ? sun : ours));
            loopback.client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
            if (args[0].equals("taken")) {
                loopback.handshake();
            } else {
                SSLException failure = Loopback.expect(SSLException.class, loopback::handshake);
                Loopback.expect(
                        failure.getMessage().contains("without extended_master_secret"), failure.getMessage());
            }
        }
    }
}
