package org.jsspi;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.Security;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the platform forbids: the security properties {@code jdk.tls.disabledAlgorithms} and
 * {@code jdk.certpath.disabledAlgorithms}, in the syntax that {@code java.security} describes. Immutable; safe for all threads.
 *
 * <p>An entry that is a name forbids every algorithm that has it or is made of it, in any case of letters: {@code SHA1}
 * forbids {@code SHA1withRSA}, {@code AES_128_GCM}, {@code GCM} and {@code TLS_AES_*} each forbid
 * {@code TLS_AES_128_GCM_SHA256}. {@code RSA keySize < 2048} forbids keys. {@code usage HandshakeSignature} and
 * {@code usage CertificateSignature} are heeded by the one of the two constants that they are for. Entries with other
 * conditions ({@code jdkCA}, {@code denyAfter}, {@code usage TLSServer}) speak of a validated path, which only PKIX has before
 * it: they forbid nothing here.
 */
public final class PlatformConstraints implements AlgorithmConstraints {
    private static final Pattern SEPARATOR = Pattern.compile("[,|\"]");
    private static final Pattern KEY_SIZE = Pattern.compile("keysize\\s*(<=|<|==|!=|>=|>)\\s*(\\d{1,6})");
    /** TLS_[key exchange_WITH_]cipher_hash. */
    private static final Pattern SUITE = Pattern.compile("TLS_(?:(\\w+)_WITH_)?(\\w+)_(SHA\\d*)");

    private static final Pattern PARTS = Pattern.compile("with|and|/", Pattern.CASE_INSENSITIVE);

    /** What handshakes must not use: {@code jdk.tls.disabledAlgorithms}. */
    public static final PlatformConstraints HANDSHAKE =
            read("handshakesignature", Security.getProperty("jdk.tls.disabledAlgorithms"));

    /** What the certificates of a peer must not use: {@code jdk.certpath.disabledAlgorithms} too. */
    public static final PlatformConstraints CERTIFICATES = read(
            "certificatesignature",
            Security.getProperty("jdk.tls.disabledAlgorithms"),
            Security.getProperty("jdk.certpath.disabledAlgorithms"));

    /** How many names are remembered with what they came to. */
    private static final int MOST_REMEMBERED = 256;

    private record KeyRule(Pattern algorithm, String operator, int bound) {
        boolean forbids(int size) {
            return switch (operator) {
                case "<" -> size < bound;
                case "<=" -> size <= bound;
                case "==" -> size == bound;
                case "!=" -> size != bound;
                case ">=" -> size >= bound;
                default -> size > bound;
            };
        }
    }

    private final List<Pattern> names = new ArrayList<>();
    private final List<KeyRule> keyRules = new ArrayList<>();
    /** By the names that were asked for: every connection asks for the same. */
    private final Map<String, Boolean> decisions = new ConcurrentHashMap<>();

    /** The rules that speak of keys of an algorithm. */
    private final Map<String, List<KeyRule>> rulesByAlgorithm = new ConcurrentHashMap<>();

    private PlatformConstraints() {}

    /** {@return constraints by these values of such properties; a value may be null} */
    public static PlatformConstraints of(String... values) {
        return read("handshakesignature", values);
    }

    private static PlatformConstraints read(String usage, String... values) {
        PlatformConstraints constraints = new PlatformConstraints();
        for (String value : values) {
            constraints.addAll(usage, value, 0);
        }
        return constraints;
    }

    private void addAll(String usage, String value, int depth) {
        for (String part : SEPARATOR.split(value == null ? "" : value)) {
            String entry = part.strip();
            String lower = entry.toLowerCase(Locale.ROOT);
            if (lower.startsWith("include ") && depth == 0) {
                addAll(
                        usage,
                        Security.getProperty(
                                entry.substring("include ".length()).strip()),
                        depth + 1);
            } else if (!lower.isEmpty()) {
                add(usage, lower);
            }
        }
    }

    private void add(String usage, String entry) {
        int end = entry.indexOf(' ');
        if (end < 0) {
            names.add(pattern(entry));
            return;
        }
        String name = entry.substring(0, end);
        String condition = entry.substring(end).strip();
        Matcher size = KEY_SIZE.matcher(condition);
        if (size.matches()) {
            int bound = Integer.parseInt(size.group(2));
            keyRules.add(new KeyRule(pattern(name), size.group(1), bound));
        } else if (condition.startsWith("usage ")
                && List.of(condition.substring("usage ".length()).strip().split("\\s+"))
                        .contains(usage)) {
            names.add(pattern(name));
        }
    }

    private static Pattern pattern(String name) {
        return Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
    }

    /** {@return whether this algorithm, under any of the names that it has or is made of, is not forbidden} */
    public boolean permits(String algorithm) {
        Boolean known = decisions.get(algorithm);
        return known != null ? known : decide(algorithm);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
        return permits(algorithm);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        String algorithm = key.getAlgorithm();
        if (!permits(algorithm)) {
            return false;
        }
        int size = size(key);
        if (size < 0) {
            return true;
        }
        List<KeyRule> known = rulesByAlgorithm.get(algorithm);
        for (KeyRule rule : known != null ? known : rulesFor(algorithm)) {
            if (rule.forbids(size)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
        return permits(algorithm) && permits(primitives, key);
    }

    private List<KeyRule> rulesFor(String algorithm) {
        String lower = algorithm.toLowerCase(Locale.ROOT);
        List<KeyRule> rules = keyRules.stream()
                .filter(rule -> rule.algorithm.matcher(lower).matches())
                .toList();
        if (rulesByAlgorithm.size() < MOST_REMEMBERED) {
            rulesByAlgorithm.put(algorithm, rules);
        }
        return rules;
    }

    private boolean decide(String algorithm) {
        boolean permitted = true;
        for (String part : parts(algorithm)) {
            permitted &= !isForbidden(part.toLowerCase(Locale.ROOT));
        }
        // What is asked for comes from lists of ours, but a certificate may name its algorithm as it likes.
        if (decisions.size() < MOST_REMEMBERED) {
            decisions.put(algorithm, permitted);
        }
        return permitted;
    }

    private boolean isForbidden(String name) {
        for (Pattern forbidden : names) {
            if (forbidden.matcher(name).matches()) {
                return true;
            }
        }
        return false;
    }

    /** {@return the names that the algorithm has and those that it is made of, as the platform takes them apart} */
    private static Set<String> parts(String algorithm) {
        Set<String> parts = new LinkedHashSet<>(List.of(algorithm));
        Matcher suite = SUITE.matcher(algorithm);
        if (suite.matches()) {
            if (suite.group(1) != null) {
                parts.add(suite.group(1));
                parts.addAll(List.of(suite.group(1).split("_")));
            }
            parts.add(suite.group(2));
            parts.addAll(List.of(suite.group(2).split("_")));
            parts.add(suite.group(2).replace('_', '-'));
            addHash(parts, suite.group(3));
            parts.add("Hmac" + suite.group(3));
        } else {
            for (String part : PARTS.split(algorithm)) {
                addHash(parts, part);
            }
        }
        parts.remove("");
        return parts;
    }

    private static void addHash(Set<String> parts, String hash) {
        parts.add(hash);
        if (hash.startsWith("SHA-")) {
            parts.add("SHA" + hash.substring(4));
        } else if (hash.startsWith("SHA") && hash.length() > 3) {
            parts.add("SHA-" + hash.substring(3));
        }
    }

    /** {@return the size in bits, or -1 if the key does not tell} */
    private static int size(Key key) {
        if (key instanceof RSAKey rsa) {
            return rsa.getModulus().bitLength();
        } else if (key instanceof ECKey ec) {
            return ec.getParams().getOrder().bitLength();
        } else if (key instanceof DSAKey dsa && dsa.getParams() != null) {
            return dsa.getParams().getP().bitLength();
        }
        return -1;
    }

    @Override
    public String toString() {
        return "PlatformConstraints[" + names.size() + " names, " + keyRules.size() + " rules for keys]";
    }
}
