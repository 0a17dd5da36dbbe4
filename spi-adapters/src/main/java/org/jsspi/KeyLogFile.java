package org.jsspi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A {@link KeyLog} as a file in the form of RFC 9850 (SSLKEYLOGFILE), which Wireshark and others read. Lines are appended, each
 * in one write, so several JVMs may share one file; a new file can be read by its owner only. Safe for all threads.
 */
public final class KeyLogFile implements KeyLog {
    /** The system property that names the file for every connection of a JVM. */
    public static final String PROPERTY = "org.jsspi.keyLogFile";

    private static final System.Logger LOGGER = System.getLogger("org.jsspi");
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final class Configured {
        static final KeyLog LOG = open(System.getProperty(PROPERTY));
    }

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean failed;

    /** A log that is appended to this file. */
    public KeyLogFile(Path file) {
        this.file = file;
    }

    /** {@return the log that {@value #PROPERTY} asks for, or null; the first answer warns that there is one} */
    public static KeyLog configured() {
        return Configured.LOG;
    }

    private static KeyLog open(String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        LOGGER.log(
                System.Logger.Level.WARNING,
                "{0} is set: the secrets of all TLS connections of this JVM are written to {1}, and whoever reads that file can"
                        + " read the connections",
                PROPERTY,
                name);
        return new KeyLogFile(Path.of(name));
    }

    @Override
    public void secret(String label, byte[] clientRandom, byte[] secret) {
        // RFC 9850 2: | label | space | client random in hex | space | secret in hex | line feed |
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        byte[] line = new byte[name.length + 2 * clientRandom.length + 2 * secret.length + 3];
        System.arraycopy(name, 0, line, 0, name.length);
        int end = name.length;
        line[end++] = ' ';
        end = hex(clientRandom, line, end);
        line[end++] = ' ';
        end = hex(secret, line, end);
        line[end] = '\n';
        lock.lock();
        try (OutputStream out = append()) {
            out.write(line);
        } catch (IOException e) {
            complain(e);
        } finally {
            Arrays.fill(line, (byte) 0);
            lock.unlock();
        }
    }

    private OutputStream append() throws IOException {
        if (!Files.exists(file)
                && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            FileAttribute<?> ownersOnly =
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownersOnly)
                    .close();
        }
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A connection does not end because nobody can watch it. */
    private void complain(IOException e) {
        if (!failed) {
            failed = true;
            LOGGER.log(System.Logger.Level.WARNING, "secrets cannot be written to " + file, e);
        }
    }

    private static int hex(byte[] bytes, byte[] line, int start) {
        int end = start;
        for (byte b : bytes) {
            line[end++] = HEX[b >> 4 & 0xF];
            line[end++] = HEX[b & 0xF];
        }
        return end;
    }
}
