package org.jsspi.conformance.bogo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the runner found: the tests by their names, and a table of them by area. */
public final class BogoResults {
    /** What became of a test. */
    private enum Outcome {
        PASSED,
        FAILED,
        /** bogo.json names it with a reason. */
        DISABLED,
        /** It needs a flag that {@link Flags} refuses with a reason. */
        NOT_IMPLEMENTED
    }

    // | "name": { "actual": "PASS", |, as the runner's JSON has it
    private static final Pattern TEST = Pattern.compile("\"([^\"]+)\": \\{\\s*\"actual\": \"(PASS|FAIL|SKIP)\"");

    /** The areas, each with what the names of its tests have in them; a test belongs to the first that fits. */
    private static final Map<String, Pattern> AREAS = areas(
            "DTLS|DTLS",
            "QUIC|QUIC",
            "TLS 1.0 and 1.1|TLS1(?![0-9])|TLS11",
            "early data|EarlyData|0RTT",
            "Encrypted Client Hello|ECH",
            "NPN, ALPS, Channel ID|NPN|ALPS|ChannelID|ClientEncryptedExtension",
            "external pre-shared keys, PAKE|^PSK|PAKE|EmptyPSKHint|ECDHE_PSK|_PSK_",
            "stapled responses and timestamps|OCSP|SCT|SignedCert",
            "other kinds of certificates|CertCompr|DelegatedCred|TrustAnchor|RawPublic|CertificateType-",
            "renegotiation|Renego|HelloRequest",
            "False Start|FalseStart",
            "split handshakes|-Split$|Hint",
            "policies|^Compliance",
            "certificate selection|^CertificateSelection",
            "certificate verification|^CertificateVerification|KeyUsage",
            "signatures|Sign|Verif|BadECDSA|Ed25519",
            "client authentication|ClientAuth|ClientCert|CertReq|CA-List",
            "key exchange|Curve|MLKEM|Kyber|KeyShare|HelloRetry|HRR|ECDH",
            "resumption|Resum|Ticket|Session|ExtendedMaster",
            "versions|Version|Downgrade|Fallback|SSL3|V2ClientHello",
            "cipher suites|^TLS-TLS|Cipher|CBC",
            "closure and alerts|Shutdown|Alert",
            "records|Record|ChangeCipherSpec|AppData|Fragment|Padding|Plaintext|KeyUpdate|Empty|Large|Trailing",
            "extensions|Extension|ALPN|ServerName|GREASE|PointFormat|SRTP",
            "everything else|");

    private final Map<String, Outcome> outcomes;

    private BogoResults(Map<String, Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** {@return the names of the tests in a file that the runner has written} */
    public static Set<String> names(Path json) throws IOException {
        return read(json).keySet();
    }

    /**
     * {@return the results}
     *
     * @param all the names of all tests, also of those that are disabled
     * @param json the file that the runner writes with {@code -json-output}
     */
    public static BogoResults of(Collection<String> all, Path json) throws IOException {
        Map<String, Outcome> outcomes = new TreeMap<>();
        all.forEach(name -> outcomes.put(name, Outcome.DISABLED));
        outcomes.putAll(read(json));
        return new BogoResults(outcomes);
    }

    private static Map<String, Outcome> read(Path json) throws IOException {
        Map<String, Outcome> outcomes = new TreeMap<>();
        Matcher test = TEST.matcher(Files.readString(json));
        while (test.find()) {
            outcomes.put(
                    test.group(1),
                    switch (test.group(2)) {
                        case "PASS" -> Outcome.PASSED;
                        case "FAIL" -> Outcome.FAILED;
                        default -> Outcome.NOT_IMPLEMENTED;
                    });
        }
        return outcomes;
    }

    /** {@return how many tests failed} */
    public long failed() {
        return count(Outcome.FAILED);
    }

    private long count(Outcome outcome) {
        return outcomes.values().stream().filter(outcome::equals).count();
    }

    /**
     * Prints the tables, as Markdown, and the names of the tests that failed.
     *
     * @param unimplemented the reasons for which tests were not run, each with their number
     */
    public void print(PrintWriter out, Map<String, Integer> unimplemented) {
        out.println("| area | passed | failed | disabled | not implemented |");
        out.println("|---|---|---|---|---|");
        byArea().forEach((area, counts) -> out.println(row(area, counts)));
        Map<Outcome, Integer> total = new EnumMap<>(Outcome.class);
        outcomes.values().forEach(outcome -> total.merge(outcome, 1, Integer::sum));
        out.println(row("together", total));
        out.println();
        out.println("| tests that are not implemented | why |");
        out.println("|---|---|");
        unimplemented.forEach((reason, tests) -> out.println("| " + tests + " | " + reason + " |"));
        out.println();
        outcomes.forEach((name, outcome) -> {
            if (outcome == Outcome.FAILED) {
                out.println("FAILED " + name);
            }
        });
        out.println(count(Outcome.PASSED) + " passed, " + failed() + " failed");
    }

    private Map<String, Map<Outcome, Integer>> byArea() {
        Map<String, Map<Outcome, Integer>> byArea = new LinkedHashMap<>();
        AREAS.keySet().forEach(area -> byArea.put(area, new EnumMap<>(Outcome.class)));
        outcomes.forEach((name, outcome) -> byArea.get(area(name)).merge(outcome, 1, Integer::sum));
        byArea.values().removeIf(Map::isEmpty);
        return byArea;
    }

    private static String area(String name) {
        return AREAS.entrySet().stream()
                .filter(area -> area.getValue().matcher(name).find())
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static String row(String area, Map<Outcome, Integer> counts) {
        StringBuilder row = new StringBuilder("| " + area + " |");
        for (Outcome outcome : Outcome.values()) {
            row.append(' ').append(counts.getOrDefault(outcome, 0)).append(" |");
        }
        return row.toString();
    }

    private static Map<String, Pattern> areas(String... rows) {
        Map<String, Pattern> areas = new LinkedHashMap<>();
        for (String row : rows) {
            int bar = row.indexOf('|');
            areas.put(row.substring(0, bar), Pattern.compile(row.substring(bar + 1)));
        }
        return areas;
    }
}
