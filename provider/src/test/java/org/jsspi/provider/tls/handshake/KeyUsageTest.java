package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key that authenticates must be allowed to sign: RFC 8446 4.4.2.2, RFC 5246 7.4.2. */
class KeyUsageTest {
    private static final int DIGITAL_SIGNATURE = 0x80;
    private static final int KEY_ENCIPHERMENT = 0x20;
    private static final int KEY_AGREEMENT = 0x08;

    private final Wishes clientWishes = new Wishes();
    private final Wishes serverWishes = new Wishes();

    private static Identity identity(KeyKind kind, int usage) {
        return TestCertificates.of(kind).keyUsage(usage).selfSigned();
    }

    private void connect(ProtocolVersion version, ClientAuthentication authentication) throws SspiException {
        Peer client = Peer.client(HandshakeSettings.builder(clientWishes)
                .versions(List.of(version))
                .build());
        Peer server = Peer.server(HandshakeSettings.builder(serverWishes)
                .clientAuthentication(authentication)
                .build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
    }

    private void assertRefused(ProtocolVersion version, ClientAuthentication authentication) {
        SspiException failure = assertThrows(SspiException.class, () -> connect(version, authentication));
        assertEquals(AlertDescription.CERTIFICATE_UNKNOWN, Peer.alert(failure));
    }

    @ParameterizedTest
    @CsvSource({"TLS12, RSA", "TLS13, RSA", "TLS12, P256", "TLS13, P256"})
    void aServersKeyHasToBeOneThatMaySign(ProtocolVersion version, KeyKind kind) throws SspiException {
        serverWishes.identities.add(identity(kind, kind == KeyKind.RSA ? KEY_ENCIPHERMENT : KEY_AGREEMENT));
        assertRefused(version, ClientAuthentication.NONE);
        assertFalse(clientWishes.asked.contains("verifyPeer"), "the trust manager is not asked any more");
        serverWishes.identities.set(0, identity(kind, DIGITAL_SIGNATURE | KEY_ENCIPHERMENT));
        connect(version, ClientAuthentication.NONE);
        serverWishes.identities.set(0, TestCertificates.of(kind).selfSigned());
        connect(version, ClientAuthentication.NONE);
    }

    @ParameterizedTest
    @CsvSource({"TLS12, RSA", "TLS13, RSA", "TLS12, P256", "TLS13, P256"})
    void aClientsKeyHasToBeOneThatMaySign(ProtocolVersion version, KeyKind kind) throws SspiException {
        serverWishes.identities.add(TestCertificates.selfSigned(KeyKind.P256));
        clientWishes.identities.add(identity(kind, kind == KeyKind.RSA ? KEY_ENCIPHERMENT : KEY_AGREEMENT));
        assertRefused(version, ClientAuthentication.NEED);
        assertFalse(serverWishes.asked.contains("verifyPeer"), "the trust manager is not asked any more");
        clientWishes.identities.set(0, identity(kind, DIGITAL_SIGNATURE));
        connect(version, ClientAuthentication.NEED);
    }

    /** Who only signs others does not authenticate itself, be it so in the chain. */
    @ParameterizedTest
    @CsvSource({"TLS12", "TLS13"})
    void theUsageOfAnAuthorityIsNotLookedAt(ProtocolVersion version) throws SspiException {
        Identity root = TestCertificates.of(KeyKind.P256)
                .subject("CN=root")
                .authority()
                .keyUsage(0x04)
                .selfSigned();
        serverWishes.identities.add(TestCertificates.of(KeyKind.P256).signedBy(root));
        connect(version, ClientAuthentication.NONE);
    }
}
