package org.jsspi.provider.sasl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;

/**
 * The properties of one exchange.
 *
 * @param qualities javax.security.sasl.qop, the preferred one first
 * @param maxBuffer javax.security.sasl.maxbuffer, in bytes, both ways
 * @param domain com.sun.security.sasl.ntlm.domain of a server; null if absent
 * @param seals whether the protocol encrypts under auth-int too: LDAP does, because the directories of Windows and of Samba
 *     encrypt whatever a client of NTLM asks to be signed
 */
record Settings(List<String> qualities, int maxBuffer, String domain, boolean seals) {
    static final String MECHANISM = "NTLM";
    static final String DOMAIN = "com.sun.security.sasl.ntlm.domain";
    static final String AUTH = "auth";
    static final String AUTH_INT = "auth-int";
    static final String AUTH_CONF = "auth-conf";
    static final int SIGNATURE = 16;

    private static final String VERSION = "com.sun.security.sasl.ntlm.version";
    private static final int LARGEST_BUFFER = 0xFFFFFF;
    /** What NTLM does not give: it can be relayed and guessed at, and it has neither forward secrecy nor delegation. */
    private static final List<String> REFUSED = List.of(
            Sasl.POLICY_NOACTIVE,
            Sasl.POLICY_NODICTIONARY,
            Sasl.POLICY_FORWARD_SECRECY,
            Sasl.POLICY_PASS_CREDENTIALS,
            Sasl.SERVER_AUTH);

    static boolean allowsNtlm(Map<String, ?> properties) {
        return properties == null
                || REFUSED.stream().noneMatch(name -> "true".equalsIgnoreCase(String.valueOf(properties.get(name))));
    }

    static String[] mechanisms(Map<String, ?> properties) {
        return allowsNtlm(properties) ? new String[] {MECHANISM} : new String[0];
    }

    static Settings of(String protocol, Map<String, ?> properties) throws SaslException {
        Map<String, ?> given = properties == null ? Map.of() : properties;
        String version = text(given, VERSION, "NTLMv2");
        if (!version.endsWith("NTLMv2")) {
            throw new SaslException(VERSION + " allows NTLMv2 only");
        }
        return new Settings(
                qualities(text(given, Sasl.QOP, AUTH)),
                bufferSize(text(given, Sasl.MAX_BUFFER, "65536")),
                text(given, DOMAIN, null),
                "ldap".equalsIgnoreCase(protocol));
    }

    /** {@return whether messages are encrypted where this quality is agreed on} */
    boolean encrypts(String quality) {
        return quality.equals(AUTH_CONF) || quality.equals(AUTH_INT) && seals;
    }

    private static String text(Map<String, ?> properties, String name, String absent) throws SaslException {
        Object value = properties.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new SaslException(name + " is not a string");
    }

    private static List<String> qualities(String text) throws SaslException {
        List<String> qualities = new ArrayList<>();
        for (String part : text.split(",")) {
            String quality = part.strip();
            if (!List.of(AUTH, AUTH_INT, AUTH_CONF).contains(quality)) {
                throw new SaslException(Sasl.QOP + " has a value that is none of auth, auth-int and auth-conf");
            }
            qualities.add(quality);
        }
        return List.copyOf(qualities);
    }

    private static int bufferSize(String text) throws SaslException {
        try {
            int size = Integer.parseInt(text);
            if (size > SIGNATURE && size <= LARGEST_BUFFER) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw new SaslException(Sasl.MAX_BUFFER + " is not a number", e);
        }
        throw new SaslException(Sasl.MAX_BUFFER + " is not between 17 and " + LARGEST_BUFFER);
    }
}
