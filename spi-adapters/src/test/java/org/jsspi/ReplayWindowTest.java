package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    @Test
    void acceptsWhatIsNewAndNotOlderThanTheWindowWhateverTheOrder() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            ReplayWindow window = new ReplayWindow();
            Set<Long> arrived = new HashSet<>();
            long highest = -1;
            // Across the middle, where signed and unsigned order differ, with steps of all sizes up to the window and
            // more.
            long number = 0x7FFF_0000L;
            for (int i = 0; i < 4000; i++) {
                number = Math.max(0, number + random.nextInt(1 << random.nextInt(13)) - random.nextInt(1200));
                boolean expected =
                        number > highest || highest - number < ReplayWindow.SIZE && !arrived.contains(number);
                assertEquals(expected, window.wouldAccept((int) number));
                assertEquals(expected, window.accept((int) number), "number " + number + " after " + highest);
                arrived.add(number);
                highest = Math.max(highest, number);
            }
        }
    }

    @Test
    void lowestAndHighestNumbersAreAcceptedOnce() {
        ReplayWindow window = new ReplayWindow();
        assertTrue(window.accept(0));
        assertFalse(window.accept(0));
        assertTrue(window.accept(ReplayWindow.SIZE));
        assertFalse(window.accept(0), "left the window");
        assertTrue(window.accept(1), "the oldest in the window");
        assertTrue(window.accept(-1));
        assertFalse(window.accept(-1));
        assertTrue(window.accept(-2));
        assertFalse(window.accept(2));
    }

    @Test
    void askingChangesNothingAndResettingForgetsAll() {
        ReplayWindow window = new ReplayWindow();
        assertTrue(window.wouldAccept(5));
        assertTrue(window.wouldAccept(5));
        window.accept(5000);
        window.reset();
        assertTrue(window.accept(5));
        assertTrue(window.accept(5000));
    }

    @Test
    void encodingKeepsTheWindowAndEveryTruncationFails() throws SspiException {
        ReplayWindow window = new ReplayWindow();
        window.accept(3);
        window.accept(900);
        byte[] encoded = window.encode();
        ReplayWindow decoded = ReplayWindow.decode(ByteBuffer.wrap(encoded));
        assertFalse(decoded.accept(3));
        assertFalse(decoded.accept(900));
        assertTrue(decoded.accept(4));
        assertTrue(ReplayWindow.decode(ByteBuffer.wrap(new ReplayWindow().encode()))
                .accept(0));
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThrows(SspiException.class, () -> ReplayWindow.decode(ByteBuffer.wrap(cut)));
        }
        for (long highest : new long[] {-2, 1L << 32}) {
            byte[] beyond = ByteBuffer.wrap(encoded.clone()).putLong(0, highest).array();
            assertThrows(SspiException.class, () -> ReplayWindow.decode(ByteBuffer.wrap(beyond)));
        }
    }
}
