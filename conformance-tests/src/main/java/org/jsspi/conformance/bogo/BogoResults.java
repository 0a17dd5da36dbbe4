package org.jsspi.conformance.bogo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the runner found: the tests by their names, and a table of them by area. */
public final class BogoResults {
    private static final Pattern TEST = Pattern.compile("\"([^\"]+)\": \\{\\s*\"actual\": \"(PASS|FAIL|SKIP)\"");

    private final Map<String, String> outcomes;

    private BogoResults(Map<String, String> outcomes) {
        this.outcomes = outcomes;
    }

    /** Reads the file that the runner writes with {@code -json-output}. */
    public static BogoResults read(Path json) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        Matcher test = TEST.matcher(Files.readString(json));
        while (test.find()) {
            outcomes.put(test.group(1), test.group(2));
        }
        return new BogoResults(outcomes);
    }

    /** {@return how many tests failed} */
    public long failed() {
        return count("FAIL");
    }

    private long count(String outcome) {
        return outcomes.values().stream().filter(outcome::equals).count();
    }

    /** Prints the tables. */
    public void print(PrintWriter out, Map<String, Integer> unimplemented) {
        List<String> failures = new ArrayList<>();
        outcomes.forEach((name, outcome) -> {
            if (outcome.equals("FAIL")) {
                failures.add(name);
            }
        });
        failures.forEach(name -> out.println("FAILED " + name));
        unimplemented.forEach((reason, tests) -> out.printf("%6d  %s%n", tests, reason));
        out.printf("%d passed, %d failed, %d not implemented%n", count("PASS"), failed(), count("SKIP"));
    }
}
