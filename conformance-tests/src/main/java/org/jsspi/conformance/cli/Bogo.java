package org.jsspi.conformance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jsspi.conformance.bogo.BogoResults;
import org.jsspi.conformance.bogo.Launcher;
import org.jsspi.conformance.bogo.ResidentShim;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bogo}: BoringSSL's test runner, which the user has built, against Schannel. */
@Command(
        name = "bogo",
        description = {
            "Run BoGo, the TLS test runner of BoringSSL, against Schannel.",
            "The runner is yours to build, from ssl/test/runner of BoringSSL's sources. A C compiler is needed too."
        },
        mixinStandardHelpOptions = true)
final class Bogo implements Callable<Integer> {
    /** Longer than the 71 seconds that some tests let pass before they resume a session. */
    private static final String IDLE_TIMEOUT = "90s";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUNNER", description = "The runner, a program.")
    private Path runner;

    @Parameters(index = "1", paramLabel = "DIR", description = "The directory ssl/test/runner of its sources.")
    private Path directory;

    @Option(
            names = "--test",
            paramLabel = "PATTERNS",
            description = "The tests to run, as shell patterns with semicolons between them; all by default.")
    private String tests;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many tests run at a time; ${DEFAULT-VALUE} by default.")
    private int workers;

    @Option(names = "--include-disabled", description = "Run the tests too that bogo.json names with a reason.")
    private boolean includeDisabled;

    @Option(
            names = "--cc",
            paramLabel = "PROGRAM",
            defaultValue = "cc",
            description = "The C compiler; ${DEFAULT-VALUE} by default.")
    private String compiler;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Where results.json and results.txt are left; nothing is left by default.")
    private Path work;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Jsspi.register();
        Path temporary = Files.createTempDirectory("jsspi-bogo");
        Path kept = work == null ? temporary : Files.createDirectories(work).toAbsolutePath();
        try (ResidentShim shim = new ResidentShim(temporary.resolve("socket"))) {
            Path launcher = Launcher.compile(compiler, temporary);
            Path configuration = temporary.resolve("bogo.json");
            try (InputStream in = ResidentShim.class.getResourceAsStream("bogo.json")) {
                Files.copy(in, configuration);
            }
            Run listing = new Run(launcher, configuration, temporary.resolve("names"), true);
            Run run = new Run(launcher, configuration, kept.resolve("results"), includeDisabled);
            shim.listing(true);
            if (!run(listing)) {
                return Jsspi.UNUSABLE;
            }
            shim.listing(false);
            if (!run(run)) {
                return Jsspi.UNUSABLE;
            }
            BogoResults results = BogoResults.of(BogoResults.names(listing.json()), run.json());
            results.print(out, shim.unimplemented());
            out.flush();
            return results.failed() == 0 ? 0 : Jsspi.UNUSABLE;
        } finally {
            delete(temporary);
        }
    }

    /**
     * One run of the runner.
     *
     * @param results where they go: what it says with {@code .txt} behind, what it found with {@code .json}
     */
    private record Run(Path launcher, Path configuration, Path results, boolean withDisabled) {
        Path json() {
            return results.resolveSibling(results.getFileName() + ".json");
        }

        Path output() {
            return results.resolveSibling(results.getFileName() + ".txt");
        }
    }

    /** {@return whether there are results} */
    private boolean run(Run run) throws IOException, InterruptedException {
        Files.deleteIfExists(run.json());
        ProcessBuilder process = new ProcessBuilder(arguments(run))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(run.output().toFile());
        process.environment()
                .put(
                        Launcher.SOCKET_VARIABLE,
                        run.launcher().resolveSibling("socket").toString());
        process.start().waitFor();
        boolean ended = Files.exists(run.json());
        if (!ended) {
            spec.commandLine().getErr().println(Files.readString(run.output()));
        }
        return ended;
    }

    private List<String> arguments(Run run) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                runner.toRealPath().toString(),
                "-shim-path",
                run.launcher().toString(),
                "-shim-config",
                run.configuration().toString(),
                "-json-output",
                run.json().toString(),
                "-num-workers",
                String.valueOf(workers),
                "-idle-timeout",
                IDLE_TIMEOUT,
                "-allow-unimplemented",
                "-pipe"));
        if (tests != null) {
            arguments.addAll(List.of("-test", tests));
        }
        if (run.withDisabled()) {
            arguments.add("-include-disabled");
        }
        return arguments;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
