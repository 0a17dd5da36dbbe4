package org.jsspi.conformance.bogo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The lists of cipher suites in OpenSSL's language, as far as tests use it: names and kinds of suites with colons between them, with
 * {@code !} before what is not wanted, and several of equal preference in brackets.
 */
final class CipherString {
    private static final List<String> TLS13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private static final Pattern BRACKETS = Pattern.compile("\\[([^\\]]*)\\]");

    private CipherString() {}

    /**
     * {@return the standard names; those of TLS 1.3, of which such a list does not speak, come first}
     *
     * @param all that there are, best first
     */
    static List<String> suites(String list, List<String> all) throws NotImplemented {
        List<String> suites = new ArrayList<>();
        for (String word : list.split("[:|\\[\\]]+")) {
            if (word.startsWith("!")) {
                suites.removeIf(kind(word.substring(1)));
            } else if (word.startsWith("TLS_")) {
                suites.add(word);
            } else {
                all.stream()
                        .filter(kind(word))
                        .filter(suite -> !suites.contains(suite))
                        .forEach(suites::add);
            }
        }
        suites.removeAll(TLS13);
        suites.addAll(0, TLS13);
        return suites;
    }

    /** {@return the names that stand in brackets together} */
    static List<List<String>> equal(String list) {
        return BRACKETS.matcher(list)
                .results()
                .map(match -> List.of(match.group(1).split("\\|")))
                .toList();
    }

    private static Predicate<String> kind(String word) throws NotImplemented {
        return switch (word) {
            case "ALL", "DEFAULT" -> suite -> true;
            case "AES" -> suite -> suite.contains("_AES_");
            case "AES128" -> suite -> suite.contains("_AES_128_");
            case "3DES" -> suite -> suite.contains("_3DES_");
            default -> throw new NotImplemented("an unknown kind of cipher suites: " + word);
        };
    }
}
