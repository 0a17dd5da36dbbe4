package org.jsspi.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One run of a Java program in a JVM of its own, for what only a fresh JVM can show: a {@code java.security} file, the
 * module path, the state before any provider is loaded.
 *
 * <pre>{@code
 * ForkedJvm.Result result = new ForkedJvm()
 *         .classPath(provider, spi, bcprov, probe)
 *         .property("java.security.properties", overlay.toString())
 *         .run("org.example.Main", "argument");
 * }</pre>
 *
 * <p>The JVM starts without the options that the environment would add (JAVA_TOOL_OPTIONS and its like) and reads an empty
 * standard input. It never outlives {@link #run}: at the time limit, or when the waiting thread is interrupted, it is
 * killed with all its children. An object may run several times; it is not for use by several threads.
 */
public final class ForkedJvm {
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Duration limit = Duration.ofSeconds(60);
    private final List<Path> classPath = new ArrayList<>();
    private final List<Path> modulePath = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** A JVM of the installation that this one runs on, with nothing on its paths and 60 seconds to live. */
    public ForkedJvm() {}

    /**
     * How a JVM ended.
     *
     * @param exitCode the exit code, 0 where {@code main} returned
     * @param out what it wrote to standard output, read as UTF-8
     * @param err what it wrote to standard error, read as UTF-8
     */
    public record Result(int exitCode, String out, String err) {
        /** {@return the lines of standard output} */
        public List<String> lines() {
            return out.lines().toList();
        }

        /**
         * {@return this, after a look at the exit code}
         *
         * @throws IllegalStateException if it is not 0, with both outputs in the message
         */
        public Result orThrow() {
            if (exitCode != 0) {
                throw new IllegalStateException("the JVM ended with exit code " + exitCode + outputs(out, err));
            }
            return this;
        }
    }

    /** Another Java installation: the directory that holds {@code bin/java}. */
    public ForkedJvm javaHome(Path home) {
        javaHome = home;
        return this;
    }

    /** Adds to the class path. */
    public ForkedJvm classPath(Path... entries) {
        classPath.addAll(Arrays.asList(entries));
        return this;
    }

    /** Adds to the module path. */
    public ForkedJvm modulePath(Path... entries) {
        modulePath.addAll(Arrays.asList(entries));
        return this;
    }

    /** Adds options of the {@code java} command, each as one word: {@code "-Xmx64m"}, {@code "--add-modules=a.b"}. */
    public ForkedJvm options(String... words) {
        options.addAll(Arrays.asList(words));
        return this;
    }

    /** Sets a system property. */
    public ForkedJvm property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** The time after which the JVM is killed. */
    public ForkedJvm limit(Duration time) {
        limit = time;
        return this;
    }

    /**
     * {@return the command line that {@link #run} starts}
     *
     * @param main the name of a class, or {@code module/class}
     * @param arguments the program's arguments
     */
    public List<String> command(String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.addAll(options);
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        if (!modulePath.isEmpty()) {
            command.add("--module-path=" + joined(modulePath));
        }
        // Without a class path java takes the current directory, which is nobody's intention here.
        command.add("--class-path=" + joined(classPath));
        if (main.contains("/")) {
            command.add("--module");
        }
        command.add(main);
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /**
     * Runs the program to its end.
     *
     * @param main the name of a class, or {@code module/class}
     * @param arguments the program's arguments
     * @throws IOException if the JVM cannot be started
     * @throws InterruptedException if the waiting thread is interrupted; the JVM is dead then
     * @throws IllegalStateException if the JVM reached its time limit, with both outputs in the message
     */
    public Result run(String main, String... arguments) throws IOException, InterruptedException {
        // Files and not pipes: a program that writes much cannot block on a reader, and no thread has to read.
        Path out = Files.createTempFile("forked-jvm", ".out");
        Path err = Files.createTempFile("forked-jvm", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command(main, arguments))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment()
                    .keySet()
                    .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
            Process process = builder.start();
            boolean ended;
            try {
                process.getOutputStream().close();
                ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                kill(process);
            }
            if (!ended) {
                throw new IllegalStateException("the JVM did not end within " + limit + outputs(text(out), text(err)));
            }
            return new Result(process.exitValue(), text(out), text(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String joined(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** What the program wrote, with a replacement character where it was cut off inside one. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String outputs(String out, String err) {
        return "\n--- standard output ---\n" + out + "\n--- standard error ---\n" + err;
    }
}
