package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.EndOfEarlyData;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.Rfc8448;
import org.junit.jupiter.api.Test;

/** The stages of the key schedule, held to the traces of RFC 8448 3, 4 and 5. */
class KeyScheduleTest {
    private static final HashAlgorithm SHA256 = HashAlgorithm.SHA256;
    private static final Aead AEAD = Aead.AES_128_GCM;

    private final Rfc8448 simple = Rfc8448.trace("simple-1rtt");
    private final Rfc8448 resumed = Rfc8448.trace("resumed-0rtt");

    private static void assertKeys(Rfc8448 trace, String name, TrafficKeys keys) {
        assertArrayEquals(trace.get(name + ".key"), keys.key().bytes(), name);
        assertArrayEquals(trace.get(name + ".iv"), keys.iv(), name);
    }

    private static Transcript transcript(Rfc8448 trace, String... messages) {
        Transcript transcript = new Transcript();
        for (String message : messages) {
            transcript.add(trace.get(message));
        }
        transcript.begin(SHA256);
        return transcript;
    }

    @Test
    void aFullHandshakeDerivesTheTracedKeysStepByStep() throws SspiException {
        Transcript transcript = transcript(simple, "ClientHello", "ServerHello");
        assertArrayEquals(simple.get("transcript_hash.ServerHello"), transcript.hash());

        EarlySecrets early = new EarlySecrets(SHA256, null);
        HandshakeSecrets handshake = early.advance(Secret.owning(simple.get("shared_secret")), transcript.hash());
        assertKeys(simple, "server.handshake", handshake.serverKeys(AEAD));
        assertKeys(simple, "client.handshake", handshake.clientKeys(AEAD));

        transcript.add(simple.get("EncryptedExtensions"));
        transcript.add(simple.get("server.Certificate"));
        transcript.add(simple.get("server.CertificateVerify"));
        Finished server = handshake.serverFinished().finished(transcript.hash());
        assertArrayEquals(simple.get("server.verify_data"), server.verifyData());
        transcript.add(simple.get("server.Finished"));
        assertArrayEquals(simple.get("transcript_hash.server.Finished"), transcript.hash());

        FinishedKey clientKey = handshake.clientFinished();
        ApplicationSecrets application = handshake.advance(transcript.hash());
        assertKeys(simple, "server.application", application.serverKeys(AEAD));
        assertKeys(simple, "client.application", application.clientKeys(AEAD));
        assertArrayEquals(
                simple.get("client.verify_data"),
                clientKey.finished(transcript.hash()).verifyData());

        transcript.add(simple.get("client.Finished"));
        assertArrayEquals(simple.get("transcript_hash.client.Finished"), transcript.hash());
        application.complete(transcript.hash());
        assertArrayEquals(
                simple.get("ticket.psk"),
                application.preSharedKey(simple.get("ticket.nonce")).bytes());
    }

    @Test
    void aResumptionBindsAndDerivesTheTracedKeys() {
        try (Secret psk = Secret.owning(resumed.get("psk"))) {
            EarlySecrets early = new EarlySecrets(SHA256, psk);
            assertArrayEquals(resumed.get("binder"), early.binder(resumed.get("transcript_hash.ClientHello.prefix")));
            Transcript transcript = transcript(resumed, "ClientHello", "ServerHello");
            HandshakeSecrets handshake = early.advance(Secret.owning(resumed.get("shared_secret")), transcript.hash());
            assertKeys(resumed, "server.handshake", handshake.serverKeys(AEAD));
            assertKeys(resumed, "client.handshake", handshake.clientKeys(AEAD));
            transcript.add(resumed.get("EncryptedExtensions"));
            assertArrayEquals(
                    resumed.get("server.verify_data"),
                    handshake.serverFinished().finished(transcript.hash()).verifyData());
            transcript.add(resumed.get("server.Finished"));
            ApplicationSecrets application = handshake.advance(transcript.hash());
            assertKeys(resumed, "server.application", application.serverKeys(AEAD));
            assertKeys(resumed, "client.application", application.clientKeys(AEAD));
        }
    }

    @Test
    void earlyDataHasTheTracedKeysWhichTheKeyLogIsTold() throws SspiException {
        List<String> labels = new ArrayList<>();
        Exchange exchange = new Exchange(
                HandshakeSettings.builder(new Wishes())
                        .keyLog((label, random, secret) -> {
                            labels.add(label);
                            assertArrayEquals(resumed.get("client_early_traffic_secret"), secret);
                        })
                        .build(),
                true);
        try (Secret psk = Secret.owning(resumed.get("psk"));
                EarlySecrets early = new EarlySecrets(SHA256, psk)) {
            byte[] hash = transcript(resumed, "ClientHello").hash();
            assertArrayEquals(resumed.get("transcript_hash.ClientHello"), hash);
            TrafficKeys keys = early.earlyDataKeys(AEAD, hash, exchange, new byte[32]);
            assertKeys(resumed, "client.early_application", keys);
        }
        assertEquals(List.of("CLIENT_EARLY_TRAFFIC_SECRET"), labels);
    }

    @Test
    void theClientsFinishedCoversTheEndOfEarlyData() throws SspiException {
        try (Secret psk = Secret.owning(resumed.get("psk"))) {
            Transcript transcript = transcript(resumed, "ClientHello", "ServerHello");
            HandshakeSecrets handshake = new EarlySecrets(SHA256, psk)
                    .advance(Secret.owning(resumed.get("shared_secret")), transcript.hash());
            transcript.add(resumed.get("EncryptedExtensions"));
            transcript.add(resumed.get("server.Finished"));
            transcript.add(new EndOfEarlyData().toBytes());
            assertArrayEquals(
                    resumed.get("client.verify_data"),
                    handshake.clientFinished().finished(transcript.hash()).verifyData());
        }
    }

    @Test
    void theBinderCoversTheHelloUpToTheBinders() throws SspiException {
        byte[] message = resumed.get("ClientHello");
        ClientHello hello = (ClientHello) Inbound.decode(message, null).message();
        assertArrayEquals(
                resumed.get("transcript_hash.ClientHello.prefix"),
                new Transcript().hashWith(SHA256, message, hello.bindersOffset(message)));
    }

    @Test
    void aStageIsGoneWhenTheNextIsThere() {
        EarlySecrets early = new EarlySecrets(SHA256, Secret.owning(new byte[32]));
        Secret shared = Secret.owning(new byte[32]);
        HandshakeSecrets handshake = early.advance(shared, new byte[32]);
        assertEquals(true, shared.isDestroyed());
        assertThrows(IllegalStateException.class, () -> early.binder(new byte[32]));
        ApplicationSecrets application = handshake.advance(new byte[32]);
        assertThrows(IllegalStateException.class, () -> handshake.clientKeys(AEAD));
        application.close();
        assertThrows(IllegalStateException.class, () -> application.clientKeys(AEAD));
    }

    @Test
    void anExporterIsThatOfTheExporterMasterSecret() {
        ApplicationSecrets application = new EarlySecrets(SHA256, null)
                .advance(Secret.owning(simple.get("shared_secret")), simple.get("transcript_hash.ServerHello"))
                .advance(simple.get("transcript_hash.server.Finished"));
        Hkdf hkdf = SHA256.hkdf();
        Secret derived =
                hkdf.deriveSecret(Secret.owning(simple.get("exporter_master_secret")), "label", SHA256.emptyHash());
        byte[] context = {1, 2};
        assertArrayEquals(
                hkdf.expandLabel(derived, "exporter", SHA256.hash(context), 50).bytes(),
                application.export("label", context, 50));
    }

    @Test
    void onlyTheRightFinishedGivesAProof() {
        FinishedKey key = new FinishedKey(SHA256.hkdf(), Secret.owning(new byte[32]));
        byte[] hash = SHA256.emptyHash();
        assertDoesNotThrow(() -> key.verify(key.finished(hash), hash));
        byte[] wrong = key.finished(hash).verifyData();
        wrong[31] ^= 1;
        assertEquals(
                AlertDescription.DECRYPT_ERROR,
                Peer.alert(assertThrows(SspiException.class, () -> key.verify(new Finished(wrong), hash))));
        assertEquals(
                AlertDescription.DECRYPT_ERROR,
                Peer.alert(assertThrows(SspiException.class, () -> key.verify(new Finished(new byte[31]), hash))));
    }
}
