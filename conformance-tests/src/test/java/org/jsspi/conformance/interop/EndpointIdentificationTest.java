package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Endpoint identification through an engine, by name of the algorithm: with the JDK's trust manager, which is handed the engine,
 * and with a plain one, for which we do it.
 */
class EndpointIdentificationTest {
    private static final Credential WILDCARD = TestPki.named("*.example.org", "ldap.example.com");

    @ParameterizedTest
    @CsvSource({
        "LDAPS, ldap.example.com, true",
        "ldaps, LDAP.EXAMPLE.COM, true",
        "LDAPS, one.example.org, true",
        "LDAPS, one.two.example.org, false",
        "LDAPS, example.org, false",
        "LDAPS, ldap.example.net, false",
        "HTTPS, ldap.example.com, true",
        "HTTPS, one.example.org, true",
        "HTTPS, one.two.example.org, false",
        "HTTPS, ldap.example.net, false"
    })
    void theNameOfTheHostIsHeldAgainstTheCertificate(String algorithm, String host, boolean fits) throws Exception {
        for (SSLContext client : new SSLContext[] {Jsse.OURS.client(), Jsse.OURS.context(null, plainly())}) {
            EnginePair pair = pair(client, algorithm, host);
            if (fits) {
                pair.handshake();
                assertTrue(pair.client().established() && pair.server().established());
            } else {
                SSLException failure = Failures.of(pair::handshake);
                assertTrue(failure.getCause() instanceof CertificateException, String.valueOf(failure.getCause()));
                // RFC 8446 6.2: bad_certificate or certificate_unknown; the client says so before it says anything
                // else.
                int alert = Failures.sspi(failure).alert().getAsInt();
                assertTrue(alert == 42 || alert == 46, failure.getMessage());
                assertFalse(pair.server().established());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FTPS", "none"})
    void anAlgorithmThatNobodyKnowsTrustsNobody(String algorithm) throws Exception {
        for (SSLContext client : new SSLContext[] {Jsse.OURS.client(), Jsse.OURS.context(null, plainly())}) {
            SSLException failure = Failures.of(pair(client, algorithm, "ldap.example.com")::handshake);
            assertTrue(failure.getCause() instanceof CertificateException, String.valueOf(failure.getCause()));
        }
    }

    /** A session that was checked as one algorithm says is not one of the other. */
    @ParameterizedTest
    @CsvSource({"LDAPS, LDAPS, true", "LDAPS, HTTPS, false", "HTTPS, LDAPS, false", "'', LDAPS, false"})
    void sessionsAreNotSharedBetweenAlgorithms(String first, String second, boolean shared) throws Exception {
        SSLContext client = Jsse.OURS.client();
        SSLContext server = Jsse.OURS.context(WILDCARD);
        EnginePair before = pair(client, server, first, "ldap.example.com");
        before.handshake();
        EnginePair after = pair(client, server, second, "ldap.example.com");
        after.handshake();
        // A resumed handshake carries no certificate.
        boolean resumed = after.client().flight() < before.client().flight() - 400;
        assertEquals(shared, resumed);
    }

    private static EnginePair pair(SSLContext client, String algorithm, String host) {
        return pair(client, Jsse.OURS.context(WILDCARD), algorithm, host);
    }

    private static EnginePair pair(SSLContext client, SSLContext server, String algorithm, String host) {
        SSLEngine engine = client.createSSLEngine(host, 636);
        engine.setUseClientMode(true);
        Parameters.change(engine, p -> p.setEndpointIdentificationAlgorithm(algorithm));
        return new EnginePair(
                new EngineEnd(engine, Memory.HEAP), new EngineEnd(Jsse.serverEngine(server), Memory.HEAP));
    }

    /** The test root's judgement, by a trust manager that knows of no engine. */
    private static TrustManager[] plainly() {
        X509TrustManager judge = (X509TrustManager) TestPki.trustManagers()[0];
        return new TrustManager[] {
            new X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                    judge.checkClientTrusted(chain, authType);
                }

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
                    judge.checkServerTrusted(chain, authType);
                }

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return judge.getAcceptedIssuers();
                }
            }
        };
    }
}
