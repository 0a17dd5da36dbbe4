package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One process of a test: in its directory, under its time limit, with everything it wrote.
 *
 * <p>At the limit the process is asked where its threads stand, then killed with its children.
 */
final class Fork {
    /** As much of each output is kept, half from its beginning and half from its end. */
    private static final int KEPT = 1 << 20;

    private Fork() {}

    /**
     * How a process ended.
     *
     * @param exitCode its exit code; of no meaning if it was killed
     * @param timedOut it was killed at its time limit
     * @param out standard output
     * @param err standard error
     * @param threads what the JVM said of its threads at the time limit
     */
    record Result(int exitCode, boolean timedOut, String out, String err, String threads) {
        String outputs() {
            return section("System.out", out) + section("System.err", err) + section("Threads", threads);
        }

        private static String section(String title, String text) {
            return text.isBlank() ? "" : "----------" + title + "----------\n" + text.stripTrailing() + "\n";
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param directory its working directory
     * @param jstack the command that prints the threads of a JVM; null where the process is none
     * @throws InterruptedException if the waiting thread is interrupted; the process is dead then
     */
    static Result run(List<String> command, Path directory, Duration limit, Path jstack)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("jtreg", ".out");
        Path err = Files.createTempFile("jtreg", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment()
                    .keySet()
                    .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
            Process process = builder.start();
            boolean ended;
            String threads = "";
            try {
                process.getOutputStream().close();
                ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended && jstack != null && Files.isExecutable(jstack)) {
                    List<String> ask = List.of(jstack.toString(), String.valueOf(process.pid()));
                    threads = run(ask, directory, Duration.ofSeconds(10), null).out();
                }
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                process.onExit().join();
            }
            return new Result(process.exitValue(), !ended, text(out), text(err), threads);
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static String text(Path file) throws IOException {
        long size = Files.size(file);
        if (size <= KEPT) {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        }
        byte[] half = new byte[KEPT / 2];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.readFully(half);
            String beginning = new String(half, StandardCharsets.UTF_8);
            in.seek(size - half.length);
            in.readFully(half);
            return beginning + "\n... " + (size - KEPT) + " bytes are left out ...\n"
                    + new String(half, StandardCharsets.UTF_8);
        }
    }
}
