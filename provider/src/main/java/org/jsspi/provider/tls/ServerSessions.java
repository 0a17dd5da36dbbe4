package org.jsspi.provider.tls;

import java.time.Duration;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.Tickets;

/**
 * The sessions that a server's clients can resume. They are kept here under their tickets, so that invalidating a session ends
 * its resumption at once.
 */
final class ServerSessions implements Tickets {
    /** RFC 8446 4.6.1: a server must not use a lifetime of more than seven days. */
    private static final Duration MAXIMUM_LIFETIME = Duration.ofDays(7);

    /** A ticket is a random name: what it stands for never leaves the server. */
    private static final int TICKET_LENGTH = 32;

    private final SessionStore store;

    ServerSessions(int maximumSize, Duration timeout) {
        this.store = new SessionStore(maximumSize, timeout);
    }

    SessionStore store() {
        return store;
    }

    @Override
    public byte[] issue(ResumableSession resumable) {
        byte[] ticket = Randomness.bytes(TICKET_LENGTH);
        store.put(ticket, resumable);
        return ticket;
    }

    @Override
    public ResumableSession redeem(byte[] ticket) {
        return store.find(ticket);
    }

    @Override
    public void remember(byte[] id, ResumableSession session) {
        store.put(id, session);
    }

    @Override
    public ResumableSession recall(byte[] id) {
        return store.find(id);
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public long lifetimeSeconds() {
        Duration timeout = store.timeout();
        return timeout.isZero() || timeout.compareTo(MAXIMUM_LIFETIME) > 0
                ? MAXIMUM_LIFETIME.toSeconds()
                : Math.max(1, timeout.toSeconds());
    }
}
