package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.Session;
import org.jsspi.StreamContext;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.End;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The groups with ML-KEM and the signatures by ML-DSA, with Bouncy Castle's JSSE as the peer that has both. */
class PostQuantumTest {
    private static final Provider BC = new BouncyCastleProvider();
    private static final Provider BCJSSE = new BouncyCastleJsseProvider(false, BC);

    static Stream<Arguments> groups() {
        return Stream.of("X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "MLKEM768", "MLKEM1024")
                .flatMap(group -> Stream.of(Arguments.of(group, true), Arguments.of(group, false)));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void bouncyCastleAgreesOnTheGroup(String group, boolean client) throws Exception {
        ContextOptions options =
                ContextOptions.builder().namedGroups(List.of(group)).build();
        Credential credential = TestPki.server(KeyKind.EC_P256);
        // The peer has others to offer and to choose, and needs the curve of its own key among them.
        EngineEnd peer = peer(credential, !client, List.of("x25519", "secp256r1", group), null);

        handshakeAndExchange(options, credential, client, peer, group);
    }

    static Stream<Arguments> parameterSets() {
        return Stream.of("ML-DSA-44", "ML-DSA-65", "ML-DSA-87")
                .flatMap(set -> Stream.of(Arguments.of(set, true), Arguments.of(set, false)));
    }

    @ParameterizedTest
    @MethodSource("parameterSets")
    void bouncyCastleAgreesOnMlDsa(String parameterSet, boolean client) throws Exception {
        String scheme = parameterSet.toLowerCase(java.util.Locale.ROOT).replace("-", "");
        List<String> schemes = List.of(scheme, "ecdsa_secp256r1_sha256");
        ContextOptions options =
                ContextOptions.builder().signatureSchemes(schemes).build();
        Credential credential =
                TestPki.server(KeyPairGenerator.getInstance(parameterSet, BC).generateKeyPair());
        EngineEnd peer = peer(credential, !client, null, schemes);

        handshakeAndExchange(options, credential, client, peer, null);
    }

    private static void handshakeAndExchange(
            ContextOptions options, Credential credential, boolean client, EngineEnd peer, String group)
            throws Exception {
        try (CredHandle handle = client ? Schannel.outbound() : Schannel.inbound(credential);
                StreamContext context = (StreamContext) handle.newContext()) {
            SspiEnd ours =
                    client ? SspiEnd.initiator(context, options, null) : SspiEnd.acceptor(context, options, null);
            Connection<End, End> connection = client ? new Connection<>(ours, peer) : new Connection<>(peer, ours);
            peer.engine().beginHandshake();

            connection.handshake();

            Session session = context.queryContextAttributes(ContextAttribute.SESSION);
            if (group != null) {
                assertEquals(group, session.namedGroup());
            }
            Certificate shown = client
                    ? session.peerCertificates().get(0)
                    : peer.engine().getSession().getPeerCertificates()[0];
            assertEquals(credential.certificate(), shown);
            connection.exchange(ours, 1000);
            connection.exchange(peer, 1000);
        }
    }

    /** Who does not ask for ML-DSA is not shown it by a server that has both. */
    @Test
    void aServerWithBothKeysShowsEachClientTheOneThatItAccepts() throws Exception {
        Credential quantum =
                TestPki.server(KeyPairGenerator.getInstance("ML-DSA-65", BC).generateKeyPair());
        Credential classical = TestPki.server(KeyKind.EC_P256);
        for (boolean asks : new boolean[] {true, false}) {
            List<String> schemes =
                    asks ? List.of("mldsa65", "ecdsa_secp256r1_sha256") : List.of("ecdsa_secp256r1_sha256");
            ContextOptions client =
                    ContextOptions.builder().signatureSchemes(schemes).build();
            ContextOptions server = ContextOptions.builder()
                    .signatureSchemes(List.of("mldsa65", "ecdsa_secp256r1_sha256"))
                    .build();
            try (CredHandle out = Schannel.outbound();
                    CredHandle in = Schannel.inbound(quantum, classical);
                    StreamContext one = (StreamContext) out.newContext();
                    StreamContext two = (StreamContext) in.newContext()) {
                new Connection<>(SspiEnd.initiator(one, client, null), SspiEnd.acceptor(two, server, null)).handshake();

                assertEquals(
                        asks ? quantum.certificate() : classical.certificate(),
                        one.queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
            }
        }
    }

    /** A server that has no hybrid takes the second share, and a client pays no round trip for it. */
    @Test
    void aPeerWithoutHybridsCostsNoRoundTrip() throws Exception {
        EnginePair pair = new EnginePair(Jsse.OURS.client(), Jsse.SUN.server(KeyKind.EC_P256));

        pair.handshake();

        // Without a HelloRetryRequest the client sends one hello, change_cipher_spec and Finished.
        List<byte[]> sent = pair.client().records();
        assertEquals(1, sent.stream().filter(record -> record[0] == 22).count());
    }

    @Test
    void theHelloWithTheHybridIsTwelveHundredBytesLonger() throws Exception {
        int quantum = helloLength(null);
        int classical = helloLength(List.of("x25519", "secp256r1", "secp384r1", "secp521r1"));

        // RFC 8446 4.2.8: the share of 1216 bytes, its group and its length; and two groups more in supported_groups.
        assertEquals(1216 + 4 + 4, quantum - classical);
        assertTrue(quantum < 1700, quantum + " bytes: more than one packet of Ethernet, less than two");
    }

    private static int helloLength(List<String> groups) throws Exception {
        ContextOptions options = ContextOptions.builder()
                .namedGroups(groups)
                .signatureSchemes(List.of("ecdsa_secp256r1_sha256"))
                .build();
        try (CredHandle handle = Schannel.outbound();
                StreamContext context = (StreamContext) handle.newContext()) {
            int[] length = {0};
            SspiEnd.initiator(context, options, null).step(new End() {
                @Override
                public void arrive(byte[] bytes) {
                    length[0] += bytes.length;
                }

                @Override
                public boolean step(End peer) {
                    return false;
                }

                @Override
                public int send(byte[] data, End peer) {
                    return 0;
                }

                @Override
                public byte[] takeReceived() {
                    return new byte[0];
                }

                @Override
                public boolean established() {
                    return false;
                }
            });
            return length[0];
        }
    }

    /** The JDK's own keys, key managers and path validation, end to end, from root to handshake. */
    @ParameterizedTest
    @ValueSource(strings = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
    void theJdkValidatesAChainOfMlDsa(String parameterSet) throws Exception {
        assumeTrue(Security.getProviders("Signature.ML-DSA") != null, "ML-DSA is in the JDK from 24 on");
        KeyPair root = KeyPairGenerator.getInstance("ML-DSA-87").generateKeyPair();
        KeyPair leaf = KeyPairGenerator.getInstance(parameterSet).generateKeyPair();
        X509Certificate rootCertificate = certificate("CN=quantum root", root, root, true);
        X509Certificate leafCertificate = certificate("CN=localhost", leaf, root, false);
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", rootCertificate);
        Credential credential = new Credential(leaf.getPrivate(), List.of(leafCertificate));
        SSLContext server = Jsse.OURS.context(credential.keyManagers(), TestPki.trustManagers(roots));
        SSLContext client = Jsse.OURS.context(credential.keyManagers(), TestPki.trustManagers(roots));
        EnginePair pair = new EnginePair(client, server);
        pair.server().engine().setNeedClientAuth(true);

        pair.handshake();

        assertEquals(leafCertificate, pair.client().engine().getSession().getPeerCertificates()[0]);
        assertEquals(leafCertificate, pair.server().engine().getSession().getPeerCertificates()[0]);
        EnginePair untrusted = new EnginePair(Jsse.OURS.client(), server);
        assertThrows(javax.net.ssl.SSLHandshakeException.class, untrusted::handshake);
    }

    private static X509Certificate certificate(String subject, KeyPair key, KeyPair issuer, boolean authority)
            throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=quantum root"),
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minusSeconds(3600)),
                Date.from(now.plusSeconds(3600)),
                new X500Name(subject),
                key.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("ML-DSA-87").build(issuer.getPrivate())));
    }

    private static EngineEnd peer(Credential credential, boolean client, List<String> groups, List<String> schemes)
            throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3", BCJSSE);
        context.init(client ? new KeyManager[0] : keys(credential), TestPki.trustManagers(), new SecureRandom());
        SSLEngine engine = context.createSSLEngine("localhost", 4433);
        engine.setUseClientMode(client);
        BCSSLParameters parameters = new BCSSLParameters();
        if (groups != null) {
            parameters.setNamedGroups(groups.toArray(String[]::new));
        }
        if (schemes != null) {
            parameters.setSignatureSchemes(schemes.toArray(String[]::new));
        }
        ((BCSSLEngine) engine).setParameters(parameters);
        return new EngineEnd(engine, Memory.HEAP);
    }

    private static KeyManager[] keys(Credential credential) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12", BC);
        store.load(null, null);
        // Read by the peer itself: before JDK 24 the JDK's certificates do not know what their key is.
        CertificateFactory reader = CertificateFactory.getInstance("X.509", BC);
        List<Certificate> chain = new ArrayList<>();
        for (X509Certificate certificate : credential.chain()) {
            chain.add(reader.generateCertificate(new ByteArrayInputStream(certificate.getEncoded())));
        }
        store.setKeyEntry("key", credential.key(), TestPki.PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", BCJSSE);
        factory.init(store, TestPki.PASSWORD);
        return factory.getKeyManagers();
    }
}
