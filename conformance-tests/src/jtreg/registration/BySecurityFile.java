/*
 * @test
 * @summary a java.security file that names JSSPI first makes it the platform's TLS
 * @run main/othervm -Djava.security.properties=${jsspi.overlay.first} BySecurityFile
 */
import java.security.Security;
import javax.net.ssl.SSLContext;

public class BySecurityFile {
    public static void main(String[] args) throws Exception {
        if (!Security.getProviders()[0].getName().equals("JSSPI")) {
            throw new IllegalStateException("not the first provider: " + Security.getProviders()[0]);
        }
        if (!SSLContext.getInstance("TLS").getProvider().getName().equals("JSSPI")) {
            throw new IllegalStateException("TLS is somebody else's");
        }
        for (String name : new String[] {"SUN", "SunJSSE", "SunJCE"}) {
            if (Security.getProvider(name) == null) {
                throw new IllegalStateException(name + " is gone");
            }
        }
    }
}
