package org.jsspi.conformance;

import java.security.Security;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code java.security} file that puts JSSPI first, or elsewhere, and keeps every other provider of the platform.
 *
 * <p>A file named by {@code -Djava.security.properties} overrides the platform's list number by number, so it has to
 * repeat the list. {@code META-INF/java.security} in the provider's jar is that file for Linux; this class writes it for
 * the JVM that it runs in. It copies the configured entries and not the names of {@link Security#getProviders()}: an entry
 * may be a class name, or carry an argument that the name does not show, such as the configuration file of a PKCS#11
 * token.
 */
public final class SecurityOverlay {
    private static final String PREFIX = "security.provider.";
    private static final String NAME = "JSSPI";
    private static final String CLASS = "org.jsspi.provider.JsspiProvider";

    private SecurityOverlay() {}

    /** Where JSSPI stands in the list. */
    public enum Place {
        /** Before every provider of the platform. */
        FIRST,
        /** Before the others, and SunJSSE is gone: whatever speaks TLS is JSSPI. */
        ONLY,
        /** Behind every provider of the platform. */
        LAST
    }

    /** Prints the overlay for the JVM that runs this. */
    public static void main(String[] args) {
        System.out.print(forThisJvm());
    }

    /** {@return the text of the overlay for this JVM, one {@code security.provider.N=} line for each provider} */
    public static String forThisJvm() {
        return over(configured());
    }

    /**
     * {@return the overlay over these entries, JSSPI first}
     *
     * @param entries what follows {@code security.provider.N=}, in order; entries of JSSPI itself are moved to the front
     */
    static String over(List<String> entries) {
        return over(entries, Place.FIRST);
    }

    /**
     * {@return the overlay over these entries}
     *
     * <p>Numbers that a file leaves out are the platform's still, so where SunJSSE is gone the last entry is repeated if need
     * be: a provider that is named twice is there once.
     *
     * @param entries what follows {@code security.provider.N=}, in order; entries of JSSPI itself are moved
     * @param place where JSSPI stands
     */
    public static String over(List<String> entries, Place place) {
        List<String> list = new ArrayList<>(entries);
        list.removeIf(entry -> entry.equals(NAME) || entry.equals(CLASS));
        if (place == Place.ONLY) {
            list.removeIf(entry -> entry.equals("SunJSSE") || entry.equals("com.sun.net.ssl.internal.ssl.Provider"));
        }
        list.add(place == Place.LAST ? list.size() : 0, NAME);
        while (place == Place.ONLY && list.size() < entries.size()) {
            list.add(list.get(list.size() - 1));
        }
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (String entry : list) {
            number++;
            // The file is a properties file: a backslash in a Windows path has to be doubled.
            String escaped = entry.replace("\\", "\\\\");
            text.append(PREFIX).append(number).append('=').append(escaped).append('\n');
        }
        return text.toString();
    }

    private static List<String> configured() {
        List<String> entries = new ArrayList<>();
        for (int number = 1; ; number++) {
            String entry = Security.getProperty(PREFIX + number);
            if (entry == null || entry.isBlank()) {
                return entries;
            }
            entries.add(entry.strip());
        }
    }
}
