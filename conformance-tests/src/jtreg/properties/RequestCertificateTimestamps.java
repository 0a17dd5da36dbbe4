/*
 * @test
 * @summary with the property a client asks for signed certificate timestamps, which a server's key manager may know
 * @run main/othervm -Dorg.jsspi.client.requestCertificateTimestamps=true RequestCertificateTimestamps TLSv1.3 2
 * @run main/othervm -Dorg.jsspi.client.requestCertificateTimestamps=true RequestCertificateTimestamps TLSv1.2 2
 * @run main/othervm RequestCertificateTimestamps TLSv1.3 0
 */
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jsspi.CertificateTimestamps;
import org.jsspi.jsse.JsseSession;
import org.jsspi.provider.JsspiProvider;

public class RequestCertificateTimestamps {
    private static final List<byte[]> TIMESTAMPS = List.of(new byte[] {0, 1, 2}, new byte[] {0, 3, 4, 5});

    private static final class Keys extends Loopback.OneKey implements CertificateTimestamps {
        Keys() throws Exception {}

        @Override
        public List<byte[]> timestampsOf(X509Certificate certificate) {
            return TIMESTAMPS;
        }
    }

    private static final class Trust extends Loopback.OneCertificate {
        List<byte[]> seen;

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            seen = timestamps(engine.getHandshakeSession());
            super.checkServerTrusted(chain, authType, engine);
        }
    }

    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        Trust trust = new Trust();
        Loopback loopback = new Loopback(
                Loopback.context(provider, new Loopback.OneKey(), trust),
                Loopback.context(provider, new Keys(), new Loopback.OneCertificate()));
        loopback.client.engine.setEnabledProtocols(new String[] {args[0]});
        loopback.handshake();
        List<byte[]> expected = args[1].equals("0") ? List.of() : TIMESTAMPS;
        expect(expected, trust.seen);
        expect(expected, timestamps(loopback.client.engine.getSession()));
    }

    private static List<byte[]> timestamps(SSLSession session) {
        return ((JsseSession) session).session().signedCertificateTimestamps();
    }

    private static void expect(List<byte[]> expected, List<byte[]> actual) {
        Loopback.expect(
                Arrays.deepEquals(expected.toArray(), actual.toArray()),
                expected.size() + " timestamps and not " + actual.size());
    }
}
