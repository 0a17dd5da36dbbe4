package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RotatingTicketKeysTest {
    private static final long PERIOD = Duration.ofHours(1).toNanos();

    // A clock may stand anywhere, and run over.
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - PERIOD / 2);
    private final RotatingTicketKeys keys = new RotatingTicketKeys(() -> Duration.ofHours(1), clock::get);

    @Test
    void aKeySealsForOnePeriodAndOpensForTwo() {
        TicketKey first = keys.current();
        clock.addAndGet(PERIOD - 1);
        assertSame(first, keys.current());

        clock.addAndGet(1);
        TicketKey second = keys.current();
        assertNotEquals(HexFormat.of().formatHex(first.name()), HexFormat.of().formatHex(second.name()));
        assertSame(first, keys.find(first.name()));
        assertSame(second, keys.find(second.name()));

        clock.addAndGet(PERIOD);
        assertNull(keys.find(first.name()));
        assertTrue(first.isDestroyed());
        assertSame(second, keys.find(second.name()));
    }

    @Test
    void whoSleptForTwoPeriodsForgetsBothKeys() {
        TicketKey first = keys.current();
        clock.addAndGet(2 * PERIOD);

        assertNull(keys.find(first.name()));
        assertTrue(first.isDestroyed());
        assertFalse(keys.current().isDestroyed());
    }

    @Test
    void destroyedKeysGiveNothing() {
        TicketKey first = keys.current();
        keys.destroy();

        assertNull(keys.current());
        assertNull(keys.find(first.name()));
        assertThrows(IllegalStateException.class, first::key);
    }

    @Test
    void aKeyIsACopyAndSaysNothing() {
        byte[] name = new byte[TicketKey.NAME_LENGTH];
        byte[] bytes = new byte[TicketKey.KEY_LENGTH];
        bytes[0] = 7;
        TicketKey key = TicketKey.of(name, bytes);
        bytes[0] = 0;

        assertEquals(7, key.key()[0]);
        key.key()[0] = 9;
        key.name()[0] = 9;
        assertEquals(7, key.key()[0]);
        assertArrayEquals(name, key.name());
        assertEquals("TicketKey", key.toString());
        assertThrows(IllegalArgumentException.class, () -> TicketKey.of(name, new byte[16]));
        assertThrows(IllegalArgumentException.class, () -> TicketKey.of(new byte[4], bytes));
        assertThrows(IllegalArgumentException.class, () -> TicketKeys.rotating(Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> TicketKeys.rotating(Duration.ofDays(367)));
    }
}
