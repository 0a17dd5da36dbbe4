package org.jsspi.jcache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.cache.HazelcastCachingProvider;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.TicketKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTicketKeysTest {
    private static final long PERIOD = Duration.ofHours(1).toMillis();
    private static final AtomicInteger CACHES = new AtomicInteger();
    private static HazelcastInstance member;
    private static CacheManager manager;

    private final AtomicLong clock = new AtomicLong(1000 * PERIOD);
    private final SecretKey sealingKey = key();
    private final Cache<String, byte[]> cache = manager.createCache(
            "keys " + CACHES.incrementAndGet(),
            new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
    private final Map<String, CacheTicketKeys> servers = new TreeMap<>();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        Config config = new Config();
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getJetConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        var join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        member = Hazelcast.newHazelcastInstance(config);
        manager = Caching.getCachingProvider("com.hazelcast.cache.HazelcastMemberCachingProvider")
                .getCacheManager(null, null, HazelcastCachingProvider.propertiesByInstanceItself(member));
    }

    @AfterAll
    static void stop() {
        member.getLifecycleService().terminate();
    }

    @AfterEach
    void close() {
        servers.values().forEach(CacheTicketKeys::close);
    }

    private static SecretKey key() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    private CacheTicketKeys server(String name) {
        return servers.computeIfAbsent(
                name, unused -> new CacheTicketKeys(cache, sealingKey, Duration.ofMillis(PERIOD), clock::get));
    }

    /** Waits for what the one thread of a server does when it is asked for a name that it does not know. */
    private static void await(CacheTicketKeys server, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not happen");
            server.find(new byte[16]);
            Thread.sleep(20);
        }
    }

    private static String name(TicketKey key) {
        return key == null ? "none" : HexFormat.of().formatHex(key.name());
    }

    @Test
    void serversAgreeOnOneKeyForEachPeriodAndOnTheNextBefore() {
        CacheTicketKeys a = server("a");
        CacheTicketKeys b = server("b");
        assertEquals(name(a.current()), name(b.current()));
        assertArrayEquals(a.current().key(), b.current().key());
        byte[] old = a.current().name();

        clock.addAndGet(PERIOD);
        assertNotNull(a.current());
        assertEquals(name(a.current()), name(b.current()));
        assertFalse(a.current().hasName(old));
        assertNotNull(b.find(old));
        clock.addAndGet(PERIOD);
        assertNull(b.find(old));
    }

    @Test
    void aServerWhoseClockIsAheadIsUnderstood() {
        CacheTicketKeys behind = server("behind");
        AtomicLong fast = new AtomicLong(clock.get() + PERIOD);
        try (CacheTicketKeys ahead = new CacheTicketKeys(cache, sealingKey, Duration.ofMillis(PERIOD), fast::get)) {
            assertNotNull(behind.find(ahead.current().name()));
            assertNotNull(ahead.find(behind.current().name()));
        }
    }

    @Test
    void whatIsOverLeavesTheCache() throws Exception {
        CacheTicketKeys a = server("a");
        String first = entries().firstKey();
        assertEquals(2, entries().size());
        clock.addAndGet(2 * PERIOD);
        await(a, () -> a.current() != null && !cache.containsKey(first));
        assertTrue(entries().size() <= 3);
    }

    private TreeMap<String, byte[]> entries() {
        TreeMap<String, byte[]> entries = new TreeMap<>();
        cache.forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    @Test
    void theCacheHoldsNoKeyInTheClear() {
        CacheTicketKeys a = server("a");
        String key = HexFormat.of().formatHex(a.current().key());
        for (byte[] entry : entries().values()) {
            String text = HexFormat.of().formatHex(entry);
            assertEquals(77, entry.length);
            for (int i = 0; i + 8 < key.length(); i += 2) {
                assertFalse(text.contains(key.substring(i, i + 8)));
            }
        }
    }

    @Test
    void anEntryThatWasAlteredIsRefused() throws Exception {
        TicketKey genuine = server("a").current();
        TreeMap<String, byte[]> entries = entries();
        String id = entries.firstKey();
        byte[] entry = entries.get(id);
        for (int i = 0; i < entry.length; i++) {
            byte[] altered = entry.clone();
            altered[i] ^= 1;
            assertThrows(GeneralSecurityException.class, () -> SealedTicketKey.open(sealingKey, id, altered));
        }
        assertThrows(GeneralSecurityException.class, () -> SealedTicketKey.open(key(), id, entry));
        assertThrows(GeneralSecurityException.class, () -> SealedTicketKey.open(sealingKey, id, new byte[0]));

        entry[40] ^= 1;
        cache.put(id, entry);
        assertNull(server("b").current(), "a server that starts now trusts no such key");
        assertEquals(name(genuine), name(server("a").current()), "one that has the key goes on with it");
        clock.addAndGet(PERIOD);
        assertNotNull(server("b").current(), "the next period is not touched");
    }

    @Test
    void anEntryOfAnotherPeriodIsRefused() {
        server("a");
        TreeMap<String, byte[]> entries = entries();
        cache.put(entries.firstKey(), entries.get(entries.lastKey()));
        assertNull(server("b").current());
    }

    @Test
    void aKeyThatSomebodyElseSealedIsRefused() throws Exception {
        server("a");
        String id = entries().firstKey();
        cache.put(id, SealedTicketKey.seal(key(), id, TicketKey.generate()));
        assertNull(server("b").current());
    }

    @Test
    void whatTheCacheHasLostIsPutBack() throws Exception {
        CacheTicketKeys a = server("a");
        String current = name(a.current());
        cache.clear();
        await(a, () -> entries().size() == 2);
        assertEquals(current, name(a.current()));
        assertEquals(current, name(server("b").current()));
    }

    @Test
    void serversThatPartedAgreeAgain() throws Exception {
        CacheTicketKeys a = server("a");
        TicketKey alone = a.current();
        cache.clear();
        CacheTicketKeys b = server("b");
        // Whoever was faster, both have the same key in the end, and the other one still opens what it has sealed.
        await(a, () -> name(a.current()).equals(name(b.current())));
        assertNotNull(a.find(alone.name()));
    }

    @Test
    void namesOfStrangersAskTheCacheAboutOnceASecond() throws Exception {
        CacheTicketKeys a = server("a");
        AtomicInteger found = new AtomicInteger();
        long start = System.nanoTime();
        for (int i = 0; i < 100_000; i++) {
            byte[] name = new byte[16];
            name[0] = (byte) i;
            name[1] = (byte) (i >> 8);
            name[2] = (byte) (i >> 16);
            if (a.find(name) != null) {
                found.incrementAndGet();
            }
        }
        assertEquals(0, found.get());
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "nothing waits for the cache");
    }

    @Test
    void aCacheThatIsClosedTakesNoKeyAway() throws Exception {
        CacheTicketKeys a = server("a");
        String current = name(a.current());
        cache.close();
        a.find(new byte[16]);
        Thread.sleep(200);
        assertEquals(current, name(a.current()));
        clock.addAndGet(PERIOD);
        assertNotNull(a.current());
        clock.addAndGet(PERIOD);
        assertNull(a.current(), "then the server remembers its sessions itself");
    }

    @Test
    void withoutASealingKeyItDoesNotStart() throws Exception {
        Duration period = Duration.ofHours(1);
        assertThrows(IllegalArgumentException.class, () -> new CacheTicketKeys(cache, null, period));
        SecretKey shortKey = new SecretKeySpec(new byte[16], "AES");
        assertThrows(IllegalArgumentException.class, () -> new CacheTicketKeys(cache, shortKey, period));
        assertThrows(
                IllegalArgumentException.class, () -> new CacheTicketKeys(cache, sealingKey, Duration.ofMillis(999)));
        assertEquals(0, entries().size());

        IllegalStateException e = assertThrows(IllegalStateException.class, CacheProperties::sealingKey);
        assertTrue(e.getMessage().contains("org.jsspi.jcache.keyFile"), e.getMessage());
    }

    @Test
    void aKeyFileIsBytesOrBase64() throws Exception {
        byte[] bytes = sealingKey.getEncoded();
        Path file = directory.resolve("key");
        System.setProperty("org.jsspi.jcache.keyFile", file.toString());
        try {
            Files.write(file, bytes);
            assertArrayEquals(bytes, CacheProperties.sealingKey().getEncoded());
            Files.writeString(file, Base64.getEncoder().encodeToString(bytes) + "\n");
            assertArrayEquals(bytes, CacheProperties.sealingKey().getEncoded());
            Files.writeString(file, "too short");
            assertThrows(IllegalStateException.class, CacheProperties::sealingKey);
            Files.delete(file);
            assertThrows(IllegalStateException.class, CacheProperties::sealingKey);
        } finally {
            System.clearProperty("org.jsspi.jcache.keyFile");
        }
    }

    @Test
    void closedKeysGiveNothing() {
        CacheTicketKeys a = server("a");
        TicketKey key = a.current();
        a.close();
        assertNull(a.current());
        assertNull(a.find(key.name()));
        assertTrue(key.isDestroyed());
    }
}
