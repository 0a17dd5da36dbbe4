/*
 * @test
 * @summary with the property a client judges the server's certificate whenever it resumes a session
 * @run main/othervm -Dorg.jsspi.reverifyOnResume=true ReverifyOnResume TLSv1.3 2
 * @run main/othervm -Dorg.jsspi.reverifyOnResume=true ReverifyOnResume TLSv1.2 2
 * @run main/othervm ReverifyOnResume TLSv1.3 1
 */
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.jsspi.provider.JsspiProvider;

public class ReverifyOnResume {
    private static final class Trust extends Loopback.OneCertificate {
        int asked;
        boolean revoked;

        @Override
        public void check(X509Certificate[] chain) throws CertificateException {
            asked++;
            super.check(chain);
            if (revoked) {
                throw new CertificateException("revoked meanwhile");
            }
        }
    }

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Trust trust = new Trust();
        SSLContext clients = Loopback.context(provider, new Loopback.OneKey(), trust);
        SSLContext servers = Loopback.context(provider);
        long created = connection(clients, servers, args[0]).handshake().client.engine.getSession().getCreationTime();
        Thread.sleep(20);
        Loopback second = connection(clients, servers, args[0]).handshake();
        Loopback.expect(second.client.engine.getSession().getCreationTime() == created, "the session of the first");
        Loopback.expect(trust.asked == Integer.parseInt(args[1]), "asked " + trust.asked + " times");
        trust.revoked = true;
        Loopback third = connection(clients, servers, args[0]);
        if (args[1].equals("1")) {
            third.handshake();
        } else {
            SSLHandshakeException failure = Loopback.expect(SSLHandshakeException.class, third::handshake);
            Loopback.expect(failure.getCause() instanceof CertificateException, "the manager's refusal as the cause");
        }
    }

    private static Loopback connection(SSLContext clients, SSLContext servers, String protocol) {
        Loopback loopback = new Loopback(clients, servers);
        loopback.client.engine.setEnabledProtocols(new String[] {protocol});
        return loopback;
    }
}
