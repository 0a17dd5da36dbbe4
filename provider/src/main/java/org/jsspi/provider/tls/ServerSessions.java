package org.jsspi.provider.tls;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jsspi.RotatingTicketKeys;
import org.jsspi.Session;
import org.jsspi.SessionCache;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;
import org.jsspi.provider.crypto.Randomness;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.ServerHandshake;
import org.jsspi.provider.tls.handshake.SessionStates;
import org.jsspi.provider.tls.handshake.Tickets;
import org.jsspi.provider.tls.handshake.TlsSession;

/**
 * The sessions that a server's clients can resume. A session travels in its ticket, sealed, and the server remembers nothing that
 * it could not do without; where there are no ticket keys, and for sessions too large for a ticket, it keeps the session itself
 * and the ticket is a random name.
 *
 * <p>What it remembers in any case, as far as its bounds go, is the public half: ids, for {@code SSLSessionContext}, and bound
 * values, which so survive resumption in this process. An invalidated session is not resumed here, whether remembered or not.
 */
final class ServerSessions implements Tickets, SessionCache {
    /** RFC 8446 4.6.1: a server must not use a lifetime of more than seven days. */
    private static final Duration MAXIMUM_LIFETIME = Duration.ofDays(7);

    /** The length of a ticket that is a random name, and of a session id of TLS 1.2; a sealed one is longer. */
    private static final int NAME_LENGTH = 32;

    /** A larger session is no ticket: few clients keep it, and each would send it in front of every handshake. */
    private static final int LONGEST_STATE = 12 << 10;

    /** Ids of invalidated sessions that are remembered; when there are more, all tickets so far are void. */
    private static final int MOST_REVOKED = 1 << 16;

    /** The life of the public half of a session, of which there is nothing to wipe. */
    private static final class Known implements SessionStore.Life<TlsSession> {
        @Override
        public long birth(TlsSession session) {
            return session.creationTime();
        }

        @Override
        public void dispose(TlsSession session) {}
    }

    /** What something is found by: an array that nobody changes. */
    private record Name(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Name name && MessageDigest.isEqual(bytes, name.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Name[" + bytes.length + "]";
        }
    }

    private final SessionStates states = new SessionStates();
    private final SessionStore<Name, TlsSession> known;
    private final SessionStore<Name, ResumableSession> kept;
    private final Map<Name, Long> revoked = new ConcurrentHashMap<>();
    private final int count;
    private final LongSupplier nanoClock;
    /** From the first use on; null until then. */
    private final AtomicReference<UsedTickets> used = new AtomicReference<>();

    /** Held while the keys change. */
    private final ReentrantLock changingKeys = new ReentrantLock();

    private volatile TicketKeys keys;
    /** The same if nobody else knows them, so that they are wiped here; null while others do. */
    private RotatingTicketKeys own;

    private volatile long voidUntil = Long.MIN_VALUE;
    private volatile boolean closed;

    /**
     * No sessions yet.
     *
     * @param keys what tickets are sealed with; null for rotating keys of its own
     * @param count how many tickets a client gets
     */
    ServerSessions(int maximumSize, Duration timeout, TicketKeys keys, int count) {
        this(maximumSize, timeout, keys, count, System::nanoTime);
    }

    /** @param nanoClock {@link System#nanoTime}, or the clock of a test: it says how long the use of a ticket is remembered */
    ServerSessions(int maximumSize, Duration timeout, TicketKeys keys, int count, LongSupplier nanoClock) {
        this.known = new SessionStore<>(maximumSize, timeout, 1, new Known());
        this.kept = new SessionStore<>(maximumSize, timeout, 1, new SessionStore.Resumable());
        this.count = count;
        this.nanoClock = nanoClock;
        setTicketKeys(keys);
    }

    // Tickets

    @Override
    public byte[] issue(ResumableSession session) {
        TlsSession agreed = session.session();
        if (closed || !agreed.isValid()) {
            session.destroy();
            return null;
        }
        know(agreed);
        byte[] sealed = seal(session);
        if (sealed != null) {
            session.destroy();
            return sealed;
        }
        byte[] name = Randomness.bytes(NAME_LENGTH);
        kept.put(new Name(name), session);
        return name;
    }

    @Override
    public void keep(byte[] sessionId, ResumableSession session) {
        if (closed || sessionId.length != NAME_LENGTH || !session.session().isValid()) {
            session.destroy();
            return;
        }
        know(session.session());
        kept.put(new Name(sessionId.clone()), session);
    }

    private void know(TlsSession session) {
        session.onInvalidation(this::revoke);
        known.put(new Name(session.sharedId()), session);
    }

    private byte[] seal(ResumableSession session) {
        TicketKey key = currentKey();
        byte[] state = key == null ? null : states.encode(session, LONGEST_STATE);
        if (state == null) {
            return null;
        }
        try {
            return TicketSeal.seal(key, state);
        } finally {
            Arrays.fill(state, (byte) 0);
        }
    }

    TicketKey currentKey() {
        try {
            return keys.current();
        } catch (RuntimeException broken) {
            // Keys of the application that fail cost resumption in the cluster, and never a handshake.
            return null;
        }
    }

    @Override
    public ResumableSession redeem(byte[] ticket) {
        ResumableSession session = closed ? null : ticket.length == NAME_LENGTH ? recall(ticket) : open(ticket);
        if (session != null && !isResumable(session)) {
            session.destroy();
            return null;
        }
        return session;
    }

    @Override
    public boolean renews(byte[] ticket) {
        TicketKey key = count > 0 && ticket.length > NAME_LENGTH ? currentKey() : null;
        return key != null && !TicketSeal.isSealedWith(key, ticket);
    }

    private ResumableSession recall(byte[] name) {
        return kept.find(new Name(name), ResumableSession::copy);
    }

    private ResumableSession open(byte[] ticket) {
        byte[] state;
        try {
            state = TicketSeal.open(keys, ticket);
        } catch (RuntimeException broken) {
            return null;
        }
        if (state == null) {
            return null;
        }
        try {
            return states.decode(
                    state, id -> known.find(new Name(id), Function.identity()), System.currentTimeMillis());
        } finally {
            Arrays.fill(state, (byte) 0);
        }
    }

    private boolean isResumable(ResumableSession session) {
        return session.isUsableAt(System.currentTimeMillis())
                && !known.isTooOld(session.session().creationTime())
                && session.issuedAt() > voidUntil
                && !revoked.containsKey(new Name(session.session().sharedId()));
    }

    private void revoke(byte[] id) {
        revoked.put(new Name(id), System.currentTimeMillis());
        if (revoked.size() > MOST_REVOKED) {
            revoked.values().removeIf(known::isTooOld);
        }
        if (revoked.size() > MOST_REVOKED) {
            voidUntil = System.currentTimeMillis();
            revoked.clear();
        }
    }

    @Override
    public boolean takeEarlyData(byte[] ticket) {
        UsedTickets remembered = used.get();
        if (remembered == null) {
            // A ClientHello is taken from so much before the age that it says until so much after it. As long again for
            // one that is held up between the judgement of its age and here.
            used.compareAndSet(null, new UsedTickets(4 * ServerHandshake.EARLY_DATA_TOLERANCE, nanoClock));
            remembered = used.get();
        }
        return remembered.use(ticket);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long lifetimeSeconds() {
        Duration timeout = timeout();
        return timeout.isZero() || timeout.compareTo(MAXIMUM_LIFETIME) > 0
                ? MAXIMUM_LIFETIME.toSeconds()
                : Math.max(1, timeout.toSeconds());
    }

    // SessionCache

    @Override
    public Session get(byte[] id) {
        TlsSession found = known.find(new Name(id), Function.identity());
        return found != null && found.isValid() ? found : null;
    }

    @Override
    public List<byte[]> ids() {
        return known.values().filter(Session::isValid).map(Session::id).toList();
    }

    @Override
    public int maximumSize() {
        return known.maximumSize();
    }

    @Override
    public void setMaximumSize(int size) {
        known.setMaximumSize(size);
        kept.setMaximumSize(size);
    }

    @Override
    public Duration timeout() {
        return known.timeout();
    }

    @Override
    public void setTimeout(Duration age) {
        known.setTimeout(age);
        kept.setTimeout(age);
    }

    @Override
    public void setTicketKeys(TicketKeys shared) {
        RotatingTicketKeys fresh = shared == null ? new RotatingTicketKeys(this::period) : null;
        changingKeys.lock();
        try {
            keys = shared == null ? fresh : shared;
            wipeOwn();
            own = fresh;
        } finally {
            changingKeys.unlock();
        }
    }

    private void wipeOwn() {
        if (own != null) {
            own.destroy();
            TicketSeal.forgetDestroyedKeys();
        }
    }

    /** Two generations of keys live as long as a session may, so a ticket opens for half of that at least. */
    private Duration period() {
        return Duration.ofMillis(Math.max(1000, 500 * lifetimeSeconds()));
    }

    /** Forgets everything; tickets that are out open no more. */
    void close() {
        closed = true;
        known.clear();
        kept.clear();
        changingKeys.lock();
        try {
            wipeOwn();
        } finally {
            changingKeys.unlock();
        }
    }
}
