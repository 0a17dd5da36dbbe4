/*
 * @test
 * @summary a session whose server was checked without identification is not offered where identification is asked for
 */
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.provider.JsspiProvider;

public class WeakerChecks {
    public static void main(String[] args) throws Exception {
        JsspiProvider provider = new JsspiProvider();
        SSLContext clients = SSLContext.getInstance("TLS", provider);
        clients.init(null, new TrustManager[] {new Anybody()}, null);
        SSLContext servers = Loopback.context(provider);
        new Loopback(engine(clients, null), servers).handshake();
        Loopback checked = new Loopback(engine(clients, "HTTPS"), servers);
        SSLHandshakeException refusal = Loopback.expect(SSLHandshakeException.class, checked::handshake);
        Loopback.expect(refusal.getCause() instanceof CertificateException, "caused by the certificate");
    }

    /** For a host that the certificate is not for. */
    private static SSLEngine engine(SSLContext clients, String identification) {
        SSLEngine engine = clients.createSSLEngine("example.org", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(identification);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
