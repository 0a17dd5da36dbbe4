package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.message.Rfc8448;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every record of the traces of RFC 8448, byte for byte. */
class RecordTraceTest {
    /** One side of a connection: what it writes, how the other reads it, and the keys that are still to come. */
    private static final class Side {
        final RecordWriter writer = new RecordWriter();
        final RecordReader reader = new RecordReader();
        final Deque<String> stages = new ArrayDeque<>();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple-1rtt",
                "resumed-0rtt",
                "hello-retry-request",
                "client-authentication",
                "compatibility-mode"
            })
    void everyRecordIsSealedAndOpenedAsInTheTrace(String trace) throws Exception {
        Map<String, byte[]> values = Rfc8448.trace(trace).values();
        Map<String, Side> sides = Map.of("client", new Side(), "server", new Side());
        sides.forEach((name, side) -> {
            for (String stage : new String[] {"early_application", "handshake", "application"}) {
                if (values.containsKey(name + "." + stage + ".key")) {
                    side.stages.add(name + "." + stage);
                }
            }
        });
        int sealed = 0;
        for (String name : values.keySet()) {
            if (!name.startsWith("record.") || name.endsWith(".payload")) {
                continue;
            }
            String[] parts = name.split("\\.");
            Side side = sides.get(parts[2]);
            byte[] record = values.get(name);
            byte[] payload = values.get(name + ".payload");
            ContentType type = ContentType.valueOf(parts[3].toUpperCase(Locale.ROOT));
            if (record[0] == 23 && !side.writer.isProtected()) {
                install(side, values);
            }

            ByteBuffer out = ByteBuffer.allocate(record.length);
            assertEquals(record.length, side.writer.write(type, payload, 0, payload.length, out, 0), name);
            assertArrayEquals(record, out.array(), name);
            byte[][] got = new byte[1][];
            int consumed = side.reader.open(ByteBuffer.wrap(record), 0, record.length, (t, content, offset, length) -> {
                assertEquals(type, t, name);
                got[0] = Arrays.copyOfRange(content, offset, offset + length);
            });
            assertEquals(record.length, consumed, name);
            assertArrayEquals(payload, got[0], name);

            if (record[0] == 23) {
                sealed++;
                if (endsFlight(type, payload)) {
                    install(side, values);
                }
            }
        }
        assertTrue(sealed >= 4, trace + " has only " + sealed + " protected records");
    }

    @Test
    void keysComeFromTheTrafficSecret() throws Exception {
        Map<String, byte[]> values = Rfc8448.trace("simple-1rtt").values();
        TrafficKeys keys = TrafficKeys.derive(
                HashAlgorithm.SHA256.hkdf(),
                Aead.AES_128_GCM,
                Secret.copyOf(values.get("server_handshake_traffic_secret")));
        assertArrayEquals(values.get("server.handshake.key"), keys.key().bytes());
        assertArrayEquals(values.get("server.handshake.iv"), keys.iv());
        keys.destroy();
        assertTrue(keys.isDestroyed());
        assertArrayEquals(new byte[12], keys.iv());
    }

    /** EndOfEarlyData and Finished are the last messages under their keys. */
    private static boolean endsFlight(ContentType type, byte[] payload) {
        return type == ContentType.HANDSHAKE
                && (payload[0] == 5 || payload.length >= 36 && payload[payload.length - 36] == 20);
    }

    private static void install(Side side, Map<String, byte[]> values) throws Exception {
        String stage = side.stages.remove();
        side.writer.protect(keys(values, stage));
        side.reader.protect(keys(values, stage));
    }

    private static TrafficKeys keys(Map<String, byte[]> values, String stage) {
        return new TrafficKeys(Aead.AES_128_GCM, Secret.copyOf(values.get(stage + ".key")), values.get(stage + ".iv"));
    }
}
