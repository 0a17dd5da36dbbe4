package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tests that are not to run, each with its reason.
 *
 * <pre>
 * # a comment
 * javax/net/ssl/TLSv11/GenericStreamCipher.java     TLS 1.1 is not offered
 * javax/net/ssl/templates/Many.java#renegotiate     no renegotiation
 * sun/security/ssl/                                 looks into the other provider's classes
 * </pre>
 *
 * A name without {@code #id} means all tests of the file, one that ends in a slash all tests below the directory. A line
 * without a reason is refused.
 */
public final class ExcludeList {
    /** Nothing is excluded. */
    public static final ExcludeList NONE = new ExcludeList(Map.of());

    private final Map<String, String> reasons;

    private ExcludeList(Map<String, String> reasons) {
        this.reasons = reasons;
    }

    /**
     * Reads a list.
     *
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if a line has no reason or repeats a name, with the line
     */
    public static ExcludeList read(Path file) throws IOException {
        Map<String, String> reasons = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            String where = file + ":" + (i + 1) + ": " + parts[0];
            if (parts.length < 2) {
                throw new IllegalArgumentException(where + " is excluded without a reason");
            }
            if (reasons.put(parts[0], parts[1]) != null) {
                throw new IllegalArgumentException(where + " is excluded twice");
            }
        }
        return new ExcludeList(reasons);
    }

    /** {@return why the test is excluded, or null} */
    String reason(String name) {
        String reason = reasons.get(name);
        String file = name.replaceFirst("#.*", "");
        reason = reason == null ? reasons.get(file) : reason;
        for (int slash = file.lastIndexOf('/'); reason == null && slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
            reason = reasons.get(file.substring(0, slash + 1));
        }
        return reason;
    }
}
