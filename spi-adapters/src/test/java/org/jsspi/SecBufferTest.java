package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SecBufferTest {
    private static final byte[] BYTES = {0, 1, 2, 3, 4, 5, 6, 7};

    @Test
    void valuesOfTypesAreThoseOfTheHeader() {
        assertEquals(0, SecBufferType.EMPTY.value());
        assertEquals(5, SecBufferType.EXTRA.value());
        assertEquals(6, SecBufferType.STREAM_TRAILER.value());
        assertEquals(7, SecBufferType.STREAM_HEADER.value());
        assertEquals(18, SecBufferType.APPLICATION_PROTOCOLS.value());
        assertEquals(32, SecBufferType.SESSION_TICKET.value());
        for (SecBufferType type : SecBufferType.values()) {
            assertSame(type, SecBufferType.of(type.value() | SecBuffer.READONLY));
        }
        assertThrows(IllegalArgumentException.class, () -> SecBufferType.of(33));
    }

    @Test
    void aBufferLiesOverTheRemainingBytesAndMovesNothing() {
        ByteBuffer memory = ByteBuffer.wrap(BYTES).position(2).limit(6);
        SecBuffer buffer = new SecBuffer(SecBufferType.DATA, memory);
        assertArrayEquals(new byte[] {2, 3, 4, 5}, buffer.toByteArray());
        assertTrue(buffer.inPlace());
        assertEquals(2, memory.position());
        assertEquals(6, memory.limit());
    }

    @Test
    void bytesBeyondTheLimitOfTheMemoryAreRefused() {
        ByteBuffer memory = ByteBuffer.wrap(BYTES).limit(4);
        SecBuffer buffer = new SecBuffer();
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.set(SecBufferType.DATA, memory, 2, 3));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> buffer.set(SecBufferType.DATA, memory, 0, ByteBuffer.allocate(2), 0, 3));
        buffer.set(SecBufferType.DATA, memory, 2, 2);
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.setLength(3));
        assertThrows(IndexOutOfBoundsException.class, () -> buffer.setLength(-1));
    }

    @Test
    void sourceAndTargetMayDiffer() {
        ByteBuffer to = ByteBuffer.allocate(16);
        SecBuffer buffer = new SecBuffer().set(SecBufferType.DATA, ByteBuffer.wrap(BYTES), 1, to, 5, 3);
        assertFalse(buffer.inPlace());
        assertSame(to, buffer.view().isReadOnly() ? null : buffer.target());
        assertEquals(3, buffer.view().remaining());
    }

    @Test
    void attributeBitsStandBesideTheType() {
        SecBuffer buffer = new SecBuffer(SecBufferType.DATA, BYTES).setAttributes(SecBuffer.READONLY_WITH_CHECKSUM);
        assertSame(SecBufferType.DATA, buffer.type());
        assertEquals(0x10000000, buffer.attributes());
        assertThrows(IllegalArgumentException.class, () -> buffer.setAttributes(1));
    }

    @Test
    void aDescriptorUsesItsBuffersAgain() {
        SecBufferDesc list = new SecBufferDesc();
        SecBuffer first = list.add(SecBufferType.DATA, ByteBuffer.wrap(BYTES));
        list.add();
        assertEquals(2, list.count());
        list.clear();
        assertEquals(0, list.count());
        assertSame(first, list.add());
        assertSame(SecBufferType.EMPTY, first.type());
        assertNull(first.source());
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(1));
    }

    @Test
    void aDescriptorGrowsBeyondItsFirstFive() {
        SecBufferDesc list = new SecBufferDesc();
        for (int i = 0; i < 20; i++) {
            list.add(SecBufferType.DATA, ByteBuffer.wrap(BYTES), 0, i % 8);
        }
        assertEquals(20, list.count());
        assertEquals(3, list.get(19).length());
    }

    @Test
    void closingADescriptorWipesWhatThePackageHasAllocated() {
        byte[] secret = {1, 2, 3};
        byte[] callers = {4, 5, 6};
        SecBuffer allocated = new SecBuffer();
        SecBuffer own = new SecBuffer(SecBufferType.DATA, callers);
        SecBufferDesc list = new SecBufferDesc(allocated, own);
        allocated.setAllocated(SecBufferType.TOKEN, ByteBuffer.wrap(secret));
        list.close();
        assertArrayEquals(new byte[3], secret);
        assertArrayEquals(new byte[] {4, 5, 6}, callers);
        assertSame(SecBufferType.EMPTY, allocated.type());
    }

    @Test
    void toStringShowsNoBytes() {
        assertEquals(
                "[DATA[8], EMPTY[0]]",
                new SecBufferDesc(new SecBuffer(SecBufferType.DATA, BYTES), new SecBuffer()).toString());
    }
}
