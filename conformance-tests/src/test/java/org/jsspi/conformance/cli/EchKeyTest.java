package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jsspi.CredentialFiles;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.conformance.demo.SelfSignedCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ech-key}, and what {@code serve} and {@code connect} do with it. */
@Timeout(120)
class EchKeyTest {
    private static final String PUBLIC = "public.example";

    @TempDir
    private Path directory;

    private String makeKey(String name) {
        Tool.Result made = Tool.run(
                "ech-key", PUBLIC, "--out", directory.resolve(name).toString(), "--id", "7", "--longest-name", "30");
        assertEquals(0, made.exitCode(), made::err);
        return made.out().strip();
    }

    @Test
    void theFileAndTheListBelongTogether() throws Exception {
        String list = makeKey("ech.pem");
        Path file = directory.resolve("ech.pem");
        EchKey key = EchKey.fromPem(Files.readString(file), true).get(0);
        assertEquals(EchConfig.decodeList(Base64.getDecoder().decode(list)), List.of(key.config()));
        assertEquals(7, key.config().configId());
        assertEquals(30, key.config().maximumNameLength());
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertEquals(2, Files.getPosixFilePermissions(file).size(), "only its owner reads it");
        }
        Tool.Result again = Tool.run("ech-key", PUBLIC, "--out", file.toString());
        assertEquals(Jsspi.UNUSABLE, again.exitCode(), "a key is not overwritten");
    }

    @Test
    void whatMakesNoSenseIsExplained() {
        String out = directory.resolve("x.pem").toString();
        for (String[] arguments : new String[][] {
            {"ech-key", "127.0.0.1", "--out", out},
            {"ech-key", PUBLIC, "--out", out, "--id", "256"},
            {"ech-key", PUBLIC, "--out", out, "--longest-name", "-1"},
            {"ech-key", PUBLIC},
            {"connect", "localhost:1", "--ech", "!"}
        }) {
            assertEquals(2, Tool.run(arguments).exitCode());
        }
    }

    private Tool.Server server(String echKey) throws Exception {
        var identity = SelfSignedCertificate.create("test", List.of("localhost", PUBLIC), List.<InetAddress>of());
        Path certificate = directory.resolve("server.pem");
        CredentialFiles.write(certificate, identity.chain().get(0));
        Path key = directory.resolve("server.key");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(identity.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return new Tool.Server(
                1,
                "--cert",
                certificate.toString(),
                "--key",
                key.toString(),
                "--ech-key",
                directory.resolve(echKey).toString());
    }

    private Tool.Result connect(Tool.Server server, String list) {
        return Tool.run(
                "connect",
                server.address(),
                "--servername",
                "localhost",
                "--ca",
                directory.resolve("server.pem").toString(),
                "--ech",
                list);
    }

    @Test
    void bothSidesSayThatTheHelloWasEncrypted() throws Exception {
        String list = makeKey("ech.pem");
        try (Tool.Server server = server("ech.pem")) {
            Tool.Result client = connect(server, list);
            assertEquals(0, client.exitCode(), client::err);
            assertTrue(client.lines().contains("  encrypted hello accepted"), client::out);
            Tool.Result served = server.ended();
            assertTrue(served.lines().contains("  encrypted hello accepted"), served::out);
            assertTrue(served.lines().contains("  server name     localhost"), served::out);
        }
    }

    @Test
    void aRejectedClientSaysWhatTheServerWants() throws Exception {
        String stale = makeKey("stale.pem");
        String list = makeKey("ech.pem");
        try (Tool.Server server = server("ech.pem")) {
            Tool.Result client = connect(server, stale);
            assertEquals(Jsspi.TLS_FAILED, client.exitCode());
            assertTrue(client.err().contains("alert 121 ech_required"), client::err);
            assertTrue(client.err().contains("--ech " + list), client::err);
            assertTrue(server.ended().out().contains("ech_required"));
        }
    }
}
