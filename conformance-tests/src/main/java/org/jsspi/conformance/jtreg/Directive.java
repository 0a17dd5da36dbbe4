package org.jsspi.conformance.jtreg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One action of a test: {@code @run main/othervm/timeout=300 -Dx=y Foo argument}, {@code @compile/fail Bad.java}.
 *
 * @param action {@code main}, {@code driver}, {@code build}, {@code compile}, {@code clean}, {@code junit}, ...
 * @param options what follows the slashes, without a value: an empty string
 * @param words the rest, split at white space, nothing expanded yet
 */
record Directive(String action, Map<String, String> options, List<String> words) {
    /**
     * Reads the text behind {@code @run}.
     *
     * @throws IllegalArgumentException if there is no action
     */
    static Directive parse(String text) {
        List<String> words = words(text);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("No action name after @run");
        }
        String[] parts = words.get(0).split("/", -1);
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : List.of(parts).subList(1, parts.length)) {
            int equals = option.indexOf('=');
            options.put(
                    equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        return new Directive(parts[0], options, words.subList(1, words.size()));
    }

    /** {@return the words of a text, none for a blank one} */
    static List<String> words(String text) {
        return text.isBlank()
                ? List.of()
                : new ArrayList<>(Arrays.asList(text.strip().split("\\s+")));
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(action);
        options.forEach((name, value) ->
                text.append('/').append(name).append(value.isEmpty() ? "" : "=").append(value));
        words.forEach(word -> text.append(' ').append(word));
        return text.toString();
    }
}
