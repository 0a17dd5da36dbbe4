package org.jsspi.provider.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A memory of so many values at most: the one that was not used for the longest time makes room for the next.
 *
 * @param <K> what values are found by
 * @param <V> what is remembered; it does not change, since whoever finds it shares it
 */
public final class RecentlyUsed<K, V> {
    /** The one that was not used for the longest time first. */
    private final Map<K, V> known;

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();

    /** An empty memory of {@code capacity} values at most. */
    public RecentlyUsed(int capacity) {
        this.known = new LinkedHashMap<>(2 * capacity, 0.75f, true);
        this.capacity = capacity;
    }

    /** {@return the value of this key, or null} */
    public V get(K key) {
        lock.lock();
        try {
            return known.get(key);
        } finally {
            lock.unlock();
        }
    }

    /** Remembers a value. */
    public void put(K key, V value) {
        lock.lock();
        try {
            known.put(key, value);
            if (known.size() > capacity) {
                K eldest = known.keySet().iterator().next();
                known.remove(eldest);
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many values are remembered} */
    public int size() {
        lock.lock();
        try {
            return known.size();
        } finally {
            lock.unlock();
        }
    }
}
