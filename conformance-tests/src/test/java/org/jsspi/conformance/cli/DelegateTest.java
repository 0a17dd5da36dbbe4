package org.jsspi.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jsspi.CredentialFiles;
import org.jsspi.CredentialUse;
import org.jsspi.Identity;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code delegate}, and what {@code serve} and {@code connect} do with what it makes. */
@Timeout(120)
class DelegateTest {
    @TempDir
    private Path directory;

    private Path certificate;
    private Path key;
    private Path out;

    @BeforeEach
    void write() {
        Credential owner = TestPki.delegating(KeyKind.EC_P256);
        certificate = owner.writeChain(directory.resolve("chain.pem"));
        key = owner.writeKey(directory.resolve("key.pem"));
        out = directory.resolve("delegated.pem");
    }

    private Tool.Result delegate(String... more) {
        String[] arguments = {
            "delegate", "--cert", certificate.toString(), "--key", key.toString(), "--out", out.toString()
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return Tool.run(all);
    }

    @Test
    void theFileHasTheKeyAndTheCredential() throws Exception {
        Tool.Result made = delegate("--client", "--days", "7", "--key-kind", "ed25519");
        assertEquals(0, made.exitCode(), made::err);
        Identity delegated = CredentialFiles.delegated(certificate, out);

        assertEquals(CredentialUse.OUTBOUND, delegated.delegatedCredential().use());
        assertTrue(
                made.out()
                        .startsWith("valid until "
                                + delegated
                                        .delegatedCredential()
                                        .expiry(delegated.chain().get(0))),
                made::out);
        if (Files.getFileStore(out).supportsFileAttributeView("posix")) {
            assertEquals(2, Files.getPosixFilePermissions(out).size(), "only its owner reads it");
        }
        assertEquals(Jsspi.UNUSABLE, delegate().exitCode(), "a key is not overwritten");
    }

    @Test
    void whatMakesNoSenseIsExplained() {
        assertEquals(2, delegate("--days", "8").exitCode());
        assertEquals(2, delegate("--key-kind", "rsa").exitCode());
        assertEquals(2, Tool.run("serve", "--delegated", out.toString()).exitCode());
        Credential other = TestPki.server(KeyKind.EC_P256);
        certificate = other.writeChain(directory.resolve("other.pem"));
        key = other.writeKey(directory.resolve("other.key"));
        Tool.Result refused = delegate();
        assertEquals(Jsspi.TLS_FAILED, refused.exitCode());
        assertTrue(refused.err().contains("DelegationUsage"), refused::err);
    }

    @Test
    void aFileThatIsNoneIsExplained() throws IOException {
        IOException none =
                Assertions.assertThrows(IOException.class, () -> CredentialFiles.delegated(certificate, key));
        assertTrue(none.getMessage().contains("no DELEGATED CREDENTIAL"), none::getMessage);
        assertEquals(0, delegate().exitCode());
        Credential other = TestPki.delegating(KeyKind.EC_P256);
        Path chain = other.writeChain(directory.resolve("other.pem"));
        IOException foreign = Assertions.assertThrows(IOException.class, () -> CredentialFiles.delegated(chain, out));
        assertTrue(foreign.getMessage().contains("has not signed it"), foreign::getMessage);
    }

    @Test
    void theServerUsesItForClientsThatTakeIt() throws Exception {
        assertEquals(0, delegate("--key-kind", "p384").exitCode());
        Path root = TestPki.writeRoot(directory.resolve("root.pem"));
        try (Tool.Server server = new Tool.Server(
                2, "--cert", certificate.toString(), "--key", key.toString(), "--delegated", out.toString())) {
            Tool.Result taking = Tool.run("connect", server.address(), "--ca", root.toString(), "--accept-delegated");
            assertEquals(0, taking.exitCode(), taking::err);
            assertTrue(
                    taking.lines().contains("  authenticated   by a delegated credential, ecdsa_secp384r1_sha384"),
                    taking::out);
            Tool.Result plain = Tool.run("connect", server.address(), "--ca", root.toString());
            assertEquals(0, plain.exitCode(), plain::err);
            assertTrue(plain.lines().stream().noneMatch(line -> line.contains("delegated")), plain::out);
            server.ended();
        }
    }
}
