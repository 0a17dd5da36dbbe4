/*
 * @test
 * @summary ServiceLoader finds the provider, once
 */
import java.security.Provider;
import java.util.ServiceLoader;

public class ByServiceLoader {
    public static void main(String[] args) {
        long found = ServiceLoader.load(Provider.class).stream()
                .filter(each -> each.type().getName().equals("org.jsspi.provider.JsspiProvider"))
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.getName().equals("JSSPI"))
                .count();
        if (found != 1) {
            throw new IllegalStateException("found " + found + " times");
        }
    }
}
