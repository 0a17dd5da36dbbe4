package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.jsspi.ContextOptions;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose order has places for more than one. */
class EqualPreferencesTest {
    private static final CipherSuite AES128 = CipherSuite.TLS_AES_128_GCM_SHA256;
    private static final CipherSuite AES256 = CipherSuite.TLS_AES_256_GCM_SHA384;
    private static final CipherSuite CHACHA = CipherSuite.TLS_CHACHA20_POLY1305_SHA256;
    private static final List<List<String>> BIG = List.of(List.of(AES256.standardName(), CHACHA.standardName()));

    private HandshakeSettings.Builder forServer =
            HandshakeSettings.builder(new Wishes(TestCertificates.selfSigned(KeyKind.RSA)));

    private TlsSession connect(HandshakeSettings.Builder forClient) throws SspiException {
        Peer client = Peer.client(forClient.build());
        Peer server = Peer.server(forServer.build());
        Peer.run(client, server);
        return client.connected().session();
    }

    private CipherSuite suite(CipherSuite... offered) throws SspiException {
        return connect(HandshakeSettings.builder(new Wishes())
                        .versions(List.of(offered[0].version()))
                        .suites(List.of(offered)))
                .suite();
    }

    @Test
    void amongSuitesOfOneSetTheClientDecidesAndOtherwiseTheServer() throws SspiException {
        forServer.suites(List.of(AES256, CHACHA, AES128));
        assertSame(AES256, suite(CHACHA, AES256));

        forServer.equalPreferences(EqualPreferences.of(BIG));
        assertSame(CHACHA, suite(CHACHA, AES256));
        assertSame(AES256, suite(AES256, CHACHA));
        assertSame(CHACHA, suite(AES128, CHACHA, AES256), "what is behind them stays behind");
        assertSame(AES128, suite(AES128));
    }

    @Test
    void valuesThatDoNotStandTogetherHaveTheServersOrder() throws SspiException {
        forServer.suites(List.of(AES256, AES128, CHACHA)).equalPreferences(EqualPreferences.of(BIG));
        assertSame(AES128, suite(CHACHA, AES128));
        assertSame(AES256, suite(CHACHA, AES128, AES256));
        // What the client does not have does not stand between them.
        assertSame(CHACHA, suite(CHACHA, AES256));
    }

    @Test
    void inTls12TheSuiteStillFitsTheCertificate() throws SspiException {
        CipherSuite aes = CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384;
        CipherSuite chacha = CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256;
        CipherSuite ecdsa = CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
        forServer
                .suites(List.of(aes, ecdsa, chacha))
                .equalPreferences(EqualPreferences.of(
                        List.of(List.of(aes.standardName(), chacha.standardName(), ecdsa.standardName()))));
        assertSame(chacha, suite(ecdsa, chacha, aes));
        assertSame(aes, suite(ecdsa, aes, chacha));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"TLS12", "TLS13"})
    void amongGroupsOfOneSetTheClientDecides(ProtocolVersion version) throws SspiException {
        List<NamedGroup> both = List.of(NamedGroup.SECP256R1, NamedGroup.X25519);
        HandshakeSettings.Builder forClient = HandshakeSettings.builder(new Wishes())
                .versions(List.of(version))
                .groups(both)
                .keyShares(both);
        forServer.groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1));
        assertSame(NamedGroup.X25519, connect(forClient).group());

        forServer.equalPreferences(EqualPreferences.of(List.of(List.of("secp256r1", "x25519"))));
        assertSame(NamedGroup.SECP256R1, connect(forClient).group());
        List<NamedGroup> three = List.of(NamedGroup.SECP384R1, NamedGroup.X25519, NamedGroup.SECP256R1);
        assertSame(
                NamedGroup.X25519,
                connect(forClient.groups(three).keyShares(three)).group(),
                "what is behind them stays behind");
    }

    @Test
    void aGroupWithAShareIsStillWorthMoreThanAnotherRoundTrip() throws SspiException {
        forServer
                .groups(List.of(NamedGroup.X25519, NamedGroup.SECP256R1))
                .equalPreferences(EqualPreferences.of(List.of(List.of("secp256r1", "x25519"))));
        assertSame(
                NamedGroup.X25519,
                connect(HandshakeSettings.builder(new Wishes())
                                .groups(List.of(NamedGroup.SECP256R1, NamedGroup.X25519))
                                .keyShares(List.of(NamedGroup.X25519)))
                        .group());
    }

    @Test
    void namesAreOfSuitesOrGroupsAndUnknownOnesAreIgnored() {
        EqualPreferences equal = EqualPreferences.of(List.of(
                List.of("x25519", AES128.standardName(), "secp256r1", "nothing"),
                List.of(AES256.standardName(), CHACHA.standardName())));
        assertEquals(List.of(Set.of(NamedGroup.X25519, NamedGroup.SECP256R1)), equal.groups());
        assertEquals(List.of(Set.of(AES256, CHACHA)), equal.suites());
        assertSame(EqualPreferences.NONE, EqualPreferences.of(List.of()));
    }

    @Test
    void aNameHasOnePlace() {
        ContextOptions.Builder options = ContextOptions.builder();
        assertThrows(
                IllegalArgumentException.class,
                () -> options.equalPreferences(List.of(List.of("x25519", "x448"), List.of("x25519", "secp256r1"))));
        assertEquals(BIG, options.equalPreferences(BIG).build().equalPreferences());
        assertEquals(BIG, options.build().toBuilder().build().equalPreferences());
    }
}
