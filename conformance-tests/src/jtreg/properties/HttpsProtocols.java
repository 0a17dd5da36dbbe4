/*
 * @test
 * @summary https.protocols and https.cipherSuites reach the sockets of HttpsURLConnection
 * @modules jdk.httpserver
 * @run main/othervm -Dhttps.protocols=TLSv1.3,TLSv1.1 -Dhttps.cipherSuites=TLS_AES_256_GCM_SHA384 HttpsProtocols works
 * @run main/othervm -Dhttps.protocols=TLSv1.1 HttpsProtocols fails
 */
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jsspi.provider.JsspiProvider;

public class HttpsProtocols {
    public static void main(String[] args) throws Exception {
        SSLContext context = Loopback.context(new JsspiProvider());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            URL url = new URL("https://localhost:" + server.getAddress().getPort() + "/");
            HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
            connection.setSSLSocketFactory(context.getSocketFactory());
            if (args[0].equals("fails")) {
                Loopback.expect(SSLException.class, connection::getResponseCode);
            } else {
                connection.connect();
                Loopback.expect(connection.getCipherSuite().equals("TLS_AES_256_GCM_SHA384"), "the suite");
                Loopback.expect(connection.getResponseCode() == 204, "an answer");
            }
        } finally {
            server.stop(0);
        }
    }
}
