package org.jsspi.conformance.bogo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program that the runner starts for every test, compiled where it is needed. */
public final class Launcher {
    /** The environment variable that names the socket of the {@link ResidentShim}. */
    public static final String SOCKET_VARIABLE = "JSSPI_BOGO_SOCKET";

    private static final String SOURCE = "launcher.c";

    private Launcher() {}

    /**
     * Compiles it.
     *
     * @param compiler a C compiler: a name on the path, or a file
     * @param directory where it is put
     * @return the program
     * @throws IOException if there is no such compiler, or it refuses
     */
    public static Path compile(String compiler, Path directory) throws IOException, InterruptedException {
        Path source = directory.resolve(SOURCE);
        try (InputStream in = Launcher.class.getResourceAsStream(SOURCE)) {
            Files.copy(in, source);
        }
        Path program = directory.resolve("launcher");
        Process process = new ProcessBuilder(
                        compiler,
                        "-std=c99",
                        "-D_POSIX_C_SOURCE=200809L",
                        "-O2",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-o",
                        program.toString(),
                        source.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(compiler + " does not compile the launcher: " + said.strip());
        }
        return program;
    }
}
