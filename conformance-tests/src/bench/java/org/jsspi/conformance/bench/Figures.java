package org.jsspi.conformance.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jsspi.conformance.bench.CipherRecords.Calls;
import org.jsspi.conformance.bench.HandshakeWork.Kind;
import org.jsspi.provider.crypto.Signing;

/**
 * Prints what the contenders cost, in ratios.
 *
 * <pre>
 * Figures [records] [handshakes] [idle] [datagrams]
 * </pre>
 *
 * <p>Without arguments all of them, in under five minutes on two cores. See the package's description for the command and for
 * how it is measured.
 */
public final class Figures {
    private static final List<String> CONTENDERS =
            Arrays.stream(Contender.values()).map(Contender::label).toList();
    private static final String OURS = Contender.JSSPI.label();
    private static final String CIPHER = "raw cipher";
    private static final String CIPHER_ONCE = "one doFinal";
    private static final String CHILD = "measure";
    private static final List<String> TABLES = List.of("records", "handshakes", "idle", "datagrams");

    private static final long MILLI = 1_000_000;

    private Figures() {}

    /** Runs the tables that the arguments name. */
    public static void main(String... arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(CHILD)) {
            measure(arguments);
            return;
        }
        List<String> wanted = arguments.length == 0 ? TABLES : List.of(arguments);
        for (String name : wanted) {
            if (!TABLES.contains(name)) {
                System.err.println("unknown table: " + name + " (" + String.join(", ", TABLES) + ")");
                System.exit(2);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s, %s%n",
                Runtime.version(),
                System.getProperty("os.arch"),
                Contender.CIPHER_SUITE);
        if (wanted.contains("records")) {
            for (BufferKind kind : BufferKind.values()) {
                fork(Group.X25519, "records", kind.name());
            }
        }
        if (wanted.contains("handshakes")) {
            for (Group group : Group.values()) {
                fork(group, "handshakes", "jca");
            }
            fork(Group.X25519, "handshakes", "bc");
        }
        if (wanted.contains("idle")) {
            fork(Group.X25519, "idle");
        }
        if (wanted.contains("datagrams")) {
            // One JVM for each task: what the compiler has seen of the one decides how it compiles the other.
            for (Datagrams.Task task : Datagrams.Task.values()) {
                fork(Group.X25519, "datagrams", task.name());
            }
        }
    }

    private static void fork(Group group, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of("-Xmx1g", "-Xshare:auto"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add(group.option());
        if (arguments[0].equals("handshakes")) {
            // Who signs with keys in memory is a choice for the whole JVM.
            command.add("-D" + Signing.SOFTWARE_SIGNER + "=" + arguments[1]);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Figures.class.getName(), CHILD));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", arguments) + " ended with exit code " + exit);
        }
    }

    private static void measure(String... arguments) throws Exception {
        // BCJSSE tells every handshake at INFO. Held, or the setting goes with the logger.
        Logger quiet = Logger.getLogger("org.bouncycastle");
        quiet.setLevel(Level.OFF);
        switch (arguments[1]) {
            case "records" -> records(BufferKind.valueOf(arguments[2]));
            case "handshakes" -> handshakes(arguments[2]);
            case "idle" -> IdlePairs.print();
            case "datagrams" -> datagrams(Datagrams.Task.valueOf(arguments[2]));
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    private static void records(BufferKind kind) throws Exception {
        Identity identity = Identity.p256();
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("16 KiB", 16384);
        sizes.put("1 KiB", 1024);
        sizes.put("64 B", 64);
        List<Row> rows = new ArrayList<>();
        sizes.forEach((name, size) -> {
            rows.add(row("wrap " + name, kind, size, identity, RecordWork::wrapping));
            rows.add(row("unwrap " + name, kind, size, identity, RecordWork::unwrapping));
        });
        run(rows, 1200, 15, 30);

        String buffers = kind.name().toLowerCase(Locale.ROOT) + " buffers";
        Table speed = new Table(
                "Speed of records, " + buffers + " (SunJSSE = 1; the raw cipher is on arrays)",
                head(buffers, CIPHER, CIPHER_ONCE, OURS + " : raw"));
        Table garbage = new Table(
                "Bytes allocated for each message, " + buffers,
                head(buffers, CIPHER, CIPHER_ONCE, OURS + " beyond raw"));
        List<String> columns = Stream.concat(CONTENDERS.stream(), Stream.of(CIPHER, CIPHER_ONCE))
                .toList();
        for (Row row : rows) {
            List<String> speeds = speeds(row, columns);
            speeds.add(Table.ratio(row.speed(OURS, CIPHER)));
            speed.line(speeds);
            List<String> bytes = new ArrayList<>(List.of(row.label()));
            columns.forEach(column -> bytes.add(Table.count(row.allocated(column))));
            bytes.add(Table.count(
                    row.allocated(OURS).flatMap(ours -> row.allocated(CIPHER).map(raw -> ours - raw))));
            garbage.line(bytes);
            reasons(row, speed);
        }
        System.out.print(speed);
        System.out.print(garbage);
    }

    private static Row row(
            String label, BufferKind kind, int size, Identity identity, BiFunction<RecordWork, Integer, Work> side) {
        Row row = new Row(label);
        for (Contender contender : Contender.values()) {
            row.add(contender.label(), () -> side.apply(new EngineRecords(contender, identity, kind, size), size));
        }
        row.add(CIPHER, () -> side.apply(new CipherRecords(size, Calls.UPDATE_AND_FINAL), size));
        row.add(CIPHER_ONCE, () -> side.apply(new CipherRecords(size, Calls.FINAL_ONLY), size));
        return row;
    }

    private static void handshakes(String signer) throws Exception {
        Group group = Group.pinned();
        Identity p256 = Identity.p256();
        List<Row> rows = new ArrayList<>();
        rows.add(row("full, P-256 certificate", p256, Kind.FULL));
        if (group == Group.X25519) {
            rows.add(row("mutual, P-256 certificates", p256, Kind.MUTUAL));
            if (signer.equals("jca")) {
                rows.add(row("full, RSA-2048 certificate", Identity.rsa2048(), Kind.FULL));
                rows.add(row("resumed", p256, Kind.RESUMED));
            }
        }
        run(rows, 2500, 11, 80);

        String corner = group + (signer.equals("jca") ? "" : ", " + OURS + " signs with " + signer);
        Table speed =
                new Table("Speed of handshakes, both sides, " + corner + " (SunJSSE = 1)", head(group.toString()));
        Table garbage = new Table("KiB allocated for each handshake, both sides, " + corner, head(group.toString()));
        for (Row row : rows) {
            speed.line(speeds(row, CONTENDERS));
            List<String> bytes = new ArrayList<>(List.of(row.label()));
            CONTENDERS.forEach(column -> bytes.add(Table.kibibytes(row.allocated(column))));
            garbage.line(bytes);
            reasons(row, speed);
        }
        System.out.print(speed);
        System.out.print(garbage);
    }

    private static Row row(String label, Identity identity, Kind kind) {
        Row row = new Row(label);
        for (Contender contender : Contender.values()) {
            row.add(contender.label(), () -> new HandshakeWork(contender, identity, kind));
        }
        return row;
    }

    /** The promise: a datagram costs at most 1.3 times what the plain calls cost, and nothing is allocated. */
    private static void datagrams(Datagrams.Task task) {
        List<String> columns = Arrays.stream(Datagrams.Contender.values())
                .map(Datagrams.Contender::label)
                .toList();
        List<String> head = Stream.concat(Stream.of("1 KiB"), columns.stream()).toList();
        Row row = new Row(task.name().toLowerCase(Locale.ROOT));
        for (Datagrams.Contender contender : Datagrams.Contender.values()) {
            row.add(contender.label(), () -> new Datagrams(task, contender));
        }
        run(List.of(row), 2400, 41, 30);
        Table speed = new Table("Speed of NTLM datagrams (JCA alone = 1)", head);
        Table garbage = new Table("Bytes allocated for each datagram", head);
        speed.line(speeds(row, columns));
        List<String> bytes = new ArrayList<>(List.of(row.label()));
        columns.forEach(column -> bytes.add(Table.count(row.allocated(column))));
        garbage.line(bytes);
        System.out.print(speed);
        System.out.print(garbage);
    }

    /** Warms every row before any is measured, so that all are measured over the same compiled code. */
    private static void run(List<Row> rows, long warmMillis, int rounds, long sliceMillis) {
        int turns = 4;
        for (int i = 0; i < turns; i++) {
            rows.forEach(row -> row.warm(warmMillis * MILLI / turns));
        }
        for (int i = 0; i < rounds; i++) {
            rows.forEach(row -> row.round(sliceMillis * MILLI));
        }
    }

    private static List<String> head(String corner, String... more) {
        return Stream.of(Stream.of(corner), CONTENDERS.stream(), Arrays.stream(more))
                .flatMap(part -> part)
                .toList();
    }

    /** The row's label and the speed of each column; where SunJSSE is missing the first that is there is 1. */
    private static List<String> speeds(Row row, List<String> columns) {
        List<String> cells = new ArrayList<>();
        Optional<String> base = row.firstOf(columns);
        cells.add(row.label()
                + base.filter(name -> !name.equals(columns.get(0)))
                        .map(name -> " (" + name + " = 1)")
                        .orElse(""));
        columns.forEach(column -> cells.add(Table.ratio(base.flatMap(name -> row.speed(column, name)))));
        return cells;
    }

    private static void reasons(Row row, Table table) {
        row.absent()
                .forEach((column, reason) -> table.note(column + " has no part in \"" + row.label() + "\": " + reason));
    }
}
