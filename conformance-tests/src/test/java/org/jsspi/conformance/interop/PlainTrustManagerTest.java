package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trust manager of the oldest kind trusts everybody: what it is not told of is judged by the provider. */
class PlainTrustManagerTest {
    private static final TrustManager[] EVERYBODY = {
        new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {
                // trusted
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {
                // trusted
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }
    };

    @ParameterizedTest
    @EnumSource(Jsse.class)
    void keysThatThePlatformForbidsAreRefused(Jsse provider) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(768);
        Credential weak = TestPki.server(generator.generateKeyPair());
        SSLContext client = provider.context(new KeyManager[0], EVERYBODY);

        String refusal = Failures.of(new EnginePair(client, Jsse.OURS.context(weak))::handshake)
                .getMessage();

        assertTrue(Stream.of("not permitted", "constraints").anyMatch(refusal::contains), refusal);
    }

    @ParameterizedTest
    @EnumSource(Jsse.class)
    void otherNamesAreRefused(Jsse provider) throws Exception {
        SSLContext client = provider.context(new KeyManager[0], EVERYBODY);

        String refusal = Failures.of(
                        new EnginePair(client, Jsse.OURS.context(TestPki.named("another.example")))::handshake)
                .getMessage();

        assertTrue(refusal.contains("localhost"), refusal);
    }

    @ParameterizedTest
    @EnumSource(Jsse.class)
    void theRestIsTrusted(Jsse provider) throws Exception {
        new EnginePair(provider.context(new KeyManager[0], EVERYBODY), Jsse.OURS.server(KeyKind.RSA)).handshake();
    }
}
