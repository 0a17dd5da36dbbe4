package org.jsspi.jcache;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.cache.Cache;
import javax.crypto.SecretKey;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;

/**
 * {@link TicketKeys} that all servers share which have the same cache and the same sealing key.
 *
 * <pre>{@code
 * Cache<String, byte[]> cache = Caching.getCachingProvider().getCacheManager().getCache("ticket keys");
 * CacheTicketKeys keys = new CacheTicketKeys(cache, sealingKey, Duration.ofHours(12));
 * ((JsseSessionContext) sslContext.getServerSessionContext()).setTicketKeys(keys);
 * }</pre>
 *
 * <p>Time is cut into periods, and each period has its key: the first server that needs one puts it into the cache, and the others
 * take it from there, one period ahead. A ticket is sealed with the key of the current period and opens in this one and the next.
 * No server is the leader. Clocks may differ by up to a period.
 *
 * <p>Entries are {@code byte[]}, never serialized objects, and sealed with AES-256-GCM under the <b>sealing key</b>: 256 random bits
 * that the application gives to every server by another way than the cache. An entry that does not open is refused, and said once. Without
 * a cache that answers, a server goes on with the keys it has, and after those remembers its sessions itself.
 *
 * <p>Handshakes never wait for the cache: one daemon thread speaks to it. {@link #close()} ends it. Safe for all threads.
 */
public final class CacheTicketKeys implements TicketKeys, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CacheTicketKeys.class.getName());

    private static final int SEALING_KEY_LENGTH = 32;
    /** How long the first look into the cache may take before the server goes on without. */
    private static final Duration START = Duration.ofSeconds(10);
    /** How long the cache is left in peace, in milliseconds: where it answers, and where it does not. */
    private static final long PAUSE = 30_000;

    private static final long RETRY = 1000;
    /** Keys of one period, which has more than one where the cache has lost its own. */
    private static final int MOST_KEYS = 4;
    /** How many periods are looked back for entries that nobody has removed. */
    private static final int FORGOTTEN = 4;

    private final Cache<String, byte[]> cache;
    private final SecretKey sealingKey;
    private final Duration period;
    private final LongSupplier clock;
    private final ScheduledExecutorService executor;
    private final AtomicLong lastWake = new AtomicLong(Long.MIN_VALUE);
    /** By period; the first of each seals. Replaced as a whole, by the one thread. */
    private volatile Map<Long, List<TicketKey>> keys = Map.of();

    private volatile boolean closed;

    // Of the one thread.
    private long cleared = Long.MIN_VALUE;
    private boolean silent;
    private final Map<String, byte[]> refused = new HashMap<>();

    /**
     * Keys from the system or security properties of {@link CacheProperties}, for {@code org.jsspi.ticketKeys}.
     *
     * @throws IllegalStateException if there is no sealing key, or no cache
     */
    public CacheTicketKeys() {
        this(CacheProperties.cache(), CacheProperties.sealingKey(), CacheProperties.period());
    }

    /**
     * Keys in this cache, of which the first are there when this returns if the cache answers within 10 seconds.
     *
     * @param cache stays open as long as this; for keys alone, and without eviction
     * @param sealingKey an AES key of 256 bits, the same in all servers; the cache never sees it
     * @param period for how long one key seals, at least a second, the same in all servers
     * @throws IllegalArgumentException if the sealing key is none, or the period is too short
     */
    public CacheTicketKeys(Cache<String, byte[]> cache, SecretKey sealingKey, Duration period) {
        this(cache, sealingKey, period, System::currentTimeMillis);
    }

    CacheTicketKeys(Cache<String, byte[]> cache, SecretKey sealingKey, Duration period, LongSupplier clock) {
        this.cache = Objects.requireNonNull(cache, "cache");
        this.sealingKey = requireAes256(sealingKey);
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("ticket keys rotate every second at most, not after " + period);
        }
        this.period = period;
        this.clock = clock;
        this.executor = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "jsspi-ticket-keys");
            thread.setDaemon(true);
            return thread;
        });
        start();
    }

    private static SecretKey requireAes256(SecretKey key) {
        boolean fits = false;
        if (key != null && key.getAlgorithm().equalsIgnoreCase("AES")) {
            byte[] encoded = key.getEncoded();
            // A key in hardware has no encoding; its Provider knows its length.
            fits = encoded == null || encoded.length == SEALING_KEY_LENGTH;
            if (encoded != null) {
                Arrays.fill(encoded, (byte) 0);
            }
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "ticket keys in a cache are sealed with an AES key of 256 bits, which the application supplies");
        }
        return key;
    }

    private void start() {
        var first = executor.submit(this::refreshAgainAndAgain);
        try {
            first.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "the cache of ticket keys has not answered within {0}", START);
        } catch (ExecutionException e) {
            throw new IllegalStateException("ticket keys cannot be looked for", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // What handshakes ask

    @Override
    public TicketKey current() {
        List<TicketKey> own = keys.getOrDefault(now(), List.of());
        return own.isEmpty() ? null : own.get(0);
    }

    @Override
    public TicketKey find(byte[] name) {
        long now = now();
        Map<Long, List<TicketKey>> all = keys;
        // One ahead: another server's clock may be.
        for (long of = now + 1; of >= now - 1; of--) {
            for (TicketKey key : all.getOrDefault(of, List.of())) {
                if (key.hasName(name)) {
                    return key;
                }
            }
        }
        wake();
        return null;
    }

    /** A name that is not known may be one that another server has just made; strangers make up names, so not too often. */
    private void wake() {
        long time = System.nanoTime();
        long last = lastWake.get();
        if ((last == Long.MIN_VALUE || time - last > TimeUnit.SECONDS.toNanos(1))
                && lastWake.compareAndSet(last, time)) {
            try {
                executor.execute(this::refresh);
            } catch (RejectedExecutionException ended) {
                // Nobody looks any more.
            }
        }
    }

    private long now() {
        return Math.floorDiv(clock.getAsLong(), period.toMillis());
    }

    // What the one thread does

    private void refreshAgainAndAgain() {
        refresh();
        long pause = Math.max(100, Math.min(silent ? RETRY : PAUSE, period.toMillis() / 8));
        try {
            executor.schedule(this::refreshAgainAndAgain, pause, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException ended) {
            // It was closed.
        }
    }

    private void refresh() {
        if (closed) {
            return;
        }
        long now = now();
        Map<Long, List<TicketKey>> before = keys;
        Map<Long, List<TicketKey>> after = new HashMap<>();
        RuntimeException failure = null;
        for (long of = now - 1; of <= now + 1; of++) {
            List<TicketKey> own = before.getOrDefault(of, List.of());
            try {
                after.put(of, own = agree(of, own, of >= now));
            } catch (RuntimeException e) {
                // Cache providers throw what they like. The keys that are here stay good until their time is over.
                after.put(of, own);
                failure = e;
            }
        }
        keys = Map.copyOf(after);
        before.values()
                .forEach(own -> own.stream()
                        .filter(key -> after.values().stream().noneMatch(list -> list.contains(key)))
                        .forEach(TicketKey::destroy));
        if (closed) {
            // It was closed meanwhile, and did not see these.
            wipe();
            return;
        }
        say(failure);
        if (failure == null) {
            clear(now);
        }
    }

    /**
     * {@return the keys of this period, first the one that lies in the cache}
     *
     * @param make whether one is made where there is none: a period that is over needs none
     */
    private List<TicketKey> agree(long of, List<TicketKey> own, boolean make) {
        String id = id(of);
        byte[] entry = cache.get(id);
        if (entry == null && !own.isEmpty()) {
            // The cache has lost it.
            return put(id, own.get(0)) ? own : merge(own, open(id, cache.get(id)));
        }
        if (entry == null) {
            if (!make) {
                return own;
            }
            TicketKey made = TicketKey.generate();
            if (put(id, made)) {
                return List.of(made);
            }
            made.destroy();
            entry = cache.get(id);
        }
        return merge(own, open(id, entry));
    }

    private boolean put(String id, TicketKey key) {
        try {
            return cache.putIfAbsent(id, SealedTicketKey.seal(sealingKey, id, key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no Provider seals with the key that was given", e);
        }
    }

    /** {@return the key of an entry, or null if there is none that this server may trust} */
    private TicketKey open(String id, byte[] entry) {
        if (entry == null) {
            return null;
        }
        try {
            return SealedTicketKey.open(sealingKey, id, entry);
        } catch (GeneralSecurityException e) {
            if (!Arrays.equals(refused.put(id, entry), entry)) {
                LOG.log(
                        Level.WARNING,
                        "entry \"{0}\" in the cache of ticket keys was altered, or sealed with another key than this"
                                + " server has: it is not used ({1})",
                        id,
                        e.getMessage());
            }
            return null;
        }
    }

    private static List<TicketKey> merge(List<TicketKey> own, TicketKey found) {
        if (found == null) {
            return own;
        }
        List<TicketKey> merged = new ArrayList<>();
        merged.add(found);
        for (TicketKey key : own) {
            if (key.hasName(found.name())) {
                // The very object stays: handshakes may be using it.
                merged.set(0, key);
                found.destroy();
            } else if (merged.size() < MOST_KEYS) {
                merged.add(key);
            }
        }
        return List.copyOf(merged);
    }

    private String id(long of) {
        return "ticket key " + period + " " + of;
    }

    /** Removes what is over: a key that is gone opens no recorded ticket. */
    private void clear(long now) {
        if (cleared == now) {
            return;
        }
        try {
            for (long of = now - 2; of > now - 2 - FORGOTTEN; of--) {
                cache.remove(id(of));
                refused.remove(id(of));
            }
            cleared = now;
        } catch (RuntimeException e) {
            say(e);
        }
    }

    /** One line when the cache fails, and one when it is back. */
    private void say(RuntimeException failure) {
        if (failure != null && !silent) {
            LOG.log(
                    Level.WARNING,
                    "the cache of ticket keys fails; sessions go on with the keys that are here, and are then remembered"
                            + " by this server alone",
                    failure);
        } else if (failure == null && silent) {
            LOG.log(Level.INFO, "the cache of ticket keys is back");
        }
        silent = failure != null;
    }

    /** Ends the thread and wipes the keys of this server; the cache stays open, and other servers go on. */
    @Override
    public void close() {
        closed = true;
        executor.shutdownNow();
        wipe();
    }

    private void wipe() {
        Map<Long, List<TicketKey>> last = keys;
        keys = Map.of();
        last.values().forEach(own -> own.forEach(TicketKey::destroy));
    }

    @Override
    public String toString() {
        return "CacheTicketKeys[" + cache.getName() + ", " + period + "]";
    }
}
