package org.jsspi.provider.tls;

import java.security.AlgorithmConstraints;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.ContextOptions;
import org.jsspi.provider.tls.handshake.ResumableSession;

/**
 * The sessions that a client can resume, by what they were made under. A ticket is used once (RFC 8446 C.4), so that
 * observers cannot link connections.
 */
final class ClientSessions {
    /** Tickets of one server that are kept for later connections. */
    private static final int TICKETS_PER_KEY = 8;

    /** Keys that are remembered; a bound on what a client that talks to ever new servers holds. */
    private static final int MAXIMUM_KEYS = 20_480;

    /**
     * What a session was made under. One that was made under other settings is never offered, so that a chain that was checked
     * less strictly does not stand in for a check.
     *
     * @param targetName what the server's certificate was checked against
     * @param trust whose judgement of the peer and choice of identity it was
     */
    record Key(
            String targetName,
            String host,
            int port,
            String endpointIdentificationAlgorithm,
            Object trust,
            List<String> applicationProtocols,
            List<String> serverNames,
            List<String> protocols,
            List<String> cipherSuites,
            List<String> signatureSchemes,
            AlgorithmConstraints constraints) {}

    private final SessionStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, Deque<byte[]>> tickets = new LinkedHashMap<>(16, 0.75f, true);

    ClientSessions(int maximumSize, Duration timeout) {
        this.store = new SessionStore(maximumSize, timeout);
    }

    SessionStore store() {
        return store;
    }

    /** {@return the key of a context with these options, or null if it does not name its peer} */
    static Key key(String targetName, ContextOptions options, ProtocolChoices choices, Object trust) {
        if (choices.peerHost() == null) {
            return null;
        }
        return new Key(
                targetName,
                choices.peerHost(),
                options.peerPort(),
                options.endpointIdentificationAlgorithm(),
                trust,
                choices.applicationProtocols(),
                choices.serverNames().stream().map(Object::toString).toList(),
                options.protocols(),
                choices.cipherSuites().stream().map(Enum::name).toList(),
                choices.signatureSchemes().stream().map(Enum::name).toList(),
                options.algorithmConstraints());
    }

    void put(Key key, ResumableSession resumable) {
        byte[] ticket = resumable.ticket();
        store.put(ticket, resumable);
        lock.lock();
        try {
            Deque<byte[]> own = tickets.computeIfAbsent(key, unused -> new ArrayDeque<>());
            own.addLast(ticket);
            if (own.size() > TICKETS_PER_KEY) {
                discard(own.removeFirst());
            }
            if (tickets.size() > MAXIMUM_KEYS) {
                var eldest = tickets.entrySet().iterator();
                eldest.next().getValue().forEach(this::discard);
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the newest session that was made under this key; it leaves the store and is the caller's; or null} */
    ResumableSession take(Key key) {
        lock.lock();
        try {
            Deque<byte[]> own = tickets.get(key);
            ResumableSession found = null;
            while (own != null && found == null && !own.isEmpty()) {
                found = store.take(own.removeLast());
            }
            if (own != null && own.isEmpty()) {
                tickets.remove(key);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    private void discard(byte[] ticket) {
        ResumableSession old = store.take(ticket);
        if (old != null) {
            old.destroy();
        }
    }
}
