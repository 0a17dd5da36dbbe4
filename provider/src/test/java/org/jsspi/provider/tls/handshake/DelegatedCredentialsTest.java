package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jsspi.CertificateCompression;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import org.jsspi.PlatformConstraints;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.DelegatedCredentialAnswer;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.Shape;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that a certificate has delegated to stands for its own: RFC 9345. */
class DelegatedCredentialsTest {
    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity OWNER = TestCertificates.of(KeyKind.P384)
            .delegating()
            .keyUsage(DIGITAL_SIGNATURE)
            .signedBy(ROOT);
    private static final KeyPair KEYS = KeyKind.P256.generate();
    private static final boolean HAS_ML_DSA = Security.getProviders("Signature.ML-DSA-65") != null;

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes();
    private final Wishes.Memory tickets = new Wishes.Memory();
    private Peer client;
    private Peer server;

    private static Instant in(Duration duration) {
        return Instant.now().plus(duration);
    }

    private static Identity delegated(KeyPair keys, CredentialUse use) throws SspiException {
        DelegatedCredential credential =
                DelegatedCredential.issue(OWNER, keys.getPublic(), in(Duration.ofDays(3)), use);
        // Without JCA nobody but the handshake can tell whether keys of ML-DSA belong together.
        return keys.getPrivate().getAlgorithm().startsWith("ML-DSA") && !HAS_ML_DSA
                ? new Identity(keys.getPrivate(), OWNER.chain(), null, null, credential)
                : Identity.delegated(keys.getPrivate(), OWNER.chain(), credential);
    }

    private HandshakeSettings.Builder clientSettings() {
        return HandshakeSettings.builder(clientWishes).acceptDelegatedCredentials(true);
    }

    private HandshakeSettings.Builder serverSettings(Identity... identities) {
        serverWishes.identities.addAll(List.of(identities));
        return HandshakeSettings.builder(serverWishes).tickets(tickets);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    private TlsSession seen() {
        return client.connected().session();
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"RSA"},
            mode = EnumSource.Mode.EXCLUDE)
    void theDelegatedKeySignsForTheCertificate(KeyKind kind) throws SspiException {
        KeyPair keys = kind.generate();

        connect(clientSettings(), serverSettings(delegated(keys, CredentialUse.INBOUND), OWNER));

        assertTrue(seen().peerDelegated());
        assertEquals(OWNER.chain(), seen().peerCertificates());
        assertTrue(
                SignatureAlgorithm.named(seen().peerSignatureScheme())
                        .orElseThrow()
                        .canVerify(keys.getPublic()),
                seen().peerSignatureScheme());
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void everyKindOfCertificateDelegates(KeyKind kind) throws SspiException {
        if (kind.isMlDsa() && !HAS_ML_DSA) {
            // What is signed ahead of the handshake is signed through JCA, which has ML-DSA from JDK 24 on.
            return;
        }
        Identity owner = TestCertificates.of(kind)
                .delegating()
                .keyUsage(DIGITAL_SIGNATURE)
                .signedBy(ROOT);
        DelegatedCredential credential =
                DelegatedCredential.issue(owner, KEYS.getPublic(), in(Duration.ofDays(3)), CredentialUse.INBOUND);

        connect(clientSettings(), serverSettings(Identity.delegated(KEYS.getPrivate(), owner.chain(), credential)));

        assertTrue(seen().peerDelegated());
        assertEquals("ecdsa_secp256r1_sha256", seen().peerSignatureScheme());
    }

    @Test
    void whoDoesNotAskIsShownTheCertificateAlone() throws SspiException {
        Identity delegated = delegated(KEYS, CredentialUse.INBOUND);

        connect(clientSettings().acceptDelegatedCredentials(false), serverSettings(delegated, OWNER));
        assertFalse(seen().peerDelegated());
        assertEquals("ecdsa_secp384r1_sha384", seen().peerSignatureScheme());
        Set<ExtensionType> disabled = Set.of(ExtensionType.DELEGATED_CREDENTIAL);
        connect(clientSettings().disabledExtensions(disabled), serverSettings());
        assertFalse(seen().peerDelegated());
        connect(clientSettings(), serverSettings().disabledExtensions(disabled));
        assertFalse(seen().peerDelegated());
        // RFC 9345 4.1.1: a server of an older version ignores the extension.
        connect(clientSettings(), serverSettings().versions(List.of(ProtocolVersion.TLS12)));
        assertFalse(seen().peerDelegated());
    }

    @Test
    void aCredentialForSchemesThatThePeerDoesNotTakeIsPassedOver() throws SspiException {
        Identity delegated = delegated(KEYS, CredentialUse.INBOUND);
        // The scheme of the delegated key, and the one that the credential is signed by.
        for (SignatureScheme missing :
                List.of(SignatureScheme.ECDSA_SECP256R1_SHA256, SignatureScheme.ECDSA_SECP384R1_SHA384)) {
            List<SignatureScheme> schemes = new ArrayList<>(HandshakeSettings.DEFAULT_SCHEMES);
            schemes.remove(missing);
            serverWishes.identities.clear();
            Identity other = TestCertificates.selfSigned(KeyKind.ED25519);
            connect(clientSettings().schemes(schemes), serverSettings(delegated, other));

            assertFalse(seen().peerDelegated());
            assertEquals("ed25519", seen().peerSignatureScheme());
        }
    }

    @Test
    void theKeyOfAClientIsDelegatedToo() throws SspiException {
        clientWishes.identities.addAll(List.of(delegated(KEYS, CredentialUse.OUTBOUND), OWNER));
        Identity own = TestCertificates.selfSigned(KeyKind.P256);
        connect(
                clientSettings(),
                serverSettings(own)
                        .clientAuthentication(ClientAuthentication.NEED)
                        .acceptDelegatedCredentials(true));

        assertTrue(server.connected().session().peerDelegated());
        assertFalse(client.connected().session().peerDelegated());
        assertEquals("ecdsa_secp256r1_sha256", server.connected().session().peerSignatureScheme());
        connect(clientSettings(), serverSettings().clientAuthentication(ClientAuthentication.NEED));
        assertFalse(server.connected().session().peerDelegated());
        assertEquals("ecdsa_secp384r1_sha384", server.connected().session().peerSignatureScheme());
    }

    @Test
    void oneSideDoesNotUseACredentialOfTheOther() throws SspiException {
        connect(clientSettings(), serverSettings(delegated(KEYS, CredentialUse.OUTBOUND), OWNER));

        assertFalse(seen().peerDelegated());
    }

    @ParameterizedTest
    @ValueSource(longs = {-60, 8 * 24 * 3600})
    void aCredentialThatHasExpiredOrLastsTooLongIsPassedOver(long secondsFromNow) throws SspiException {
        DelegatedCredential credential =
                made(OWNER, secondsFromNow, 0x0403, KEYS.getPublic().getEncoded());
        Identity delegated = Identity.delegated(KEYS.getPrivate(), OWNER.chain(), credential);

        connect(clientSettings(), serverSettings(delegated, OWNER));

        assertFalse(seen().peerDelegated());
    }

    // What a client finds in the message of a server that does not care

    /** {@return a credential of this owner's that ends so many seconds from now, whatever it says} */
    private static DelegatedCredential made(Identity owner, long secondsFromNow, int scheme, byte[] publicKey)
            throws SspiException {
        return made(owner, secondsFromNow, scheme, publicKey, 0x0503);
    }

    private static DelegatedCredential made(
            Identity owner, long secondsFromNow, int scheme, byte[] publicKey, int signedBy) throws SspiException {
        X509Certificate certificate = owner.chain().get(0);
        long validTime = Duration.between(
                        certificate.getNotBefore().toInstant(), Instant.now().plusSeconds(secondsFromNow))
                .getSeconds();
        byte[] cred =
                new Writer().u32(validTime).u16(scheme).vector24(publicKey).toByteArray();
        byte[] algorithm = new Writer().u16(signedBy).toByteArray();
        byte[] context = (" ".repeat(64) + "TLS, server delegated credentials\0").getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] signature = Signing.sign(
                    SignatureAlgorithm.of(signedBy).orElseThrow(),
                    owner.privateKey(),
                    context,
                    certificate.getEncoded(),
                    cred,
                    algorithm);
            return DelegatedCredential.decode(
                    new Writer()
                            .bytes(cred)
                            .bytes(algorithm)
                            .vector16(signature)
                            .toByteArray(),
                    CredentialUse.INBOUND);
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return how a client answers a server of this owner's whose Certificate arrives with another credential than it was sent with} */
    private AlertDescription alertFor(Identity owner, UnaryOperator<DelegatedCredentialAnswer> change)
            throws SspiException {
        DelegatedCredential honest = made(owner, 3600, 0x0403, KEYS.getPublic().getEncoded());
        serverWishes.identities.clear();
        Identity delegated = new Identity(KEYS.getPrivate(), owner.chain(), null, null, honest);
        client = Peer.client(clientSettings().build());
        server = Peer.server(serverSettings(delegated).build());
        SspiException failure = assertThrows(SspiException.class, () -> {
            server.receive(client.outgoing.remove());
            while (!server.outgoing.isEmpty()) {
                Peer.Sent next = server.outgoing.remove();
                client.receive(
                        next.message()[0] == HandshakeType.CERTIFICATE.code()
                                ? new Peer.Sent(with(next.message(), change), next.key())
                                : next);
            }
        });
        assertEquals(0, client.established);
        return Peer.alert(failure);
    }

    private static byte[] with(byte[] message, UnaryOperator<DelegatedCredentialAnswer> change) throws SspiException {
        CertificateMessage certificate = CertificateMessage.decode(Reader.of(message, 4, message.length - 4));
        List<CertificateMessage.Entry> entries = new ArrayList<>(certificate.entries());
        Extensions extensions = entries.get(0).extensions();
        DelegatedCredentialAnswer changed =
                change.apply(extensions.find(Shape.DELEGATED_CREDENTIAL_ANSWER).orElseThrow());
        entries.set(
                0,
                new CertificateMessage.Entry(
                        entries.get(0).certificate(),
                        changed == null
                                ? extensions.without(ExtensionType.DELEGATED_CREDENTIAL)
                                : extensions.with(changed)));
        return new CertificateMessage(certificate.context(), entries).toBytes();
    }

    private static UnaryOperator<DelegatedCredentialAnswer> by(DelegatedCredential other) throws SspiException {
        DelegatedCredentialAnswer answer = DelegatedCredentialAnswer.decode(Reader.of(other.encoded()));
        return unused -> answer;
    }

    @Test
    void whatIsNotValidIsAnIllegalParameter() throws SspiException {
        byte[] key = KEYS.getPublic().getEncoded();
        // RFC 9345 4.1.3: the time.
        assertIllegal(OWNER, by(made(OWNER, -60, 0x0403, key)));
        assertIllegal(OWNER, by(made(OWNER, 7 * 24 * 3600 + 60, 0x0403, key)));
        // The scheme: another than the CertificateVerify's, one that was not offered for it, one that does not fit.
        assertIllegal(
                OWNER,
                by(made(OWNER, 3600, 0x0503, KeyKind.P384.generate().getPublic().getEncoded())));
        assertIllegal(
                OWNER,
                by(made(OWNER, 3600, 0x0804, KeyKind.RSA.generate().getPublic().getEncoded())));
        assertIllegal(
                OWNER,
                by(made(OWNER, 3600, 0x0401, KeyKind.RSA.generate().getPublic().getEncoded())));
        assertIllegal(
                OWNER,
                by(made(OWNER, 3600, 0x0403, KeyKind.P384.generate().getPublic().getEncoded())));
        // The key.
        assertIllegal(OWNER, by(made(OWNER, 3600, 0x0403, new byte[] {0x30, 0})));
        byte[] longer = Arrays.copyOf(key, key.length + 1);
        assertIllegal(OWNER, by(made(OWNER, 3600, 0x0403, longer)));
        // The signature: somebody else's, a changed one, none, by a scheme that does not fit or was not offered.
        Identity other = TestCertificates.of(KeyKind.P384)
                .delegating()
                .keyUsage(DIGITAL_SIGNATURE)
                .signedBy(ROOT);
        assertIllegal(OWNER, by(made(other, 3600, 0x0403, key)));
        assertIllegal(OWNER, c -> answer(c, c.validTime() + 1, c.signedBy(), c.signature()));
        assertIllegal(OWNER, c -> answer(c, c.validTime(), c.signedBy(), new byte[0]));
        assertIllegal(OWNER, c -> answer(c, c.validTime(), 0x0403, c.signature()));
        assertIllegal(OWNER, c -> answer(c, c.validTime(), 0x0201, c.signature()));
        assertIllegal(OWNER, c -> answer(c, c.validTime(), 0x7F7F, c.signature()));
    }

    @Test
    void theSignatureIsByASchemeThatWasOfferedForHandshakes() throws SspiException {
        byte[] key = KEYS.getPublic().getEncoded();
        DelegatedCredentialAnswer byP384 = DelegatedCredentialAnswer.decode(
                Reader.of(made(OWNER, 3600, 0x0403, key).encoded()));
        List<SignatureScheme> without = new ArrayList<>(HandshakeSettings.DEFAULT_SCHEMES);
        without.remove(SignatureScheme.ECDSA_SECP384R1_SHA384);
        assertJudged(null, byP384, OWNER, clientSettings());
        assertJudged(
                AlertDescription.ILLEGAL_PARAMETER,
                byP384,
                OWNER,
                clientSettings().schemes(without));
        Identity rsa = TestCertificates.of(KeyKind.RSA)
                .delegating()
                .keyUsage(DIGITAL_SIGNATURE)
                .signedBy(ROOT);
        for (int algorithm : new int[] {0x0804, 0x0401}) {
            DelegatedCredentialAnswer byRsa = DelegatedCredentialAnswer.decode(
                    Reader.of(made(rsa, 3600, 0x0403, key, algorithm).encoded()));
            // RFC 8446 4.2.3: PKCS #1 is offered for certificates, and signs nothing else.
            assertJudged(algorithm == 0x0401 ? AlertDescription.ILLEGAL_PARAMETER : null, byRsa, rsa, clientSettings());
        }
    }

    private static void assertJudged(
            AlertDescription expected,
            DelegatedCredentialAnswer credential,
            Identity owner,
            HandshakeSettings.Builder settings)
            throws SspiException {
        Exchange exchange = new Exchange(settings.build(), true);
        if (expected == null) {
            Delegation.verify(credential, owner.chain().get(0), exchange);
        } else {
            SspiException failure = assertThrows(
                    SspiException.class,
                    () -> Delegation.verify(credential, owner.chain().get(0), exchange));
            assertEquals(expected, Peer.alert(failure));
        }
    }

    @Test
    void aKeyThatIsNotAllowedIsAnIllegalParameter() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(1024);
        byte[] shortKey = generator.generateKeyPair().getPublic().getEncoded();
        byte[] key = KeyKind.RSASSA_PSS.generate().getPublic().getEncoded();
        CertificateVerify proof = new CertificateVerify(0x0809, new byte[0]);
        DelegatedCredentialAnswer tooShort = new DelegatedCredentialAnswer(0, 0x0809, shortKey, 0, new byte[0]);
        DelegatedCredentialAnswer enough = new DelegatedCredentialAnswer(0, 0x0809, key, 0, new byte[0]);

        Delegation.key(enough, proof, clientSettings().build());
        HandshakeSettings strict = clientSettings()
                .algorithmConstraints(PlatformConstraints.of("RSASSA-PSS keySize < 3072"))
                .build();
        for (SspiException failure : List.of(
                assertThrows(
                        SspiException.class,
                        () -> Delegation.key(tooShort, proof, clientSettings().build())),
                assertThrows(SspiException.class, () -> Delegation.key(enough, proof, strict)))) {
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
        }
    }

    @Test
    void whoHasNoSchemeForDelegatedKeysDoesNotAskForThem() throws SspiException {
        List<SignatureScheme> rsae = List.of(SignatureScheme.RSA_PSS_RSAE_SHA256);
        Identity own = TestCertificates.selfSigned(KeyKind.RSA);

        assertTrue(Delegation.offer(clientSettings().schemes(rsae).build()).isEmpty());
        connect(
                clientSettings().schemes(rsae),
                serverSettings(own)
                        .schemes(rsae)
                        .clientAuthentication(ClientAuthentication.WANT)
                        .acceptDelegatedCredentials(true));
        assertFalse(seen().peerDelegated());
    }

    @Test
    void aCredentialThatExpiresAfterItWasChosenIsUsedAllTheSame() throws SspiException {
        DelegatedCredential credential =
                made(OWNER, 62, 0x0403, KEYS.getPublic().getEncoded());
        Identity delegated = Identity.delegated(KEYS.getPrivate(), OWNER.chain(), credential);
        Exchange exchange = new Exchange(serverSettings(delegated).build(), false);
        exchange.version(ProtocolVersion.TLS13);
        exchange.signingSchemes(HandshakeSettings.DEFAULT_SCHEMES);
        exchange.hearDelegatedSchemes(
                Extensions.of(Delegation.offer(clientSettings().build()).orElseThrow()));

        assertEquals(delegated, exchange.selectIdentity(null));
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (exchange.accepts(delegated) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertFalse(exchange.accepts(delegated), "a minute before its end it is not chosen any more");
        assertEquals(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, exchange.selectedScheme());
    }

    @Test
    void anIdentitySignsByItsOwnSchemesAlone() throws SspiException {
        DelegatedCredential credential =
                made(OWNER, 3600, 0x0403, KEYS.getPublic().getEncoded());
        Identity other = new Identity(KEYS.getPrivate(), OWNER.chain(), List.of("ed25519"), null, credential);
        Identity same =
                new Identity(KEYS.getPrivate(), OWNER.chain(), List.of("ecdsa_secp256r1_sha256"), null, credential);

        connect(clientSettings(), serverSettings(other, OWNER));
        assertFalse(seen().peerDelegated());
        serverWishes.identities.clear();
        connect(clientSettings(), serverSettings(same, OWNER));
        assertTrue(seen().peerDelegated());
    }

    @Test
    void aKeySignsByTheSchemeOfItsCredentialAndByNoOther() throws SspiException {
        HandshakeSettings settings = clientSettings().build();
        byte[] pss = KeyKind.RSASSA_PSS.generate().getPublic().getEncoded();
        byte[] rsa = KeyKind.RSA.generate().getPublic().getEncoded();
        DelegatedCredentialAnswer sha256 = new DelegatedCredentialAnswer(0, 0x0809, pss, 0, new byte[0]);
        DelegatedCredentialAnswer rsae = new DelegatedCredentialAnswer(0, 0x0804, rsa, 0, new byte[0]);

        assertEquals(
                "RSASSA-PSS",
                Delegation.key(sha256, new CertificateVerify(0x0809, new byte[0]), settings)
                        .getAlgorithm());
        for (DelegatedCredentialAnswer credential : List.of(sha256, rsae)) {
            // RFC 9345 4.1.3: it matches the scheme of CertificateVerify; 4: rsa_pss_rsae is not allowed.
            CertificateVerify proof = new CertificateVerify(credential == rsae ? 0x0804 : 0x080A, new byte[0]);
            SspiException failure =
                    assertThrows(SspiException.class, () -> Delegation.key(credential, proof, settings));
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
        }
    }

    private static DelegatedCredentialAnswer answer(
            DelegatedCredentialAnswer like, long validTime, int signedBy, byte[] signature) {
        return new DelegatedCredentialAnswer(validTime, like.scheme(), like.publicKey(), signedBy, signature);
    }

    private void assertIllegal(Identity owner, UnaryOperator<DelegatedCredentialAnswer> change) throws SspiException {
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, alertFor(owner, change));
    }

    @Test
    void aCertificateThatMustNotDelegateIsAnIllegalParameter() throws SspiException {
        // RFC 9345 4.2: the extension, and a key usage that has digitalSignature.
        for (Identity owner : withoutPermission()) {
            assertIllegal(owner, UnaryOperator.identity());
        }
    }

    private static List<Identity> withoutPermission() {
        return List.of(
                TestCertificates.of(KeyKind.P384).keyUsage(DIGITAL_SIGNATURE).signedBy(ROOT),
                TestCertificates.of(KeyKind.P384).delegating().signedBy(ROOT));
    }

    /** RFC 9345 4.2: nobody would take it, whatever it says and however well it is signed. */
    @Test
    void anIdentityOfACertificateThatMustNotDelegateIsNotMade() throws SspiException {
        byte[] key = KEYS.getPublic().getEncoded();
        Identity.delegated(KEYS.getPrivate(), OWNER.chain(), made(OWNER, 3600, 0x0403, key));
        for (Identity owner : withoutPermission()) {
            DelegatedCredential credential = made(owner, 3600, 0x0403, key);
            assertTrue(credential.isSignedBy(owner.chain().get(0)));
            SspiException refused = assertThrows(
                    SspiException.class, () -> Identity.delegated(KEYS.getPrivate(), owner.chain(), credential));
            assertTrue(refused.getMessage().contains("must not delegate"), refused.getMessage());
        }
    }

    /**
     * RFC 9345 4.2 binds whoever is shown a credential. Whoever makes an identity by the constructor shows what there is, as all those do
     * whose peers go by other rules, and learns what they say.
     */
    @Test
    void aCertificateOfAClientThatMustNotDelegateIsAnIllegalParameter() throws SspiException {
        Identity own = TestCertificates.selfSigned(KeyKind.P256);
        serverWishes.identities.add(own);
        for (Identity owner : withoutPermission()) {
            byte[] made =
                    made(owner, 3600, 0x0403, KEYS.getPublic().getEncoded()).encoded();
            DelegatedCredential credential = DelegatedCredential.decode(made, CredentialUse.OUTBOUND);
            clientWishes.identities.clear();
            clientWishes.identities.add(new Identity(KEYS.getPrivate(), owner.chain(), null, null, credential));
            SspiException failure = assertThrows(
                    SspiException.class,
                    () -> connect(
                            clientSettings(),
                            serverSettings()
                                    .clientAuthentication(ClientAuthentication.NEED)
                                    .acceptDelegatedCredentials(true)));
            assertEquals(AlertDescription.ILLEGAL_PARAMETER, Peer.alert(failure));
            assertTrue(failure.getMessage().contains("must not delegate"), failure.getMessage());
            assertEquals(0, server.established);
        }
    }

    @Test
    void aCredentialThatIsValidHasToHaveSigned() throws SspiException {
        byte[] other = KeyKind.P256.generate().getPublic().getEncoded();
        assertEquals(AlertDescription.DECRYPT_ERROR, alertFor(OWNER, by(made(OWNER, 3600, 0x0403, other))));
        byte[] offCurve = KEYS.getPublic().getEncoded();
        offCurve[offCurve.length - 1] ^= 1;
        assertEquals(AlertDescription.DECRYPT_ERROR, alertFor(OWNER, by(made(OWNER, 3600, 0x0403, offCurve))));
        // Without the credential, the certificate's key would have to.
        assertEquals(AlertDescription.ILLEGAL_PARAMETER, alertFor(OWNER, credential -> null));
    }

    @Test
    void aCredentialThatWasNotAskedForIsUnexpected() throws SspiException {
        Identity delegated = delegated(KEYS, CredentialUse.INBOUND);
        CertificateMessage message = Authentication.certificate(delegated);
        SspiException failure =
                assertThrows(SspiException.class, () -> Authentication.chain(message, Extensions.NONE, 10));

        // RFC 9345 4.1.1.
        assertEquals(AlertDescription.UNEXPECTED_MESSAGE, Peer.alert(failure));
    }

    @Test
    void aCredentialOfAnotherCertificateOfTheChainIsIgnored() throws SspiException {
        CertificateMessage message = Authentication.certificate(delegated(KEYS, CredentialUse.INBOUND));
        List<CertificateMessage.Entry> entries = new ArrayList<>(message.entries());
        Extensions own = entries.get(0).extensions();
        entries.set(0, new CertificateMessage.Entry(entries.get(0).certificate(), Extensions.NONE));
        entries.set(1, new CertificateMessage.Entry(entries.get(1).certificate(), own));
        HandshakeSettings settings = clientSettings().build();

        Presented presented = Presented.of(
                new CertificateMessage(new byte[0], entries),
                Extensions.of(Delegation.offer(settings).orElseThrow()),
                settings);
        assertEquals(OWNER.chain(), presented.chain());
        assertTrue(presented.delegated().isEmpty());
    }

    @Test
    void aSessionEndsWithTheCredentialThatBeganIt() throws SspiException {
        connect(clientSettings(), serverSettings(delegated(KEYS, CredentialUse.INBOUND)));
        ResumableSession ticket = client.tickets.get(0);
        long expiry = ticket.session().delegatedUntil();
        assertTrue(Math.abs(expiry - in(Duration.ofDays(3)).toEpochMilli()) < 60_000, "in three days");

        connect(clientSettings().resumption(ticket), serverSettings());
        assertTrue(seen().resumed());
        assertTrue(seen().peerDelegated());
        assertEquals(expiry, seen().delegatedUntil());

        // RFC 9345 7.4: as if the three days had passed.
        ResumableSession next = client.tickets.get(0);
        next.session().delegatedUntil(System.currentTimeMillis() - 1);
        assertFalse(next.isUsableAt(System.currentTimeMillis()));
        connect(clientSettings().resumption(next), serverSettings());
        assertFalse(seen().resumed());
    }

    @Test
    void aServerEndsTheSessionOfAClientWithItsCredential() throws SspiException {
        clientWishes.identities.add(delegated(KEYS, CredentialUse.OUTBOUND));
        Identity own = TestCertificates.selfSigned(KeyKind.P256);
        for (boolean expired : new boolean[] {false, true}) {
            connect(
                    clientSettings(),
                    serverSettings(own)
                            .clientAuthentication(ClientAuthentication.NEED)
                            .acceptDelegatedCredentials(true));
            if (expired) {
                // RFC 9345 7.4: as if the three days had passed.
                server.connected().session().delegatedUntil(System.currentTimeMillis() - 1);
            }
            connect(
                    clientSettings().resumption(client.tickets.get(0)),
                    serverSettings()
                            .clientAuthentication(ClientAuthentication.NEED)
                            .acceptDelegatedCredentials(true));
            assertEquals(!expired, seen().resumed());
        }
    }

    @Test
    void aSecondHelloAndCompressionChangeNothing() throws SspiException {
        Identity delegated = delegated(KEYS, CredentialUse.INBOUND);
        connect(
                clientSettings().groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1)),
                serverSettings(delegated).groups(List.of(NamedGroup.SECP256R1)));
        assertTrue(seen().peerDelegated());
        connect(
                clientSettings()
                        .certificateCompressions(List.of(CertificateCompression.ZLIB))
                        .compressedCertificates(new CompressedCertificates()),
                serverSettings()
                        .certificateCompressions(List.of(CertificateCompression.ZLIB))
                        .compressedCertificates(new CompressedCertificates()));
        assertTrue(seen().peerDelegated());
    }

    @Test
    void aServerThatTakesNoCredentialsAnyMoreResumesNoSessionOfOne() throws SspiException {
        clientWishes.identities.add(delegated(KEYS, CredentialUse.OUTBOUND));
        Identity own = TestCertificates.selfSigned(KeyKind.P256);
        connect(
                clientSettings(),
                serverSettings(own)
                        .clientAuthentication(ClientAuthentication.WANT)
                        .acceptDelegatedCredentials(true));
        assertTrue(server.connected().session().peerDelegated());
        ResumableSession ticket = client.tickets.get(0);

        connect(clientSettings().resumption(ticket), serverSettings().clientAuthentication(ClientAuthentication.WANT));
        assertFalse(seen().resumed());
    }
}
