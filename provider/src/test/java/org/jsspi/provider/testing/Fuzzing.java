package org.jsspi.provider.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs Jazzer on every fuzz target for some seconds each: {@code mvn -Pfuzz test -pl provider -am}. What earlier runs found
 * interesting is kept below {@code target/fuzz} and used again.
 *
 * <p>An input that breaks a target fails the build and is printed as a line for the corpus, where it stays a test.
 */
final class Fuzzing {
    private static final Path DIRECTORY = Path.of("target", "fuzz");

    /** The first input waits until the classes that it needs are instrumented. */
    private static final int SECONDS_FOR_ONE_INPUT = 60;

    private static final int SECONDS_TO_START_AND_END = 180;

    private Fuzzing() {}

    /** @param args the seconds for each target, then perhaps the simple names of some */
    public static void main(String[] args) throws Exception {
        int seconds = args.length == 0 ? 30 : Integer.parseInt(args[0]);
        List<String> wanted = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        boolean broken = false;
        for (Class<?> target : SeedCorpus.targets()) {
            if (wanted.isEmpty() || wanted.contains(target.getSimpleName())) {
                broken |= !holds(target, seconds);
            }
        }
        System.exit(broken ? 1 : 0);
    }

    private static boolean holds(Class<?> target, int seconds) throws IOException, InterruptedException {
        Path directory = DIRECTORY.resolve(target.getSimpleName());
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        for (Map.Entry<String, byte[]> seed : SeedCorpus.of(target).entrySet()) {
            Files.write(corpus.resolve(seed.getKey()), seed.getValue());
        }
        forgetFindings(directory);
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(command(target, seconds, corpus, directory))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended;
        try {
            ended = process.waitFor(seconds + SECONDS_TO_START_AND_END, TimeUnit.SECONDS);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        boolean holds = ended && process.exitValue() == 0;
        String verdict = holds ? lastFigures(text) : (ended ? "BROKEN" : "DOES NOT END") + ", see " + log;
        System.out.printf("%-28s %s%n", target.getSimpleName(), verdict);
        for (Path finding : findings(directory)) {
            System.out.println(
                    "    " + finding.getFileName() + " " + HexFormat.of().formatHex(Files.readAllBytes(finding)));
            holds = false;
        }
        if (!holds) {
            System.out.println(text.lines()
                    .filter(line -> line.startsWith("== Java Exception") || line.startsWith("\tat org.jsspi"))
                    .limit(20)
                    .reduce("", (all, line) -> all + "    " + line + "\n"));
        }
        return holds;
    }

    private static List<String> command(Class<?> target, int seconds, Path corpus, Path directory) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(List.of(
                "--target_class=" + target.getName(),
                "--instrumentation_includes=org.jsspi.**",
                "--keep_going=1",
                "-max_total_time=" + seconds,
                "-timeout=" + SECONDS_FOR_ONE_INPUT,
                "-rss_limit_mb=3000",
                "-artifact_prefix=" + directory + File.separator,
                "-print_final_stats=1",
                corpus.toString()));
        return command;
    }

    private static List<Path> findings(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom|leak)-.*"))
                    .sorted()
                    .toList();
        }
    }

    private static void forgetFindings(Path directory) throws IOException {
        for (Path finding : findings(directory)) {
            Files.delete(finding);
        }
    }

    /** {@return Jazzer's own last words: how many inputs, how much of the code} */
    private static String lastFigures(String text) {
        return text.lines()
                .filter(line -> line.startsWith("#") && line.contains("DONE"))
                .reduce((first, last) -> last)
                .orElse("no figures");
    }
}
