package org.jsspi.conformance.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rows with the same columns, warmed and measured together. The first column that a row has is its 1. */
final class Rows {
    private static final long MILLI = 1_000_000;

    /** How many times as long as it has to be the rows are warmed: 1 unless set. */
    private static final String PATIENCE = "jsspi.bench.patience";

    /** Into so many turns the warming of all rows is divided. */
    private static final int TURNS = 4;

    private final String corner;
    private final List<String> columns;
    private final List<Row> rows = new ArrayList<>();

    /**
     * @param corner what the rows have in common
     * @param columns the columns in the order of the tables
     */
    Rows(String corner, List<String> columns) {
        this.corner = corner;
        this.columns = columns;
    }

    /** {@return how many rows there are} */
    int size() {
        return rows.size();
    }

    void add(Row row) {
        rows.add(row);
    }

    /**
     * Warms every row before any is measured, so that all are measured over the same compiled code.
     *
     * @param warmMillis CPU time to warm a column, over all rows together, unless {@value #PATIENCE} asks for more
     * @param enough after so many operations, over all rows together, a column is warm before that time
     * @param rounds how many times each column of each row is measured
     * @param sliceMillis CPU time of a column in a round
     */
    void run(long warmMillis, long enough, int rounds, long sliceMillis) {
        int parts = TURNS * rows.size();
        for (int i = 0; i < TURNS * patience(); i++) {
            rows.forEach(row -> row.warm(warmMillis * MILLI / parts, enough / parts));
        }
        for (int i = 0; i < rounds; i++) {
            rows.forEach(row -> row.round(sliceMillis * MILLI));
        }
    }

    /** {@return how many times as long as it has to be the rows of this JVM are warmed} */
    static int patience() {
        return Math.max(1, Integer.getInteger(PATIENCE, 1));
    }

    /** {@return the option that has another JVM warm as long as this one does} */
    static String option() {
        return "-D" + PATIENCE + "=" + patience();
    }

    /** Prints how fast the columns are, and how fast {@code ours} is beside {@code limit}. */
    void printSpeed(String title, String ours, String limit) {
        Table table = table(title, ours + " : " + limit);
        for (Row row : rows) {
            Optional<String> base = row.firstOf(columns);
            List<String> cells = new ArrayList<>();
            cells.add(row.label()
                    + base.filter(name -> !name.equals(columns.get(0)))
                            .map(name -> " (" + name + " = 1)")
                            .orElse(""));
            columns.forEach(column -> cells.add(Table.ratio(base.flatMap(name -> row.speed(column, name)))));
            cells.add(Table.ratio(row.speed(ours, limit)));
            table.line(cells);
            row.absent().forEach((column, reason) -> {
                table.note(column + " has no part in \"" + row.label() + "\": " + reason);
                Report.add(result(title, row, column, Map.of("absent", reason)));
            });
            for (String column : columns) {
                base.flatMap(name -> row.speed(column, name))
                        .ifPresent(speed -> Report.add(result(title, row, column, figures(row, column, base, speed))));
            }
        }
        System.out.print(table);
    }

    /** Prints what the columns allocate, and what {@code ours} allocates beyond {@code limit}. */
    void printAllocation(String title, String ours, String limit, Function<Optional<Double>, String> unit) {
        Table table = table(title, ours + " beyond " + limit);
        for (Row row : rows) {
            List<String> cells = allocation(row, unit);
            cells.add(unit.apply(beyond(row, ours, limit)));
            table.line(cells);
        }
        System.out.print(table);
    }

    /**
     * The same, and what is left beyond other primitives too.
     *
     * @param others what those allocate and what is left, by the label of a row
     * @param otherName of them together
     */
    void printAllocation(
            String title,
            String ours,
            String limit,
            Map<String, SymmetricPrimitives.Bytes> others,
            String otherName,
            Function<Optional<Double>, String> unit) {
        Table table = table(title, otherName, ours + " beyond " + limit, ours + " beyond both");
        for (Row row : rows) {
            Optional<Double> beyond = beyond(row, ours, limit);
            Optional<SymmetricPrimitives.Bytes> found = Optional.ofNullable(others.get(row.label()));
            Optional<Double> other = found.map(SymmetricPrimitives.Bytes::symmetric);
            Optional<Double> left = found.map(SymmetricPrimitives.Bytes::beyond);
            List<String> cells = allocation(row, unit);
            cells.add(unit.apply(other));
            cells.add(unit.apply(beyond));
            cells.add(unit.apply(left));
            table.line(cells);
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("bytes", row.allocated(ours));
            figures.put("beyondPublicKeys", beyond);
            figures.put("beyondPrimitives", left);
            Report.add(result(title, row, ours, figures));
        }
        System.out.print(table);
    }

    private List<String> allocation(Row row, Function<Optional<Double>, String> unit) {
        List<String> cells = new ArrayList<>(List.of(row.label()));
        columns.forEach(column -> cells.add(unit.apply(row.allocated(column))));
        return cells;
    }

    /** {@return what a column allocates beyond another, which may be nothing in this row} */
    private static Optional<Double> beyond(Row row, String ours, String limit) {
        return row.allocated(ours).map(bytes -> bytes - row.allocated(limit).orElse(0.0));
    }

    /** {@return columns of contenders, then others} */
    static List<String> columns(List<Contender> contenders, String... others) {
        return Stream.concat(contenders.stream().map(Contender::label), Arrays.stream(others))
                .toList();
    }

    private Table table(String title, String... last) {
        return new Table(
                title,
                Stream.of(Stream.of(corner), columns.stream(), Arrays.stream(last))
                        .flatMap(part -> part)
                        .toList());
    }

    private Map<String, Object> result(String title, Row row, String column, Map<String, ?> more) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("table", title);
        result.put("in", corner);
        result.put("row", row.label());
        result.put("column", column);
        result.putAll(more);
        return result;
    }

    private static Map<String, Object> figures(Row row, String column, Optional<String> base, Row.Ratio speed) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cpuNanos", row.cpuNanos(column));
        figures.put("wallNanos", row.wallNanos(column));
        figures.put("bytes", row.allocated(column));
        figures.put("base", base);
        figures.put("speed", speed.median());
        figures.put("spread", speed.spread());
        return figures;
    }
}
