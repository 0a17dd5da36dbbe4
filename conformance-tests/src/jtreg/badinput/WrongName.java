/*
 * @test
 * @summary a certificate for another name is refused where HTTPS identification is asked for
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

public class WrongName {
    public static void main(String[] args) throws Exception {
        SSLContext clients = SSLContext.getInstance("TLS", new JsspiProvider());
        clients.init(null, new TrustManager[] {new Anybody()}, null);
        for (String host : new String[] {"localhost", "example.org"}) {
            SSLEngine client = clients.createSSLEngine(host, 443);
            client.setUseClientMode(true);
            SSLParameters parameters = client.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            client.setSSLParameters(parameters);
            Loopback loopback = new Loopback(client, Loopback.context(new JsspiProvider()));
            if (host.equals("localhost")) {
                loopback.handshake();
            } else {
                SSLHandshakeException refusal = Loopback.expect(SSLHandshakeException.class, loopback::handshake);
                Loopback.expect(refusal.getCause() instanceof CertificateException, "caused by the certificate");
            }
        }
    }

    /** Judges no chain; the name is the provider's to judge, because this one is given no engine. */
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
