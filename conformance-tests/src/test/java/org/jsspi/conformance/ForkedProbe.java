package org.jsspi.conformance;

import java.security.Provider;
import java.security.Security;
import java.util.ServiceLoader;
import org.jsspi.provider.JsspiProvider;

/** What the tests run in a JVM of its own. The first argument says what to do; providers are printed one a line. */
final class ForkedProbe {
    private ForkedProbe() {}

    public static void main(String[] args) throws InterruptedException {
        switch (args[0]) {
            case "installed" -> print(Security.getProviders());
            case "add" -> {
                Registration.add();
                print(Security.getProvider("JSSPI"));
            }
            case "load" -> {
                // By type first: an instance is made of the one provider only.
                ServiceLoader.load(Provider.class).stream()
                        .filter(found -> found.type().getName().equals("org.jsspi.provider.JsspiProvider"))
                        .forEach(found -> print(found.get()));
            }
            case "origin" -> {
                Provider provider = Security.getProvider("JSSPI");
                System.out.println(provider.getClass().getName());
                System.out.println(provider.getClass().getModule().getName());
                System.out.println(provider.getVersionStr());
            }
            case "say" -> {
                System.out.println("out " + System.getProperty("said"));
                System.err.println("err " + args[1]);
                System.exit(3);
            }
            case "sleep" -> {
                System.out.println("started");
                System.out.flush();
                Thread.sleep(Long.parseLong(args[1]));
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Apart, because the probe also runs where the provider is not on any path. */
    private static final class Registration {
        static void add() {
            Security.addProvider(new JsspiProvider());
        }
    }

    private static void print(Provider... providers) {
        for (Provider provider : providers) {
            System.out.println(provider.getName());
        }
    }
}
