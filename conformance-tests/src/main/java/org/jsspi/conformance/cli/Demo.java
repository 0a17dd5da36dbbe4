package org.jsspi.conformance.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jsspi.conformance.ForkedJvm;
import org.jsspi.conformance.SecurityOverlay;
import org.jsspi.conformance.demo.HttpsExchangeDemo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code demo}: HTTPS by unchanged code of the JDK, in a JVM that has a java.security file and no other hint. */
@Command(
        name = "demo",
        description = {
            "Run an HTTPS exchange on the engine of JSSPI.",
            "A second JVM is started with a java.security file and no other hint. There HttpsServer and HttpClient of "
                    + "the JDK exchange a page; then two SSPI contexts talk in memory, call by call."
        },
        mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path directory = Files.createTempDirectory("jsspi-demo");
        Path overlay = directory.resolve("java.security");
        try {
            String text = SecurityOverlay.forThisJvm();
            Files.writeString(overlay, text);
            out.println("A second JVM runs code of the JDK that has never heard of Jsspi. Its only hint:");
            out.println();
            out.println("  java -Djava.security.properties=" + overlay.getFileName() + " ...");
            text.lines().limit(3).forEach(line -> out.println("       " + line));
            out.println("       ...");
            out.flush();

            ForkedJvm.Result result = new ForkedJvm()
                    .classPath(classPath())
                    .property("java.security.properties", overlay.toString())
                    .limit(LIMIT)
                    .run(HttpsExchangeDemo.class.getName());
            result.lines().forEach(out::println);
            out.flush();
            result.err().lines().forEach(spec.commandLine().getErr()::println);
            if (result.exitCode() != 0) {
                return Jsspi.UNUSABLE;
            }
            out.println();
            out.println("Everything above ran on JSSPI.");
            out.flush();
            return 0;
        } finally {
            Files.deleteIfExists(overlay);
            Files.delete(directory);
        }
    }

    /** {@return what this JVM has on its class path} */
    static Path[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toArray(Path[]::new);
    }
}
