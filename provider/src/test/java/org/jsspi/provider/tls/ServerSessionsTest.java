package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.jsspi.RotatingTicketKeys;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;
import org.junit.jupiter.api.Test;

/** What a server seals its tickets with. */
class ServerSessionsTest {
    private static ServerSessions sessions(TicketKeys keys) {
        return new ServerSessions(10, Duration.ofHours(1), keys, 1);
    }

    @Test
    void keysOfItsOwnAreWipedWhenOthersTakeTheirPlaceAndAtTheEnd() {
        ServerSessions sessions = sessions(null);
        TicketKey first = sessions.currentKey();
        sessions.setTicketKeys(null);
        assertTrue(first.isDestroyed());
        TicketKey second = sessions.currentKey();
        assertFalse(second.isDestroyed());
        sessions.close();
        assertTrue(second.isDestroyed());
    }

    @Test
    void keysOfTheApplicationAreNotItsToWipe() {
        TicketKeys shared = new RotatingTicketKeys(Duration.ofHours(1));
        ServerSessions sessions = sessions(shared);
        TicketKey key = sessions.currentKey();
        assertSame(shared.current(), key);
        sessions.setTicketKeys(null);
        sessions.setTicketKeys(shared);
        sessions.close();
        assertFalse(key.isDestroyed());
    }
}
