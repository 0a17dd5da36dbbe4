package org.jsspi.conformance.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/**
 * Many connections: {@value #IDLE} that say nothing and {@value #BUSY} that echo. A JVM for each contender, all with their
 * connections open from the beginning to the end; they are measured in turns, and whose turn it is not does nothing.
 *
 * <p>A pair of connections takes two file descriptors, and with Conscrypt, whose engines have a pipe each, six: it needs a system that
 * permits 25,000 to a process ({@code ulimit -Hn}).
 */
final class Scale {
    private static final int IDLE = 4000;
    private static final int BUSY = 64;
    private static final int ROUNDS = 9;
    private static final int WARM_MILLIS = 4000;
    private static final int MILLIS = 2000;
    private static final String TITLE = IDLE + " idle connections, " + BUSY + " with an echo of "
            + EchoMember.MESSAGE / 1024 + " KiB (SunJSSE = 1)";

    private interface Attempt {
        void run() throws IOException;
    }

    /** What a round of {@link EchoMember} came to; times in nanoseconds. */
    private record Round(double perSecond, double median, double late, double cpu) {}

    /** A JVM with the connections of one contender. */
    private static final class Member implements AutoCloseable {
        private final Contender contender;
        private final Process process;
        private final BufferedReader answers;
        private final PrintWriter orders;
        private final List<Round> rounds = new ArrayList<>();
        private double heap;

        Member(Contender contender) throws IOException {
            this.contender = contender;
            List<String> command = new ArrayList<>();
            command.add(System.getProperty("java.home") + "/bin/java");
            command.addAll(List.of("-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
            command.add(Group.pinned().option());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), EchoMember.class.getName()));
            command.addAll(List.of(contender.name(), String.valueOf(IDLE), String.valueOf(BUSY)));
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            this.orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
        }

        void awaitConnections() throws IOException {
            answer();
        }

        private String answer() throws IOException {
            String line = answers.readLine();
            if (line == null || line.startsWith(EchoMember.FAILED)) {
                throw new IOException(line == null ? "its JVM ended" : line.substring(EchoMember.FAILED.length()));
            }
            return line;
        }

        Round round(int millis) throws IOException {
            orders.println("round " + millis);
            String[] words = answer().split(" ");
            return new Round(
                    Double.parseDouble(words[0]) / Double.parseDouble(words[1]) * 1e9,
                    Double.parseDouble(words[2]),
                    Double.parseDouble(words[3]),
                    Double.parseDouble(words[4]));
        }

        void idle() throws IOException {
            orders.println("idle");
            heap = Double.parseDouble(answer());
        }

        List<Double> all(ToDoubleFunction<Round> figure) {
            return rounds.stream().mapToDouble(figure).boxed().toList();
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Scale() {}

    static void print() {
        List<Member> members = new ArrayList<>();
        Map<Contender, String> absent = new EnumMap<>(Contender.class);
        try {
            for (Contender contender : Contender.values()) {
                attempt(absent, contender, () -> {
                    Member member = new Member(contender);
                    members.add(member);
                    member.awaitConnections();
                    member.round(WARM_MILLIS);
                });
            }
            for (int i = 0; i < ROUNDS; i++) {
                for (Member member : members) {
                    attempt(absent, member.contender, () -> member.rounds.add(member.round(MILLIS)));
                }
            }
            for (Member member : members) {
                attempt(absent, member.contender, member::idle);
            }
        } finally {
            members.forEach(Member::close);
        }
        members.removeIf(member -> absent.containsKey(member.contender));
        print(members, absent);
    }

    private static void attempt(Map<Contender, String> absent, Contender contender, Attempt attempt) {
        if (!absent.containsKey(contender)) {
            try {
                attempt.run();
            } catch (IOException e) {
                absent.put(contender, e.getMessage());
            }
        }
    }

    private static void print(List<Member> members, Map<Contender, String> absent) {
        List<String> head = new ArrayList<>(List.of("more is better"));
        head.addAll(Rows.columns(List.of(Contender.values())));
        Table table = new Table(TITLE, head);
        // Of times the other way round: twice as short is 2.
        line(
                table,
                members,
                "echoes in a second",
                (member, base) -> Table.ratio(Row.Ratio.of(member.all(Round::perSecond), base.all(Round::perSecond))));
        line(
                table,
                members,
                "shorter 99th percentile",
                (member, base) -> Table.ratio(Row.Ratio.of(base.all(Round::late), member.all(Round::late))));
        line(
                table,
                members,
                "less CPU for an echo",
                (member, base) -> Table.ratio(Row.Ratio.of(base.all(Round::cpu), member.all(Round::cpu))));
        line(
                table,
                members,
                "heap of a pair of connections, KiB",
                (member, base) -> Table.kibibytes(Optional.of(member.heap / (IDLE + BUSY))));
        absent.forEach((contender, reason) -> {
            table.note(contender.label() + " has no part in it: " + reason);
            Report.add(Map.of("table", TITLE, "column", contender.label(), "absent", reason));
        });
        table.note("The heap is that of the whole process with its sockets, buffers and classes, after a collection.");
        System.out.print(table);
        members.forEach(Scale::report);
    }

    /** A line over all contenders; who is not there has a dash, and without the first nobody can be compared. */
    private static void line(Table table, List<Member> members, String label, BiFunction<Member, Member, String> cell) {
        List<String> cells = new ArrayList<>(List.of(label));
        for (Contender contender : Contender.values()) {
            cells.add(find(members, contender)
                    .flatMap(member -> find(members, Contender.SUNJSSE).map(base -> cell.apply(member, base)))
                    .orElse("-"));
        }
        table.line(cells);
    }

    private static Optional<Member> find(List<Member> members, Contender contender) {
        return members.stream().filter(member -> member.contender == contender).findFirst();
    }

    private static void report(Member member) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("table", TITLE);
        result.put("column", member.contender.label());
        result.put("echoesPerSecond", Row.median(member.all(Round::perSecond)));
        result.put("medianNanos", Row.median(member.all(Round::median)));
        result.put("percentile99Nanos", Row.median(member.all(Round::late)));
        result.put("cpuNanos", Row.median(member.all(Round::cpu)));
        result.put("heapBytes", member.heap);
        Report.add(result);
    }
}
