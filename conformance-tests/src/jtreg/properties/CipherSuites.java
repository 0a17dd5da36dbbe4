/*
 * @test
 * @summary jdk.tls.client.cipherSuites and jdk.tls.server.cipherSuites are the defaults; unknown names are passed over
 * @run main/othervm -Djdk.tls.client.cipherSuites=TLS_NOBODY_KNOWS_IT,TLS_CHACHA20_POLY1305_SHA256,TLS_AES_256_GCM_SHA384
 *      -Djdk.tls.server.cipherSuites=TLS_AES_256_GCM_SHA384 CipherSuites
 */
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jsspi.provider.JsspiProvider;

public class CipherSuites {
    public static void main(String[] args) throws Exception {
        Loopback loopback = Loopback.established(new JsspiProvider());
        SSLEngine client = loopback.client.engine;
        Loopback.expect(
                List.of(client.getEnabledCipherSuites())
                        .equals(List.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384")),
                "what the client's property names: " + List.of(client.getEnabledCipherSuites()));
        Loopback.expect(
                List.of(loopback.server.engine.getEnabledCipherSuites()).equals(List.of("TLS_AES_256_GCM_SHA384")),
                "what the server's property names");
        Loopback.expect(
                client.getSession().getCipherSuite().equals("TLS_AES_256_GCM_SHA384"), "the one that both have");
        Loopback.expect(client.getSupportedCipherSuites().length >= 3, "the others can still be enabled");
    }
}
