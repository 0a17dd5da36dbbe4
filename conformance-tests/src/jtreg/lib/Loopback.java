import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A client and a server in one program: two engines and the bytes between them.
 *
 * <p>Key and certificate are part of this file and protect nothing. Key and trust managers are its own, because those of the
 * JDK belong to SunJSSE, which some tests run without.
 */
public final class Loopback {
    private static final String KEY = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFW0C+TOPDLC+6/QM"
            + "5KxV558dmNNVTAFZTsbHIqsgW4KhRANCAATi1h0qtnjIWIW80k3zX0MTA8FuSQVi"
            + "xwvM8N2IdCm3OTWAl6VPTg1xXSfJ6Ee+zs/fxve91yozb57X8c+gYAK0";

    private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----\n"
            + "MIIBljCCATugAwIBAgIUeNWY9k3NrkIyYyR7jkAf56cjoJwwCgYIKoZIzj0EAwIw\n"
            + "FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTExNDMwMFoYDzIxMjYxMDI4\n"
            + "MTE0MzAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO\n"
            + "PQMBBwNCAATi1h0qtnjIWIW80k3zX0MTA8FuSQVixwvM8N2IdCm3OTWAl6VPTg1x\n"
            + "XSfJ6Ee+zs/fxve91yozb57X8c+gYAK0o2kwZzAdBgNVHQ4EFgQUhRJBn/AMeQzl\n"
            + "9C+CoO0AlxGPLJgwHwYDVR0jBBgwFoAUhRJBn/AMeQzl9C+CoO0AlxGPLJgwDwYD\n"
            + "VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID\n"
            + "SQAwRgIhAOB1/2NZUyiZYebs9074szJwrRq2HttuLR6cT/O3JcKGAiEAzbUPod1W\n"
            + "XMoptsR/A75YCks0aK9XYT10LGHWPmf0/uo=\n"
            + "-----END CERTIFICATE-----\n";

    public static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    public final Side client;
    public final Side server;

    /** One engine; what the other sent waits in {@link #in}, what the application has read is in {@link #app}. */
    public static final class Side {
        public final SSLEngine engine;
        public final ByteBuffer in = ByteBuffer.allocate(1 << 17);
        public final ByteBuffer app = ByteBuffer.allocate(1 << 17);
        public int finished;

        Side(SSLEngine engine) {
            this.engine = engine;
        }

        /** Protects a text and leaves it with the other side. */
        public void send(Side other, String text) throws SSLException {
            engine.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), other.in);
        }

        /** Unprotects one record of what waits. */
        public SSLEngineResult receive() throws SSLException {
            in.flip();
            try {
                return engine.unwrap(in, app);
            } finally {
                in.compact();
            }
        }

        /** The text that was received since the last call. */
        public String text() {
            app.flip();
            String text = StandardCharsets.UTF_8.decode(app).toString();
            app.clear();
            return text;
        }
    }

    /** Two engines of one context each; nothing is sent yet. */
    public Loopback(SSLContext clients, SSLContext servers) {
        this(clientOf(clients), servers);
    }

    /** This client's engine, which has its mode, and an engine of the servers' context. */
    public Loopback(SSLEngine clientEngine, SSLContext servers) {
        client = new Side(clientEngine);
        server = new Side(servers.createSSLEngine());
        server.engine.setUseClientMode(false);
    }

    private static SSLEngine clientOf(SSLContext clients) {
        SSLEngine engine = clients.createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        return engine;
    }

    /** Two engines of a provider, shaken hands. */
    public static Loopback established(Provider provider) throws Exception {
        Loopback loopback = new Loopback(context(provider), context(provider));
        loopback.handshake();
        return loopback;
    }

    /**
     * A context for either role.
     *
     * @param provider null for the most preferred that there is
     */
    public static SSLContext context(Provider provider) throws Exception {
        SSLContext context = provider == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", provider);
        context.init(new KeyManager[] {new OneKey()}, new TrustManager[] {new OneCertificate()}, null);
        return context;
    }

    /** A context of a provider for either role, with managers of the test's own. */
    public static SSLContext context(Provider provider, OneKey keys, OneCertificate trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", provider);
        context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        return context;
    }

    /** Lets both sides talk until neither has anything to say. */
    public Loopback handshake() throws SSLException {
        client.engine.beginHandshake();
        settle();
        expect(client.finished > 0 && server.finished > 0, "both sides finish");
        return this;
    }

    public void settle() throws SSLException {
        boolean progress = true;
        for (int rounds = 0; progress; rounds++) {
            expect(rounds < 1000, "the engines stand still");
            progress = step(client, server);
            progress |= step(server, client);
        }
    }

    /** {@return true if one side got something done} */
    public static boolean step(Side side, Side other) throws SSLException {
        HandshakeStatus status = side.engine.getHandshakeStatus();
        if (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = side.engine.getDelegatedTask();
                    task != null;
                    task = side.engine.getDelegatedTask()) {
                task.run();
            }
            return true;
        }
        SSLEngineResult result;
        if (status == HandshakeStatus.NEED_WRAP) {
            result = side.engine.wrap(NOTHING, other.in);
        } else if (side.in.position() > 0 && !side.engine.isInboundDone()) {
            result = side.receive();
        } else {
            return false;
        }
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            side.finished++;
        }
        return result.bytesConsumed() > 0
                || result.bytesProduced() > 0
                || side.engine.getHandshakeStatus() != status;
    }

    /** {@return the client's first record: a ClientHello in the clear, ready to be read} */
    public ByteBuffer clientHello() throws SSLException {
        ByteBuffer hello = ByteBuffer.allocate(1 << 15);
        client.engine.beginHandshake();
        expect(client.engine.wrap(NOTHING, hello).bytesProduced() > 0, "a ClientHello");
        return hello.flip();
    }

    /**
     * Fails the test unless the server refuses these bytes, its first, with a fatal alert in the clear.
     *
     * @return the number of the alert
     */
    public int refusalOf(byte[] bytes) throws SSLException {
        server.in.clear().put(bytes);
        expect(SSLException.class, () -> {
            while (step(server, client)) {}
        });
        client.in.clear();
        while (server.engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            server.engine.wrap(NOTHING, client.in);
        }
        expect(server.engine.isOutboundDone() && server.engine.isInboundDone(), "an engine that is over");
        // RFC 8446 6: | 21 | version 2 | length 2 = 2 | level 1 = fatal 2 | description 1 |
        expect(client.in.position() == 7 && client.in.get(0) == 21 && client.in.get(5) == 2, "one fatal alert");
        return client.in.get(6) & 0xFF;
    }

    /** Fails the test unless the condition holds. */
    public static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("expected: " + what);
        }
    }

    /** Something that must throw. */
    public interface Call {
        void run() throws Exception;
    }

    /** Fails the test unless the call throws an exception of this type, which it returns. */
    public static <T extends Exception> T expect(Class<T> type, Call call) {
        try {
            call.run();
        } catch (Exception e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError("expected " + type.getName() + " and not", e);
        }
        throw new AssertionError("expected " + type.getName());
    }

    public static X509Certificate certificate() throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
    }

    /** {@return a key store with the key, its certificate and nothing else} */
    public static KeyStore keyStore(char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("one", key(), password, new Certificate[] {certificate()});
        return store;
    }

    private static PrivateKey key() throws Exception {
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(KEY)));
    }

    /** Presents the certificate, to whoever takes a key of its kind. */
    public static class OneKey extends X509ExtendedKeyManager {
        private final PrivateKey key;
        private final X509Certificate certificate;

        public OneKey() throws Exception {
            key = key();
            certificate = certificate();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return aliases(keyType);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return choose(keyTypes);
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return choose(keyTypes);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return aliases(keyType);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return choose(keyType);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return choose(keyType);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        private static String choose(String... keyTypes) {
            for (String keyType : keyTypes) {
                if (keyType.startsWith("EC")) {
                    return "one";
                }
            }
            return null;
        }

        private static String[] aliases(String keyType) {
            return choose(keyType) == null ? null : new String[] {"one"};
        }
    }

    /** Trusts the certificate and no other. */
    public static class OneCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        /** What all checks come to. */
        public void check(X509Certificate[] chain) throws CertificateException {
            if (!chain[0].equals(certificate())) {
                throw new CertificateException("somebody else's certificate");
            }
        }
    }
}
