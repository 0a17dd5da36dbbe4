package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.Session;
import org.jsspi.SessionCache;
import org.jsspi.provider.tls.handshake.ResumableSession;

/** Sessions by ticket, bounded in number and age; the oldest leave first, and what leaves is wiped. */
final class SessionStore implements SessionCache {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, ResumableSession> sessions = new LinkedHashMap<>();
    private int maximumSize;
    private Duration timeout;

    SessionStore(int maximumSize, Duration timeout) {
        this.maximumSize = maximumSize;
        this.timeout = timeout;
    }

    /** Keeps a session under the ticket that stands for it. */
    void put(byte[] ticket, ResumableSession resumable) {
        lock.lock();
        try {
            ResumableSession replaced = sessions.put(ByteBuffer.wrap(ticket), resumable);
            if (replaced != null) {
                replaced.destroy();
            }
            evict();
        } finally {
            lock.unlock();
        }
    }

    /** {@return a copy of the session for one handshake, which destroys it; or null} */
    ResumableSession find(byte[] ticket) {
        lock.lock();
        try {
            ResumableSession found = valid(ByteBuffer.wrap(ticket));
            return found == null ? null : found.copy();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the session, which leaves the store and is the caller's; or null} */
    ResumableSession take(byte[] ticket) {
        lock.lock();
        try {
            ByteBuffer key = ByteBuffer.wrap(ticket);
            return valid(key) == null ? null : sessions.remove(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Session get(byte[] id) {
        return valid().stream()
                .filter(session -> Arrays.equals(session.id(), id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<byte[]> ids() {
        return valid().stream()
                .map(Session::id)
                .map(ByteBuffer::wrap)
                .distinct()
                .map(ByteBuffer::array)
                .toList();
    }

    /** {@return the sessions that can be resumed; one may stand here for each of its tickets} */
    private List<Session> valid() {
        lock.lock();
        try {
            List<Session> valid = new ArrayList<>(sessions.size());
            for (ByteBuffer ticket : List.copyOf(sessions.keySet())) {
                ResumableSession found = valid(ticket);
                if (found != null) {
                    valid.add(found.session());
                }
            }
            return valid;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int maximumSize() {
        lock.lock();
        try {
            return maximumSize;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setMaximumSize(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("negative cache size");
        }
        lock.lock();
        try {
            maximumSize = size;
            evict();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Duration timeout() {
        lock.lock();
        try {
            return timeout;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setTimeout(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("negative timeout");
        }
        lock.lock();
        try {
            timeout = age;
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            sessions.values().forEach(ResumableSession::destroy);
            sessions.clear();
        } finally {
            lock.unlock();
        }
    }

    private ResumableSession valid(ByteBuffer ticket) {
        ResumableSession found = sessions.get(ticket);
        if (found == null) {
            return null;
        }
        long now = System.currentTimeMillis();
        boolean tooOld = !timeout.isZero() && now - found.session().creationTime() > timeout.toMillis();
        if (tooOld || !found.isUsableAt(now)) {
            sessions.remove(ticket);
            found.destroy();
            return null;
        }
        return found;
    }

    private void evict() {
        Iterator<ResumableSession> oldest = sessions.values().iterator();
        while (maximumSize > 0 && sessions.size() > maximumSize) {
            oldest.next().destroy();
            oldest.remove();
        }
    }
}
