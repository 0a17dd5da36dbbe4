package org.jsspi.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jsspi.provider.crypto.Signing;

/**
 * Prints what the contenders cost, in ratios.
 *
 * <pre>
 * Figures [records] [handshakes] [native] [idle] [coldstart] [scale] [datagrams] [all]
 * </pre>
 *
 * <p>Without arguments the first three, in about five minutes on two quiet cores. See the package's description for the command
 * and for how it is measured.
 */
public final class Figures {
    private static final String CHILD = "measure";
    private static final String JAVA = System.getProperty("java.home") + "/bin/java";

    private static final String ALL = "all";

    /** The java commands to measure with, one after the other, with commas between; this one's unless set. */
    private static final String JVMS = "jsspi.bench.jvm";

    /** The signer that is not JSSPI's own choice, as its property names it. */
    private static final String BY_JCA = "jca";

    /** The file that the results go to as JSON; none unless set. */
    private static final String JSON = "jsspi.bench.json";

    /** What can be asked for. */
    private enum Topic {
        RECORDS(true),
        HANDSHAKES(true),
        NATIVE(true),
        IDLE(false),
        COLDSTART(false),
        SCALE(false),
        DATAGRAMS(false);

        final boolean byDefault;

        Topic(boolean byDefault) {
            this.byDefault = byDefault;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String java;
    private final Path report;

    private Figures(String java, Path report) {
        this.java = java;
        this.report = report;
    }

    /** Runs the tables that the arguments name. */
    public static void main(String... arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals(CHILD)) {
            measure(arguments);
            return;
        }
        List<Topic> wanted = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(ALL)) {
                wanted = List.of(Topic.values());
                break;
            }
            wanted.add(Arrays.stream(Topic.values())
                    .filter(topic -> topic.toString().equals(argument))
                    .findFirst()
                    .orElseGet(Figures::usage));
        }
        if (wanted.isEmpty()) {
            wanted = Arrays.stream(Topic.values())
                    .filter(topic -> topic.byDefault)
                    .toList();
        }
        long start = System.nanoTime();
        List<String> runs = new ArrayList<>();
        for (String java : System.getProperty(JVMS, JAVA).split(",")) {
            Path report = Files.createTempFile("bench", ".json");
            try {
                new Figures(java.strip(), report).run(wanted);
                runs.add(Report.run(Files.readAllLines(report)));
            } finally {
                Files.delete(report);
            }
        }
        String json = System.getProperty(JSON, "");
        if (!json.isEmpty()) {
            Files.writeString(Path.of(json), Report.document(runs));
            System.out.println("\nThe same as JSON: " + json);
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        System.out.printf(Locale.ROOT, "%nThat took %d min %02d s.%n", seconds / 60, seconds % 60);
    }

    private static Topic usage() {
        System.err.println("the tables are: " + Arrays.toString(Topic.values()) + ", and " + ALL);
        System.exit(2);
        return null;
    }

    private void run(List<Topic> wanted) throws Exception {
        fork(Group.X25519, List.of(), "machine");
        for (Topic topic : wanted) {
            String name = topic.name();
            switch (topic) {
                case RECORDS -> {
                    // With the one group that both versions can have, which matters to no record.
                    for (BufferKind kind : BufferKind.values()) {
                        fork(Group.SECP256R1, List.of(), name, kind.name());
                    }
                }
                case HANDSHAKES -> {
                    fork(Group.X25519, List.of(), name);
                    fork(Group.X25519, List.of("-D" + Signing.SOFTWARE_SIGNER + "=" + BY_JCA), name, BY_JCA);
                    fork(Group.SECP256R1, List.of(), name);
                    fork(Group.X25519MLKEM768, List.of(), name);
                }
                case NATIVE -> {
                    for (BufferKind kind : BufferKind.values()) {
                        fork(Group.X25519, List.of(), name, kind.name());
                    }
                }
                case IDLE -> fork(Group.SECP256R1, List.of(), name);
                case COLDSTART, SCALE -> fork(Group.X25519, List.of(), name);
                case DATAGRAMS -> {
                    // One JVM for each task: what the compiler has seen of the one decides how it compiles the other.
                    for (Datagrams.Task task : Datagrams.Task.values()) {
                        fork(Group.X25519, List.of(), name, task.name());
                    }
                }
            }
        }
    }

    private void fork(Group group, List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java);
        // Conscrypt loads native code, of which newer JVMs warn unless told.
        command.addAll(List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
        command.add(group.option());
        command.add(Report.option(report));
        command.add(Rows.option());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Figures.class.getName(), CHILD));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", arguments) + " ended with exit code " + exit);
        }
    }

    private static void measure(String... arguments) throws Exception {
        if (arguments[1].equals("machine")) {
            Machine.print();
            return;
        }
        // BCJSSE tells every handshake at INFO. Held, or the setting goes with the logger.
        Logger quiet = Logger.getLogger("org.bouncycastle");
        quiet.setLevel(Level.OFF);
        switch (Topic.valueOf(arguments[1])) {
            case RECORDS -> RecordTables.print(BufferKind.valueOf(arguments[2]));
            case HANDSHAKES -> {
                if (arguments.length > 2) {
                    HandshakeTables.printSigner();
                } else {
                    HandshakeTables.print();
                }
            }
            case NATIVE -> {
                NativeFirst.register();
                NativeFirst.print(BufferKind.valueOf(arguments[2]));
            }
            case IDLE -> IdlePairs.print();
            case COLDSTART -> ColdStarts.print();
            case SCALE -> Scale.print();
            case DATAGRAMS -> DatagramTables.print(Datagrams.Task.valueOf(arguments[2]));
        }
    }
}
