package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SessionStoreTest {
    /** A value, and how often it was disposed of. */
    private static final class Value {
        final long birth;
        int disposals;

        Value(long birth) {
            this.birth = birth;
        }
    }

    private static SessionStore<String, Value> store(int maximumSize, Duration timeout, int mostPerKey) {
        return new SessionStore<>(maximumSize, timeout, mostPerKey, new SessionStore.Life<>() {
            @Override
            public long birth(Value value) {
                return value.birth;
            }

            @Override
            public void dispose(Value value) {
                value.disposals++;
            }
        });
    }

    private static Value newborn() {
        return new Value(System.currentTimeMillis());
    }

    @Test
    void theNewestThatIsWantedIsTakenUnderWhateverKey() {
        SessionStore<String, Value> store = store(0, Duration.ZERO, 2);
        Value[] values = {newborn(), newborn(), newborn(), newborn()};
        store.put("a", values[0]);
        store.put("b", values[1]);
        store.put("a", values[2]);
        store.put("c", values[3]);

        assertNull(store.takeNewest(1, (key, value) -> key.equals("a")), "only so many are looked at");
        assertEquals(values[2], store.takeNewest(4, (key, value) -> key.equals("a")));
        assertEquals(values[0], store.takeNewest(4, (key, value) -> !key.equals("b") && value != values[3]));
        assertNull(store.take("a"));
        assertNull(store.takeNewest(4, (key, value) -> false));
        assertEquals(2, store.values().count());
        assertEquals(0, values[0].disposals + values[2].disposals, "what is taken is the taker's");
    }

    @Test
    void theOldestLeavesWhenThereAreTooMany() {
        SessionStore<String, Value> store = store(2, Duration.ZERO, 1);
        Value[] values = {newborn(), newborn(), newborn()};
        for (int i = 0; i < 3; i++) {
            store.put("key " + i, values[i]);
        }

        assertNull(store.find("key 0", Function.identity()));
        assertEquals(1, values[0].disposals);
        assertEquals(values[1], store.find("key 1", Function.identity()));
        assertEquals(values[2], store.take("key 2"));
        assertNull(store.take("key 2"));
        assertEquals(0, values[2].disposals, "what is taken is the taker's");

        store.put("key 3", newborn());
        store.setMaximumSize(1);
        assertEquals(1, store.values().count());
    }

    @Test
    void aKeyHasItsNewestValuesOnly() {
        SessionStore<String, Value> store = store(0, Duration.ZERO, 2);
        List<Value> values = List.of(newborn(), newborn(), newborn());
        values.forEach(value -> store.put("key", value));

        assertEquals(1, values.get(0).disposals);
        assertEquals(values.get(2), store.take("key"));
        assertEquals(values.get(1), store.take("key"));
        assertNull(store.take("key"));
    }

    @Test
    void whatIsTooOldIsNotFound() {
        SessionStore<String, Value> store = store(0, Duration.ofMinutes(1), 3);
        Value old = new Value(System.currentTimeMillis() - 61_000);
        store.put("other", newborn());
        store.put("key", newborn());
        store.put("key", old);

        assertEquals(0, old.disposals, "it stands behind a younger one");
        assertTrue(store.find("key", Function.identity()) != old);
        assertEquals(1, old.disposals);
        store.setTimeout(Duration.ofMillis(1));
        assertTrue(store.isTooOld(System.currentTimeMillis() - 2));
    }

    @Test
    void everyValueLeavesExactlyOnceWhateverThreadsDo() throws Exception {
        SessionStore<String, Value> store = store(100, Duration.ofHours(1), 3);
        Queue<Value> all = new ConcurrentLinkedQueue<>();
        Queue<Value> taken = new ConcurrentLinkedQueue<>();
        int threads = 8;
        CountDownLatch start = new CountDownLatch(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                running.add(executor.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < 20_000; i++) {
                        String key = "key " + random.nextInt(60);
                        Value value = newborn();
                        switch (random.nextInt(4)) {
                            case 0 -> {
                                Value mine = store.take(key);
                                if (mine != null) {
                                    taken.add(mine);
                                }
                            }
                            case 1 ->
                                store.find(key, found -> {
                                    assertEquals(0, found.disposals, "found what was disposed of");
                                    return found;
                                });
                            default -> {
                                all.add(value);
                                store.put(key, value);
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertTrue(store.values().count() <= 100);
        store.clear();
        assertEquals(0, store.values().count());
        taken.forEach(value -> value.disposals++);
        assertTrue(all.size() > 50_000);
        assertTrue(all.stream().allMatch(value -> value.disposals == 1));
    }
}
