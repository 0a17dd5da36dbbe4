package org.jsspi.provider.tls;

import java.time.Duration;
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

    private static final class Entry<K, V> implements Comparable<Entry<K, V>> {
        final long number;
        final K key;
        final V value;
        /** The next older one of the same key, or null; only with the key's own lock. */
        Entry<K, V> older;

        Entry(long number, K key, V value, Entry<K, V> older) {
            this.number = number;
            this.key = key;
            this.value = value;
            this.older = older;
        }

        K key() {
            return key;
        }

        V value() {
            return value;
        }

        @Override
        public int compareTo(Entry<K, V> other) {
            return Long.compare(number, other.number);
        }
    }

    /** The newest of each key. */
    private final Map<K, Entry<K, V>> byKey = new ConcurrentHashMap<>();

    private final ConcurrentSkipListMap<Entry<K, V>, Entry<K, V>> byAge = new ConcurrentSkipListMap<>();
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
        byKey.compute(key, (unused, newest) -> {
            Entry<K, V> entry = new Entry<>(numbers.incrementAndGet(), key, value, newest);
            byAge.put(entry, entry);
            size.incrementAndGet();
            disposeOfTooMany(entry);
            return entry;
        });
        evict();
    }

    /** {@return what {@code use} makes of the newest value of the key, which no other thread touches meanwhile; null if none} */
    <R> R find(K key, Function<V, R> use) {
        Object[] result = new Object[1];
        byKey.computeIfPresent(key, (unused, all) -> {
            Entry<K, V> newest = withoutOld(all);
            if (newest != null) {
                result[0] = use.apply(newest.value());
            }
            return newest;
        });
        @SuppressWarnings("unchecked") // it comes out of use
        R found = (R) result[0];
        return found;
    }

    /** {@return the newest value of the key, which is the caller's from now on; null if there is none} */
    V take(K key) {
        Object[] result = new Object[1];
        byKey.computeIfPresent(key, (unused, all) -> {
            Entry<K, V> newest = withoutOld(all);
            if (newest == null) {
                return null;
            }
            forget(newest);
            result[0] = newest.value();
            return newest.older;
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
        byKey.computeIfPresent(entry.key(), (unused, newest) -> {
            if (isAmong(newest, entry)) {
                forget(entry);
                there[0] = true;
            }
            return without(newest, entry);
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
        Map.Entry<Entry<K, V>, Entry<K, V>> oldest = byAge.firstEntry();
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
        byKey.computeIfPresent(entry.key(), (unused, newest) -> {
            if (isAmong(newest, entry)) {
                dispose(entry);
            }
            return without(newest, entry);
        });
    }

    // With the key's own lock

    private void disposeOfTooMany(Entry<K, V> newest) {
        Entry<K, V> last = newest;
        for (int i = 1; i < mostPerKey && last != null; i++) {
            last = last.older;
        }
        if (last != null && last.older != null) {
            dispose(last.older);
            last.older = null;
        }
    }

    /** {@return the newest that is not too old, or null} */
    private Entry<K, V> withoutOld(Entry<K, V> newest) {
        Entry<K, V> left = newest;
        for (Entry<K, V> entry = newest; entry != null; entry = entry.older) {
            if (isTooOld(life.birth(entry.value()))) {
                dispose(entry);
                left = without(left, entry);
            }
        }
        return left;
    }

    private static <K, V> boolean isAmong(Entry<K, V> newest, Entry<K, V> wanted) {
        Entry<K, V> entry = newest;
        while (entry != null && entry != wanted) {
            entry = entry.older;
        }
        return entry != null;
    }

    /** {@return the newest without this one, which may not be among them; or null} */
    private static <K, V> Entry<K, V> without(Entry<K, V> newest, Entry<K, V> gone) {
        if (newest == gone) {
            return gone.older;
        }
        for (Entry<K, V> entry = newest; entry != null; entry = entry.older) {
            if (entry.older == gone) {
                entry.older = gone.older;
            }
        }
        return newest;
    }

    private void dispose(Entry<K, V> entry) {
        forget(entry);
        life.dispose(entry.value());
    }

    private void forget(Entry<K, V> entry) {
        byAge.remove(entry);
        size.decrementAndGet();
    }
}
