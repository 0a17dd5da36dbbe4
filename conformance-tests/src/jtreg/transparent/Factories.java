/*
 * @test
 * @summary key and trust managers of whatever factories there are serve a handshake with certificates on both sides
 * @library /lib
 */
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

public class Factories {
    public static void main(String[] args) throws Exception {
        for (String keys : new String[] {"SunX509", "NewSunX509", "PKIX", KeyManagerFactory.getDefaultAlgorithm()}) {
            for (String trust : new String[] {"PKIX", "X509", "SunX509", TrustManagerFactory.getDefaultAlgorithm()}) {
                Loopback loopback = loopback(keys, trust, true, "localhost");
                loopback.handshake();
                loopback.client.send(loopback.server, "hello");
                loopback.settle();
                Loopback.expect(loopback.server.text().equals("hello"), keys + " and " + trust);
                Loopback.expect(
                        loopback.server.engine.getSession().getPeerCertificates()[0].equals(Loopback.certificate()),
                        "the client's certificate");
            }
        }
        Loopback.expect(
                SSLHandshakeException.class, () -> loopback("SunX509", "PKIX", false, "localhost").handshake());
        Loopback.expect(
                SSLHandshakeException.class, () -> loopback("SunX509", "PKIX", true, "elsewhere.example").handshake());
    }

    private static Loopback loopback(String keys, String trust, boolean trusted, String host) throws Exception {
        char[] password = "changeit".toCharArray();
        KeyManagerFactory keyFactory = KeyManagerFactory.getInstance(keys);
        keyFactory.init(Loopback.keyStore(password), password);
        TrustManagerFactory trustFactory = TrustManagerFactory.getInstance(trust);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        if (trusted) {
            roots.setCertificateEntry("root", Loopback.certificate());
            trustFactory.init(roots);
        } else {
            trustFactory.init((KeyStore) null);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyFactory.getKeyManagers(), trustFactory.getTrustManagers(), null);
        SSLEngine client = context.createSSLEngine(host, 443);
        client.setUseClientMode(true);
        Loopback loopback = new Loopback(client, context);
        SSLParameters parameters = loopback.client.engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        loopback.client.engine.setSSLParameters(parameters);
        loopback.server.engine.setNeedClientAuth(true);
        return loopback;
    }
}
