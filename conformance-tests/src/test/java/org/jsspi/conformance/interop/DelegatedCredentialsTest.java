package org.jsspi.conformance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import org.jsspi.SchCredentials;
import org.jsspi.Session;
import org.jsspi.SspiException;
import org.jsspi.conformance.demo.SchannelStream;
import org.jsspi.conformance.fixture.Connection;
import org.jsspi.conformance.fixture.Peer;
import org.jsspi.conformance.fixture.Schannel;
import org.jsspi.conformance.fixture.SspiEnd;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delegated credentials (RFC 9345): those of our server with NSS, which takes and judges them, and with both sides of ours. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DelegatedCredentialsTest {
    private static final String RECEIVED = "Received a Delegated Credential";

    private static final ContextOptions ACCEPTING =
            ContextOptions.builder().acceptDelegatedCredentials(true).build();

    private static DelegatedCredential issue(Credential owner, KeyPair keys) throws SspiException {
        return DelegatedCredential.issue(
                owner.identity(), keys.getPublic(), Instant.now().plus(Duration.ofDays(2)), CredentialUse.INBOUND);
    }

    // Our server, and NSS

    /** {@return what tstclnt says of a server with this delegated key, and the certificate's own behind it, once it has shaken hands} */
    private static String talkToNss(Credential owner, Identity delegated, String... options) throws Exception {
        Peer.assumeInstalled("tstclnt");
        SchCredentials credentials = SchCredentials.builder()
                .identities(List.of(delegated, owner.identity()))
                .build();
        try (CredHandle credential = Schannel.inbound(credentials);
                Listening server = Listening.plain(socket -> accept(credential, socket))) {
            List<String> command = new ArrayList<>(List.of(
                    "tstclnt", "-h", "localhost", "-4", "-p", "" + server.port(), "-D", "-o", "-v", "-Q", "-V"));
            command.add("tls1.3:");
            command.addAll(List.of(options));
            try (Peer client = Peer.start(command)) {
                client.end();
                return client.output();
            }
        }
    }

    private static void accept(CredHandle credential, Socket socket) throws Exception {
        try (SchannelStream stream = SchannelStream.accept(
                credential, ContextOptions.DEFAULT, List.of(), socket.getInputStream(), socket.getOutputStream())) {
            stream.read();
        }
    }

    private static Identity delegated(Credential owner, KeyKind kind) throws Exception {
        KeyPair keys = kind.generate();
        return Identity.delegated(keys.getPrivate(), owner.chain(), issue(owner, keys));
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"EC_P256", "EC_P384", "EC_P521"})
    void nssTakesWhatOurServerShows(KeyKind kind) throws Exception {
        Credential owner = TestPki.delegating(KeyKind.EC_P256);
        String said = talkToNss(owner, delegated(owner, kind), "-B");

        assertTrue(said.contains(RECEIVED), said);
        assertTrue(said.contains("Signature Scheme: " + kind.signatureScheme()), said);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"EC_P384", "EC_P521"})
    void nssTakesWhatCertificatesOfOtherKindsDelegate(KeyKind kind) throws Exception {
        Credential owner = TestPki.delegating(kind);
        String said = talkToNss(owner, delegated(owner, KeyKind.EC_P256), "-B");

        assertTrue(said.contains(RECEIVED), said);
    }

    @Test
    void nssIsShownTheCertificateAloneWhereItDoesNotAsk() throws Exception {
        Credential owner = TestPki.delegating(KeyKind.EC_P384);
        String said = talkToNss(owner, delegated(owner, KeyKind.EC_P256));

        assertFalse(said.contains(RECEIVED), said);
        assertTrue(said.contains("Signature Scheme: ecdsa_secp384r1_sha384"), said);
    }

    @Test
    void nssRefusesACredentialOfAnotherCertificate() throws Exception {
        Credential owner = TestPki.delegating(KeyKind.EC_P256);
        KeyPair keys = KeyKind.EC_P256.generate();
        DelegatedCredential stolen = issue(TestPki.delegating(KeyKind.EC_P256), keys);
        String said = talkToNss(owner, new Identity(keys.getPrivate(), owner.chain(), null, null, stolen), "-B");

        assertFalse(said.contains(RECEIVED), said);
        assertTrue(said.contains("SSL_ERROR_DC_BAD_SIGNATURE"), said);
    }

    // Both ours, through the calls of SSPI

    @Test
    void bothSidesMayShowOne() throws Exception {
        Credential owner = TestPki.delegating(KeyKind.EC_P256);
        KeyPair keys = KeyKind.ED25519.generate();
        Identity server = Identity.delegated(keys.getPrivate(), owner.chain(), issue(owner, keys));
        DelegatedCredential ofClient = DelegatedCredential.issue(
                owner.identity(), keys.getPublic(), Instant.now().plus(Duration.ofHours(1)), CredentialUse.OUTBOUND);
        Identity client = Identity.delegated(keys.getPrivate(), owner.chain(), ofClient);
        ContextOptions asking = ACCEPTING.toBuilder()
                .clientAuthentication(ClientAuthentication.NEED)
                .build();
        try (CredHandle outbound = Schannel.outbound(credentials(client));
                CredHandle inbound = Schannel.inbound(credentials(server))) {
            Connection<SspiEnd, SspiEnd> connection = new Connection<>(
                            SspiEnd.initiator(Schannel.context(outbound), ACCEPTING, null),
                            SspiEnd.acceptor(Schannel.context(inbound), asking, null))
                    .handshake();
            for (SspiEnd end : List.of(connection.client(), connection.server())) {
                Session session = end.context().queryContextAttributes(ContextAttribute.SESSION);
                assertTrue(session.peerDelegated());
                assertEquals("ed25519", session.peerSignatureScheme());
            }
            Instant end = ofClient.expiry(owner.certificate());
            assertEquals(end, connection.server().context().expiry());
        }
    }

    private static SchCredentials credentials(Identity identity) {
        return SchCredentials.builder()
                .identities(List.of(identity))
                .rootStore(TestPki.roots())
                .build();
    }
}
