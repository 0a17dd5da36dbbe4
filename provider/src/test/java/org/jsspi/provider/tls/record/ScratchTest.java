package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTest {
    @Test
    void aPairComesBackWithoutItsPlaintext() {
        Scratch pair = Scratch.take();
        byte[] plain = pair.plain(200);
        Arrays.fill(plain, 0, 100, (byte) 1);
        pair.give(100);
        Scratch again = Scratch.take();
        assertSame(pair, again);
        assertSame(plain, again.plain(200));
        assertTrue(Records.isAll(plain, 0, 100, (byte) 0));
        again.give(0);
    }

    @Test
    void theArraysOfAPairAreTwo() {
        Scratch pair = Scratch.take();
        assertNotSame(pair.plain(1), pair.sealed(1));
        assertSame(pair.sealed(1), pair.sealed(Scratch.SIZE));
        pair.give(0);
    }

    @Test
    void nobodyWaitsForAPair() {
        List<Scratch> taken = new ArrayList<>();
        for (int i = 0; i < 3 * Scratch.capacity(); i++) {
            Scratch pair = Scratch.take();
            taken.forEach(other -> assertNotSame(other, pair));
            taken.add(pair);
        }
        taken.forEach(pair -> pair.give(0));
    }

    @Test
    void whatIsLargerThanARecordIsNotKept() {
        Scratch pair = Scratch.take();
        byte[] plain = pair.plain(Scratch.SIZE + 1);
        assertEquals(Scratch.SIZE + 1, plain.length);
        assertEquals(Scratch.SIZE + 2, pair.sealed(Scratch.SIZE + 2).length);
        Arrays.fill(plain, (byte) 1);
        pair.give(plain.length);
        assertTrue(Records.isAll(plain, 0, plain.length, (byte) 0));
        Scratch again = Scratch.take();
        assertEquals(Scratch.SIZE, again.plain(1).length);
        assertEquals(Scratch.SIZE, again.sealed(1).length);
        again.give(0);
    }

    @Test
    void directMemoryComesBackWithoutItsPlaintext() {
        DirectScratch pair = DirectScratch.take();
        ByteBuffer plain = pair.plain(Scratch.SIZE);
        for (int i = 0; i < Scratch.SIZE; i++) {
            plain.put(i, (byte) 1);
        }
        assertTrue(plain.isDirect() && pair.sealed(7).isDirect());
        assertEquals(7, pair.sealed(7).remaining());
        pair.give(100);
        DirectScratch again = DirectScratch.take();
        assertSame(pair, again);
        byte[] left = new byte[101];
        again.plain(Scratch.SIZE).get(left);
        assertTrue(Records.isAll(left, 0, 100, (byte) 0));
        assertEquals(1, left[100]);
        again.give(Scratch.SIZE);
    }
}
