package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.jsse.ReloadingKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that are replaced while a server runs. */
class ReloadingKeysTest {
    @TempDir
    private Path directory;

    private Path write(Credential credential) {
        credential.writeKey(directory.resolve("new.key"));
        credential.writeChain(directory.resolve("new.pem"));
        try {
            move("key");
            return move("pem");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path move(String extension) throws IOException {
        return Files.move(
                directory.resolve("new." + extension),
                directory.resolve("server." + extension),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private ReloadingKeys pem() throws IOException {
        return ReloadingKeys.pem(directory.resolve("server.pem"), directory.resolve("server.key"), null)
                .lookEvery(Duration.ZERO);
    }

    private static SSLContext server(Jsse provider, ReloadingKeys keys) {
        return provider.context(new KeyManager[] {keys}, TestPki.trustManagers());
    }

    private static Certificate shown(EnginePair pair) throws Exception {
        return pair.client().engine().getSession().getPeerCertificates()[0];
    }

    private static EnginePair connect(SSLContext server) throws Exception {
        return new EnginePair(Jsse.OURS.client(), server).handshake();
    }

    @ParameterizedTest
    @EnumSource
    void newConnectionsGetTheNewCertificateAndOldOnesStay(Jsse provider) throws Exception {
        Credential before = TestPki.named("localhost");
        Credential after = TestPki.server(KeyKind.RSA);
        write(before);
        SSLContext server = server(provider, pem());
        EnginePair old = connect(server);
        assertEquals(before.certificate(), shown(old));

        write(after);
        assertEquals(after.certificate(), shown(connect(server)));
        old.exchange(old.client(), 1000);
        old.exchange(old.server(), 1000);
    }

    @Test
    void aSessionOfTheOldCertificateIsResumed() throws Exception {
        write(TestPki.named("localhost"));
        SSLContext server = server(Jsse.OURS, pem());
        SSLContext client = Jsse.OURS.client();
        EnginePair first = new EnginePair(client, server).handshake();
        first.exchange(first.server(), 1);
        write(TestPki.named("localhost"));

        EnginePair second = new EnginePair(client, server).handshake();
        assertArrayEquals(
                first.server().engine().getSession().getId(),
                second.server().engine().getSession().getId());
    }

    @Test
    void filesThatDoNotFitKeepTheOldKeysAndSaySoOnce() throws Exception {
        Credential before = TestPki.named("localhost");
        Credential after = TestPki.named("localhost");
        write(before);
        ReloadingKeys keys = pem();
        SSLContext server = server(Jsse.OURS, keys);
        List<String> said = new ArrayList<>();
        Logger logger = Logger.getLogger(ReloadingKeys.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line.getMessage());
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            after.writeChain(directory.resolve("server.pem"));
            for (int i = 0; i < 3; i++) {
                assertEquals(before.certificate(), shown(connect(server)));
            }
            assertEquals(1, said.size(), said::toString);
            assertTrue(said.get(0).contains("is not the key of the first certificate"), said::toString);

            Files.delete(directory.resolve("server.key"));
            assertEquals(before.certificate(), shown(connect(server)));
            after.writeKey(directory.resolve("server.key"));
            assertEquals(after.certificate(), shown(connect(server)));
            assertTrue(said.get(said.size() - 1).startsWith("new certificate"), said::toString);
            int lines = said.size();
            connect(server);
            assertEquals(lines, said.size(), said::toString);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void aChangeWithinOneTickOfTheClockIsSeen() throws Exception {
        Credential before = TestPki.named("localhost");
        Credential after = TestPki.named("localhost");
        Path pem = write(before);
        Path key = directory.resolve("server.key");
        FileTime time = Files.getLastModifiedTime(pem);
        Files.setLastModifiedTime(key, time);
        ReloadingKeys keys = pem();
        // In place, so that it is the same file, and of the same length: PEM text may end in spaces.
        pad(after.writeChain(directory.resolve("padded.pem")), pem);
        pad(after.writeKey(directory.resolve("padded.key")), key);
        Files.setLastModifiedTime(pem, time);
        Files.setLastModifiedTime(key, time);

        String alias = keys.chooseServerAlias("EC", null, null);
        assertEquals(after.certificate(), keys.getCertificateChain(alias)[0]);
    }

    private static void pad(Path from, Path to) throws IOException {
        StringBuilder text = new StringBuilder(Files.readString(from));
        while (text.length() < Files.size(to)) {
            text.append(' ');
        }
        Files.writeString(to, text);
    }

    @Test
    void filesAreNotLookedAtMoreOftenThanAsked() throws Exception {
        Credential before = TestPki.named("localhost");
        write(before);
        ReloadingKeys keys = pem();
        keys.chooseServerAlias("EC", null, null);
        keys.lookEvery(Duration.ofHours(1));
        keys.chooseServerAlias("EC", null, null);
        write(TestPki.named("localhost"));
        String alias = keys.chooseServerAlias("EC", null, null);
        assertEquals(before.certificate(), keys.getCertificateChain(alias)[0]);
    }

    @Test
    void whatWasChosenAMomentAgoIsStillThere() throws Exception {
        Credential before = TestPki.named("localhost");
        write(before);
        ReloadingKeys keys = pem();
        String old = keys.chooseServerAlias("EC", null, null);
        write(TestPki.named("localhost"));
        String alias = keys.chooseServerAlias("EC", null, null);

        assertTrue(!alias.equals(old));
        assertEquals(before.certificate(), keys.getCertificateChain(old)[0]);
        assertNotNull(keys.getPrivateKey(old));
        write(TestPki.named("localhost"));
        keys.chooseServerAlias("EC", null, null);
        assertNull(keys.getPrivateKey(old), "two replacements later it is gone");
    }

    @Test
    void aKeyStoreHasACertificateForEachName() throws Exception {
        Credential one = TestPki.named("one.example");
        Credential two = TestPki.named("two.example");
        Path file = store(one, two);
        ReloadingKeys keys = ReloadingKeys.keyStore(file, TestPki.PASSWORD).lookEvery(Duration.ZERO);
        SSLContext server = server(Jsse.OURS, keys);
        assertEquals(one.certificate(), shownTo("one.example", server));
        assertEquals(two.certificate(), shownTo("two.example", server));

        Credential newTwo = TestPki.named("two.example");
        store(newTwo);
        assertEquals(newTwo.certificate(), shownTo("two.example", server));
    }

    private Path store(Credential... credentials) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Credential credential : credentials) {
            store.setKeyEntry(
                    credential.certificate().getSubjectX500Principal().getName(),
                    credential.key(),
                    TestPki.PASSWORD,
                    credential.chain().toArray(Certificate[]::new));
        }
        Path file = directory.resolve("server.p12");
        Path fresh = directory.resolve("new.p12");
        try (OutputStream out = Files.newOutputStream(fresh)) {
            store.store(out, TestPki.PASSWORD);
        }
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Certificate shownTo(String name, SSLContext server) throws Exception {
        SSLEngine client = Jsse.OURS.client().createSSLEngine(name, 443);
        client.setUseClientMode(true);
        var parameters = client.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        client.setSSLParameters(parameters);
        return shown(new EnginePair(client, Jsse.serverEngine(server)).handshake());
    }

    @Test
    void aClientHasSuchKeysToo() throws Exception {
        Credential credential = TestPki.client(KeyKind.EC_P256);
        write(credential);
        EnginePair pair = new EnginePair(
                Jsse.OURS.context(new KeyManager[] {pem()}, TestPki.trustManagers()),
                Jsse.OURS.server(KeyKind.EC_P256));
        pair.server().engine().setNeedClientAuth(true);
        pair.handshake();
        assertEquals(
                credential.certificate(), pair.server().engine().getSession().getPeerCertificates()[0]);
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfKeyServes(KeyKind kind) throws Exception {
        Credential credential = TestPki.server(kind);
        write(credential);
        assertEquals(credential.certificate(), shown(connect(server(Jsse.OURS, pem()))));
    }

    @Test
    void handshakesGoOnWhileFilesAreReplaced() throws Exception {
        write(TestPki.named("localhost"));
        SSLContext server = server(Jsse.OURS, pem());
        List<Credential> credentials = List.of(TestPki.named("localhost"), TestPki.named("localhost"));
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; !done.get(); i++) {
                // The key first and the chain later: between the two moves they do not fit.
                write(credentials.get(i % 2));
            }
        });
        writer.start();
        try {
            List<X509Certificate> seen = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                seen.add((X509Certificate) shown(connect(server)));
            }
            assertTrue(seen.stream().distinct().count() >= 2, "the certificates never changed");
        } finally {
            done.set(true);
            writer.join();
        }
    }

    @Test
    void destroyedKeysGiveNothing() throws Exception {
        write(TestPki.named("localhost"));
        ReloadingKeys keys = pem();
        String alias = keys.chooseServerAlias("EC", null, null);
        keys.destroy();
        assertNull(keys.getPrivateKey(alias));
        assertNull(keys.chooseServerAlias("EC", null, null));
        assertTrue(keys.isDestroyed());
    }

    @Test
    void whatCannotBeReadAtTheBeginningIsRefused() {
        IOException refusal = assertThrows(IOException.class, this::pem);
        assertTrue(refusal.getMessage().contains("server.pem"), refusal::getMessage);
    }
}
