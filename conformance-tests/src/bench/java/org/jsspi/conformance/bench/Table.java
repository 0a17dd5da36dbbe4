package org.jsspi.conformance.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Rows as text: a title, columns that line up (and are a Markdown table), notes below. */
final class Table {
    private final String title;
    private final List<List<String>> lines = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    Table(String title, List<String> head) {
        this.title = title;
        lines.add(List.copyOf(head));
    }

    void line(List<String> cells) {
        lines.add(List.copyOf(cells));
    }

    void note(String text) {
        notes.add(text);
    }

    /** {@return a ratio with two decimals, a tilde before it where the rounds differ by more than a tenth} */
    static String ratio(Row.Ratio ratio) {
        return String.format(Locale.ROOT, ratio.spread() > 0.1 ? "~%.2f" : "%.2f", ratio.median());
    }

    /** {@return the ratio, or a dash} */
    static String ratio(Optional<Row.Ratio> ratio) {
        return ratio.map(Table::ratio).orElse("-");
    }

    /** {@return a number without decimals} */
    static String count(Optional<Double> value) {
        return value.map(v -> String.format(Locale.ROOT, "%.0f", v)).orElse("-");
    }

    /** {@return a number of KiB with one decimal} */
    static String kibibytes(Optional<Double> bytes) {
        return bytes.map(v -> String.format(Locale.ROOT, "%.1f", v / 1024)).orElse("-");
    }

    @Override
    public String toString() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> cells : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], cells.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder("\n").append(title).append("\n\n");
        for (int n = 0; n < lines.size(); n++) {
            for (int i = 0; i < columns; i++) {
                String format = i == 0 ? "| %-" + widths[i] + "s " : "| %" + widths[i] + "s ";
                out.append(String.format(Locale.ROOT, format, lines.get(n).get(i)));
            }
            out.append("|\n");
            if (n == 0) {
                for (int i = 0; i < columns; i++) {
                    out.append('|').append("-".repeat(widths[i] + 1)).append(i == 0 ? '-' : ':');
                }
                out.append("|\n");
            }
        }
        notes.forEach(note -> out.append('\n').append(note));
        return notes.isEmpty() ? out.toString() : out.append('\n').toString();
    }
}
