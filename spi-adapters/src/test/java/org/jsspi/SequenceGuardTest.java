package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SequenceGuardTest {
    @Test
    void eachNumberIsNewOnceWhateverTheOrder() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            SequenceGuard guard = new SequenceGuard();
            BitSet used = new BitSet();
            // Around the middle, where signed and unsigned order differ.
            int base = 0x7FFF_FFFF - 500;
            for (int i = 0; i < 3000; i++) {
                int offset = random.nextInt(1000);
                assertEquals(used.get(offset), guard.isUsed(base + offset));
                assertEquals(!used.get(offset), guard.use(base + offset));
                used.set(offset);
                assertTrue(guard.isUsed(base + offset));
            }
            assertTrue(guard.ranges() <= 500);
        }
    }

    @Test
    void endsOfTheNumbersAreNumbersLikeAnyOther() {
        SequenceGuard guard = new SequenceGuard();
        for (int number : new int[] {-1, 0, 1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertTrue(guard.use(number), "" + number);
            assertFalse(guard.use(number), "" + number);
        }
        assertEquals(3, guard.ranges());
        assertFalse(guard.isUsed(2));
        assertFalse(guard.isUsed(-3));
    }

    @Test
    void countingTakesOneRangeUpwardsDownwardsAndWithGapsThatClose() {
        SequenceGuard guard = new SequenceGuard();
        for (int i = 0; i < 10_000; i++) {
            guard.use(20_000 + i);
            guard.use(20_000 - 1 - i);
        }
        assertEquals(1, guard.ranges());
        guard.use(40_000);
        guard.use(40_002);
        assertEquals(3, guard.ranges());
        guard.use(40_001);
        assertEquals(2, guard.ranges());
    }

    @Test
    void fullGuardRefusesNewNumbersInTheNarrowestGapAndNeverLetsOnePassTwice() {
        SequenceGuard guard = new SequenceGuard(3);
        for (int number : new int[] {0, 100, 110, 300}) {
            assertTrue(guard.use(number));
        }
        assertEquals(3, guard.ranges());
        assertFalse(guard.use(105), "between the closest ranges");
        assertTrue(guard.use(50), "and one more gap goes");
        for (int number : new int[] {0, 50, 100, 110, 300}) {
            assertFalse(guard.use(number));
        }
        assertTrue(guard.use(400));
    }

    @Test
    void randomNumbersStayWithinTheBoundAndAreNeverGivenTwice() {
        SequenceGuard guard = new SequenceGuard();
        Random random = new Random(1);
        int[] used = new int[SequenceGuard.RANGES + 4000];
        for (int i = 0; i < used.length; i++) {
            used[i] = random.nextInt();
            guard.use(used[i]);
        }
        assertEquals(SequenceGuard.RANGES, guard.ranges());
        for (int number : used) {
            assertFalse(guard.use(number));
        }
        assertTrue(guard.encode().length <= 4 + 8 * SequenceGuard.RANGES);
    }

    @Test
    void threadsShareTheNumbers() throws Exception {
        SequenceGuard guard = new SequenceGuard();
        AtomicInteger passed = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[8];
        for (int t = 0; t < threads.length; t++) {
            int seed = t;
            threads[t] = new Thread(() -> {
                Random random = new Random(seed % 2);
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 20_000; i++) {
                    if (guard.use(random.nextInt(5000))) {
                        passed.incrementAndGet();
                    }
                }
            });
            threads[t].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        int used = 0;
        for (int i = 0; i < 5000; i++) {
            used += guard.isUsed(i) ? 1 : 0;
        }
        assertEquals(used, passed.get());
    }

    @Test
    void encodingKeepsEveryNumberAndEveryTruncationFails() throws SspiException {
        SequenceGuard guard = new SequenceGuard();
        for (int number : new int[] {5, 6, 9, -1, 1 << 31}) {
            guard.use(number);
        }
        byte[] encoded = guard.encode();
        ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(encoded, encoded.length + 3));
        SequenceGuard decoded = SequenceGuard.decode(in);
        assertEquals(3, in.remaining());
        assertArrayEquals(encoded, decoded.encode());
        for (int number : new int[] {5, 6, 9, -1, 1 << 31}) {
            assertFalse(decoded.use(number));
        }
        assertTrue(decoded.use(7));
        assertTrue(SequenceGuard.decode(ByteBuffer.wrap(new SequenceGuard().encode()))
                .use(0));
        for (int length = 0; length < encoded.length; length++) {
            assertInvalid(Arrays.copyOf(encoded, length));
        }
    }

    @Test
    void rangesThatAreNoneAreRefused() {
        int[][] table = {
            {-1}, {Integer.MAX_VALUE}, {1, 2, 1}, {2, 1, 2, 3, 4}, {2, 1, 5, 5, 6}, {2, -1, -1, 0, 0}, {1, -1, 0}
        };
        for (int[] words : table) {
            ByteBuffer in = ByteBuffer.allocate(words.length * 4);
            in.asIntBuffer().put(words);
            assertInvalid(in.array());
        }
    }

    private static void assertInvalid(byte[] encoded) {
        SspiException e = assertThrows(SspiException.class, () -> SequenceGuard.decode(ByteBuffer.wrap(encoded)));
        assertSame(SecurityStatus.SEC_E_INVALID_TOKEN, e.status());
    }
}
