package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets on virtual threads: no carrier thread is held while one waits. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest {
    private static final Method START = start();

    private static Method start() {
        try {
            return Runtime.version().feature() < 21
                    ? null
                    : Thread.class.getMethod("startVirtualThread", Runnable.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private final List<Thread> threads = new ArrayList<>();

    private <T> CompletableFuture<T> onVirtualThread(Callable<T> call) throws ReflectiveOperationException {
        CompletableFuture<T> future = new CompletableFuture<>();
        Runnable run = () -> {
            try {
                future.complete(call.call());
            } catch (Throwable e) {
                future.completeExceptionally(e);
            }
        };
        threads.add((Thread) START.invoke(null, run));
        return future;
    }

    @Test
    void nobodyIsPinned() throws Exception {
        assumeTrue(START != null, "virtual threads are there from JDK 21 on");
        try (Recording recording = new Recording();
                SSLServerSocket listener = listener()) {
            recording
                    .enable("jdk.VirtualThreadPinned")
                    .withThreshold(Duration.ZERO)
                    .withStackTrace();
            recording.start();
            // Loading a class holds the carrier of whoever waits for it, once in the life of a JVM; those of the
            // recorder's
            // events are loaded when it records.
            CompletableFuture<?> first = CompletableFuture.runAsync(() -> quietly(() -> echo(listener)));
            ask(listener.getLocalPort());
            first.get(40, TimeUnit.SECONDS);
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                all.add(onVirtualThread(() -> echo(listener)));
                all.add(onVirtualThread(() -> ask(listener.getLocalPort())));
            }
            for (CompletableFuture<?> one : all) {
                one.get(40, TimeUnit.SECONDS);
            }
            recording.stop();

            Path file = Files.createTempFile("pinned", ".jfr");
            recording.dump(file);
            List<RecordedEvent> ours = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getStackTrace() != null
                            && event.getStackTrace().getFrames().stream()
                                    .anyMatch(frame -> frame.getMethod()
                                            .getType()
                                            .getName()
                                            .startsWith("org.jsspi.")))
                    // Class initialisers run on the carrier, once in the life of a JVM.
                    .filter(event -> event.getStackTrace().getFrames().stream()
                            .noneMatch(frame -> frame.getMethod().getName().equals("<clinit>")))
                    .toList();
            Files.delete(file);
            assertEquals(List.of(), ours);
        }
    }

    private static void quietly(Callable<?> call) {
        try {
            call.call();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private static Void echo(SSLServerSocket listener) throws IOException {
        try (Socket socket = listener.accept()) {
            byte[] bytes = socket.getInputStream().readNBytes(50_000);
            // So that the client has to wait.
            Thread.sleep(20);
            socket.getOutputStream().write(bytes);
            assertEquals(-1, socket.getInputStream().read());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return null;
    }

    private static Void ask(int port) throws IOException {
        try (Socket socket =
                Jsse.OURS.client().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            byte[] bytes = new byte[50_000];
            new java.util.Random(port).nextBytes(bytes);
            socket.getOutputStream().write(bytes);
            assertArrayEquals(bytes, socket.getInputStream().readNBytes(bytes.length));
        }
        return null;
    }

    private static SSLServerSocket listener() throws IOException {
        return (SSLServerSocket) Jsse.OURS
                .server(KeyKind.EC_P256)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** What the platform does to a virtual thread that is interrupted in a read: the socket is closed. */
    @Test
    void anInterruptEndsTheReadOfAVirtualThread() throws Exception {
        assumeTrue(START != null, "virtual threads are there from JDK 21 on");
        try (SSLServerSocket listener = listener();
                SSLSocket client = (SSLSocket) Jsse.OURS
                        .client()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            CompletableFuture<Void> server = onVirtualThread(() -> {
                ((SSLSocket) listener.accept()).startHandshake();
                return null;
            });
            CompletableFuture<Integer> reader =
                    onVirtualThread(() -> client.getInputStream().read());
            server.get(20, TimeUnit.SECONDS);
            Thread.sleep(100);
            threads.get(1).interrupt();
            ExecutionException end = assertThrows(ExecutionException.class, () -> reader.get(20, TimeUnit.SECONDS));
            assertInstanceOf(SocketException.class, end.getCause());
        }
    }

    /** Before JDK 24 a monitor pins. */
    @Test
    void nothingOfOursIsSynchronized() throws Exception {
        Pattern comment = Pattern.compile("/\\*.*?\\*/|//[^\\n]*|\"(?:\\\\.|[^\"\\\\])*\"", Pattern.DOTALL);
        Pattern monitor = Pattern.compile("\\bsynchronized\\b|\\.wait\\(|\\.notify(?:All)?\\(");
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String folder : List.of("../spi-adapters/src/main/java", "../provider/src/main/java")) {
            try (Stream<Path> sources = Files.walk(Path.of(folder))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                        .toList()) {
                    files++;
                    if (monitor.matcher(
                                    comment.matcher(Files.readString(source)).replaceAll(" "))
                            .find()) {
                        found.add(source.toString());
                    }
                }
            }
        }
        assertTrue(files > 200, files + " files: the sources are elsewhere");
        assertEquals(List.of(), found);
    }
}
