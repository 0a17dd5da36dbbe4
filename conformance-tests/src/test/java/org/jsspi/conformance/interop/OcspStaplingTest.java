package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jsspi.SspiException;
import org.jsspi.StatusResponses;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Failures;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.jsspi.conformance.fixture.TestResponder;
import org.jsspi.conformance.fixture.TestResponder.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OCSP responses that a server staples, and what PKIX makes of them: ours against ours, SunJSSE, OpenSSL and GnuTLS. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OcspStaplingTest {
    private static final Credential OWN = TestPki.server(KeyKind.EC_P256);
    private static final X509Certificate LEAF = OWN.chain().get(0);
    private static final byte[] GOOD = TestResponder.response(LEAF, Status.GOOD);
    private static final byte[] NONE = {};

    private static final int CERTIFICATE_REVOKED = 44;
    private static final int CERTIFICATE_UNKNOWN = 46;
    private static final int BAD_CERTIFICATE_STATUS_RESPONSE = 113;

    @TempDir
    private Path directory;

    /** Keys that know the status of their certificates. */
    private static final class StapledKeys extends X509ExtendedKeyManager implements StatusResponses {
        private final List<byte[]> responses;

        StapledKeys(byte[]... responses) {
            this.responses = Arrays.asList(responses);
        }

        @Override
        public List<byte[]> responsesFor(List<X509Certificate> chain) {
            assertEquals(OWN.chain(), chain);
            return responses;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return chooseServerAlias(keyType, issuers, null);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.equals("EC") ? "own" : null;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return OWN.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return OWN.key();
        }
    }

    private static SSLContext stapling(byte[]... responses) {
        return Jsse.OURS.context(new KeyManager[] {new StapledKeys(responses)}, TestPki.trustManagers());
    }

    /** {@return the JDK's trust managers, which want to know that nothing is revoked} */
    private static TrustManager[] checking(KeyStore anchors, PKIXRevocationChecker.Option... options) {
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(true);
            if (options.length > 0) {
                PKIXRevocationChecker checker = (PKIXRevocationChecker)
                        CertPathBuilder.getInstance("PKIX").getRevocationChecker();
                checker.setOptions(EnumSet.copyOf(Set.of(options)));
                parameters.addCertPathChecker(checker);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EnginePair pair(String protocol, Jsse client, TrustManager[] trust, SSLContext server) {
        EnginePair pair = new EnginePair(client.context(new KeyManager[0], trust), server);
        pair.client().engine().setEnabledProtocols(new String[] {protocol});
        return pair;
    }

    private static List<byte[]> responses(SSLSession session) {
        return ((ExtendedSSLSession) session).getStatusResponses();
    }

    // PKIX

    @ParameterizedTest
    @CsvSource({"OURS, TLSv1.3", "OURS, TLSv1.2", "SUN, TLSv1.3", "SUN, TLSv1.2"})
    void aGoodResponseIsAccepted(Jsse client, String protocol) throws Exception {
        EnginePair pair = pair(protocol, client, checking(TestPki.intermediates()), stapling(GOOD))
                .handshake();
        pair.exchangeBothWays();
        SSLSession session = pair.client().engine().getSession();
        assertEquals(protocol, session.getProtocol());
        assertArrayEquals(GOOD, responses(session).get(0));
    }

    @ParameterizedTest
    @CsvSource({"OURS, TLSv1.3", "OURS, TLSv1.2", "SUN, TLSv1.3", "SUN, TLSv1.2"})
    void aRevokedCertificateIsRefused(Jsse client, String protocol) throws Exception {
        EnginePair pair = pair(
                protocol,
                client,
                checking(TestPki.intermediates()),
                stapling(TestResponder.response(LEAF, Status.REVOKED)));
        SSLException failure = Failures.of(pair::handshake);
        assertEquals(BasicReason.REVOKED, reason(failure));
        if (client == Jsse.OURS) {
            assertEquals(CERTIFICATE_REVOKED, alert(failure));
            SSLException told = Failures.of(pair::settle);
            assertTrue(told.getMessage().contains("certificate_revoked"), told.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void withoutAResponsePkixSaysWhatItSays(String protocol) throws Exception {
        SSLException failure =
                Failures.of(pair(protocol, Jsse.OURS, checking(TestPki.intermediates()), stapling())::handshake);
        assertEquals(BasicReason.UNDETERMINED_REVOCATION_STATUS, reason(failure));
        assertEquals(CERTIFICATE_UNKNOWN, alert(failure));
        EnginePair pair = pair(
                protocol,
                Jsse.OURS,
                checking(
                        TestPki.intermediates(),
                        PKIXRevocationChecker.Option.PREFER_CRLS,
                        PKIXRevocationChecker.Option.NO_FALLBACK,
                        PKIXRevocationChecker.Option.SOFT_FAIL),
                stapling());
        pair.handshake();
        assertEquals(List.of(), responses(pair.client().engine().getSession()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aResponseThatProvesNothingIsRefused(String protocol) {
        assertEquals(
                BAD_CERTIFICATE_STATUS_RESPONSE, alertOfStaple(protocol, TestResponder.response(LEAF, Status.UNKNOWN)));
        // Where PKIX does not say that it is the status which is wrong, the alert cannot either.
        for (byte[] useless : List.of(
                TestResponder.forged(LEAF),
                TestResponder.response(LEAF, Status.GOOD, Instant.now().minusSeconds(1800)),
                TestResponder.response(OWN.chain().get(1), Status.GOOD))) {
            int alert = alertOfStaple(protocol, useless);
            assertTrue(alert == CERTIFICATE_UNKNOWN || alert == BAD_CERTIFICATE_STATUS_RESPONSE, "alert " + alert);
        }
    }

    private static int alertOfStaple(String protocol, byte[] response) {
        return alert(Failures.of(
                pair(protocol, Jsse.OURS, checking(TestPki.intermediates()), stapling(response))::handshake));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whatIsNoResponseIsRefusedWhoeverTrusts(String protocol) {
        SSLException failure =
                Failures.of(pair(protocol, Jsse.OURS, TestPki.trustManagers(), stapling(new byte[9]))::handshake);
        assertEquals(BAD_CERTIFICATE_STATUS_RESPONSE, alert(failure));
    }

    /** The path from the root has two certificates: TLS 1.3 has a response for each, TLS 1.2 for the first. */
    @Test
    void theStatusOfTheWholeChainTravelsInTls13() throws Exception {
        byte[] upper = TestResponder.response(OWN.chain().get(1), Status.GOOD);
        EnginePair pair = pair("TLSv1.3", Jsse.OURS, checking(TestPki.roots()), stapling(GOOD, upper));
        pair.handshake();
        assertArrayEquals(
                new Object[] {GOOD, upper},
                responses(pair.client().engine().getSession()).toArray());
        pair("TLSv1.3", Jsse.SUN, checking(TestPki.roots()), stapling(GOOD, upper))
                .handshake();
        SSLException failure =
                Failures.of(pair("TLSv1.3", Jsse.OURS, checking(TestPki.roots()), stapling(GOOD))::handshake);
        assertTrue(failure.getMessage().contains("OCSP"), failure.getMessage());
        byte[] revoked = TestResponder.response(OWN.chain().get(1), Status.REVOKED);
        assertEquals(
                CERTIFICATE_REVOKED,
                alert(Failures.of(
                        pair("TLSv1.3", Jsse.OURS, checking(TestPki.roots()), stapling(NONE, revoked))::handshake)));
    }

    private static int alert(SSLException failure) {
        SspiException cause = Failures.sspi(failure);
        return cause.alert().orElseThrow(() -> new AssertionError("no alert", failure));
    }

    private static Object reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException invalid) {
                return invalid.getReason();
            }
        }
        throw new AssertionError("not a matter of paths", failure);
    }

    // SunJSSE's server

    /** SunJSSE reads the property when a context is made; ours did when the first one was. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void ourClientTakesWhatSunJsseStaples(String protocol) throws Exception {
        Jsse.OURS.client();
        List<X509Certificate> own = new ArrayList<>();
        try (TestResponder responder = new TestResponder(request -> TestResponder.response(own.get(0), Status.GOOD))) {
            Credential credential = TestPki.server(responder.uri());
            own.add(credential.certificate());
            SSLContext server;
            System.setProperty("jdk.tls.server.enableStatusRequestExtension", "true");
            try {
                server = Jsse.SUN.context(credential);
            } finally {
                System.clearProperty("jdk.tls.server.enableStatusRequestExtension");
            }
            EnginePair pair = pair(
                    protocol,
                    Jsse.OURS,
                    checking(TestPki.intermediates(), PKIXRevocationChecker.Option.NO_FALLBACK),
                    server);
            pair.handshake();
            assertTrue(responses(pair.client().engine().getSession()).get(0).length > 0);
            assertEquals(1, responder.requests());
        }
    }

    // OpenSSL

    @ParameterizedTest
    @CsvSource({"TLSv1.3, -tls1_3", "TLSv1.2, -tls1_2"})
    void ourClientTakesWhatOpenSslStaples(String protocol, String version) throws Exception {
        Peer.assumeInstalled("openssl");
        Path response = Files.write(directory.resolve("response.der"), GOOD);
        Path chain = OWN.writeChain(directory.resolve("own.pem"));
        Path key = OWN.writeKey(directory.resolve("own.key"));
        try (Peer server = OpenSslPrograms.start(
                "-cert",
                chain.toString(),
                "-cert_chain",
                chain.toString(),
                "-key",
                key.toString(),
                version,
                "-status_file",
                response.toString(),
                "-rev")) {
            SSLContext client = Jsse.OURS.context(new KeyManager[0], checking(TestPki.intermediates()));
            SSLSession session = OpenSslPrograms.reverse(client, server);
            assertEquals(protocol, session.getProtocol());
            assertArrayEquals(GOOD, responses(session).get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_3", "-tls1_2"})
    void openSslTakesWhatOurServerStaples(String version) throws Exception {
        Peer.assumeInstalled("openssl");
        try (Listening server = Listening.tls(stapling(GOOD), OpenSslPrograms::copy);
                Peer client = openSsl(server, version)) {
            client.await("OCSP Response Status: successful");
            client.await("Cert Status: good");
            client.await("Verify return code: 0");
        }
        try (Listening server = Listening.tls(stapling(), OpenSslPrograms::copy);
                Peer client = openSsl(server, version)) {
            client.await("OCSP response: no response sent");
            client.await("Verify return code: 0");
        }
    }

    private Peer openSsl(Listening server, String version) throws Exception {
        return Peer.start(List.of(
                "openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + server.port(),
                "-servername",
                "localhost",
                "-CAfile",
                TestPki.writeRoot(directory.resolve("root.pem")).toString(),
                "-status",
                version));
    }

    // GnuTLS

    @ParameterizedTest
    @CsvSource({"TLSv1.3, NORMAL:-VERS-ALL:+VERS-TLS1.3", "TLSv1.2, NORMAL:-VERS-ALL:+VERS-TLS1.2"})
    void ourClientTakesWhatGnuTlsStaples(String protocol, String priority) throws Exception {
        byte[] good = TestResponder.response(TestPki.server(KeyKind.RSA).certificate(), Status.GOOD);
        Path response = Files.write(directory.resolve("response.der"), good);
        try (GnuTlsServer server = GnuTlsServer.start(directory, priority, "--ocsp-response=" + response)) {
            SSLContext client = Jsse.OURS.context(new KeyManager[0], checking(TestPki.intermediates()));
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("localhost", server.port())) {
                socket.setSoTimeout(15_000);
                socket.startHandshake();
                assertEquals(protocol, socket.getSession().getProtocol());
                assertArrayEquals(good, responses(socket.getSession()).get(0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"})
    void gnuTlsTakesWhatOurServerStaples(String priority) throws Exception {
        Peer.assumeInstalled("gnutls-cli");
        Path saved = directory.resolve("saved.der");
        try (Listening server = Listening.tls(stapling(GOOD), OpenSslPrograms::copy);
                Peer client = Peer.start(List.of(
                        "gnutls-cli",
                        "--port",
                        "" + server.port(),
                        "--x509cafile",
                        TestPki.writeRoot(directory.resolve("root.pem")).toString(),
                        "--save-ocsp=" + saved,
                        "--priority",
                        priority,
                        "localhost"))) {
            client.await("Simple Client Mode");
            assertTrue(client.output().contains("OCSP status request"), client.output());
            assertArrayEquals(GOOD, Files.readAllBytes(saved));
        }
    }
}
