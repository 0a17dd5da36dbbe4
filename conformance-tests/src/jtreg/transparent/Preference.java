/*
 * @test
 * @summary the order of the providers alone decides whose TLS a program gets
 */
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.SSLContext;

public class Preference {
    public static void main(String[] args) throws Exception {
        Provider first = Security.getProviders("SSLContext.TLS")[0];
        Provider used = SSLContext.getInstance("TLS").getProvider();
        System.out.println("TLS by " + used.getName());
        if (!used.getName().equals(first.getName())) {
            throw new IllegalStateException(first.getName() + " comes first");
        }
    }
}
