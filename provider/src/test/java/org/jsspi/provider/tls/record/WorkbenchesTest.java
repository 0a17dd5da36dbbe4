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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkbenchesTest {
    private static final int FEWEST = 32;
    private static final int MOST = 2048;
    private static final int POLITE_TRIES = 8;
    private static final long SECOND = 1_000_000_000;
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
        direction.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        return finish(direction);
    }

    private static byte[] finish(RecordProtection direction) throws SspiException {
        byte[] record = new byte[5 + SEALED];
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

    /** A clock that a direction asks whenever it comes for a bench, and that advances by as much whenever it is asked. */
    private static final class Clock implements LongSupplier {
        private final AtomicLong nanos = new AtomicLong();
        private final AtomicLong asked = new AtomicLong();
        private final long step;

        Clock(long step) {
            this.step = step;
        }

        @Override
        public long getAsLong() {
            asked.incrementAndGet();
            return nanos.addAndGet(step);
        }

        void advance(long by) {
            nanos.addAndGet(by);
        }
    }

    private static Workbenches benches(Aead aead, Clock clock) {
        return new Workbenches(aead, FEWEST, MOST, clock);
    }

    /** Those of a JVM where whoever comes back does so soon enough for more. */
    private static Workbenches busy(Aead aead) {
        return benches(aead, new Clock(5_000));
    }

    /** Those of a JVM where nobody comes often enough for more. */
    private static Workbenches quiet(Aead aead) {
        return benches(aead, new Clock(SECOND));
    }

    private static RecordProtection direction(Workbenches benches, int number) throws SspiException {
        return new RecordProtection(keys(benches.aead(), number), benches, false);
    }

    /** One connection's two ends of one direction. */
    private static final class Line {
        private RecordProtection sender;
        private RecordProtection receiver;
        private int number;

        Line(Workbenches benches, int number) throws SspiException {
            this.sender = direction(benches, number);
            this.receiver = direction(benches, number);
            this.number = number;
        }

        synchronized void use() throws SspiException {
            open(receiver, seal(sender));
        }

        synchronized void update() throws SspiException {
            number += 1_000_000;
            sender = sender.next(keys(Aead.AES_128_GCM, number));
            receiver = receiver.next(keys(Aead.AES_128_GCM, number));
        }

        void close() {
            sender.destroy();
            receiver.destroy();
        }
    }

    private static List<Line> lines(Workbenches benches, int count) throws SspiException {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(new Line(benches, i));
        }
        return lines;
    }

    private static void useAll(List<Line> lines, int rounds) throws SspiException {
        for (int round = 0; round < rounds; round++) {
            for (Line line : lines) {
                line.use();
            }
        }
    }

    private static List<RecordProtection> directions(Workbenches benches, int count) throws SspiException {
        List<RecordProtection> directions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            directions.add(direction(benches, i));
        }
        return directions;
    }

    private static int held(List<Line> lines) {
        return lines.stream()
                .mapToInt(line -> heldBy(List.of(line.sender, line.receiver)))
                .sum();
    }

    private static int heldBy(List<RecordProtection> directions) {
        return (int) directions.stream().filter(RecordProtection::hasBench).count();
    }

    /** Uses the next direction, behind the last in turn, that has no bench. {@return where it is} */
    private static int useNext(List<RecordProtection> directions, int last) throws SspiException {
        int next = last;
        do {
            next = (next + 1) % directions.size();
        } while (directions.get(next).hasBench());
        seal(directions.get(next));
        return next;
    }

    /** There are as many seats as this, and each is that of a direction of these lines which has its bench. */
    private static void assertSeated(int seats, Workbenches benches, List<Line> lines) {
        assertEquals(seats, benches.seats());
        assertEquals(seats, held(lines));
    }

    @ParameterizedTest
    @EnumSource
    void moreDirectionsThanSeatsAllWorkAndKeepTheirNumbers(Aead aead) throws SspiException {
        List<Line> lines = lines(quiet(aead), 2 * FEWEST);
        useAll(lines, 3);
        for (Line line : lines) {
            assertEquals(3, line.sender.sequence());
            assertEquals(3, line.receiver.sequence());
            line.close();
        }
    }

    @Test
    void thoseAtRestDoNotHoldMoreBenchesThanThereAreSeats() throws SspiException {
        Workbenches benches = quiet(Aead.AES_256_GCM);
        List<Line> lines = lines(benches, 3 * FEWEST);
        useAll(lines, 1);
        assertSeated(FEWEST, benches, lines);
    }

    @Test
    void whoIsAtWorkKeepsItsBench() throws SspiException {
        Workbenches benches = quiet(Aead.AES_128_GCM);
        RecordProtection busy = direction(benches, -1);
        busy.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        List<Line> lines = lines(benches, 4 * FEWEST);
        useAll(lines, 1);
        open(direction(benches, -1), finish(busy));
    }

    @Test
    void whoHasLostItsSeatAtWorkHasNoBenchAtRest() throws SspiException {
        Workbenches benches = quiet(Aead.AES_128_GCM);
        List<RecordProtection> slow = new ArrayList<>();
        for (int i = 0; i < FEWEST; i++) {
            RecordProtection direction = direction(benches, -i);
            direction.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
            slow.add(direction);
        }
        List<Line> lines = lines(benches, FEWEST);
        useAll(lines, 1);
        assertEquals(FEWEST, held(lines));
        for (int i = 0; i < FEWEST; i++) {
            RecordProtection direction = slow.get(i);
            RecordProtection receiver = direction(benches, -i);
            open(receiver, finish(direction));
            assertFalse(direction.hasBench());
            open(receiver, seal(direction));
            assertTrue(direction.hasBench());
        }
    }

    @Test
    void whoNeverComesBackFromItsWorkLosesItsSeat() throws SspiException {
        Workbenches benches = quiet(Aead.CHACHA20_POLY1305);
        for (int i = 0; i < 2 * FEWEST; i++) {
            direction(benches, -i).beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        }
        List<Line> lines = lines(benches, 2 * FEWEST);
        useAll(lines, 2);
        assertEquals(FEWEST, held(lines));
    }

    @Test
    void whoHasWorkedOfLateKeepsItsBenchWhileOthersRest() throws SspiException {
        Workbenches benches = quiet(Aead.AES_128_GCM);
        List<RecordProtection> working = directions(benches, FEWEST);
        List<RecordProtection> resting = new ArrayList<>();
        // After a look at each of them as many work as a newcomer looks past.
        working.forEach(RecordProtection::wasActive);
        for (int i = FEWEST - 1; i >= 0; i -= POLITE_TRIES) {
            resting.add(working.remove(i));
        }
        for (RecordProtection direction : working) {
            seal(direction);
        }
        assertEquals(resting.size(), heldBy(directions(benches, resting.size())));
        assertEquals(working.size(), heldBy(working));
        assertEquals(0, heldBy(resting));
    }

    @Test
    void whereAllHaveWorkedOfLateANewcomerIsPoliteToSome() throws SspiException {
        Workbenches benches = quiet(Aead.AES_128_GCM);
        List<RecordProtection> working = directions(benches, FEWEST);
        assertTrue(direction(benches, -1).hasBench());
        assertFalse(working.remove(POLITE_TRIES).hasBench());
        assertEquals(working.size(), heldBy(working));
    }

    @Test
    void aDirectionThatHasEndedHasNoBench() throws SspiException {
        RecordProtection direction = direction(quiet(Aead.AES_128_GCM), -2);
        seal(direction);
        assertTrue(direction.hasBench());
        direction.destroy();
        assertFalse(direction.hasBench());
    }

    @Test
    void twoThousandDirectionsThatWorkInTurnAllKeepTheirBenchAfterSomeRounds() throws SspiException {
        Clock clock = new Clock(5_000);
        Workbenches benches = benches(Aead.AES_128_GCM, clock);
        List<Line> lines = lines(benches, 1000);
        useAll(lines, 6);
        assertEquals(MOST, benches.seats());
        assertEquals(2000, held(lines));
        long before = clock.asked.get();
        useAll(lines, 1);
        assertEquals(before, clock.asked.get());
    }

    @Test
    void thereAreNoMoreSeatsThanDirectionsThatNeedThem() throws SspiException {
        Workbenches benches = busy(Aead.AES_128_GCM);
        List<Line> lines = lines(benches, 100);
        useAll(lines, 100);
        assertEquals(256, benches.seats());
        assertEquals(200, held(lines));
    }

    @Test
    void newSeatsAreTakenBeforeAnybodyLosesItsBench() throws SspiException {
        Workbenches benches = busy(Aead.AES_128_GCM);
        List<RecordProtection> directions = directions(benches, 600);
        int last = 0;
        for (int seats = FEWEST; seats < 512; seats *= 2) {
            while (benches.seats() == seats) {
                assertEquals(seats, heldBy(directions));
                last = useNext(directions, last);
            }
            for (int taken = seats + 1; taken < 2 * seats; taken++) {
                assertEquals(taken, heldBy(directions));
                last = useNext(directions, last);
            }
        }
    }

    /** Whoever clears the others may be past it. */
    @Test
    void whoComesToASeatThatIsNoLongerWantedDoesNotKeepIt() throws SspiException {
        Workbenches benches = quiet(Aead.AES_128_GCM);
        RecordProtection late = direction(benches, -1);
        late.beginSeal(ContentType.APPLICATION_DATA, CONTENT.length);
        assertTrue(benches.take(FEWEST, null, late));
        assertEquals(RecordProtection.NO_SEAT, late.seat());
        finish(late);
        assertFalse(late.hasBench());
        // It is free again.
        RecordProtection next = direction(benches, -2);
        assertTrue(benches.succeed(null, next, FEWEST));
    }

    @Test
    void whereMoreWorkThanThereCanBeSeatsEveryoneWorksOn() throws SspiException {
        Workbenches benches = busy(Aead.AES_128_GCM);
        List<Line> lines = lines(benches, MOST);
        useAll(lines, 6);
        assertSeated(MOST, benches, lines);
    }

    /** A handshake, another message or two, and then nothing. */
    @Test
    void connectionsThatSaySomethingAndRestGetNoMoreSeats() throws SspiException {
        Workbenches benches = busy(Aead.AES_128_GCM);
        List<Line> lines = new ArrayList<>();
        // Some shake hands at a time.
        for (int i = 0; i < 4000; i += 100) {
            List<Line> some = lines(benches, 100);
            useAll(some, 2);
            for (Line line : some) {
                line.update();
            }
            useAll(some, 1);
            lines.addAll(some);
        }
        useAll(lines, 2);
        assertSeated(FEWEST, benches, lines);
    }

    @Test
    void connectionsThatComeBackNowAndThenGetNoMoreSeats() throws SspiException {
        Workbenches benches = benches(Aead.AES_128_GCM, new Clock(100_000));
        List<Line> lines = lines(benches, 100);
        useAll(lines, 100);
        assertSeated(FEWEST, benches, lines);
    }

    @Test
    void seatsOfThoseWhoRestAreGivenUp() throws SspiException {
        Clock clock = new Clock(5_000);
        Workbenches benches = benches(Aead.AES_128_GCM, clock);
        List<Line> lines = lines(benches, 1000);
        useAll(lines, 6);
        assertEquals(2000, held(lines));

        // Thirty lines work on, and now and then another one comes.
        List<Line> busy = List.copyOf(lines.subList(0, 30));
        for (int i = 0; i < 70; i++) {
            clock.advance(SECOND / 2);
            useAll(busy, 1);
            lines.add(new Line(benches, -i));
        }
        assertTrue(benches.seats() == 128 || benches.seats() == 256, () -> "seats: " + benches.seats());
        assertEquals(benches.seats(), held(lines));
        assertTrue(held(busy) >= 50, () -> held(busy) + " of 60 benches");

        // And then nobody does, and none comes, but some go.
        for (int i = 0; i < 30; i++) {
            clock.advance(SECOND / 2);
            lines.remove(lines.size() - 1).close();
        }
        assertEquals(FEWEST, benches.seats());
        assertTrue(held(lines) <= FEWEST, () -> held(lines) + " benches");
        useAll(lines, 1);
    }

    @ParameterizedTest
    @EnumSource
    void threadsTakeEachOthersBenchesAndNoRecordIsWrong(Aead aead) throws Exception {
        Clock clock = new Clock(20_000);
        Workbenches benches = benches(aead, clock);
        List<Line> lines = lines(benches, 400);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 3; round++) {
                byAll(threads, random -> lines.get(random.nextInt(lines.size())).use());
                assertTrue(benches.seats() >= 512, () -> "more seats than " + benches.seats());
                byAll(threads, random -> {
                    lines.get(random.nextInt(20)).use();
                    if (random.nextInt(100) == 0) {
                        clock.advance(SECOND);
                        Line another = new Line(benches, 0);
                        another.use();
                        another.close();
                    }
                });
                assertTrue(benches.seats() <= 256, () -> "fewer seats than " + benches.seats());
            }
        } finally {
            threads.shutdownNow();
        }
        // Nobody is left over with a bench that no other can take.
        for (int i = 0; i < 100; i++) {
            clock.advance(SECOND);
            new Line(benches, i).use();
        }
        assertEquals(FEWEST, benches.seats());
        assertTrue(held(lines) <= FEWEST, () -> held(lines) + " benches");
        useAll(lines, 1);
    }

    private interface Work {
        void run(Random random) throws SspiException;
    }

    private static void byAll(ExecutorService threads, Work work) throws Exception {
        List<Future<Integer>> results = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Random random = new Random(t);
            results.add(threads.submit(() -> {
                int done = 0;
                for (; done < 2_000; done++) {
                    work.run(random);
                }
                return done;
            }));
        }
        for (Future<Integer> result : results) {
            assertEquals(2_000, result.get());
        }
    }
}
