package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our engine in both roles and versions against those of Bouncy Castle and Conscrypt. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignEngineTest {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /** Held, so that the level stays: BCJSSE reports every handshake, and every property that it does not know. */
    private static final Logger BOUNCY_CASTLE = Logger.getLogger("org.bouncycastle");

    static {
        BOUNCY_CASTLE.setLevel(Level.OFF);
    }

    enum Foreign {
        /** With JCA providers of its own, so that nothing has to be registered for the tests beside it. */
        BCJSSE(() -> new BouncyCastleJsseProvider(false, new BouncyCastleProvider())),
        CONSCRYPT(Conscrypt::newProvider);

        private final Supplier<Provider> load;
        private Provider provider;

        Foreign(Supplier<Provider> load) {
            this.load = load;
        }

        synchronized Provider provider() {
            if (provider == null) {
                provider = load.get();
            }
            return provider;
        }

        SSLContext context(Credential credential) {
            try {
                SSLContext context = SSLContext.getInstance("TLS", provider());
                context.init(keyManagers(credential), new TrustManager[] {new AnyAuthType()}, new SecureRandom());
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** BCJSSE asks for key types that the JDK's key managers do not know: its own takes the same key store. */
        private KeyManager[] keyManagers(Credential credential) throws GeneralSecurityException {
            if (credential == null) {
                return new KeyManager[0];
            }
            if (this == CONSCRYPT) {
                return credential.keyManagers();
            }
            KeyStore store = credential.keyStore();
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", provider());
            factory.init(store, TestPki.PASSWORD);
            return factory.getKeyManagers();
        }

        boolean signs(KeyKind kind) {
            return this == BCJSSE
                    // Its key manager does not find the EdDSA keys of the JDK.
                    ? kind != KeyKind.ED25519 && kind != KeyKind.ED448
                    // Neither EdDSA nor RSASSA-PSS keys in certificates, and no scheme for P-521 by default.
                    : kind == KeyKind.EC_P256 || kind == KeyKind.EC_P384 || kind == KeyKind.RSA;
        }
    }

    /** The JDK's trust manager, for engines that call the key exchange of TLS 1.3 by names that it does not know. */
    private static final class AnyAuthType implements X509TrustManager {
        private final X509TrustManager jdk = (X509TrustManager) TestPki.trustManagers()[0];

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

    static Stream<Arguments> suites() {
        return product(List.of(
                        "TLS_AES_128_GCM_SHA256",
                        "TLS_AES_256_GCM_SHA384",
                        "TLS_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theSuiteCarriesDataOfAllSizesBothWays(Foreign foreign, boolean ourClient, String suite) throws Exception {
        KeyKind kind = suite.contains("_RSA_") ? KeyKind.RSA : KeyKind.EC_P256;
        EnginePair pair = pair(foreign, ourClient, null, kind, Memory.HEAP);
        EngineEnd ours = ourClient ? pair.client() : pair.server();
        // Conscrypt's suites of TLS 1.3 are not to be chosen: ours has but one.
        Parameters.change(ours.engine(), p -> p.setCipherSuites(new String[] {suite}));

        pair.handshake();

        assertEquals(suite, ours.engine().getSession().getCipherSuite());
        pair.exchangeBothWays();
    }

    static Stream<Arguments> keyKinds() {
        return versions(product(List.of(KeyKind.values())));
    }

    @ParameterizedTest
    @MethodSource("keyKinds")
    void bothSidesProveEveryKindOfKey(Foreign foreign, boolean ourClient, KeyKind kind, String version)
            throws Exception {
        assumeTrue(foreign.signs(kind), foreign + " takes no certificates with keys of the kind " + kind);
        EnginePair pair = pair(foreign, ourClient, kind, kind, Memory.HEAP);
        restrict(pair, version);
        pair.server().engine().setNeedClientAuth(true);

        pair.handshake();

        assertEquals(version, pair.client().engine().getSession().getProtocol());
        assertEquals(
                TestPki.server(kind).certificate(),
                pair.client().engine().getSession().getPeerCertificates()[0]);
        assertEquals(
                TestPki.client(kind).certificate(),
                pair.server().engine().getSession().getPeerCertificates()[0]);
        pair.exchange(pair.client(), 1000);
        pair.exchange(pair.server(), 1000);
    }

    static Stream<Arguments> groups() {
        return versions(product(List.of("x25519", "secp256r1", "secp384r1", "X25519MLKEM768")));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void ourOnlyGroupIsAgreedOn(Foreign foreign, boolean ourClient, String group, String version) throws Exception {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        assumeFalse(group.contains("MLKEM") && version.equals("TLSv1.2"), "hybrids are for TLS 1.3 alone");
        assumeFalse(
                group.contains("MLKEM") && foreign == Foreign.BCJSSE,
                "BCJSSE has hybrids off unless a property of the whole JVM asks for them");
        assumeFalse(
                group.equals("secp384r1") && foreign == Foreign.CONSCRYPT && !ourClient && version.equals("TLSv1.3"),
                "Conscrypt's client offers no such group unless it is told");
        EnginePair pair = pair(foreign, ourClient, null, KeyKind.RSA, Memory.HEAP);
        restrict(pair, version);
        EngineEnd ours = ourClient ? pair.client() : pair.server();
        Parameters.change(ours.engine(), p -> Parameters.setNamedGroups(p, List.of(group)));

        pair.handshake();

        pair.exchange(pair.client(), 100);
    }

    static Stream<Arguments> memories() {
        return versions(product(List.of(Memory.HEAP, Memory.DIRECT)));
    }

    @ParameterizedTest
    @MethodSource("memories")
    void everyKindOfBufferWillDo(Foreign foreign, boolean ourClient, Memory memory, String version) throws Exception {
        EnginePair pair = pair(foreign, ourClient, null, KeyKind.EC_P256, memory);
        restrict(pair, version);

        pair.handshake();

        pair.exchange(pair.client(), 40_000);
        pair.exchange(pair.server(), 40_000);
    }

    static Stream<Arguments> both() {
        return product(VERSIONS).stream();
    }

    @ParameterizedTest
    @MethodSource("both")
    void anApplicationProtocolIsAgreedOn(Foreign foreign, boolean ourClient, String version) throws Exception {
        EnginePair pair = pair(foreign, ourClient, null, KeyKind.EC_P256, Memory.HEAP);
        restrict(pair, version);
        Parameters.change(pair.client().engine(), p -> p.setApplicationProtocols(new String[] {"http/1.1", "h2"}));
        Parameters.change(pair.server().engine(), p -> p.setApplicationProtocols(new String[] {"h2", "http/1.1"}));

        pair.handshake();

        String agreed = pair.server().engine().getApplicationProtocol();
        assertTrue(List.of("h2", "http/1.1").contains(agreed), agreed);
        assertEquals(agreed, pair.client().engine().getApplicationProtocol());
    }

    @ParameterizedTest
    @MethodSource("both")
    void aSessionIsResumed(Foreign foreign, boolean ourClient, String version) throws Exception {
        assumeFalse(foreign == Foreign.BCJSSE && version.equals("TLSv1.3"), "BCJSSE does not resume TLS 1.3");
        SSLContext client = ourClient ? Jsse.OURS.client() : foreign.context(null);
        SSLContext server =
                ourClient ? foreign.context(TestPki.server(KeyKind.EC_P256)) : Jsse.OURS.server(KeyKind.EC_P256);
        int full = flight(foreign, client, server, ourClient, version);
        int next = flight(foreign, client, server, ourClient, version);
        // The second time the server shows no certificate.
        int certificate = TestPki.server(KeyKind.EC_P256).certificate().getEncoded().length;
        assertTrue(next < full - certificate, "the first flight had " + full + " bytes, the second " + next);
    }

    private static int flight(Foreign foreign, SSLContext client, SSLContext server, boolean ourClient, String version)
            throws Exception {
        EnginePair pair = new EnginePair(client, server);
        restrict(pair, version);
        if (foreign == Foreign.CONSCRYPT) {
            Conscrypt.setUseSessionTickets((ourClient ? pair.server() : pair.client()).engine(), true);
        }
        pair.handshake();
        pair.exchange(pair.server(), 100);
        pair.exchange(pair.client(), 100);
        return pair.client().flight();
    }

    private static void restrict(EnginePair pair, String version) {
        pair.client().engine().setEnabledProtocols(new String[] {version});
    }

    private static EnginePair pair(
            Foreign foreign, boolean ourClient, KeyKind clientKind, KeyKind serverKind, Memory memory) {
        Credential clientCredential = clientKind == null ? null : TestPki.client(clientKind);
        Credential serverCredential = TestPki.server(serverKind);
        SSLContext client = !ourClient
                ? foreign.context(clientCredential)
                : clientCredential == null ? Jsse.OURS.client() : Jsse.OURS.context(clientCredential);
        SSLContext server = ourClient ? foreign.context(serverCredential) : Jsse.OURS.context(serverCredential);
        SSLEngine clientEngine = client.createSSLEngine("localhost", 4433);
        clientEngine.setUseClientMode(true);
        return new EnginePair(
                new EngineEnd(clientEngine, memory, Integer.MAX_VALUE),
                new EngineEnd(Jsse.serverEngine(server), memory, Integer.MAX_VALUE));
    }

    private static List<Arguments> product(List<?> values) {
        List<Arguments> all = new ArrayList<>();
        for (Foreign foreign : Foreign.values()) {
            for (boolean ourClient : new boolean[] {true, false}) {
                for (Object value : values) {
                    all.add(Arguments.of(foreign, ourClient, value));
                }
            }
        }
        return all;
    }

    private static Stream<Arguments> versions(List<Arguments> cases) {
        return cases.stream()
                .flatMap(arguments -> VERSIONS.stream().map(version -> {
                    Object[] values = Arrays.copyOf(arguments.get(), arguments.get().length + 1);
                    values[values.length - 1] = version;
                    return Arguments.of(values);
                }));
    }
}
