package org.jsspi.jsse;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.Security;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code jdk.tls.disabledAlgorithms} says of certificates: names of signature algorithms and of their parts
 * ({@code MD5withRSA}, {@code MD5}), and key sizes ({@code RSA keySize < 1024}). Other conditions, and names of protocols and
 * suites, say nothing of certificates.
 */
final class CertificateAlgorithms implements AlgorithmConstraints {
    private static final Pattern KEY_SIZE = Pattern.compile("(\\S+)\\s+keysize\\s*(<=|<|==|!=|>=|>)\\s*(\\d{1,6})");

    static final AlgorithmConstraints OF_PLATFORM =
            new CertificateAlgorithms(Security.getProperty("jdk.tls.disabledAlgorithms"));

    private record KeySize(String algorithm, String operator, int bits) {
        boolean forbids(int size) {
            return switch (operator) {
                case "<" -> size < bits;
                case "<=" -> size <= bits;
                case ">" -> size > bits;
                case ">=" -> size >= bits;
                case "==" -> size == bits;
                default -> size != bits;
            };
        }
    }

    private final Set<String> names = new HashSet<>();
    private final List<KeySize> sizes = new ArrayList<>();

    /** @param property the value of the property, or null */
    CertificateAlgorithms(String property) {
        for (String part : (property == null ? "" : property).replace("\"", "").split(",")) {
            String entry = part.strip().toLowerCase(Locale.ROOT);
            Matcher size = KEY_SIZE.matcher(entry);
            if (size.matches()) {
                sizes.add(new KeySize(size.group(1), size.group(2), Integer.parseInt(size.group(3))));
            } else if (!entry.isEmpty() && entry.indexOf(' ') < 0) {
                names.add(entry);
            }
        }
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
        String name = algorithm.toLowerCase(Locale.ROOT);
        return !names.contains(name) && Arrays.stream(name.split("with|and|/")).noneMatch(names::contains);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        String algorithm = key.getAlgorithm().toLowerCase(Locale.ROOT);
        int bits = size(key);
        return permits(primitives, algorithm, (AlgorithmParameters) null)
                && sizes.stream()
                        .noneMatch(size -> bits > 0 && sameKind(size.algorithm, algorithm) && size.forbids(bits));
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
        return permits(primitives, algorithm, parameters) && permits(primitives, key);
    }

    private static boolean sameKind(String named, String algorithm) {
        return named.equals(algorithm) || named.equals("rsa") && algorithm.equals("rsassa-pss");
    }

    private static int size(Key key) {
        if (key instanceof RSAKey rsa) {
            return rsa.getModulus().bitLength();
        }
        if (key instanceof ECKey ec) {
            return ec.getParams().getOrder().bitLength();
        }
        return key instanceof DSAKey dsa && dsa.getParams() != null
                ? dsa.getParams().getP().bitLength()
                : 0;
    }
}
