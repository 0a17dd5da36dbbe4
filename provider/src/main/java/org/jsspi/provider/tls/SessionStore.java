package org.jsspi.provider.tls;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jsspi.provider.tls.handshake.ResumableSession;

/**
 * A memory of sessions, bounded in number and age: the oldest leave first, and what leaves is disposed of.
 *
 * <p>No two threads wait for each other unless they ask for the same key: the values of one key change under that key alone, and
 * the order of age is a structure without locks.
 *
 * @param <K> what values are found by
 * @param <V> has the time in it from which its age counts
 */
final class SessionStore<K, V> {
    /** What a store has to know of its values. */
    interface Life<V> {
        /** {@return when the value's age begins, in milliseconds since the epoch} */
        long birth(V value);

        /** What happens to a value that leaves without being taken; it does not touch the store. */
        void dispose(V value);
    }

    /** The life of sessions that have secrets. */
    static final class Resumable implements Life<ResumableSession> {
        @Override
        public long birth(ResumableSession session) {
            return session.session().creationTime();
        }

        @Override
        public void dispose(ResumableSession session) {
            session.destroy();
        }
    }

    private record Entry<K, V>(long number, K key, V value) {}

    private final Map<K, Deque<Entry<K, V>>> byKey = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, Entry<K, V>> byAge = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger size = new AtomicInteger();
    private final int mostPerKey;
    private final Life<V> life;
    private volatile int maximumSize;
    private volatile Duration timeout;

    /**
     * An empty store.
     *
     * @param maximumSize 0 for no bound
     * @param timeout zero for no bound
     * @param mostPerKey values that one key has at most
     */
    SessionStore(int maximumSize, Duration timeout, int mostPerKey, Life<V> life) {
        this.maximumSize = maximumSize;
        this.timeout = timeout;
        this.mostPerKey = mostPerKey;
        this.life = life;
    }

    /** Keeps a value, as the newest of its key. */
    void put(K key, V value) {
        Entry<K, V> entry = new Entry<>(numbers.incrementAndGet(), key, value);
        byKey.compute(key, (unused, present) -> {
            Deque<Entry<K, V>> own = present == null ? new ArrayDeque<>(2) : present;
            own.addLast(entry);
            byAge.put(entry.number(), entry);
            size.incrementAndGet();
            if (own.size() > mostPerKey) {
                dispose(own.removeFirst());
            }
            return own;
        });
        evict();
    }

    /** {@return what {@code use} makes of the newest value of the key, which no other thread touches meanwhile; null if none} */
    <R> R find(K key, Function<V, R> use) {
        Object[] result = new Object[1];
        byKey.computeIfPresent(key, (unused, own) -> {
            removeOld(own);
            if (!own.isEmpty()) {
                result[0] = use.apply(own.getLast().value());
            }
            return own.isEmpty() ? null : own;
        });
        @SuppressWarnings("unchecked") // it comes out of use
        R found = (R) result[0];
        return found;
    }

    /** {@return the newest value of the key, which is the caller's from now on; null if there is none} */
    V take(K key) {
        Object[] result = new Object[1];
        byKey.computeIfPresent(key, (unused, own) -> {
            removeOld(own);
            if (!own.isEmpty()) {
                Entry<K, V> newest = own.removeLast();
                forget(newest);
                result[0] = newest.value();
            }
            return own.isEmpty() ? null : own;
        });
        @SuppressWarnings("unchecked") // only values are put into it
        V taken = (V) result[0];
        return taken;
    }

    /**
     * {@return the newest value, under whatever key, that is wanted, which is the caller's from now on; null if there is none among the
     * newest {@code most}}
     */
    V takeNewest(int most, BiPredicate<K, V> wanted) {
        int looked = 0;
        for (Entry<K, V> entry : byAge.descendingMap().values()) {
            if (++looked > most) {
                return null;
            }
            boolean young = !isTooOld(life.birth(entry.value()));
            if (young && wanted.test(entry.key(), entry.value()) && leaves(entry)) {
                return entry.value();
            }
        }
        return null;
    }

    /** {@return whether it was still there; it is not any more} */
    private boolean leaves(Entry<K, V> entry) {
        boolean[] there = new boolean[1];
        byKey.computeIfPresent(entry.key(), (unused, own) -> {
            if (own.remove(entry)) {
                forget(entry);
                there[0] = true;
            }
            return own.isEmpty() ? null : own;
        });
        return there[0];
    }

    /** {@return the values that are not too old, oldest first, as they come and go while one looks} */
    Stream<V> values() {
        return byAge.values().stream().map(Entry::value).filter(value -> !isTooOld(life.birth(value)));
    }

    int maximumSize() {
        return maximumSize;
    }

    void setMaximumSize(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("negative cache size");
        }
        maximumSize = most;
        evict();
    }

    Duration timeout() {
        return timeout;
    }

    void setTimeout(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("negative timeout");
        }
        timeout = age;
        evict();
    }

    /** {@return whether something that began then is too old now} */
    boolean isTooOld(long began) {
        Duration bound = timeout;
        return !bound.isZero() && System.currentTimeMillis() - began > bound.toMillis();
    }

    void clear() {
        byAge.values().forEach(this::remove);
    }

    /** Removes what is too many, and of the oldest what is too old. */
    private void evict() {
        Map.Entry<Long, Entry<K, V>> oldest = byAge.firstEntry();
        while (oldest != null
                && (isTooMany() || isTooOld(life.birth(oldest.getValue().value())))) {
            remove(oldest.getValue());
            oldest = byAge.firstEntry();
        }
    }

    private boolean isTooMany() {
        int most = maximumSize;
        return most > 0 && size.get() > most;
    }

    private void remove(Entry<K, V> entry) {
        byKey.computeIfPresent(entry.key(), (unused, own) -> {
            if (own.remove(entry)) {
                dispose(entry);
            }
            return own.isEmpty() ? null : own;
        });
    }

    /** With the key's own lock. */
    private void removeOld(Deque<Entry<K, V>> own) {
        own.removeIf(entry -> {
            boolean old = isTooOld(life.birth(entry.value()));
            if (old) {
                dispose(entry);
            }
            return old;
        });
    }

    private void dispose(Entry<K, V> entry) {
        forget(entry);
        life.dispose(entry.value());
    }

    private void forget(Entry<K, V> entry) {
        byAge.remove(entry.number());
        size.decrementAndGet();
    }
}
