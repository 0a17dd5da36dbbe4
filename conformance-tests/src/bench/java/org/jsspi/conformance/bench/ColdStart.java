package org.jsspi.conformance.bench;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jsspi.provider.JsspiProvider;

/**
 * The program whose start is measured: makes a context, lets a client and a server shake hands, and prints the CPU time in
 * milliseconds that the process has taken since it began, all its threads together.
 */
final class ColdStart {
    /** How the provider comes to be the one. */
    enum Registration {
        /** It does not: the JVM, the keys and their managers, and no handshake. */
        NO_HANDSHAKE,
        SUNJSSE,
        /** By {@code Security.addProvider}. */
        ADDED,
        /** By a java.security file that names it first. */
        NAMED
    }

    /** Loaded where it is used alone: other JVMs load nothing of JSSPI, and some cannot. */
    private static final class Addition {
        static void add() {
            Security.addProvider(new JsspiProvider());
        }
    }

    private static final char[] PASSWORD = "in memory only".toCharArray();

    private ColdStart() {}

    /**
     * Takes a {@link Registration}, the directory with {@code key}, {@code certificate} and {@code ca} in DER, and the names of
     * classes to load before, without their being run.
     */
    public static void main(String... arguments) throws Exception {
        Registration registration = Registration.valueOf(arguments[0]);
        Path directory = Path.of(arguments[1]);
        for (int i = 2; i < arguments.length; i++) {
            Class.forName(arguments[i], false, ColdStart.class.getClassLoader());
        }
        if (registration == Registration.ADDED) {
            Addition.add();
        }
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(directory.resolve("key"))));
        // JKS, because opening an entry of PKCS#12 takes longer than a handshake.
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, null);
        keys.setKeyEntry("localhost", key, PASSWORD, new Certificate[] {certificate(directory.resolve("certificate"))});
        keys.setCertificateEntry("ca", certificate(directory.resolve("ca")));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("SunX509");
        keyManagers.init(keys, PASSWORD);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(keys);
        if (registration != Registration.NO_HANDSHAKE) {
            SSLContext context = registration == Registration.ADDED
                    ? SSLContext.getInstance("TLS", "JSSPI")
                    : SSLContext.getInstance("TLS");
            String expected = registration == Registration.SUNJSSE ? "SunJSSE" : "JSSPI";
            if (!context.getProvider().getName().equals(expected)) {
                throw new IllegalStateException(context.getProvider().getName() + " and not " + expected);
            }
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            new Pair(Protocol.TLS13, context.createSSLEngine(), context.createSSLEngine(), new Pair.Wire()).handshake();
        }
        System.out.println(
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis());
    }

    private static X509Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
