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
            "The runner is ssl/test/runner of BoringSSL, built with \"go test -c\"; a C compiler is needed too."
        },
        mixinStandardHelpOptions = true)
final class Bogo implements Callable<Integer> {
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
            defaultValue = "2",
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
            description = "Where results.json and output.txt are left; nothing is left by default.")
    private Path work;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        // The runner's clients do not ask for the status of certificates unless it says so.
        System.setProperty("jdk.tls.client.enableStatusRequestExtension", "false");
        Jsspi.register();
        Path temporary = Files.createTempDirectory("jsspi-bogo");
        Path kept = work == null ? temporary : Files.createDirectories(work).toAbsolutePath();
        try (ResidentShim shim = new ResidentShim(temporary.resolve("socket"))) {
            Path launcher = Launcher.compile(compiler, temporary);
            Path configuration = temporary.resolve("bogo.json");
            try (InputStream in = ResidentShim.class.getResourceAsStream("bogo.json")) {
                Files.copy(in, configuration);
            }
            Path output = kept.resolve("output.txt");
            Path json = kept.resolve("results.json");
            Files.deleteIfExists(json);
            ProcessBuilder process = new ProcessBuilder(arguments(launcher, configuration, json))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            process.environment()
                    .put(Launcher.SOCKET_VARIABLE, temporary.resolve("socket").toString());
            process.start().waitFor();
            if (!Files.exists(json)) {
                spec.commandLine().getErr().println(Files.readString(output));
                return Jsspi.UNUSABLE;
            }
            BogoResults results = BogoResults.read(json);
            results.print(out, shim.unimplemented());
            out.flush();
            return results.failed() == 0 ? 0 : Jsspi.UNUSABLE;
        } finally {
            delete(temporary);
        }
    }

    private List<String> arguments(Path launcher, Path configuration, Path json) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                runner.toRealPath().toString(),
                "-shim-path",
                launcher.toString(),
                "-shim-config",
                configuration.toString(),
                "-json-output",
                json.toString(),
                "-num-workers",
                String.valueOf(workers),
                "-allow-unimplemented",
                "-pipe"));
        if (tests != null) {
            arguments.addAll(List.of("-test", tests));
        }
        if (includeDisabled) {
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
