package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkbenchesTest {
    private static final byte[] CONTENT = Records.bytes(40);
    private static final int SEALED = CONTENT.length + 1 + 16;

    /** Keys that no other number has: a Cipher with another direction's key would not go unnoticed. */
    private static TrafficKeys keys(Aead aead, int number) {
        byte[] key = new byte[aead.keyLength()];
        byte[] iv = new byte[aead.ivLength()];
        Random random = new Random(number);
        random.nextBytes(key);
        random.nextBytes(iv);
        return new TrafficKeys(aead, Secret.owning(key), iv);
    }

    private static byte[] seal(RecordProtection direction) throws SspiException {
        byte[] record = new byte[5 + SEALED];
        direction.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        byte[] inner = Arrays.copyOf(CONTENT, CONTENT.length + 1);
        inner[CONTENT.length] = 23;
        assertEquals(SEALED, direction.seal(inner, 0, inner.length, record, 5));
        System.arraycopy(direction.header(), 0, record, 0, 5);
        direction.rest();
        return record;
    }

    private static void open(RecordProtection direction, byte[] record) throws SspiException {
        byte[] plain = new byte[record.length];
        direction.beginOpen(ByteBuffer.wrap(record), 0, SEALED);
        assertEquals(CONTENT.length + 1, direction.open(record, 5, SEALED, plain, 0));
        direction.commit();
        assertArrayEquals(CONTENT, Arrays.copyOf(plain, CONTENT.length));
    }

    /** One connection's two ends of one direction. */
    private static final class Line {
        private final RecordProtection sender;
        private final RecordProtection receiver;

        Line(Aead aead, int number) throws SspiException {
            sender = new RecordProtection(keys(aead, number));
            receiver = new RecordProtection(keys(aead, number));
        }

        synchronized void use() throws SspiException {
            open(receiver, seal(sender));
        }

        void close() {
            sender.destroy();
            receiver.destroy();
        }
    }

    private static List<Line> lines(Aead aead, int count) throws SspiException {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new Line(aead, i));
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    void moreDirectionsThanSeatsAllWorkAndKeepTheirNumbers(Aead aead) throws SspiException {
        List<Line> lines = lines(aead, Workbenches.seats());
        for (int round = 0; round < 3; round++) {
            for (Line line : lines) {
                line.use();
            }
        }
        for (Line line : lines) {
            assertEquals(3, line.sender.sequence());
            assertEquals(3, line.receiver.sequence());
            line.close();
        }
    }

    @Test
    void thoseAtRestDoNotHoldMoreBenchesThanThereAreSeats() throws SspiException {
        List<Line> lines = lines(Aead.AES_256_GCM, 3 * Workbenches.seats());
        for (Line line : lines) {
            line.use();
        }
        long benches = benches(lines);
        assertTrue(benches <= Workbenches.seats(), benches + " benches for " + Workbenches.seats() + " seats");
        assertTrue(benches > 0);
        lines.forEach(Line::close);
    }

    @Test
    void whoIsAtWorkKeepsItsBench() throws SspiException {
        RecordProtection busy = new RecordProtection(keys(Aead.AES_128_GCM, -1));
        busy.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        List<Line> lines = lines(Aead.AES_128_GCM, Workbenches.seats());
        for (Line line : lines) {
            line.use();
        }
        byte[] inner = Arrays.copyOf(CONTENT, CONTENT.length + 1);
        inner[CONTENT.length] = 23;
        byte[] record = new byte[5 + SEALED];
        assertEquals(SEALED, busy.seal(inner, 0, inner.length, record, 5));
        System.arraycopy(busy.header(), 0, record, 0, 5);
        busy.rest();
        open(new RecordProtection(keys(Aead.AES_128_GCM, -1)), record);
        lines.forEach(Line::close);
    }

    @Test
    void whoNeverComesBackFromItsWorkLosesItsSeat() throws SspiException {
        List<RecordProtection> abandoned = new ArrayList<>();
        for (int i = 0; i < 2 * Workbenches.seats(); i++) {
            RecordProtection direction = new RecordProtection(keys(Aead.CHACHA20_POLY1305, -i));
            direction.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
            abandoned.add(direction);
        }
        List<Line> lines = lines(Aead.CHACHA20_POLY1305, 2 * Workbenches.seats());
        for (Line line : lines) {
            line.use();
        }
        assertTrue(benches(lines) <= Workbenches.seats(), () -> benches(lines) + " benches");
        lines.forEach(Line::close);
        abandoned.forEach(RecordProtection::destroy);
    }

    private static long benches(List<Line> lines) {
        return lines.stream()
                .mapToLong(line -> (line.sender.hasBench() ? 1 : 0) + (line.receiver.hasBench() ? 1 : 0))
                .sum();
    }

    @Test
    void aDirectionThatHasEndedHasNoBench() throws SspiException {
        RecordProtection direction = new RecordProtection(keys(Aead.AES_128_GCM, -2));
        seal(direction);
        assertTrue(direction.hasBench());
        direction.destroy();
        assertFalse(direction.hasBench());
    }

    @ParameterizedTest
    @EnumSource
    void threadsTakeEachOthersBenchesAndNoRecordIsWrong(Aead aead) throws Exception {
        List<Line> lines = lines(aead, Workbenches.seats());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                Callable<Integer> work = () -> {
                    int used = 0;
                    for (; used < 2_000; used++) {
                        lines.get(random.nextInt(lines.size())).use();
                    }
                    return used;
                };
                results.add(threads.submit(work));
            }
            for (Future<Integer> result : results) {
                assertEquals(2_000, result.get());
            }
        } finally {
            threads.shutdownNow();
        }
        lines.forEach(Line::close);
    }
}
