package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Principal;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyStoreBuilderParameters;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key and trust manager factories of JSSPI, with the platform's behind them and without: both come to the same verdicts. */
class ManagerFactoriesTest {
    private static final Credential SERVER = TestPki.server(KeyKind.EC_P256);

    /** Whose managers a factory of JSSPI hands out. */
    enum Maker {
        PLATFORM,
        OURS;

        TrustManager[] trust(KeyStore roots) {
            return make(() -> {
                TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", new JsspiProvider());
                factory.init(roots);
                return factory.getTrustManagers();
            });
        }

        X509ExtendedKeyManager keys(String algorithm, Credential... credentials) {
            return make(() -> {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm, new JsspiProvider());
                factory.init(store(credentials), TestPki.PASSWORD);
                return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
            });
        }

        /** A factory looks for the platform's when it is made, so its provider is away for that long and no longer. */
        <T> T make(Callable<T> call) {
            Provider platform = Security.getProvider("SunJSSE");
            int place = Arrays.asList(Security.getProviders()).indexOf(platform) + 1;
            if (this == OURS) {
                Security.removeProvider(platform.getName());
            }
            try {
                T made = call.call();
                Object one = made instanceof Object[] array ? array[0] : made;
                assertEquals(
                        this == OURS ? "org.jsspi.jsse" : "sun.security.ssl",
                        one.getClass().getPackageName());
                return made;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                if (this == OURS) {
                    Security.insertProviderAt(platform, place);
                }
            }
        }
    }

    private static KeyStore store(Credential... credentials) throws GeneralSecurityException {
        KeyStore all = credentials[0].keyStore();
        for (int i = 1; i < credentials.length; i++) {
            all.setKeyEntry(
                    "key" + i,
                    credentials[i].key(),
                    TestPki.PASSWORD,
                    credentials[i].chain().toArray(X509Certificate[]::new));
        }
        return all;
    }

    private static X509TrustManager manager(Maker maker, KeyStore roots) {
        return (X509TrustManager) maker.trust(roots)[0];
    }

    private static X509Certificate[] chain(Credential credential) {
        return credential.chain().toArray(X509Certificate[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void aChainThatEndsAtARootIsTrusted(Maker maker) throws Exception {
        X509TrustManager trust = manager(maker, TestPki.roots());
        for (KeyKind kind : KeyKind.values()) {
            trust.checkServerTrusted(chain(TestPki.server(kind)), "UNKNOWN");
            trust.checkClientTrusted(chain(TestPki.client(kind)), "UNKNOWN");
        }
        assertEquals(1, trust.getAcceptedIssuers().length);
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfAChainDoesNotMatterBehindItsFirst(Maker maker) throws Exception {
        Credential credential = TestPki.longChain(100);
        X509Certificate[] chain = chain(credential);
        X509Certificate[] other = chain(SERVER);
        manager(maker, TestPki.roots())
                .checkServerTrusted(new X509Certificate[] {chain[0], other[1], chain[2], chain[1]}, "UNKNOWN");
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateThatIsTrustedItselfNeedsNobody(Maker maker) throws Exception {
        Credential alone = TestPki.selfSigned();
        KeyStore roots = TestPki.roots();
        roots.setCertificateEntry("alone", alone.certificate());
        manager(maker, roots).checkServerTrusted(chain(alone), "UNKNOWN");
    }

    @ParameterizedTest
    @EnumSource
    void whatNoRootVouchesForIsRefused(Maker maker) {
        X509TrustManager trust = manager(maker, TestPki.roots());
        refused(trust, chain(TestPki.selfSigned()));
        refused(trust, chain(TestPki.expired()));
        refused(trust, new X509Certificate[] {SERVER.certificate()});
        // A certificate that is no authority's vouches for nobody.
        refused(trust, new X509Certificate[] {TestPki.selfSigned().certificate(), chain(SERVER)[0], chain(SERVER)[1]});
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatMayOnlySignIsNoKeyToEncipherWith(Maker maker) {
        CertificateException thrown = assertThrows(
                CertificateException.class,
                () -> manager(maker, TestPki.roots()).checkServerTrusted(chain(SERVER), "RSA"));
        assertEquals(
                true,
                thrown.getMessage().toLowerCase(java.util.Locale.ROOT).contains("key usage")
                        || thrown.getMessage().contains("KeyUsage"),
                thrown.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void withoutRootsNobodyIsTrusted(Maker maker) throws Exception {
        KeyStore none = KeyStore.getInstance("PKCS12");
        none.load(null, null);
        assertThrows(Exception.class, () -> manager(maker, none).checkServerTrusted(chain(SERVER), "UNKNOWN"));
    }

    @ParameterizedTest
    @EnumSource
    void nonsenseIsTheCallersFault(Maker maker) {
        X509TrustManager trust = manager(maker, TestPki.roots());
        assertThrows(IllegalArgumentException.class, () -> trust.checkServerTrusted(null, "UNKNOWN"));
        assertThrows(IllegalArgumentException.class, () -> trust.checkServerTrusted(new X509Certificate[0], "UNKNOWN"));
        assertThrows(IllegalArgumentException.class, () -> trust.checkServerTrusted(chain(SERVER), null));
        assertThrows(IllegalArgumentException.class, () -> trust.checkServerTrusted(chain(SERVER), ""));
    }

    /** A peer that sends certificates without end does not get us to search them. */
    @Test
    void aChainThatIsTooLongIsNotSearched() {
        X509Certificate[] many = new X509Certificate[11];
        Arrays.fill(many, SERVER.chain().get(1));
        many[0] = SERVER.certificate();
        CertificateException thrown = assertThrows(
                CertificateException.class,
                () -> manager(Maker.OURS, TestPki.roots()).checkServerTrusted(many, "UNKNOWN"));
        assertEquals("a chain of more than 10 certificates", thrown.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void parametersOfPkixAreObeyed(Maker maker) throws Exception {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(TestPki.roots(), new X509CertSelector());
        parameters.setRevocationEnabled(false);
        parameters.addCertPathChecker(new Refusal());
        TrustManager[] trust = maker.make(() -> {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", new JsspiProvider());
            factory.init(new CertPathTrustManagerParameters(parameters));
            return factory.getTrustManagers();
        });
        refused((X509TrustManager) trust[0], chain(SERVER));
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeChecksNameAndConstraints(Maker maker) throws Exception {
        SSLContext client = Jsse.OURS.context(new KeyManager[0], maker.trust(TestPki.roots()));

        EnginePair good = new EnginePair(client, Jsse.OURS.context(SERVER));
        good.handshake();

        EnginePair wrongName = new EnginePair(client, Jsse.OURS.context(TestPki.named("elsewhere.example")));
        assertThrows(SSLHandshakeException.class, wrongName::handshake);

        EnginePair constrained = new EnginePair(client, Jsse.OURS.context(SERVER));
        Parameters.change(constrained.client().engine(), p -> p.setAlgorithmConstraints(new NoneSignedWithEcdsa()));
        assertThrows(SSLException.class, constrained::handshake);
    }

    @ParameterizedTest
    @EnumSource
    void theKeyOfTheTypeIsChosen(Maker maker) {
        for (String algorithm : List.of("SunX509", "NewSunX509", "PKIX")) {
            X509ExtendedKeyManager keys =
                    maker.keys(algorithm, TestPki.server(KeyKind.EC_P256), TestPki.server(KeyKind.RSA));
            for (KeyKind kind : List.of(KeyKind.EC_P256, KeyKind.RSA)) {
                String type = TestPki.server(kind).key().getAlgorithm();
                String alias = keys.chooseEngineServerAlias(type, null, null);
                assertEquals(TestPki.server(kind).key(), keys.getPrivateKey(alias));
                assertArrayEquals(chain(TestPki.server(kind)), keys.getCertificateChain(alias));
                assertEquals(1, keys.getServerAliases(type, null).length);
                assertEquals(1, keys.getClientAliases(type, null).length);
            }
            assertNull(keys.chooseEngineServerAlias("RSASSA-PSS", null, null));
            assertNull(keys.getServerAliases("DSA", null));
            assertNull(keys.getPrivateKey("nobody"));
            assertNull(keys.getCertificateChain("nobody"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIssuerThatWasNamedIsLookedFor(Maker maker) {
        X509ExtendedKeyManager keys = maker.keys("PKIX", TestPki.selfSigned(), TestPki.client(KeyKind.EC_P256));
        X509Certificate[] roots = {SERVER.chain().get(1)};
        String alias = keys.chooseEngineClientAlias(
                new String[] {"EC"}, new Principal[] {roots[0].getSubjectX500Principal()}, null);
        assertEquals(TestPki.client(KeyKind.EC_P256).key(), keys.getPrivateKey(alias));
    }

    /** Ours alone: the platform takes the first of the type here. */
    @Test
    void aKeyThatIsValidComesBeforeOneThatIsNot() {
        X509ExtendedKeyManager keys = Maker.OURS.keys("PKIX", TestPki.expired(), SERVER);
        assertEquals(SERVER.key(), keys.getPrivateKey(keys.chooseEngineServerAlias("EC", null, null)));
    }

    /** Ours alone: the platform takes the first of the type here. */
    @Test
    void theNameThatTheClientAsksForChoosesTheKey() throws Exception {
        Credential elsewhere = TestPki.named("elsewhere.example");
        for (Credential wanted : List.of(SERVER, elsewhere)) {
            String host = wanted == SERVER ? "localhost" : "elsewhere.example";
            SSLContext server = Jsse.OURS.context(
                    new KeyManager[] {Maker.OURS.keys("PKIX", SERVER, elsewhere)}, TestPki.trustManagers());
            EnginePair pair = new EnginePair(Jsse.OURS.client(), server);
            SSLEngine client = pair.client().engine();
            Parameters.change(client, p -> p.setServerNames(List.of(new SNIHostName(host))));
            pair.handshake();
            assertEquals(wanted.certificate(), client.getSession().getPeerCertificates()[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keyStoresThatAreBuiltServeToo(Maker maker) {
        X509ExtendedKeyManager keys = maker.make(() -> {
            KeyManagerFactory factory = KeyManagerFactory.getInstance("NewSunX509", new JsspiProvider());
            KeyStore.ProtectionParameter password = new KeyStore.PasswordProtection(TestPki.PASSWORD);
            factory.init(new KeyStoreBuilderParameters(List.of(
                    KeyStore.Builder.newInstance(TestPki.server(KeyKind.RSA).keyStore(), password),
                    KeyStore.Builder.newInstance(SERVER.keyStore(), password))));
            return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
        });
        assertEquals(SERVER.key(), keys.getPrivateKey(keys.chooseEngineServerAlias("EC", null, null)));
    }

    @Test
    void everyNameOfThePlatformsFactoriesIsHereToo() {
        for (String algorithm : List.of("SunX509", "NewSunX509", "PKIX")) {
            assertDoesNotThrow(() -> KeyManagerFactory.getInstance(algorithm, new JsspiProvider()));
        }
        for (String algorithm : List.of("PKIX", "SunPKIX", "X509", "X.509", "SunX509")) {
            assertDoesNotThrow(() -> TrustManagerFactory.getInstance(algorithm, new JsspiProvider()));
        }
    }

    private static void refused(X509TrustManager trust, X509Certificate[] chain) {
        assertThrows(CertificateException.class, () -> trust.checkServerTrusted(chain, "UNKNOWN"));
        assertThrows(CertificateException.class, () -> trust.checkClientTrusted(chain, "EC"));
    }

    /** Refuses every path. */
    private static final class Refusal extends java.security.cert.PKIXCertPathChecker {
        @Override
        public void init(boolean forward) {}

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public Set<String> getSupportedExtensions() {
            return Collections.emptySet();
        }

        @Override
        public void check(java.security.cert.Certificate certificate, java.util.Collection<String> unresolved)
                throws java.security.cert.CertPathValidatorException {
            throw new java.security.cert.CertPathValidatorException("no path is good enough");
        }
    }

    private static final class NoneSignedWithEcdsa implements AlgorithmConstraints {
        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
            return !algorithm.equals("SHA256withECDSA");
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
            return true;
        }

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
            return permits(primitives, algorithm, parameters);
        }
    }
}
