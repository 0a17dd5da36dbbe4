package org.jsspi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accounts in a text file, one to a line:
 *
 * <pre>
 * # comment
 * DOMAIN:user:8846f7eaee8fb117ad06bdd830b7586c
 * :user:8846f7eaee8fb117ad06bdd830b7586c
 * </pre>
 *
 * The third field is the NT hash, MD4 over the UTF-16LE password, in hexadecimal. An NT hash is worth as much as the
 * password: a file that everybody may read or write is refused where the file system can tell. UTF-8; at most
 * {@value #LONGEST} bytes. Names match as in {@link NtlmAccountTable}. The file is read again when its time or
 * size has changed; one that has become unreadable or malformed fails every look-up.
 *
 * <p>Closing wipes the secrets. Safe for use by several threads.
 */
public final class NtlmAccountFile implements NtlmAccounts, AutoCloseable {
    /** The longest file, in bytes. */
    public static final int LONGEST = 16 << 20;

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock();
    private NtlmAccountTable table;
    private Object state;
    private boolean closed;

    /**
     * Reads the file.
     *
     * @throws SspiException SEC_E_NO_CREDENTIALS if it cannot be read, is open to everybody, too long or malformed
     */
    public NtlmAccountFile(Path file) throws SspiException {
        this.file = file;
        refresh();
    }

    @Override
    public AuthIdentity find(String user, String domain) throws SspiException {
        lock.lock();
        try {
            if (closed) {
                throw refused("the accounts are closed", null);
            }
            refresh();
            return table.find(user, domain);
        } finally {
            lock.unlock();
        }
    }

    /** Wipes the secrets; look-ups fail from now on. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            table.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "NtlmAccountFile[" + file + "]";
    }

    private void refresh() throws SspiException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // A record of what identifies a version of the file; equal means unchanged.
            record Version(Object time, long size, Object key) {}
            Version now = new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
            if (now.equals(state)) {
                return;
            }
            if (attributes.size() > LONGEST) {
                throw refused("is longer than " + LONGEST + " bytes", null);
            }
            PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (posix != null && posix.readAttributes().permissions().stream().anyMatch(OTHERS::contains)) {
                throw refused("may be read or written by everybody", null);
            }
            NtlmAccountTable fresh = parse(Files.readAllBytes(file));
            if (table != null) {
                table.close();
            }
            table = fresh;
            state = now;
        } catch (IOException e) {
            throw refused("cannot be read", e);
        }
    }

    private NtlmAccountTable parse(byte[] bytes) throws SspiException {
        NtlmAccountTable fresh = new NtlmAccountTable();
        try {
            int number = 0;
            for (String line : new String(bytes, StandardCharsets.UTF_8).split("\\R")) {
                number++;
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] fields = line.split(":", -1);
                if (fields.length != 3 || fields[1].isBlank() || !fields[2].matches("[0-9A-Fa-f]{32}")) {
                    fresh.close();
                    throw refused("line " + number + " is not DOMAIN:user:nthash", null);
                }
                byte[] hash = HexFormat.of().parseHex(fields[2]);
                try (AuthIdentity account = AuthIdentity.ofNtHash(fields[1], fields[0], hash)) {
                    fresh.add(account);
                } finally {
                    Arrays.fill(hash, (byte) 0);
                }
            }
            return fresh;
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private SspiException refused(String what, IOException cause) {
        return new SspiException(
                SecurityStatus.SEC_E_NO_CREDENTIALS,
                SspiException.Kind.KEY,
                "account file " + file + ": " + what,
                cause);
    }
}
