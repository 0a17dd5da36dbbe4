package org.jsspi.frameworks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;

/** Keys and trust, in the forms that programs configure: contexts, PKCS#12 files and the system properties of the JVM. */
final class Material {
    static final String PASSWORD = new String(TestPki.PASSWORD);
    static final Credential SERVER = TestPki.server(KeyKind.EC_P256);
    static final Credential CLIENT = TestPki.client(KeyKind.RSA);

    private static final Path DIRECTORY = directory();
    static final Path SERVER_FILE = store("server.p12", SERVER.keyStore());
    static final Path CLIENT_FILE = store("client.p12", CLIENT.keyStore());
    static final Path TRUST_FILE = store("trust.p12", TestPki.roots());

    private Material() {}

    /** Gives SSLContext.getDefault() the client's key and the test root, as the command line of a program would. */
    static void setAsDefault() {
        System.setProperty("javax.net.ssl.keyStore", CLIENT_FILE.toString());
        System.setProperty("javax.net.ssl.keyStorePassword", PASSWORD);
        System.setProperty("javax.net.ssl.trustStore", TRUST_FILE.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    }

    /** {@return the protocols that the registered provider enables} */
    static Stream<String> protocols() {
        return Stream.of(context(null).getDefaultSSLParameters().getProtocols());
    }

    /** {@return what a program writes that trusts the test root and, unless null, has this key} */
    static SSLContext context(Credential credential) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            if (credential != null) {
                keys.init(credential.keyStore(), TestPki.PASSWORD);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(credential == null ? null : keys.getKeyManagers(), trust().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TrustManagerFactory trust() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(TestPki.roots());
            return trust;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return a new directory that the JVM removes when it ends} */
    static Path directory() {
        try {
            Path directory = Files.createTempDirectory("jsspi-frameworks");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : List.of(below.sorted((a, b) -> b.compareTo(a)).toArray(Path[]::new))) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("not removed: " + e);
        }
    }

    static Path store(String name, KeyStore store) {
        Path file = DIRECTORY.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, TestPki.PASSWORD);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
