package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jsspi.provider.tls.handshake.ServerHandshake;
import org.junit.jupiter.api.Test;

/** What a server remembers of the tickets that early data was taken with. */
class UsedTicketsTest {
    private static final long PERIOD = 20_000;

    // It may begin anywhere, and pass the end of its numbers.
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final UsedTickets used = new UsedTickets(PERIOD, nanos::get);

    private static byte[] ticket(int number) {
        return ByteBuffer.allocate(100).putInt(number).array();
    }

    private void after(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    @Test
    void aTicketIsUsedOnce() {
        assertTrue(used.use(ticket(1)));
        assertFalse(used.use(ticket(1)));
        assertTrue(used.use(ticket(2)));
        assertFalse(used.use(ticket(1)));
        assertFalse(used.use(ticket(2)));
    }

    @Test
    void itIsRememberedForOnePeriodAtLeastWheneverThatBegins() {
        for (int i = 0; i < 100; i++) {
            assertTrue(used.use(ticket(i)));
            for (int part = 0; part < 7; part++) {
                after(PERIOD / 7);
                assertFalse(used.use(ticket(i)), i + ", " + part);
            }
            after(1 + i * 17);
        }
    }

    @Test
    void itIsForgottenAfterTwo() {
        assertTrue(used.use(ticket(1)));
        after(2 * PERIOD);
        assertTrue(used.use(ticket(1)));
        after(1000 * PERIOD);
        assertTrue(used.use(ticket(1)));
        assertFalse(used.use(ticket(1)));
    }

    @Test
    void whatItCannotRememberIsNotTaken() {
        for (int i = 0; i < UsedTickets.CAPACITY; i++) {
            assertTrue(used.use(ticket(i)));
        }
        assertFalse(used.use(ticket(-1)));
        assertFalse(used.use(ticket(0)));
        after(PERIOD);
        assertFalse(used.use(ticket(0)), "the period before is remembered still");
        assertTrue(used.use(ticket(-1)));
    }

    /** RFC 8446 8.2: longer than the hello is fresh, so that one that is held up between the two tests is no gap. */
    @Test
    void aServerRemembersWithRoomToSpare() {
        long tolerance = ServerHandshake.EARLY_DATA_TOLERANCE;
        for (int begin = 0; begin < 8; begin++) {
            ServerSessions sessions = new ServerSessions(10, Duration.ofHours(1), null, 1, nanos::get);
            assertTrue(sessions.takeEarlyData(ticket(1)));
            after(begin * tolerance + tolerance / 2);
            assertTrue(sessions.takeEarlyData(ticket(2)));
            for (int held = 0; held < 4; held++) {
                assertFalse(sessions.takeEarlyData(ticket(2)), "begun at " + begin + ", held for " + held);
                after(tolerance - 1);
            }
            assertFalse(sessions.takeEarlyData(ticket(2)), "begun at " + begin);
        }
    }

    @Test
    void ofManyAtOnceOneIsTheFirst() throws Exception {
        AtomicInteger first = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                for (int ticket = 0; ticket < 2000; ticket++) {
                    if (used.use(ticket(ticket))) {
                        first.incrementAndGet();
                    }
                }
            });
        }
        threads.shutdown();
        assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        assertEquals(2000, first.get());
    }
}
