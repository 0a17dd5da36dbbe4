package org.jsspi.conformance.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tool inside the test's JVM, with its streams captured. */
final class Tool {
    private Tool() {}

    /** How a command ended. */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    static Result run(String... arguments) {
        return runWith(new byte[0], arguments);
    }

    static Result runWith(byte[] standardInput, String... arguments) {
        return runWith(new ByteArrayInputStream(standardInput), arguments);
    }

    static Result runWith(InputStream standardInput, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Jsspi.commandLine(standardInput, out, err).execute(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** {@code serve --port 0}, until it has served as many connections as it was told. */
    static final class Server implements AutoCloseable {
        private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) ");

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Thread thread;
        private volatile int exitCode = -1;
        private final int port;

        /** Arguments beyond {@code serve --port 0 --max connections}. */
        Server(int connections, String... arguments) throws IOException, InterruptedException {
            String[] all = new String[arguments.length + 5];
            System.arraycopy(new String[] {"serve", "--port", "0", "--max", String.valueOf(connections)}, 0, all, 0, 5);
            System.arraycopy(arguments, 0, all, 5, arguments.length);
            thread = new Thread(
                    () -> exitCode = Jsspi.commandLine(InputStream.nullInputStream(), out, err)
                            .execute(all),
                    "jsspi serve");
            thread.setDaemon(true);
            thread.start();
            port = awaitPort();
        }

        int port() {
            return port;
        }

        String address() {
            return "localhost:" + port;
        }

        /** What it printed, once all its connections are served. */
        Result ended() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            if (thread.isAlive()) {
                throw new IllegalStateException("the server still waits for connections; so far: " + out);
            }
            return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }

        private int awaitPort() throws IOException, InterruptedException {
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); System.nanoTime() < end; ) {
                Matcher line = LISTENING.matcher(out.toString(StandardCharsets.UTF_8));
                if (line.find()) {
                    return Integer.parseInt(line.group(1));
                }
                if (!thread.isAlive()) {
                    break;
                }
                Thread.sleep(10);
            }
            throw new IOException("serve does not listen: " + err);
        }

        /** A server that still waits is left to its daemon thread. */
        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
