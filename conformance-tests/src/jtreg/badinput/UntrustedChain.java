/*
 * @test
 * @summary a chain that does not end in a root of the trust store is refused with unknown_ca
 */
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jsspi.provider.JsspiProvider;

public class UntrustedChain {
    public static void main(String[] args) throws Exception {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        TrustManagerFactory platform = TrustManagerFactory.getInstance("PKIX");
        platform.init((KeyStore) null);
        X509Certificate somebodyElse = ((X509TrustManager) platform.getTrustManagers()[0]).getAcceptedIssuers()[0];
        roots.setCertificateEntry("somebody else", somebodyElse);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(roots);
        SSLContext clients = SSLContext.getInstance("TLS", new JsspiProvider());
        clients.init(null, factory.getTrustManagers(), null);
        Loopback loopback = new Loopback(clients, Loopback.context(new JsspiProvider()));
        SSLHandshakeException refusal = Loopback.expect(SSLHandshakeException.class, loopback::handshake);
        Loopback.expect(refusal.getCause() instanceof CertificateException, "caused by the certificate");
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        SSLException told = Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(told.getMessage().contains("unknown_ca"), "unknown_ca: " + told.getMessage());
    }
}
