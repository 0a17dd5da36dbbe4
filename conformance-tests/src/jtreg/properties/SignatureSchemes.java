/*
 * @test
 * @summary jdk.tls.client.SignatureSchemes says what a client accepts
 * @run main/othervm -Djdk.tls.client.SignatureSchemes=ecdsa_secp256r1_sha256,nobody_knows_it SignatureSchemes works
 * @run main/othervm -Djdk.tls.client.SignatureSchemes=ed25519 SignatureSchemes fails
 */
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class SignatureSchemes {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(Loopback.context(provider), Loopback.context(provider));
        if (args[0].equals("fails")) {
            // The server's key is on P-256.
            Loopback.expect(SSLException.class, loopback::handshake);
            return;
        }
        loopback.handshake();
        String[] accepted = ((ExtendedSSLSession) loopback.client.engine.getSession())
                .getLocalSupportedSignatureAlgorithms();
        Loopback.expect(
                accepted.length == 1 && accepted[0].equals("SHA256withECDSA"), "one scheme: " + String.join(" ", accepted));
    }
}
