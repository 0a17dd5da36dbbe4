package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts of an NTLM server, in memory and in a file. */
class NtlmAccountsTest {
    private static final String HASH = "8846f7eaee8fb117ad06bdd830b7586c";

    @TempDir
    private Path folder;

    private static AuthIdentity account(String user, String domain, String password) {
        return AuthIdentity.of(user, domain, password.toCharArray());
    }

    @Test
    void namesMatchWithoutRegardToCaseAndTheExactDomainComesFirst() throws SspiException {
        try (NtlmAccountTable table = new NtlmAccountTable()
                .add(account("alice", "EXAMPLE", "of the domain"))
                .add(account("Alice", "", "of any"))) {
            assertEquals(
                    "of the domain", new String(table.find("ALICE", "example").password()));
            assertEquals(
                    "of the domain", new String(table.find("alice@Example", "").password()));
            assertEquals("of any", new String(table.find("alice", "OTHER").password()));
            assertEquals("of any", new String(table.find("alice", "").password()));
            assertNull(table.find("bob", "EXAMPLE"));
            table.remove("ALICE", "Example");
            assertEquals("of any", new String(table.find("alice", "example").password()));
            assertEquals(1, table.size());
        }
    }

    @Test
    void whatIsFoundIsACopyAndWhatIsClosedIsGone() throws SspiException {
        NtlmAccountTable table = new NtlmAccountTable().add(account("alice", "", "secret"));
        table.find("alice", "").close();
        AuthIdentity found = table.find("alice", "");
        table.close();
        assertEquals("secret", new String(found.password()));
        assertNull(table.find("alice", ""));
        assertFalse(table.toString().contains("alice"));
        assertThrows(SspiException.class, () -> table.add(AuthIdentity.anonymous()));
    }

    private Path file(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("accounts"), text);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return file;
    }

    @Test
    void aFileHasOneAccountToALine() throws Exception {
        try (NtlmAccountFile accounts = new NtlmAccountFile(
                file("# people\n\nEXAMPLE:alice:" + HASH + "\r\n:bob:" + HASH.toUpperCase() + "\n"))) {
            assertArrayEquals(
                    HexFormat.of().parseHex(HASH),
                    accounts.find("Alice", "example").ntHash());
            assertNotNull(accounts.find("bob", "anywhere"));
            assertNull(accounts.find("alice", "anywhere"));
            assertNull(accounts.find("carol", "EXAMPLE"));
        }
    }

    @Test
    void aFileThatChangesIsReadAgainAndAMalformedOneFails() throws Exception {
        Path file = file(":alice:" + HASH);
        try (NtlmAccountFile accounts = new NtlmAccountFile(file)) {
            Files.writeString(file, ":carol:" + HASH + "\n");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
            assertNull(accounts.find("alice", ""));
            assertNotNull(accounts.find("carol", ""));
            Files.writeString(file, ":carol:no hash\n");
            SspiException e = assertThrows(SspiException.class, () -> accounts.find("carol", ""));
            assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, e.status());
            Files.delete(file);
            assertThrows(SspiException.class, () -> accounts.find("carol", ""));
        }
    }

    @Test
    void malformedLinesAreNamedByNumberAndWithoutTheirText() throws Exception {
        for (String bad : new String[] {
            "alice:" + HASH,
            "A:alice:" + HASH + ":more",
            "A::" + HASH,
            "A:alice:" + HASH + "00",
            "A:alice:x" + HASH.substring(1),
        }) {
            Path file = file(":first:" + HASH + "\n" + bad + "\n");
            SspiException e = assertThrows(SspiException.class, () -> new NtlmAccountFile(file), bad);
            assertTrue(e.getMessage().contains("line 2"), e.getMessage());
            assertFalse(e.getMessage().contains("8846"), e.getMessage());
        }
    }

    @Test
    void aFileThatIsOpenToEverybodyIsRefused() throws Exception {
        Path file = file(":alice:" + HASH);
        assumeTrue(Files.getFileStore(file).supportsFileAttributeView("posix"), "no POSIX permissions here");
        for (String permissions : new String[] {"rw----r--", "rw-----w-"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            assertThrows(SspiException.class, () -> new NtlmAccountFile(file));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        new NtlmAccountFile(file).close();
    }
}
