package org.jsspi.provider.tls;

import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What the platform forbids to TLS: the names in the security property {@code jdk.tls.disabledAlgorithms}, read once.
 *
 * <p>A name stands for a protocol, a cipher suite (also as {@code TLS_AES_*}, or by its cipher, {@code AES_128_GCM}), a group or a
 * signature scheme, in any case of letters. Conditions on keys ({@code RSA keySize < 2048}) are about certificates, which the
 * trust manager judges; here they are passed over, and so is every name that nothing of ours has.
 */
final class DisabledAlgorithms {
    private static final Pattern SEPARATOR = Pattern.compile("[,|\"]");
    private static final String FOR_HANDSHAKES = " usage handshakesignature";

    static final DisabledAlgorithms OF_PLATFORM =
            new DisabledAlgorithms(Security.getProperty("jdk.tls.disabledAlgorithms"));

    private final List<Pattern> names = new ArrayList<>();
    /** By the names that were asked for, which are those of our own algorithms: every connection asks for them all. */
    private final Map<String, Boolean> decisions = new ConcurrentHashMap<>();

    /** @param property the value of the property, or null */
    DisabledAlgorithms(String property) {
        for (String entry : SEPARATOR.split(property == null ? "" : property)) {
            String name = entry.strip().toLowerCase(Locale.ROOT);
            if (name.endsWith(FOR_HANDSHAKES)) {
                name = name.substring(0, name.length() - FOR_HANDSHAKES.length())
                        .strip();
            }
            if (!name.isEmpty() && name.indexOf(' ') < 0) {
                names.add(Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q")));
            }
        }
    }

    /** {@return true if none of these names, which are all of one algorithm, is forbidden} */
    boolean permit(String... ofOneAlgorithm) {
        for (String name : ofOneAlgorithm) {
            if (!decisions.computeIfAbsent(name, this::decide)) {
                return false;
            }
        }
        return true;
    }

    private boolean decide(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return names.stream().noneMatch(forbidden -> forbidden.matcher(lower).matches());
    }
}
