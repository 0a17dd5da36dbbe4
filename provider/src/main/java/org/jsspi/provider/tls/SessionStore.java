package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.Session;
import org.jsspi.SessionCache;
import org.jsspi.provider.tls.handshake.ResumableSession;

/** Sessions by id, bounded in number and age; the oldest leave first, and what leaves is wiped. */
final class SessionStore implements SessionCache {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, ResumableSession> sessions = new LinkedHashMap<>();
    private int maximumSize;
    private Duration timeout;

    SessionStore(int maximumSize, Duration timeout) {
        this.maximumSize = maximumSize;
        this.timeout = timeout;
    }

    void put(ResumableSession resumable) {
        lock.lock();
        try {
            ResumableSession replaced =
                    sessions.put(ByteBuffer.wrap(resumable.session().id()), resumable);
            if (replaced != null) {
                replaced.destroy();
            }
            evict();
        } finally {
            lock.unlock();
        }
    }

    /** {@return a copy of the session with this id for one handshake, which destroys it; or null} */
    ResumableSession find(byte[] id) {
        lock.lock();
        try {
            ResumableSession found = valid(ByteBuffer.wrap(id));
            return found == null ? null : found.copy();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the session with this id, which leaves the store and is the caller's; or null} */
    ResumableSession take(byte[] id) {
        lock.lock();
        try {
            ByteBuffer key = ByteBuffer.wrap(id);
            return valid(key) == null ? null : sessions.remove(key);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Session get(byte[] id) {
        lock.lock();
        try {
            ResumableSession found = valid(ByteBuffer.wrap(id));
            return found == null ? null : found.session();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<byte[]> ids() {
        lock.lock();
        try {
            List<byte[]> ids = new ArrayList<>(sessions.size());
            for (ByteBuffer id : List.copyOf(sessions.keySet())) {
                if (valid(id) != null) {
                    ids.add(id.array().clone());
                }
            }
            return ids;
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

    private ResumableSession valid(ByteBuffer id) {
        ResumableSession found = sessions.get(id);
        if (found == null) {
            return null;
        }
        boolean tooOld = !timeout.isZero()
                && System.currentTimeMillis() - found.session().creationTime() > timeout.toMillis();
        if (tooOld || found.isExpired() || !found.session().isValid()) {
            sessions.remove(id);
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
