/*
 * @test
 * @summary a certificate that has expired is refused with certificate_expired
 */
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.provider.JsspiProvider;

public class ExpiredCertificate {
    public static void main(String[] args) throws Exception {
        SSLContext clients = SSLContext.getInstance("TLS", new JsspiProvider());
        clients.init(null, new TrustManager[] {new InTwoHundredYears()}, null);
        Loopback loopback = new Loopback(clients, Loopback.context(new JsspiProvider()));
        SSLHandshakeException refusal = Loopback.expect(SSLHandshakeException.class, loopback::handshake);
        Loopback.expect(refusal.getCause() instanceof CertificateExpiredException, "caused by the date");
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        SSLException told = Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(told.getMessage().contains("certificate_expired"), "certificate_expired: " + told.getMessage());
    }

    /** The certificate of these tests ends in 2126. */
    private static final class InTwoHundredYears implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            chain[0].checkValidity(Date.from(Instant.parse("2226-01-01T00:00:00Z")));
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
