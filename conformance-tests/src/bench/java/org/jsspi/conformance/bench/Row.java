package org.jsspi.conformance.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One case and what each column costs in it: columns are warmed and measured in turns. */
final class Row {
    private final String label;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();

    private static final class Column {
        private final Work work;
        private final List<Double> nanos = new ArrayList<>();
        private final List<Double> wallNanos = new ArrayList<>();
        private final List<Double> bytes = new ArrayList<>();

        /** The part of the warming time that it takes. */
        private final double warming;

        Column(Work work, double warming) {
            this.work = work;
            this.warming = warming;
        }
    }

    /** How a column's work comes to be. */
    interface Source {
        Work open() throws Exception;
    }

    /**
     * A ratio over all rounds.
     *
     * @param median the median of the rounds
     * @param spread the distance of the quartiles, in parts of the median
     */
    record Ratio(double median, double spread) {
        /** {@return how many times {@code ones} the {@code others} are, round by round} */
        static Ratio of(List<Double> others, List<Double> ones) {
            double[] ratios = new double[ones.size()];
            Arrays.setAll(ratios, i -> others.get(i) / ones.get(i));
            Arrays.sort(ratios);
            double median = ratios[ratios.length / 2];
            return new Ratio(median, (ratios[ratios.length * 3 / 4] - ratios[ratios.length / 4]) / median);
        }
    }

    Row(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Adds a column, or remembers why it has no part in this row. */
    void add(String column, Source source) {
        add(column, source, 1);
    }

    /** Adds a column of plain calls, which are compiled soon. */
    void addLimit(String column, Source source) {
        add(column, source, 0.25);
    }

    private void add(String column, Source source, double warming) {
        try {
            columns.put(column, new Column(source.open(), warming));
        } catch (Exception | LinkageError e) {
            absent.put(column, reason(e));
        }
    }

    /** {@return why columns are missing, by column} */
    Map<String, String> absent() {
        return absent;
    }

    /** Runs every column for so much CPU time, or so many operations, and keeps nothing of the result. */
    void warm(long cpuNanos, long operations) {
        measure(cpuNanos, operations, false);
    }

    /** Measures every column for so much CPU time: one round. */
    void round(long cpuNanos) {
        measure(cpuNanos, Long.MAX_VALUE, true);
    }

    /** {@return the first of these columns that is there} */
    Optional<String> firstOf(List<String> names) {
        return names.stream().filter(columns::containsKey).findFirst();
    }

    /** {@return how many times as fast as {@code base} the column is, if both are there} */
    Optional<Ratio> speed(String column, String base) {
        if (!columns.containsKey(column) || !columns.containsKey(base)) {
            return Optional.empty();
        }
        List<Double> mine = columns.get(column).nanos;
        List<Double> theirs = columns.get(base).nanos;
        return Optional.of(Ratio.of(theirs, mine));
    }

    /** {@return the bytes that one operation of the column allocates: the median of the rounds} */
    Optional<Double> allocated(String column) {
        return Optional.ofNullable(columns.get(column)).map(found -> median(found.bytes));
    }

    /** {@return the CPU time of one operation of the column in nanoseconds: the median of the rounds} */
    Optional<Double> cpuNanos(String column) {
        return Optional.ofNullable(columns.get(column)).map(found -> median(found.nanos));
    }

    /** {@return the time of one operation of the column on the clock in nanoseconds: the median of the rounds} */
    Optional<Double> wallNanos(String column) {
        return Optional.ofNullable(columns.get(column)).map(found -> median(found.wallNanos));
    }

    private void measure(long cpuNanos, long operations, boolean keep) {
        List<String> failed = new ArrayList<>();
        columns.forEach((name, column) -> {
            try {
                Meter meter = new Meter();
                do {
                    meter.measure(column.work);
                } while (meter.nanos() < (keep ? 1 : column.warming) * cpuNanos && meter.operations() < operations);
                if (keep) {
                    column.nanos.add(meter.nanosPerOperation());
                    column.wallNanos.add(meter.wallNanosPerOperation());
                    column.bytes.add(meter.bytesPerOperation());
                }
            } catch (Exception e) {
                failed.add(name);
                absent.put(name, reason(e));
            }
        });
        failed.forEach(columns::remove);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString().lines().findFirst().orElseThrow();
    }
}
