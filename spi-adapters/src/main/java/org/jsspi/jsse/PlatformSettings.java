package org.jsspi.jsse;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jsspi.ContextOptions.Renegotiation;

/**
 * What system properties say for every connection of a JVM. Names and syntax are those that users of the platform's provider
 * know; each is read once. A list that is null leaves the choice to the package.
 */
final class PlatformSettings {
    static final List<String> CLIENT_PROTOCOLS = names("jdk.tls.client.protocols");
    static final List<String> SERVER_PROTOCOLS = names("jdk.tls.server.protocols");
    static final List<String> CLIENT_CIPHER_SUITES = names("jdk.tls.client.cipherSuites");
    static final List<String> SERVER_CIPHER_SUITES = names("jdk.tls.server.cipherSuites");
    static final List<String> CLIENT_SIGNATURE_SCHEMES = names("jdk.tls.client.SignatureSchemes");
    static final List<String> SERVER_SIGNATURE_SCHEMES = names("jdk.tls.server.SignatureSchemes");

    /**
     * It is what SSLParameters say where they say nothing, which before JDK 20 they cannot. Names that the package does not
     * know are ignored; with no other the handshake fails, as it does for such SSLParameters.
     */
    static final List<String> NAMED_GROUPS = names("jdk.tls.namedGroups");

    /** Whether clients name the server that they want. */
    static final boolean SERVER_NAME = flag("jsse.enableSNIExtension", true);

    /** Whether a name that the name service finds for an address is as good as one that the application gave. */
    static final boolean TRUST_NAME_SERVICE = flag("jdk.tls.trustNameService", false);

    /** Whether connections of TLS 1.2 are renegotiated; a value that there is not counts as none. */
    static final Renegotiation RENEGOTIATION = renegotiation("org.jsspi.renegotiation");

    private PlatformSettings() {}

    private static Renegotiation renegotiation(String property) {
        String name = System.getProperty(property, "").strip();
        for (Renegotiation value : Renegotiation.values()) {
            if (value.name().equalsIgnoreCase(name)) {
                return value;
            }
        }
        return Renegotiation.REFUSE;
    }

    private static List<String> names(String property) {
        return list(System.getProperty(property));
    }

    /** {@return the names in a value: separated by commas, perhaps all of them in quotation marks; null where it names none} */
    static List<String> list(String property) {
        if (property == null) {
            return null;
        }
        String value = property.strip();
        if (value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : value.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names.isEmpty() ? null : List.copyOf(names);
    }

    private static boolean flag(String property, boolean otherwise) {
        String value = System.getProperty(property, "");
        return value.equalsIgnoreCase("true") || !value.equalsIgnoreCase("false") && otherwise;
    }
}
