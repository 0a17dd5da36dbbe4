package org.jsspi.conformance.jtreg.testjvm;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.security.Security;
import java.util.Properties;
import java.util.stream.Collectors;

/** Says what this JVM is: its system properties, its modules and its configured security providers. */
public final class PlatformProbe {
    /** Property: the names of the JDK's modules, separated by spaces. */
    public static final String MODULES = "jtreg.modules";
    /** Property prefix: what follows {@code security.provider.N=}. */
    public static final String PROVIDER = "security.provider.";

    private PlatformProbe() {}

    /** Prints {@link #collect()} as a properties file. */
    public static void main(String[] args) throws IOException {
        collect().store(System.out, null);
    }

    /** {@return what there is to say of the JVM that runs this} */
    public static Properties collect() {
        Properties found = new Properties();
        for (String name : System.getProperties().stringPropertyNames()) {
            found.setProperty(name, System.getProperty(name));
        }
        found.setProperty(
                MODULES,
                ModuleFinder.ofSystem().findAll().stream()
                        .map(module -> module.descriptor().name())
                        .sorted()
                        .collect(Collectors.joining(" ")));
        for (int number = 1; ; number++) {
            String entry = Security.getProperty(PROVIDER + number);
            if (entry == null || entry.isBlank()) {
                return found;
            }
            found.setProperty(PROVIDER + number, entry.strip());
        }
    }
}
