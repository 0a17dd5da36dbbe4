/*
 * @test
 * @summary null managers are the platform's own, which do not trust a certificate that nobody has signed: unknown_ca
 */
import java.security.cert.CertificateException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jsspi.provider.JsspiProvider;

public class NullManagers {
    public static void main(String[] args) throws Exception {
        SSLContext clients = SSLContext.getInstance("TLS", new JsspiProvider());
        clients.init(null, null, null);
        Loopback loopback = new Loopback(clients, Loopback.context(new JsspiProvider()));
        SSLHandshakeException refusal = Loopback.expect(SSLHandshakeException.class, loopback::handshake);
        Loopback.expect(refusal.getCause() instanceof CertificateException, "caused by the certificate");
        loopback.client.engine.wrap(Loopback.NOTHING, loopback.server.in);
        SSLException told = Loopback.expect(SSLException.class, loopback::settle);
        Loopback.expect(told.getMessage().contains("unknown_ca"), "unknown_ca: " + told.getMessage());
    }
}
