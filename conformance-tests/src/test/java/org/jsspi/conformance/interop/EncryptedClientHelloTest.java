package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.conscrypt.Conscrypt;
import org.conscrypt.ConscryptNetworkSecurityPolicy;
import org.conscrypt.DomainEncryptionMode;
import org.conscrypt.EchConfigMismatchException;
import org.jsspi.EchConfig;
import org.jsspi.EchKey;
import org.jsspi.EchKeys;
import org.jsspi.EchRejectedException;
import org.jsspi.EchStatus;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.jsse.EchConfigs;
import org.jsspi.jsse.JsseSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted Client Hello through {@code javax.net.ssl}: our engines with each other, and Conscrypt's client with our server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EncryptedClientHelloTest {
    private static final String SECRET = "secret.example";
    private static final String PUBLIC = "public.example";
    private static final EchKey KEY = EchKey.generate(42, PUBLIC, 64);
    private static final EchKey OTHER = EchKey.generate(43, PUBLIC, 64);

    /** A key manager that has keys of Encrypted Client Hello too. */
    private static final class KeysWithEch extends X509ExtendedKeyManager implements EchKeys {
        private final X509ExtendedKeyManager keys;
        private final List<EchKey> echKeys;

        KeysWithEch(KeyManager keys, List<EchKey> echKeys) {
            this.keys = (X509ExtendedKeyManager) keys;
            this.echKeys = echKeys;
        }

        @Override
        public List<EchKey> keys() {
            return echKeys;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, issuers);
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyType, issuers, socket);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return keys.getServerAliases(keyType, issuers);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keys.chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return keys.chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }

    /** A trust manager that knows a configuration for every host. */
    private static final class TrustWithEch extends X509ExtendedTrustManager implements EchConfigs {
        private final X509ExtendedTrustManager trust = (X509ExtendedTrustManager) TestPki.trustManagers()[0];
        private final byte[] configList;

        TrustWithEch(byte[] configList) {
            this.configList = configList;
        }

        @Override
        public byte[] configListFor(String host, int port) {
            assertEquals(SECRET, host);
            return configList;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            trust.checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            trust.checkServerTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            trust.checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            trust.checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }

    private static byte[] listOf(EchKey key) {
        return EchConfig.encodeList(List.of(key.config()));
    }

    /** A server with a certificate for these names. */
    private static SSLEngine server(List<EchKey> echKeys, String... names) {
        KeyManager keys = TestPki.named(names).keyManagers()[0];
        return Jsse.serverEngine(
                Jsse.OURS.context(new KeyManager[] {new KeysWithEch(keys, echKeys)}, TestPki.trustManagers()));
    }

    private static SSLEngine client(byte[] configList, boolean identifies) {
        SSLContext context = Jsse.OURS.context(new KeyManager[0], new TrustManager[] {new TrustWithEch(configList)});
        SSLEngine engine = context.createSSLEngine(SECRET, 443);
        engine.setUseClientMode(true);
        if (identifies) {
            var parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    private static EchStatus status(SSLEngine engine) {
        return ((JsseSession) engine.getSession()).getEchStatus();
    }

    private static void assertNameIsHidden(EnginePair pair) {
        byte[] hello = pair.client().records().get(0);
        String text = new String(hello, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(SECRET));
        assertTrue(text.contains(PUBLIC));
    }

    @Test
    void ourSidesHideTheName() throws Exception {
        SSLEngine client = client(listOf(KEY), true);
        SSLEngine server = server(List.of(KEY), SECRET, PUBLIC);
        EnginePair pair = new EnginePair(client, server).handshake();

        assertNameIsHidden(pair);
        assertEquals(EchStatus.ACCEPTED, status(client));
        assertEquals(EchStatus.ACCEPTED, status(server));
        assertEquals(
                List.of(new SNIHostName(SECRET)), ((ExtendedSSLSession) server.getSession()).getRequestedServerNames());
        assertEquals(SECRET, client.getSession().getPeerHost());
        pair.exchangeBothWays();
    }

    /** With and without a wish of the application to check names: the public name is checked in any case. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRejectionTellsWithWhatToTryAgain(boolean identifies) throws Exception {
        EnginePair pair = new EnginePair(client(listOf(KEY), identifies), server(List.of(OTHER), PUBLIC));
        SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, pair::handshake);

        EchRejectedException rejection = assertInstanceOf(EchRejectedException.class, failure.getCause());
        assertEquals(PUBLIC, rejection.publicName());
        assertArrayEquals(listOf(OTHER), rejection.retryConfigs());
        assertTrue(failure.getMessage().contains("alert 121"), failure::getMessage);
        assertNameIsHidden(pair);

        SSLEngine again = client(rejection.retryConfigs(), true);
        new EnginePair(again, server(List.of(OTHER), SECRET, PUBLIC)).handshake();
        assertEquals(EchStatus.ACCEPTED, status(again));
    }

    /** The server gets the client's Finished and the alert, and learns why. */
    @Test
    void theServerIsToldThatEchWasRequired() throws Exception {
        SSLEngine client = client(listOf(KEY), true);
        EnginePair pair = new EnginePair(client, server(List.of(OTHER), PUBLIC));
        assertThrows(SSLHandshakeException.class, pair::handshake);
        while (client.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            pair.client().wrap(new byte[0], pair.server());
        }
        assertTrue(client.isOutboundDone());
        SSLException told = assertThrows(SSLException.class, () -> {
            while (pair.server().waiting() > 0) {
                pair.server().step(pair.client());
            }
        });
        assertTrue(told.getMessage().contains("ech_required"), told::getMessage);
        assertEquals(1, pair.server().finished(), "the client's last flight has arrived");
    }

    /** Otherwise whoever stands in the way could tell the client to do without. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerWithoutACertificateForThePublicNameIsNotBelieved(boolean identifies) {
        EnginePair pair = new EnginePair(client(listOf(KEY), identifies), server(List.of(OTHER), SECRET, "x.example"));
        SSLHandshakeException failure = assertThrows(SSLHandshakeException.class, pair::handshake);
        assertInstanceOf(CertificateException.class, failure.getCause(), failure::getMessage);
    }

    @Test
    void anEmptyListIsAHelloWithoutContent() throws Exception {
        SSLEngine client = client(new byte[0], true);
        SSLEngine server = server(List.of(KEY), SECRET);
        new EnginePair(client, server).handshake();
        assertEquals(EchStatus.GREASE, status(client));
        assertEquals(EchStatus.REJECTED, status(server));
    }

    @Test
    void noAnswerIsAnOrdinaryHello() throws Exception {
        SSLEngine client = client(null, true);
        SSLEngine server = server(List.of(KEY), SECRET);
        new EnginePair(client, server).handshake();
        assertEquals(EchStatus.NOT_OFFERED, status(client));
        assertEquals(EchStatus.NOT_OFFERED, status(server));
    }

    /** Whoever wants to hide a name does not get a connection that cannot. */
    @Test
    void aClientOfTls12AloneIsRefused() {
        SSLEngine client = client(listOf(KEY), true);
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        EnginePair pair = new EnginePair(client, server(List.of(KEY), SECRET));
        SSLException failure = assertThrows(SSLException.class, pair::handshake);
        assertTrue(failure.getMessage().contains("Encrypted Client Hello"), failure::getMessage);
        assertEquals(0, pair.client().records().stream().filter(r -> r[0] == 22).count());
    }

    @Test
    void aListThatIsNoneIsRefused() {
        EnginePair pair = new EnginePair(client(new byte[] {1, 2, 3}, true), server(List.of(KEY), SECRET));
        SSLException failure = assertThrows(SSLException.class, pair::handshake);
        assertTrue(failure.getMessage().contains("ECHConfigList"), failure::getMessage);
    }

    // Conscrypt, which is BoringSSL

    /** Conscrypt asks a method of this name whether to encrypt, and the JDK for no names that it does not know. */
    public static final class ConscryptTrust implements X509TrustManager {
        private final X509TrustManager jdk = (X509TrustManager) TestPki.trustManagers()[0];

        /** {@return that every hello is to be encrypted} */
        public ConscryptNetworkSecurityPolicy getNetworkSecurityPolicy() {
            return new ConscryptNetworkSecurityPolicy() {
                @Override
                public DomainEncryptionMode getDomainEncryptionMode(String host) {
                    return DomainEncryptionMode.REQUIRED;
                }
            };
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            jdk.checkClientTrusted(chain, "UNKNOWN");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            jdk.checkServerTrusted(chain, "UNKNOWN");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return jdk.getAcceptedIssuers();
        }
    }

    private static EngineEnd conscrypt(byte[] configList) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS", Conscrypt.newProvider());
        context.init(new KeyManager[0], new TrustManager[] {new ConscryptTrust()}, new SecureRandom());
        SSLEngine engine = context.createSSLEngine(SECRET, 443);
        engine.setUseClientMode(true);
        Conscrypt.setHostname(engine, SECRET);
        Conscrypt.setEchConfigList(engine, configList);
        return new EngineEnd(engine, Memory.HEAP);
    }

    @Test
    void conscryptHidesTheNameFromAllButOurServer() throws Exception {
        SSLEngine server = server(List.of(OTHER, KEY), SECRET, PUBLIC);
        EnginePair pair = new EnginePair(conscrypt(listOf(KEY)), new EngineEnd(server, Memory.HEAP));
        pair.handshake();
        assertNameIsHidden(pair);
        assertEquals(EchStatus.ACCEPTED, status(server));
        assertEquals(
                List.of(new SNIHostName(SECRET)), ((ExtendedSSLSession) server.getSession()).getRequestedServerNames());
        pair.exchangeBothWays();
    }

    @Test
    void conscryptIsToldTheKeysOfOurServer() throws Exception {
        SSLEngine server = server(List.of(OTHER), SECRET, PUBLIC);
        EnginePair pair = new EnginePair(conscrypt(listOf(KEY)), new EngineEnd(server, Memory.HEAP));
        EchConfigMismatchException mismatch = assertThrows(EchConfigMismatchException.class, pair::handshake);
        assertNameIsHidden(pair);
        assertArrayEquals(listOf(OTHER), mismatch.getRetryConfigList().toBytes());
    }
}
