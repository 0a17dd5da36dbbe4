package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jsspi.ChannelBindings;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextOptions;
import org.jsspi.CredHandle;
import org.jsspi.CredentialUse;
import org.jsspi.KeyingMaterialInfo;
import org.jsspi.SchCredentials;
import org.jsspi.SchannelControl;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
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
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS 1.2 as SSPI programs see it: sizes, attributes, and a renegotiation that is refused. */
class Tls12Test {
    private static final ContextOptions TLS12 =
            ContextOptions.builder().protocols(List.of("TLSv1.2")).build();

    private static Connection<SspiEnd, SspiEnd> connected() throws Exception {
        return new Connection<>(Schannel.client(TLS12, null), Schannel.server(ContextOptions.DEFAULT, null))
                .handshake();
    }

    /** RFC 5288 3: with AES-GCM 8 bytes of the nonce stand in front of the data; RFC 7905 2: with ChaCha20 none. */
    @ParameterizedTest
    @CsvSource({
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 13, 16",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, 13, 16",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, 5, 16"
    })
    void theSizesAreThoseOfTheSuite(String suite, int header, int trailer) throws Exception {
        ContextOptions options =
                ContextOptions.builder().cipherSuites(List.of(suite)).build();
        Connection<SspiEnd, SspiEnd> pair = new Connection<>(
                        Schannel.client(options, null), Schannel.server(ContextOptions.DEFAULT, null))
                .handshake();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            StreamSizes sizes = end.context().queryContextAttributes(ContextAttribute.STREAM_SIZES);
            assertEquals(header, sizes.header());
            assertEquals(trailer, sizes.trailer());
            assertEquals(16384, sizes.maximumMessage());
            assertEquals(
                    0x0303,
                    end.context()
                            .queryContextAttributes(ContextAttribute.CIPHER_INFO)
                            .protocol());
            assertEquals(
                    end == pair.client() ? SchCredentials.SP_PROT_TLS1_2_CLIENT : SchCredentials.SP_PROT_TLS1_2_SERVER,
                    end.context()
                            .queryContextAttributes(ContextAttribute.CONNECTION_INFO)
                            .protocol());
        }
        assertEquals(header + 100 + trailer, pair.client().encrypt(new byte[100]).length);
    }

    /** The layout that decryptMessage leaves: HEADER 13, DATA, TRAILER 16, and what follows. */
    @Test
    void aRecordIsOpenedInPlace() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        byte[] record = pair.client().encrypt("abc".getBytes(StandardCharsets.US_ASCII));
        byte[] two = Arrays.copyOf(record, record.length + 4);
        SecBufferDesc message = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, two), new SecBuffer(), new SecBuffer(), new SecBuffer());
        assertEquals(SecurityStatus.SEC_E_OK, pair.server().context().decryptMessage(message, 0));
        assertEquals(SecBufferType.STREAM_HEADER, message.get(0).type());
        assertEquals(13, message.get(0).length());
        assertEquals(SecBufferType.DATA, message.get(1).type());
        assertEquals("abc", new String(message.get(1).toByteArray(), StandardCharsets.US_ASCII));
        assertEquals(SecBufferType.STREAM_TRAILER, message.get(2).type());
        assertEquals(16, message.get(2).length());
        assertEquals(SecBufferType.EXTRA, message.get(3).type());
        assertEquals(4, message.get(3).length());
    }

    @Test
    void tlsUniqueAndTheExporterAreTheSameOnBothSides() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        StreamContext client = pair.client().context();
        StreamContext server = pair.server().context();
        ChannelBindings unique = client.queryContextAttributes(ContextAttribute.UNIQUE_BINDINGS);
        assertArrayEquals(
                unique.applicationData(),
                server.queryContextAttributes(ContextAttribute.UNIQUE_BINDINGS).applicationData());
        String prefix = new String(unique.applicationData(), 0, 11, StandardCharsets.US_ASCII);
        assertEquals("tls-unique:", prefix);
        // RFC 5246 7.4.9: verify_data is 12 bytes long.
        assertEquals(11 + 12, unique.applicationData().length);
        assertArrayEquals(
                client.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                        .applicationData(),
                server.queryContextAttributes(ContextAttribute.EXPORTER_BINDINGS)
                        .applicationData());
        KeyingMaterialInfo wanted = new KeyingMaterialInfo("EXPORTER-test", new byte[] {1}, 40);
        client.setContextAttributes(ContextAttribute.KEYING_MATERIAL_INFO, wanted);
        server.setContextAttributes(ContextAttribute.KEYING_MATERIAL_INFO, wanted);
        assertArrayEquals(
                client.queryContextAttributes(ContextAttribute.KEYING_MATERIAL),
                server.queryContextAttributes(ContextAttribute.KEYING_MATERIAL));
    }

    /** In TLS 1.3 a call without input asks for new keys; in TLS 1.2 for a renegotiation, which there is not. */
    @Test
    void aCallWithoutInputAnswersThatThereIsNoRenegotiation() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        for (SspiEnd end : List.of(pair.client(), pair.server())) {
            assertEquals(SecurityStatus.SEC_I_NO_RENEGOTIATION, end.establish(null, pair.peerOf(end)));
        }
        assertEquals(0, pair.client().takeInbox().length);
        assertEquals(0, pair.server().takeInbox().length);
        pair.exchangeBothWays();
    }

    /** The JDK's server asks: decryptMessage says so, the establishing call gives the refusal as its token. */
    @Test
    void thePeersRequestIsRefusedByAToken() throws Exception {
        SspiEnd client = Schannel.client(TLS12, null);
        SSLEngine sun = Jsse.serverEngine(Jsse.SUN.server(KeyKind.EC_P256));
        EngineEnd server = new EngineEnd(sun, Memory.HEAP, Integer.MAX_VALUE);
        Connection<SspiEnd, EngineEnd> pair = new Connection<>(client, server);
        pair.handshake();
        sun.beginHandshake();
        while (sun.getHandshakeStatus() == javax.net.ssl.SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            server.wrap(new byte[0], client);
        }
        byte[] record = client.takeInbox();
        SecBufferDesc message = new SecBufferDesc(
                new SecBuffer(SecBufferType.DATA, record),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer(),
                new SecBuffer());

        assertEquals(SecurityStatus.SEC_I_RENEGOTIATE, client.context().decryptMessage(message, 0));
        byte[] extra = message.find(SecBufferType.EXTRA).toByteArray();
        assertArrayEquals(new byte[] {22, 3, 3, 0, 4, 0, 0, 0, 0}, extra); // a HelloRequest
        server.takeInbox();
        assertEquals(
                SecurityStatus.SEC_E_OK,
                client.establish(
                        new SecBufferDesc(new SecBuffer(SecBufferType.TOKEN, extra), new SecBuffer()), server));

        byte[] refusal = server.takeInbox();
        assertEquals(21, refusal[0]);
        assertEquals(13 + 2 + 16, refusal.length);
        // This side goes on, whatever the other makes of it.
        assertEquals(13 + 10 + 16, client.encrypt(new byte[10]).length);
    }

    @Test
    void shutdownIsACloseNotifyUnderTheKeysOfTheConnection() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        pair.client().context().applyControlToken(SchannelControl.shutdown());
        assertEquals(SecurityStatus.SEC_E_OK, pair.client().establish(null, pair.server()));
        pair.settle();
        assertTrue(pair.server().expired());
    }

    @Test
    void aCredentialOfOneVersionSpeaksNoOther() throws Exception {
        CredHandle only13 = Sspi.acquireCredentialsHandle(
                null,
                "Schannel",
                CredentialUse.INBOUND,
                SchCredentials.builder()
                        .identities(List.of(TestPki.server(KeyKind.EC_P256).identity()))
                        .enabledProtocols(SchCredentials.SP_PROT_TLS1_3_SERVER)
                        .build());
        SspiEnd server = SspiEnd.acceptor(Schannel.context(only13), ContextOptions.DEFAULT, null);
        SspiEnd client = Schannel.client(TLS12, null);
        client.step(server);

        SspiException failure = assertThrows(SspiException.class, () -> server.step(client));

        assertEquals(70, failure.alert().orElseThrow());
        assertFalse(server.established());
    }

    /** In the explicit nonce, in the data, and in the tag. */
    @Test
    void aFlippedBitIsABadRecordMac() throws Exception {
        Connection<SspiEnd, SspiEnd> pair = connected();
        byte[] record = pair.client().encrypt(new byte[20]);
        for (int at : new int[] {5, 12, 13, record.length - 1}) {
            Connection<SspiEnd, SspiEnd> fresh = connected();
            byte[] altered = fresh.client().encrypt(new byte[20]);
            altered[at] ^= 1;
            SecBufferDesc message = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, altered), new SecBuffer(), new SecBuffer(), new SecBuffer());
            SspiException failure = assertThrows(
                    SspiException.class, () -> fresh.server().context().decryptMessage(message, 0));
            assertEquals(20, failure.alert().orElseThrow(), "byte " + at);
            assertEquals(SecurityStatus.SEC_E_MESSAGE_ALTERED, failure.status());
        }
    }
}
