package org.jsspi.conformance.jtreg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** javac: in this JVM where tests run on the same JDK, or else that JDK's own. */
final class TestCompiler {
    private TestCompiler() {}

    /**
     * What the compiler came to.
     *
     * @param exitCode 0 for done, 1 for errors in the source, more for an unusable command line or a broken compiler
     * @param output what it printed
     */
    record Result(int exitCode, String output) {}

    /**
     * Looks whether there is a compiler.
     *
     * @throws IllegalStateException if there is none
     */
    static void check(Platform platform) {
        boolean found =
                platform.isOwn() ? ToolProvider.getSystemJavaCompiler() != null : Files.isExecutable(javac(platform));
        if (!found) {
            throw new IllegalStateException(
                    platform.javaHome() + " has no javac: tests are compiled, so they need a JDK and not a JRE");
        }
    }

    static Result compile(Platform platform, List<String> arguments, Path directory, Duration limit)
            throws IOException, InterruptedException {
        if (platform.isOwn()) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            int code = ToolProvider.getSystemJavaCompiler().run(null, output, output, arguments.toArray(String[]::new));
            return new Result(code, output.toString(StandardCharsets.UTF_8));
        }
        List<String> command = Stream.concat(Stream.of(javac(platform).toString()), arguments.stream())
                .toList();
        Fork.Result result = Fork.run(command, directory, limit, null);
        return new Result(result.timedOut() ? 4 : result.exitCode(), result.out() + result.err());
    }

    private static Path javac(Platform platform) {
        return platform.javaHome().resolve("bin").resolve("javac");
    }
}
