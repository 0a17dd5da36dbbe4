package org.jsspi.conformance.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program of this machine that speaks TLS; a test that wants one which is absent is skipped with the reason. */
final class Peer implements AutoCloseable {
    private final Process process;
    private final Path out;

    private Peer(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /** Starts the program with its output, both kinds, in one place. */
    static Peer start(Path directory, String... command) throws IOException {
        boolean present = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, command[0])));
        if (!present) {
            System.out.println("skipped: " + command[0] + " is not installed");
        }
        Assumptions.assumeTrue(present, command[0] + " is not installed");
        Path out = Files.createTempFile(directory, command[0], ".out");
        return new Peer(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start(),
                out);
    }

    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    int ended() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the peer does not end; so far: " + out());
        }
        return process.exitValue();
    }

    /** Waits until the output holds this text. */
    void says(String text) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); System.nanoTime() < end; ) {
            if (out().contains(text)) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("the peer does not say \"" + text + "\" but " + out());
    }

    String out() {
        try {
            return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
