/*
 * @test
 * @summary Security.addProvider(new JsspiProvider()) is all that it takes
 */
import java.security.Security;
import javax.net.ssl.SSLContext;
import org.jsspi.provider.JsspiProvider;

public class ByAddProvider {
    public static void main(String[] args) throws Exception {
        if (Security.getProvider("JSSPI") != null) {
            throw new IllegalStateException("JSSPI is there before anybody asked");
        }
        Security.addProvider(new JsspiProvider());
        String name = SSLContext.getInstance("TLS", "JSSPI").getProvider().getName();
        if (!name.equals("JSSPI")) {
            throw new IllegalStateException(name);
        }
    }
}
