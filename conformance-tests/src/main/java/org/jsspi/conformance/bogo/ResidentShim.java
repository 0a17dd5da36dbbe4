package org.jsspi.conformance.bogo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs tests for launchers, each in a thread, until it is closed.
 *
 * <p>A launcher connects to the Unix socket and sends its arguments; all numbers are 4 bytes, big-endian:
 *
 * <pre>
 * launcher:  count, (length, bytes) for each argument
 * answer:    exit code, length, bytes for standard output, length, bytes for standard error
 * </pre>
 */
public final class ResidentShim implements AutoCloseable {
    /** More arguments than any test has. */
    private static final int MOST_ARGUMENTS = 1000;

    private static final int LONGEST_ARGUMENT = 1 << 20;

    private final Path socket;
    private final ServerSocketChannel listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "bogo");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Integer> unimplemented = new TreeMap<>();
    private volatile boolean listing;

    /** Listens on a socket at this path, which must not exist, and registers what the runner's certificates need. */
    public ResidentShim(Path socket) throws IOException {
        this.socket = socket;
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        EmptySubjects.register();
        threads.execute(this::accept);
    }

    /** Says whether tests are only to be listed: each ends at once as one that is not implemented. */
    public void listing(boolean only) {
        listing = only;
    }

    /** {@return why tests were not run, each reason with the number of those tests} */
    public Map<String, Integer> unimplemented() {
        synchronized (unimplemented) {
            return new TreeMap<>(unimplemented);
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel launcher = listener.accept();
                threads.execute(() -> serve(launcher));
            }
        } catch (ClosedChannelException e) {
            // close() was called.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel launcher) {
        try (launcher) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(launcher));
            List<String> arguments = arguments(in);
            Shim.Result result = listing ? Shim.listed(arguments) : Shim.run(arguments);
            if (result.exitCode() == Shim.UNIMPLEMENTED && !listing) {
                synchronized (unimplemented) {
                    unimplemented.merge(result.err().strip(), 1, Integer::sum);
                }
            }
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(launcher));
            out.writeInt(result.exitCode());
            write(out, result.out());
            write(out, result.err());
            out.flush();
        } catch (IOException e) {
            // The runner has killed the launcher, or somebody else has connected.
        }
    }

    private static List<String> arguments(DataInputStream in) throws IOException {
        int count = bounded(in.readInt(), MOST_ARGUMENTS);
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] argument = new byte[bounded(in.readInt(), LONGEST_ARGUMENT)];
            in.readFully(argument);
            arguments.add(new String(argument, StandardCharsets.ISO_8859_1));
        }
        return arguments;
    }

    private static int bounded(int length, int bound) throws IOException {
        if (length < 0 || length > bound) {
            throw new IOException("not a launcher");
        }
        return length;
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Stops listening; tests that run are left to end. */
    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdown();
        EmptySubjects.unregister();
        Files.deleteIfExists(socket);
    }
}
