package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jsspi.conformance.fixture.EngineEnd;
import org.jsspi.conformance.fixture.EnginePair;
import org.jsspi.conformance.fixture.Jsse;
import org.jsspi.conformance.fixture.Memory;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our engine and the JDK's over every choice that the two can agree on, and ours with itself. */
class EngineMatrixTest {
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private static String version(String suite) {
        return suite.contains("_WITH_") ? "TLSv1.2" : "TLSv1.3";
    }

    private static KeyKind keyKind(String suite) {
        return suite.contains("_RSA_") ? KeyKind.RSA : KeyKind.EC_P256;
    }

    private static void restrict(EnginePair pair, String version) {
        Parameters.change(pair.client().engine(), p -> p.setProtocols(new String[] {version}));
    }

    static Stream<Arguments> suites() {
        return product(SUITES.stream());
    }

    @ParameterizedTest
    @MethodSource("suites")
    void theSuiteCarriesDataOfAllSizesBothWays(Roles roles, String suite) throws Exception {
        EnginePair pair = pair(roles, keyKind(suite), Memory.HEAP, Integer.MAX_VALUE);
        Parameters.change(pair.client().engine(), p -> p.setCipherSuites(new String[] {suite}));

        pair.handshake();

        for (EngineEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(suite, end.engine().getSession().getCipherSuite());
            assertEquals(version(suite), end.engine().getSession().getProtocol());
        }
        pair.exchangeBothWays();
    }

    static Stream<Arguments> keyKinds() {
        return product(Stream.of(KeyKind.values()), VERSIONS);
    }

    @ParameterizedTest
    @MethodSource("keyKinds")
    void bothSidesProveEveryKindOfKey(Roles roles, KeyKind kind, String version) throws Exception {
        SSLContext client = roles.client.context(TestPki.client(kind));
        SSLContext server = roles.server.server(kind);
        EnginePair pair = new EnginePair(client, server);
        restrict(pair, version);
        pair.server().engine().setNeedClientAuth(true);

        pair.handshake();

        assertEquals(
                TestPki.server(kind).certificate(),
                pair.client().engine().getSession().getPeerCertificates()[0]);
        assertEquals(
                TestPki.client(kind).certificate(),
                pair.server().engine().getSession().getPeerCertificates()[0]);
        assertEquals(
                TestPki.client(kind).certificate(),
                pair.client().engine().getSession().getLocalCertificates()[0]);
        pair.exchange(pair.client(), 1000);
        pair.exchange(pair.server(), 1000);
    }

    static Stream<Arguments> schemes() {
        return product(Stream.of("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512"), VERSIONS);
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void anRsaKeySignsWithTheSchemeThatTheClientAllows(Roles roles, String scheme, String version) throws Exception {
        assumeTrue(Parameters.haveSignatureSchemes(), "SSLParameters.setSignatureSchemes is there from JDK 19 on");
        EnginePair pair = pair(roles, KeyKind.RSA, Memory.HEAP, Integer.MAX_VALUE);
        restrict(pair, version);
        // The certificates of the chain are signed with ECDSA.
        Parameters.change(
                pair.client().engine(),
                p -> Parameters.setSignatureSchemes(p, List.of(scheme, "ecdsa_secp256r1_sha256")));

        pair.handshake();

        pair.exchange(pair.server(), 100);
    }

    /** With RSA: in TLS 1.2 a certificate on a curve is for clients that name the curve (RFC 8422 5.3). */
    static Stream<Arguments> groups() {
        return product(Stream.of("x25519", "secp256r1", "secp384r1", "secp521r1"), VERSIONS);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theOnlyGroupOfTheServerIsAgreedOn(Roles roles, String group, String version) throws Exception {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        EnginePair pair = pair(roles, KeyKind.RSA, Memory.HEAP, Integer.MAX_VALUE);
        // A client shares keys of its first groups alone: the last ones need a HelloRetryRequest.
        restrict(pair, version);
        Parameters.change(pair.server().engine(), p -> Parameters.setNamedGroups(p, List.of(group)));

        pair.handshake();

        pair.exchange(pair.client(), 100);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theFirstGroupOfTheClientIsAgreedOn(Roles roles, String group, String version) throws Exception {
        assumeTrue(Parameters.haveNamedGroups(), "SSLParameters.setNamedGroups is there from JDK 20 on");
        EnginePair pair = pair(roles, KeyKind.RSA, Memory.HEAP, Integer.MAX_VALUE);
        restrict(pair, version);
        Parameters.change(pair.client().engine(), p -> Parameters.setNamedGroups(p, List.of(group)));

        pair.handshake();

        pair.exchange(pair.client(), 100);
    }

    static Stream<Arguments> memories() {
        List<Arguments> all = new ArrayList<>();
        for (Roles roles : Roles.values()) {
            for (String suite : SUITES) {
                for (Memory memory : Memory.values()) {
                    all.add(Arguments.of(roles, suite, memory));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("memories")
    void everyKindOfBufferWillDo(Roles roles, String suite, Memory memory) throws Exception {
        EnginePair pair = pair(roles, keyKind(suite), memory, Integer.MAX_VALUE);
        Parameters.change(pair.client().engine(), p -> p.setCipherSuites(new String[] {suite}));

        pair.handshake();

        pair.exchange(pair.client(), 40_000);
        pair.exchange(pair.server(), 40_000);
    }

    static Stream<Arguments> dribbles() {
        return product(Stream.of(1, 5, 1000), VERSIONS);
    }

    @ParameterizedTest
    @MethodSource("dribbles")
    void aSlowLineMakesNoDifference(Roles roles, int dribble, String version) throws Exception {
        for (Memory memory : List.of(Memory.HEAP, Memory.READ_ONLY)) {
            EnginePair pair = pair(roles, KeyKind.EC_P256, memory, dribble);
            restrict(pair, version);

            pair.handshake();

            pair.exchange(pair.client(), 700);
            pair.exchange(pair.server(), 700);
        }
    }

    static Stream<Arguments> versions() {
        return product(VERSIONS.stream());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void tasksAreForTheExpensiveStepsOnly(Roles roles, String version) throws Exception {
        EnginePair pair = pair(roles, KeyKind.EC_P256, Memory.HEAP, Integer.MAX_VALUE);
        restrict(pair, version);

        pair.handshake();

        EngineEnd ours = roles.ours(pair);
        assertTrue(ours.tasks() >= 1 && ours.tasks() <= 4, ours.tasks() + " tasks");
    }

    private static EnginePair pair(Roles roles, KeyKind kind, Memory memory, int dribble) {
        SSLEngine client = Jsse.clientEngine(roles.client.client());
        SSLEngine server = Jsse.serverEngine(roles.server.server(kind));
        return new EnginePair(
                new EngineEnd(client, memory(roles.client, memory), dribble),
                new EngineEnd(server, memory(roles.server, memory), dribble));
    }

    /** SunJSSE decrypts in the source, and before JDK 18 fails where it is read-only. */
    private static Memory memory(Jsse end, Memory memory) {
        return end == Jsse.SUN && memory == Memory.READ_ONLY ? Memory.DIRECT : memory;
    }

    private static Stream<Arguments> product(Stream<?> values) {
        List<?> list = values.toList();
        List<Arguments> all = new ArrayList<>();
        for (Roles roles : Roles.values()) {
            for (Object value : list) {
                all.add(Arguments.of(roles, value));
            }
        }
        return all.stream();
    }

    private static Stream<Arguments> product(Stream<?> values, List<String> versions) {
        List<Arguments> all = new ArrayList<>();
        product(values).forEach(arguments -> {
            for (String version : versions) {
                all.add(Arguments.of(arguments.get()[0], arguments.get()[1], version));
            }
        });
        return all.stream();
    }
}
