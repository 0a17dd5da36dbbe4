package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jsspi.CertificateCompression;
import org.jsspi.ContextOptions.ClientAuthentication;
import org.jsspi.Identity;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.CompressedCertificate;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates in compressed form: RFC 8879. */
class CertificateCompressionTest {
    private static final CertificateCompression ZLIB = CertificateCompression.ZLIB;
    private static final Identity ROOT =
            TestCertificates.of(KeyKind.P256).subject("CN=root").authority().selfSigned();
    private static final Identity OWN = TestCertificates.of(KeyKind.P256).signedBy(ROOT);

    /** Copies; what it is told to do wrong it does wrong. */
    private static final class Copy implements CertificateCompression {
        final int algorithm;
        int compressions;
        byte[] instead;
        boolean fails;

        Copy(int algorithm) {
            this.algorithm = algorithm;
        }

        @Override
        public int algorithm() {
            return algorithm;
        }

        @Override
        public byte[] compress(byte[] message) {
            compressions++;
            if (fails) {
                throw new IllegalStateException("the test wants it to fail");
            }
            return instead == null ? message : instead;
        }

        @Override
        public boolean decompress(byte[] compressed, byte[] message) {
            if (fails) {
                throw new IllegalStateException("the test wants it to fail");
            }
            System.arraycopy(compressed, 0, message, 0, Math.min(compressed.length, message.length));
            return compressed.length == message.length;
        }
    }

    private final Wishes clientWishes = new Wishes(OWN);
    private final Wishes.Memory tickets = new Wishes.Memory();
    private final CompressedCertificates ofServer = new CompressedCertificates();
    private Peer client;
    private Peer server;

    private HandshakeSettings.Builder clientSettings(CertificateCompression... ways) {
        return HandshakeSettings.builder(clientWishes)
                .certificateCompressions(List.of(ways))
                .compressedCertificates(new CompressedCertificates());
    }

    private HandshakeSettings.Builder serverSettings(CertificateCompression... ways) {
        return HandshakeSettings.builder(new Wishes(OWN))
                .tickets(tickets)
                .certificateCompressions(List.of(ways))
                .compressedCertificates(ofServer);
    }

    private void connect(HandshakeSettings.Builder forClient, HandshakeSettings.Builder forServer)
            throws SspiException {
        client = Peer.client(forClient.build());
        server = Peer.server(forServer.build());
        Peer.run(client, server);
        assertEquals(1, client.established);
        assertEquals(1, server.established);
        assertEquals(OWN.chain(), client.connected().session().peerCertificates());
    }

    /** {@return the algorithms of the compressed certificates that this side sent, 0 for one that is not compressed} */
    private static List<Integer> algorithms(Peer side) {
        List<Integer> algorithms = new ArrayList<>();
        for (byte[] message : side.sent) {
            if (message[0] == HandshakeType.CERTIFICATE.code()) {
                algorithms.add(0);
            } else if (message[0] == HandshakeType.COMPRESSED_CERTIFICATE.code()) {
                algorithms.add((message[4] & 0xFF) << 8 | message[5] & 0xFF);
            }
        }
        return algorithms;
    }

    @Test
    void bothSidesCompressWhatTheOtherTakes() throws SspiException {
        connect(clientSettings(ZLIB), serverSettings(ZLIB).clientAuthentication(ClientAuthentication.NEED));
        assertEquals(List.of(1), algorithms(server));
        assertEquals(List.of(1), algorithms(client));
        assertEquals(OWN.chain(), server.connected().session().peerCertificates());
    }

    @Test
    void theSenderChoosesByItsOwnPreference() throws SspiException {
        connect(clientSettings(new Copy(7), ZLIB, new Copy(8)), serverSettings(new Copy(9), new Copy(8), ZLIB));
        assertEquals(List.of(8), algorithms(server));
    }

    @Test
    void whoHasNoWayInCommonSendsTheCertificateAsItIs() throws SspiException {
        connect(clientSettings(new Copy(7)), serverSettings(ZLIB).clientAuthentication(ClientAuthentication.NEED));
        assertEquals(List.of(0), algorithms(server));
        assertEquals(List.of(0), algorithms(client));
        connect(clientSettings(), serverSettings(ZLIB));
        assertEquals(List.of(0), algorithms(server));
        connect(clientSettings(ZLIB), serverSettings());
        assertEquals(List.of(0), algorithms(server));
        Set<ExtensionType> disabled = Set.of(ExtensionType.COMPRESS_CERTIFICATE);
        connect(clientSettings(ZLIB).disabledExtensions(disabled), serverSettings(ZLIB));
        assertEquals(List.of(0), algorithms(server));
        connect(clientSettings(ZLIB), serverSettings(ZLIB).disabledExtensions(disabled));
        assertEquals(List.of(0), algorithms(server));
    }

    @Test
    void aClientWithoutACertificateSendsTheEmptyOneAsItIs() throws SspiException {
        clientWishes.identities.clear();
        connect(
                clientSettings(new Copy(7)),
                serverSettings(new Copy(7)).clientAuthentication(ClientAuthentication.WANT));
        assertEquals(List.of(0), algorithms(client));
    }

    /** RFC 8879 3: only with TLS 1.3. */
    @Test
    void tls12KnowsNothingOfIt() throws SspiException {
        connect(clientSettings(ZLIB).versions(List.of(ProtocolVersion.TLS12)), serverSettings(ZLIB));
        assertEquals(List.of(0), algorithms(server));
        connect(clientSettings(ZLIB), serverSettings(ZLIB).versions(List.of(ProtocolVersion.TLS12)));
        assertEquals(List.of(0), algorithms(server));
    }

    @Test
    void aChainIsCompressedOnce() throws SspiException {
        Copy way = new Copy(7);
        connect(clientSettings(new Copy(7)), serverSettings(way));
        connect(clientSettings(new Copy(7)), serverSettings(way));
        assertEquals(List.of(7), algorithms(server));
        assertEquals(1, way.compressions);
        byte[] status = {1, 2, 3};
        connect(
                clientSettings(new Copy(7)).requestTimestamps(true),
                serverSettings(way).timestamps(certificate -> List.of(status)));
        assertEquals(2, way.compressions, "what is sent with the chain is compressed with it");
        assertEquals(List.of(7), algorithms(server));
    }

    @Test
    void whatIsRememberedIsBounded() throws SspiException {
        Copy way = new Copy(7);
        for (int i = 0; i < 65; i++) {
            byte[] different = {(byte) i};
            connect(
                    clientSettings(new Copy(7)).requestTimestamps(true),
                    serverSettings(way).timestamps(certificate -> List.of(different)));
        }
        assertEquals(65, way.compressions);
        connect(
                clientSettings(new Copy(7)).requestTimestamps(true),
                serverSettings(way).timestamps(certificate -> List.of(new byte[1])));
        assertEquals(66, way.compressions, "the first was forgotten");
    }

    @Test
    void whoCannotCompressSendsTheCertificateAsItIs() throws SspiException {
        Copy failing = new Copy(7);
        failing.fails = true;
        connect(clientSettings(new Copy(7)), serverSettings(failing));
        assertEquals(List.of(0), algorithms(server));
        for (byte[] useless : List.of(new byte[0], new byte[HandshakeSettings.LONGEST_CERTIFICATE_MESSAGE])) {
            Copy way = new Copy(7);
            way.instead = useless;
            connect(clientSettings(new Copy(7)), serverSettings(way));
            assertEquals(List.of(0), algorithms(server));
        }
    }

    /** What a peer may do wrong, and the alert for it. */
    private enum Misdeed {
        ALGORITHM_THAT_WAS_NOT_OFFERED(AlertDescription.ILLEGAL_PARAMETER, 2, 100, new byte[100]),
        NOT_COMPRESSED(AlertDescription.BAD_CERTIFICATE, 1, 100, new byte[100]),
        TOO_LONG(AlertDescription.BAD_CERTIFICATE, 1, 0x10001, new byte[1]),
        NO_CERTIFICATE(AlertDescription.DECODE_ERROR, 1, 1000, ZLIB.compress(filled())),
        ANOTHER_LENGTH(AlertDescription.BAD_CERTIFICATE, 1, 999, ZLIB.compress(filled())),
        NOTHING(AlertDescription.DECODE_ERROR, 1, 100, new byte[0]);

        final AlertDescription alert;
        final byte[] message;

        Misdeed(AlertDescription alert, int algorithm, int length, byte[] compressed) {
            this.alert = alert;
            this.message = new CompressedCertificate(algorithm, length, compressed).toBytes();
        }

        private static byte[] filled() {
            byte[] bytes = new byte[1000];
            Arrays.fill(bytes, (byte) 0x41);
            return bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(Misdeed.class)
    void misdeedsOfAServerAreAnswered(Misdeed misdeed) throws SspiException {
        clientUpToTheCertificate(clientSettings(ZLIB));
        assertEquals(misdeed.alert, alertOf(client, misdeed.message));
    }

    @ParameterizedTest
    @EnumSource(Misdeed.class)
    void misdeedsOfAClientAreAnswered(Misdeed misdeed) throws SspiException {
        client = Peer.client(clientSettings(ZLIB).build());
        server = Peer.server(serverSettings(ZLIB)
                .clientAuthentication(ClientAuthentication.NEED)
                .build());
        server.receive(client.outgoing.remove());
        assertEquals(misdeed.alert, alertOf(server, misdeed.message));
    }

    @Test
    void aWayThatFailsIsAMatterOfTheCertificate() throws SspiException {
        Copy failing = new Copy(7);
        failing.fails = true;
        clientUpToTheCertificate(clientSettings(failing));
        assertEquals(
                AlertDescription.BAD_CERTIFICATE,
                alertOf(client, new CompressedCertificate(7, 10, new byte[10]).toBytes()));
    }

    @Test
    void whatWasNotAskedForIsNotExpected() throws SspiException {
        clientUpToTheCertificate(clientSettings());
        assertEquals(
                AlertDescription.UNEXPECTED_MESSAGE,
                alertOf(client, new CompressedCertificate(1, 4, ZLIB.compress(new byte[100])).toBytes()));
    }

    private void clientUpToTheCertificate(HandshakeSettings.Builder settings) throws SspiException {
        client = Peer.client(settings.build());
        server = Peer.server(serverSettings(ZLIB).build());
        server.receive(client.outgoing.remove());
        client.receive(server.outgoing.remove());
        client.receive(server.outgoing.remove());
    }

    private static AlertDescription alertOf(Peer side, byte[] message) {
        return Peer.alert(assertThrows(SspiException.class, () -> side.receive(message)));
    }
}
