package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import org.jsspi.ApplicationProtocol;
import org.jsspi.ApplicationProtocols;
import org.jsspi.AscRet;
import org.jsspi.ChannelBindings;
import org.jsspi.CipherInfo;
import org.jsspi.ConnectionInfo;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.Lifespan;
import org.jsspi.PackageCapability;
import org.jsspi.PreSharedKey;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecPkgInfo;
import org.jsspi.SecurityStatus;
import org.jsspi.Session;
import org.jsspi.SessionInfo;
import org.jsspi.Sspi;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.StreamSizes;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.EngineEnd;
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

/** What Schannel says of itself and of a connection. */
class AttributesTest {
    @Test
    void theEnumerationListsSchannelUnderItsThreeNames() throws Exception {
        Schannel.outbound().close();
        List<String> names =
                Sspi.enumerateSecurityPackages().stream().map(SecPkgInfo::name).toList();

        for (String name : List.of("Schannel", "Microsoft Unified Security Protocol Provider", "Default TLS SSP")) {
            assertTrue(names.contains(name), names.toString());
            SecPkgInfo info = Sspi.querySecurityPackageInfo(name.toUpperCase(java.util.Locale.ROOT));
            assertEquals(14, info.rpcId());
            assertEquals(1, info.version());
            assertTrue(info.has(PackageCapability.STREAM) && info.has(PackageCapability.PRIVACY));
            assertFalse(info.has(PackageCapability.DATAGRAM));
        }
        SspiException failure =
                assertThrows(SspiException.class, () -> Sspi.querySecurityPackageInfo("No such package"));
        assertEquals(SecurityStatus.SEC_E_SECPKG_NOT_FOUND, failure.status());
    }

    @Test
    void noTokenIsLongerThanMaxToken() throws Exception {
        int maxToken = Sspi.querySecurityPackageInfo("Schannel").maxToken();
        Credential fits = TestPki.longChain(20_000);
        SspiEnd server = SspiEnd.acceptor(Schannel.context(Schannel.inbound(fits)), ContextOptions.DEFAULT, null);
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        client.step(server);
        server.step(client);
        assertTrue(client.takeInbox().length <= maxToken, "the largest flight of a long chain");

        SspiException failure = assertThrows(SspiException.class, () -> Schannel.inbound(TestPki.longChain(maxToken)));
        assertEquals(SspiException.Kind.KEY, failure.kind());
    }

    @Test
    void aConnectionIsDescribed() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                        Schannel.client(
                                ContextOptions.builder()
                                        .cipherSuites(List.of("TLS_AES_256_GCM_SHA384"))
                                        .namedGroups(List.of("secp256r1"))
                                        .build(),
                                ApplicationProtocols.offer(List.of("h2"))),
                        Schannel.server(ContextOptions.DEFAULT, ApplicationProtocols.offer(List.of("h2", "x"))))
                .handshake();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            StreamContext context = end.context();
            StreamSizes sizes = context.queryContextAttributes(ContextAttribute.STREAM_SIZES);
            assertEquals(5, sizes.header());
            assertEquals(17, sizes.trailer());
            assertEquals(16384, sizes.maximumMessage());
            assertEquals(4, sizes.buffers());
            ConnectionInfo connection = context.queryContextAttributes(ContextAttribute.CONNECTION_INFO);
            assertEquals(
                    end == pair.client() ? SchCredentials.SP_PROT_TLS1_3_CLIENT : SchCredentials.SP_PROT_TLS1_3_SERVER,
                    connection.protocol());
            assertEquals(256, connection.cipherStrength());
            CipherInfo cipher = context.queryContextAttributes(ContextAttribute.CIPHER_INFO);
            assertEquals(0x0304, cipher.protocol());
            assertEquals(0x1302, cipher.cipherSuite());
            assertEquals("TLS_AES_256_GCM_SHA384", cipher.cipherSuiteName());
            assertEquals("AES", cipher.cipher());
            assertEquals(256, cipher.cipherLength());
            assertEquals(0x17, cipher.keyType());
            SessionInfo session = context.queryContextAttributes(ContextAttribute.SESSION_INFO);
            assertFalse(session.reconnect());
            assertTrue(session.sessionId().length <= 32);
            assertEquals(
                    new ApplicationProtocol(ApplicationProtocol.Status.SUCCESS, "h2"),
                    context.queryContextAttributes(ContextAttribute.APPLICATION_PROTOCOL));
            assertEquals(
                    "Schannel",
                    context.queryContextAttributes(ContextAttribute.PACKAGE_INFO)
                            .name());
            Lifespan lifespan = context.queryContextAttributes(ContextAttribute.LIFESPAN);
            assertTrue(lifespan.start().isBefore(lifespan.expiry()));
            Session agreed = context.queryContextAttributes(ContextAttribute.SESSION);
            assertEquals("TLSv1.3", agreed.protocol());
            assertEquals("secp256r1", agreed.namedGroup());
        }
        assertEquals(
                TestPki.server(KeyKind.EC_P256).certificate(),
                pair.client().context().queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
        assertEquals(
                pair.client().context().initiatorAttributes().bits(),
                pair.client().context().queryContextAttributes(ContextAttribute.FLAGS));
        assertEquals(
                pair.server().context().acceptorAttributes().bits(),
                pair.server().context().queryContextAttributes(ContextAttribute.FLAGS));
    }

    @Test
    void aContextSaysByWhichPreSharedKeyItsPeerIsKnown() throws Exception {
        PreSharedKey key = PreSharedKey.of(PreSharedKey.Use.IMPORTED, new byte[] {1, 2, 3}, new byte[32]);
        SchCredentials keyed = SchCredentials.builder().preSharedKey(key).build();
        CredHandle both = Schannel.both(keyed);
        var pair = new Connection<>(
                        SspiEnd.initiator(Schannel.context(both), ContextOptions.DEFAULT, null),
                        SspiEnd.acceptor(Schannel.context(both), ContextOptions.DEFAULT, null))
                .handshake();
        pair.exchangeBothWays();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(key.name(), end.context().queryContextAttributes(ContextAttribute.PRE_SHARED_KEY_NAME));
            SspiException none = assertThrows(
                    SspiException.class,
                    () -> end.context().queryContextAttributes(ContextAttribute.REMOTE_CERT_CONTEXT));
            assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, none.status());
        }
        assertTrue(pair.server().context().acceptorAttributes().has(AscRet.MUTUAL_AUTH));
        StreamContext certified = Schannel.connected().client().context();
        SspiException none = assertThrows(
                SspiException.class, () -> certified.queryContextAttributes(ContextAttribute.PRE_SHARED_KEY_NAME));
        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, none.status());
    }

    @Test
    void anIncompleteContextAnswersInvalidHandle() throws Exception {
        StreamContext fresh = Schannel.context(Schannel.outbound());
        for (ContextAttribute<?> attribute : List.of(
                ContextAttribute.STREAM_SIZES,
                ContextAttribute.CONNECTION_INFO,
                ContextAttribute.CIPHER_INFO,
                ContextAttribute.REMOTE_CERT_CONTEXT,
                ContextAttribute.KEYING_MATERIAL)) {
            SspiException failure = assertThrows(SspiException.class, () -> fresh.queryContextAttributes(attribute));
            assertEquals(SecurityStatus.SEC_E_INVALID_HANDLE, failure.status());
        }
    }

    /** By another way than what is established, which answers for the first three of these itself. */
    @Test
    void aContextThatHasFailedSaysWhatItWas() throws Exception {
        for (String agreed : List.of("", "h2")) {
            List<String> protocols = agreed.isEmpty() ? List.of() : List.of(agreed);
            Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                            Schannel.client(ContextOptions.DEFAULT, offer(protocols)),
                            Schannel.server(ContextOptions.DEFAULT, offer(protocols)))
                    .handshake();
            for (SspiEnd end : List.of(pair.client(), pair.server())) {
                StreamContext context = end.context();
                List<ContextAttribute<?>> asked = List.of(
                        ContextAttribute.STREAM_SIZES,
                        ContextAttribute.APPLICATION_PROTOCOL,
                        ContextAttribute.SESSION,
                        ContextAttribute.CONNECTION_INFO,
                        ContextAttribute.FLAGS,
                        ContextAttribute.LIFESPAN);
                List<Object> before = answers(context, asked);
                assertEquals(
                        agreed.isEmpty()
                                ? new ApplicationProtocol(ApplicationProtocol.Status.NONE, null)
                                : new ApplicationProtocol(ApplicationProtocol.Status.SUCCESS, agreed),
                        before.get(1));

                context.applyControlToken(SchannelControl.alert(SchannelControl.ALERT_FATAL, 80));

                assertEquals(before, answers(context, asked));
                SspiException ended = assertThrows(
                        SspiException.class, () -> context.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS));
                assertEquals(SecurityStatus.SEC_E_CONTEXT_EXPIRED, ended.status());
            }
        }
    }

    private static SecBuffer offer(List<String> protocols) {
        return protocols.isEmpty() ? null : ApplicationProtocols.offer(protocols);
    }

    private static List<Object> answers(StreamContext context, List<ContextAttribute<?>> asked) throws SspiException {
        List<Object> answers = new ArrayList<>();
        for (ContextAttribute<?> attribute : asked) {
            answers.add(context.queryContextAttributes(attribute));
        }
        return answers;
    }

    @Test
    void unknownAttributesAreUnsupported() throws Exception {
        StreamContext context = Schannel.connected().client().context();
        for (ContextAttribute<?> attribute : List.of(
                new ContextAttribute<>(0xC, "NEGOTIATION_INFO", Object.class), ContextAttribute.UNIQUE_BINDINGS)) {
            SspiException failure = assertThrows(SspiException.class, () -> context.queryContextAttributes(attribute));
            assertEquals(SecurityStatus.SEC_E_UNSUPPORTED_FUNCTION, failure.status());
        }
    }

    @Test
    void bindingsAreThoseOfTheirStandardsAndEqualOnBothSides() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        ChannelBindings endpoint = pair.client().context().queryContextAttributes(ContextAttribute.ENDPOINT_BINDINGS);
        assertEquals(endpoint, pair.server().context().queryContextAttributes(ContextAttribute.ENDPOINT_BINDINGS));
        // RFC 5929 4.1: the hash of the certificate's signature, here SHA-256.
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(TestPki.server(KeyKind.EC_P256).certificate().getEncoded());
        assertEquals(ChannelBindings.of("tls-server-end-point", hash), endpoint);

        ChannelBindings exporter = pair.client().context().queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS);
        assertEquals(exporter, pair.server().context().queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS));
        // RFC 9266 2: this label, an empty context, 32 bytes.
        byte[] exported = export(pair.client().context(), "EXPORTER-Channel-Binding", new byte[0], 32);
        assertEquals(ChannelBindings.of("tls-exporter", exported), exporter);
        Connection<SspiEnd, SspiEnd> other = Schannel.connected();
        assertFalse(
                exporter.equals(other.client().context().queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)));
    }

    @Test
    void exportersAgreeAndDependOnLabelContextAndLength() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();
        byte[] one = export(pair.client().context(), "EXPORTER-test", new byte[] {1}, 100);

        assertArrayEquals(one, export(pair.server().context(), "EXPORTER-test", new byte[] {1}, 100));
        assertFalse(Arrays.equals(one, export(pair.client().context(), "EXPORTER-test", new byte[] {2}, 100)));
        assertFalse(Arrays.equals(one, export(pair.client().context(), "EXPORTER-other", new byte[] {1}, 100)));
        // RFC 8446 7.5: without a context as with an empty one.
        assertArrayEquals(
                export(pair.client().context(), "EXPORTER-test", null, 32),
                export(pair.server().context(), "EXPORTER-test", new byte[0], 32));
    }

    @Test
    void theExporterOfTheJdkGivesTheSame() throws Exception {
        Method export = null;
        try {
            export = ExtendedSSLSession.class.getMethod(
                    "exportKeyingMaterialData", String.class, byte[].class, int.class);
        } catch (NoSuchMethodException e) {
            // before JDK 25
        }
        assumeTrue(export != null, "ExtendedSSLSession.exportKeyingMaterialData is there from JDK 25 on");
        EngineEnd server = new EngineEnd(Jsse.serverEngine(Jsse.SUN.server(KeyKind.EC_P256)), Memory.HEAP);
        server.engine().beginHandshake();
        SspiEnd client = Schannel.client(ContextOptions.DEFAULT, null);
        new Connection<>(client, server).handshake();
        byte[] context = "context".getBytes(StandardCharsets.US_ASCII);

        byte[] theirs = (byte[]) export.invoke(server.engine().getSession(), "EXPORTER-test", context, 48);

        assertArrayEquals(theirs, export(client.context(), "EXPORTER-test", context, 48));
    }

    static Stream<Arguments> groups() {
        return Stream.of("x25519", "secp256r1", "secp384r1", "secp521r1")
                .flatMap(group -> Stream.of(Arguments.of(group, true), Arguments.of(group, false)));
    }

    /** On every JDK: our side chooses, and the platform's engine follows. */
    @ParameterizedTest
    @MethodSource("groups")
    void thePlatformsEngineAgreesOnEveryGroup(String group, boolean client) throws Exception {
        ContextOptions only =
                ContextOptions.builder().namedGroups(List.of(group)).build();
        SspiEnd ours = client ? Schannel.client(only, null) : Schannel.server(only, null);
        EngineEnd theirs = new EngineEnd(
                client ? Jsse.serverEngine(Jsse.SUN.server(KeyKind.EC_P256)) : Jsse.clientEngine(Jsse.SUN.client()),
                Memory.HEAP);
        theirs.engine().beginHandshake();
        Connection<?, ?> pair = client ? new Connection<>(ours, theirs) : new Connection<>(theirs, ours);

        pair.handshake();

        assertEquals(
                group,
                ours.context().queryContextAttributes(ContextAttribute.SESSION).namedGroup());
        pair.exchangeBothWays();
    }

    @Test
    void theHybridGroupIsTheFirstChoiceOfOurOwn() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = Schannel.connected();

        assertEquals(
                "X25519MLKEM768",
                pair.client()
                        .context()
                        .queryContextAttributes(ContextAttribute.SESSION)
                        .namedGroup());
    }

    @Test
    void aSessionOfTheSameCredentialsIsResumed() throws Exception {
        try (CredHandle outbound = Schannel.outbound();
                CredHandle inbound = Schannel.inbound(TestPki.server(KeyKind.EC_P256))) {
            for (int round = 0; round < 3; round++) {
                SspiEnd client = SspiEnd.initiator(Schannel.context(outbound), ContextOptions.DEFAULT, null);
                SspiEnd server = SspiEnd.acceptor(Schannel.context(inbound), ContextOptions.DEFAULT, null);
                new Connection<>(client, server).handshake();

                for (SspiEnd end : List.of(client, server)) {
                    assertEquals(
                            round > 0,
                            end.context()
                                    .queryContextAttributes(ContextAttribute.SESSION_INFO)
                                    .reconnect());
                }
            }
        }
    }

    @Test
    void aCredentialForOneSideServesNoOther() throws Exception {
        CredHandle outbound = Sspi.acquireCredentialsHandle(
                null,
                "Schannel",
                CredentialUse.OUTBOUND,
                SchCredentials.builder().rootStore(TestPki.roots()).build());
        SspiEnd server = SspiEnd.acceptor(Schannel.context(outbound), ContextOptions.DEFAULT, null);

        SspiException failure = assertThrows(
                SspiException.class,
                new Connection<>(Schannel.client(ContextOptions.DEFAULT, null), server)::handshake);

        assertEquals(SecurityStatus.SEC_E_NO_CREDENTIALS, failure.status());
    }

    private static byte[] export(StreamContext context, String label, byte[] value, int length) throws SspiException {
        context.setContextAttributes(
                ContextAttribute.KEYING_MATERIAL_INFO, new KeyingMaterialInfo(label, value, length));
        return context.queryContextAttributes(ContextAttribute.KEYING_MATERIAL);
    }
}
