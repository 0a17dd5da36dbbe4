package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands {@code ntlm-serve} and {@code ntlm-get}. */
class NtlmCommandsTest {
    private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) for HTTP with NTLM");

    /** {@code ntlm-serve} in a thread. */
    private static final class Server implements AutoCloseable {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private final Thread thread;
        private volatile int exitCode = -1;

        Server(String... arguments) {
            thread = new Thread(
                    () -> exitCode = Jsspi.commandLine(InputStream.nullInputStream(), out, err)
                            .execute(arguments),
                    "ntlm-serve");
            thread.setDaemon(true);
            thread.start();
        }

        String url() throws InterruptedException {
            for (int i = 0; i < 3000 && thread.isAlive(); i++) {
                Matcher line = LISTENING.matcher(out.toString(StandardCharsets.UTF_8));
                if (line.find()) {
                    return "http://127.0.0.1:" + line.group(1) + "/";
                }
                Thread.sleep(10);
            }
            throw new AssertionError("ntlm-serve does not listen: " + err);
        }

        int end() throws InterruptedException {
            thread.join(20_000);
            return exitCode;
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    @Test
    void theClientIsServedAndNamed() throws Exception {
        try (Server server = new Server(
                "ntlm-serve", "--port", "0", "--max", "1", "--user", "CORP\\alice", "--password", "secret")) {
            String url = server.url();
            Tool.Result wrong = Tool.run("ntlm-get", "--user", "CORP\\alice", "--password", "other", url);
            assertEquals(1, wrong.exitCode());
            assertEquals("jsspi ntlm-get: the server answers 401", wrong.err().strip());
            Tool.Result page = Tool.run("ntlm-get", "--user", "CORP\\alice", "--password", "secret", url);
            assertEquals(0, page.exitCode(), page::err);
            assertEquals("You are CORP\\alice\n", page.out());
            assertEquals(0, server.end());
            assertTrue(server.out.toString(StandardCharsets.UTF_8).contains("GET / for CORP\\alice"));
        }
    }

    @Test
    void accountsComeFromAFile(@TempDir Path folder) throws Exception {
        Path accounts = folder.resolve("accounts");
        // MS-NLMP 4.2.2.1.2: the NT hash of "Password".
        Files.writeString(accounts, "CORP:bob:a4f49c406510bdcab6824ee7c30fd852\n");
        Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-------"));
        try (Server server = new Server("ntlm-serve", "--port", "0", "--max", "1", "--accounts", accounts.toString())) {
            Tool.Result page = Tool.run("ntlm-get", "--user", "CORP\\bob", "--password", "Password", server.url());
            assertEquals("You are CORP\\bob\n", page.out(), page::err);
            assertEquals(0, server.end());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, ntlm-serve",
        "2, ntlm-serve --port 65536 --user a --password b",
        "2, ntlm-serve --max -1 --user a --password b",
        "2, ntlm-serve --accounts f --user a --password b",
        "3, ntlm-serve --port 0 --accounts nowhere",
        "2, ntlm-get http://127.0.0.1:1/",
        "2, ntlm-get --user a --password b",
        "2, ntlm-get --user a --password b ftp://x/",
        "1, ntlm-get --user a --password b http://127.0.0.1:1/",
        "0, ntlm-get --help",
        "0, ntlm-serve --help",
    })
    void whatMakesNoSenseIsSaid(int code, String arguments) {
        Tool.Result result = Tool.run(arguments.split(" "));
        assertEquals(code, result.exitCode(), result::err);
    }
}
