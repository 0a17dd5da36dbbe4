package org.jsspi.provider.tls;

import java.time.Duration;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.Tickets;

/**
 * The sessions that a server's clients can resume. A ticket is the id of a session that is kept here, so that invalidating the
 * session ends its resumption at once.
 */
final class ServerSessions implements Tickets {
    /** RFC 8446 4.6.1: a server must not use a lifetime of more than seven days. */
    private static final Duration MAXIMUM_LIFETIME = Duration.ofDays(7);

    private final SessionStore store;

    ServerSessions(int maximumSize, Duration timeout) {
        this.store = new SessionStore(maximumSize, timeout);
    }

    SessionStore store() {
        return store;
    }

    @Override
    public byte[] issue(ResumableSession resumable) {
        store.put(resumable);
        return resumable.session().id();
    }

    @Override
    public ResumableSession redeem(byte[] ticket) {
        return store.find(ticket);
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
                : timeout.toSeconds();
    }
}
