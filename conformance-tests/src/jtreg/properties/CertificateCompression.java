/*
 * @test
 * @summary with the property certificates are compressed in TLS 1.3
 * @run main/othervm -Dorg.jsspi.certificateCompression=zlib CertificateCompression TLSv1.3 shorter
 * @run main/othervm -Dorg.jsspi.certificateCompression=zlib CertificateCompression TLSv1.2 same
 * @run main/othervm CertificateCompression TLSv1.3 same
 */
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class CertificateCompression {
    /** Shows its one certificate eight times, of which all but the first are ballast. */
    private static final class Keys extends Loopback.OneKey {
        Keys() throws Exception {}

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            X509Certificate one = super.getCertificateChain(alias)[0];
            return new X509Certificate[] {one, one, one, one, one, one, one, one};
        }
    }

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Loopback loopback = new Loopback(
                Loopback.context(provider), Loopback.context(provider, new Keys(), new Loopback.OneCertificate()));
        loopback.client.engine.setEnabledProtocols(new String[] {args[0]});
        loopback.client.engine.beginHandshake();
        int sent = 0;
        for (boolean progress = true; progress; ) {
            progress = Loopback.step(loopback.client, loopback.server);
            int waiting = loopback.client.in.position();
            progress |= Loopback.step(loopback.server, loopback.client);
            sent += loopback.client.in.position() - waiting;
        }
        Loopback.expect(loopback.client.finished > 0 && loopback.server.finished > 0, "both sides finish");
        Loopback.expect(
                loopback.client.engine.getSession().getPeerCertificates().length == 8, "the whole chain is there");
        int chain = 8 * Loopback.certificate().getEncoded().length;
        Loopback.expect(sent < chain == args[1].equals("shorter"), sent + " bytes with a chain of " + chain);
    }
}
