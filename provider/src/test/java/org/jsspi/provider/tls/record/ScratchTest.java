package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTest {
    @Test
    void anArrayComesBackWithoutItsPlaintext() {
        byte[] array = Scratch.take();
        Arrays.fill(array, 0, 100, (byte) 1);
        Scratch.give(array, 100);
        byte[] again = Scratch.take();
        assertSame(array, again);
        assertTrue(Records.isAll(again, 0, 100, (byte) 0));
        Scratch.give(again, 0);
    }

    @Test
    void nobodyWaitsForAnArray() {
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < 3 * Scratch.capacity(); i++) {
            byte[] array = Scratch.take();
            taken.forEach(other -> assertNotSame(other, array));
            taken.add(array);
        }
        taken.forEach(array -> Scratch.give(array, 0));
    }

    @Test
    void whatIsLargerThanARecordIsNotKept() {
        byte[] large = Scratch.take(Scratch.SIZE + 1);
        assertEquals(Scratch.SIZE + 1, large.length);
        Scratch.give(large, 0);
        assertEquals(Scratch.SIZE, Scratch.take().length);
    }
}
