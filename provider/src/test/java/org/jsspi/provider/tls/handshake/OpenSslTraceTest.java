package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.CertificateMessage12;
import org.jsspi.provider.tls.message.CertificateRequest12;
import org.jsspi.provider.tls.message.CertificateVerify;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.ClientHello;
import org.jsspi.provider.tls.message.ClientKeyExchange;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.message.ExtensionType;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.NewSessionTicket12;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.message.ServerHello;
import org.jsspi.provider.tls.message.ServerHelloDone;
import org.jsspi.provider.tls.message.ServerKeyExchange;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole connections of TLS 1.2 between two OpenSSLs, as they were recorded: every message byte for byte, every signature, both
 * Finished, and every protected record under the keys that follow from the master secret.
 */
class OpenSslTraceTest {
    private static final List<Class<?>> FULL =
            List.of(ClientHello.class, ServerHello.class, CertificateMessage12.class, ServerKeyExchange.class);

    /** One side of the connection as the other sees it. */
    private static final class Side {
        final RecordReader reader = new RecordReader();
        final RecordWriter writer = new RecordWriter();
        TrafficKeys keys;
        TrafficKeys sameKeys;
        PublicKey certificate;
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        boolean closed;
    }

    private final Side client = new Side();
    private final Side server = new Side();
    private final Transcript transcript = new Transcript();
    private final List<Class<?>> messages = new ArrayList<>();
    private ClientHello hello;
    private Terms12 terms;
    private Secret masterSecret;
    private MasterSecret master;
    private int verified;

    @ParameterizedTest
    @ValueSource(strings = {"mutual-aes128gcm", "full-chacha20", "resumed-aes256gcm"})
    void everyByteOfTheRecordingIsUnderstood(String name) throws Exception {
        for (Map.Entry<String, byte[]> entry : trace(name).entrySet()) {
            if (entry.getKey().equals("master_secret")) {
                masterSecret = Secret.owning(entry.getValue());
                continue;
            }
            Side from = entry.getKey().contains(".client.") ? client : server;
            take(entry.getKey(), from, entry.getValue());
        }
        assertEquals(2, verified, "both Finished");
        assertEquals("hello\n", client.data.toString(StandardCharsets.US_ASCII));
        assertEquals("olleh\n", server.data.toString(StandardCharsets.US_ASCII));
        assertTrue(client.closed && server.closed, "both close_notify");
        switch (name) {
            case "mutual-aes128gcm" -> {
                assertEquals(FULL, messages.subList(0, 4));
                assertEquals(
                        List.of(
                                CertificateRequest12.class,
                                ServerHelloDone.class,
                                CertificateMessage12.class,
                                ClientKeyExchange.class,
                                CertificateVerify.class,
                                Finished.class,
                                NewSessionTicket12.class,
                                Finished.class),
                        messages.subList(4, messages.size()));
            }
            case "full-chacha20" -> {
                assertEquals(FULL, messages.subList(0, 4));
                assertEquals(
                        List.of(ServerHelloDone.class, ClientKeyExchange.class, Finished.class, Finished.class),
                        messages.subList(4, messages.size()));
            }
            default ->
                assertEquals(List.of(ClientHello.class, ServerHello.class, Finished.class, Finished.class), messages);
        }
    }

    private void take(String name, Side from, byte[] record) throws Exception {
        List<byte[]> contents = new ArrayList<>();
        ContentType[] got = new ContentType[1];
        int length = from.reader.open(ByteBuffer.wrap(record), 0, record.length, (type, content, offset, count) -> {
            got[0] = type;
            contents.add(Arrays.copyOfRange(content, offset, offset + count));
        });
        assertEquals(record.length, length, name);
        byte[] content = contents.get(0);
        // With AES-GCM OpenSSL begins its explicit nonces anywhere (RFC 5288 3); everything else is fixed.
        boolean fixed = !from.writer.isProtected() || terms.aead() == Aead.CHACHA20_POLY1305;
        if (fixed) {
            ByteBuffer again = ByteBuffer.allocate(record.length);
            assertEquals(record.length, from.writer.write(got[0], content, 0, content.length, again, 0), name);
            assertArrayEquals(record, again.array(), name);
        }
        switch (got[0]) {
            case HANDSHAKE -> message(name, from, content);
            case CHANGE_CIPHER_SPEC -> {
                from.reader.protect(from.keys);
                from.writer.protect(from.sameKeys);
            }
            case APPLICATION_DATA -> from.data.writeBytes(content);
            default -> {
                assertArrayEquals(new byte[] {1, 0}, content, name);
                from.closed = true;
            }
        }
    }

    private void message(String name, Side from, byte[] bytes) throws Exception {
        HandshakeMessage message = Inbound.decode(bytes, ProtocolVersion.TLS12).message();
        assertArrayEquals(bytes, message.toBytes(), name);
        messages.add(message.getClass());
        if (message instanceof ClientHello first) {
            hello = first;
        } else if (message instanceof ServerHello answer) {
            agree(answer);
        } else if (message instanceof CertificateMessage12 chain) {
            from.certificate = Authentication.chain(chain, 10).get(0).getPublicKey();
        } else if (message instanceof ServerKeyExchange share) {
            byte[] params = ServerKeyExchange.params(share.group(), share.share());
            assertTrue(verifies(share.algorithm(), from, share.signature(), terms.signed(params)), name);
        } else if (message instanceof CertificateVerify proof) {
            assertTrue(verifies(proof.algorithm(), from, proof.signature(), transcript.messages()), name);
        } else if (message instanceof Finished finished) {
            master.verify(from == client, finished, transcript.hash());
            verified++;
        }
        transcript.add(bytes);
        if (message instanceof ServerHello) {
            transcript.beginKeeping(terms.hash());
        }
    }

    private static boolean verifies(int scheme, Side by, byte[] signature, byte[]... content) throws SspiException {
        return Signing.verifyTls12(SignatureAlgorithm.of(scheme).orElseThrow(), by.certificate, signature, content);
    }

    private void agree(ServerHello answer) throws SspiException {
        CipherSuite suite = CipherSuite.of(answer.cipherSuite()).orElseThrow();
        boolean extended = answer.extensions().has(ExtensionType.EXTENDED_MASTER_SECRET);
        assertTrue(extended);
        terms = new Terms12(suite, hello.random(), answer.random(), true);
        master = new MasterSecret(terms.hash(), masterSecret);
        MasterSecret.KeyBlock keys = keys();
        client.keys = keys.takeClient();
        server.keys = keys.takeServer();
        MasterSecret.KeyBlock same = keys();
        client.sameKeys = same.takeClient();
        server.sameKeys = same.takeServer();
    }

    private MasterSecret.KeyBlock keys() {
        return master.keys(terms.aead(), terms.clientRandom(), terms.serverRandom());
    }

    /** The values of a recording, in their order. */
    private static Map<String, byte[]> trace(String name) throws Exception {
        Properties lines = new Properties();
        try (InputStream in = OpenSslTraceTest.class.getResourceAsStream("/tls12/" + name + ".txt")) {
            lines.load(in);
        }
        Map<String, byte[]> values = new TreeMap<>();
        lines.stringPropertyNames()
                .forEach(key -> values.put(key, HexFormat.of().parseHex(lines.getProperty(key))));
        return values;
    }
}
