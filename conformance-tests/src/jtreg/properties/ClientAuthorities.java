/*
 * @test
 * @summary jdk.tls.client.enableCAExtension lets a client name the authorities that it trusts
 * @run main/othervm -Djdk.tls.client.enableCAExtension=true ClientAuthorities true
 * @run main/othervm ClientAuthorities false
 */
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jsspi.provider.JsspiProvider;

public class ClientAuthorities {
    public static void main(String[] args) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", new JsspiProvider());
        context.init(null, new TrustManager[] {new OneAuthority()}, null);
        byte[] hello = new Loopback(context, context).clientHello().array();
        // certificate_authorities (RFC 8446 4.2.4) holds the name, CN=localhost, and no server_name does.
        boolean named = new String(hello, StandardCharsets.ISO_8859_1).contains("localhost");
        Loopback.expect(named == Boolean.parseBoolean(args[0]), "named: " + args[0]);
    }

    private static final class OneAuthority extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            try {
                return new X509Certificate[] {Loopback.certificate()};
            } catch (java.security.cert.CertificateException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
