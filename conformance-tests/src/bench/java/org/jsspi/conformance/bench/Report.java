package org.jsspi.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was measured, for programs to read. The JVMs that measure append one JSON object to a line; the one that started them
 * makes them one document.
 *
 * <pre>
 * {"runs": [{"machine": {...}, "results": [{"table": ..., "row": ..., "column": ..., "cpuNanos": ..., ...}, ...]}, ...]}
 * </pre>
 */
final class Report {
    private static final String PROPERTY = "jsspi.bench.report";

    private Report() {}

    /** {@return the option of a JVM that has to append its results to this file} */
    static String option(Path file) {
        return "-D" + PROPERTY + "=" + file;
    }

    /** Appends one result; what is empty is left out. */
    static void add(Map<String, ?> result) {
        String file = System.getProperty(PROPERTY);
        if (file != null) {
            try {
                Files.writeString(
                        Path.of(file), object(result) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new IllegalStateException("cannot write to " + file, e);
            }
        }
    }

    /** {@return the results of a run with one JVM, as one JSON object} The first line is its machine. */
    static String run(List<String> lines) {
        return "{\"machine\": " + lines.get(0) + ",\n\"results\": [\n"
                + String.join(",\n", lines.subList(1, lines.size())) + "\n]}";
    }

    /** {@return the document} */
    static String document(List<String> runs) {
        return "{\"runs\": [\n" + String.join(",\n", runs) + "\n]}\n";
    }

    private static String object(Map<String, ?> values) {
        return values.entrySet().stream()
                .filter(entry -> !Optional.empty().equals(entry.getValue()))
                .map(entry -> text(entry.getKey()) + ": " + value(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String value(Object value) {
        if (value instanceof Optional<?> present) {
            return value(present.orElseThrow());
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.3f", number);
        }
        return value instanceof Number ? value.toString() : text(value.toString());
    }

    private static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
