/*
 * @test
 * @summary a name in jdk.tls.client.protocols that is no protocol is refused, as by SunJSSE
 * @run main/othervm -Djdk.tls.client.protocols=TLSv9 UnknownProtocol
 */
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class UnknownProtocol {
    public static void main(String[] args) throws Exception {
        for (java.security.Provider provider : new java.security.Provider[] {
            new JsspiProvider(), java.security.Security.getProvider("SunJSSE")
        }) {
            Exception failure = Loopback.expect(
                    NoSuchAlgorithmException.class, () -> SSLContext.getInstance("TLS", provider));
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            Loopback.expect(cause.getMessage().contains("TLSv9"), "the name, from " + provider + ": " + cause);
        }
    }
}
