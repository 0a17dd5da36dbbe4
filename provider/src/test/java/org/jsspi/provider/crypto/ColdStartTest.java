package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ColdStartTest {
    /** Warms up when it is let. */
    private static final class Held extends ColdStart {
        final CountDownLatch mayEnd = new CountDownLatch(1);
        final AtomicInteger warmedUp = new AtomicInteger();
        volatile Thread thread;

        @Override
        void warmUp() {
            thread = Thread.currentThread();
            warmedUp.incrementAndGet();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void end() throws InterruptedException {
            mayEnd.countDown();
            while (provider() != null) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    private final Held start = new Held();

    @Test
    void sunEcServesUntilBcprovIsReady() throws Exception {
        Provider sunEc = Security.getProvider("SunEC");
        for (int i = 1; i < ColdStart.OPERATIONS; i++) {
            assertSame(sunEc, start.provider());
        }
        assertNull(start.thread, "nothing is loaded before the last of them");
        for (int i = 0; i < 100; i++) {
            assertSame(sunEc, start.provider(), "nobody waits for what is being loaded");
        }
        start.end();
        for (int i = 0; i < 100; i++) {
            assertNull(start.provider());
        }
        assertEquals(1, start.warmedUp.get());
    }

    @Test
    void whatLoadsIsADaemonThatHoldsNobodysLoader() throws Exception {
        Thread.currentThread().setContextClassLoader(new ClassLoader() {});
        while (start.thread == null) {
            start.provider();
        }
        assertTrue(start.thread.isDaemon());
        assertNull(start.thread.getContextClassLoader());
        start.end();
    }

    @Test
    void manyThreadsSwitchOnce() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> served = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                served.add(pool.submit(() -> {
                    int bySunEc = 0;
                    while (start.provider() != null) {
                        bySunEc++;
                    }
                    assertNull(start.provider(), "there is no way back");
                    return bySunEc;
                }));
            }
            while (start.thread == null) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            start.mayEnd.countDown();
            int sum = 0;
            for (Future<Integer> each : served) {
                sum += each.get();
            }
            assertTrue(sum >= ColdStart.OPERATIONS, sum + " operations");
            assertEquals(1, start.warmedUp.get());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whereBcprovDoesNotLoadSunEcGoesOn() throws Exception {
        AtomicInteger tried = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        ColdStart broken = new ColdStart() {
            @Override
            void warmUp() {
                tried.incrementAndGet();
                Thread own = Thread.currentThread();
                new Thread(() -> {
                            try {
                                own.join();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            ended.countDown();
                        })
                        .start();
                throw new NoClassDefFoundError("org/bouncycastle");
            }
        };
        for (int i = 0; i < ColdStart.OPERATIONS; i++) {
            assertNotNull(broken.provider());
        }
        ended.await();
        for (int i = 0; i < 3 * ColdStart.OPERATIONS; i++) {
            assertEquals("SunEC", broken.provider().getName());
        }
        assertEquals(1, tried.get());
    }

    @Test
    void withoutSunEcBcprovServesFromTheStart() {
        Provider sunEc = Security.getProvider("SunEC");
        int position = 1 + Arrays.asList(Security.getProviders()).indexOf(sunEc);
        Security.removeProvider("SunEC");
        try {
            assertNull(start.provider());
        } finally {
            Security.insertProviderAt(sunEc, position);
        }
        assertNull(start.provider());
        assertNull(start.thread);
    }

    @Test
    void anotherOfThatNameDoesNotServe() {
        Provider sunEc = Security.getProvider("SunEC");
        int position = 1 + Arrays.asList(Security.getProviders()).indexOf(sunEc);
        Security.removeProvider("SunEC");
        Provider other = new Provider("SunEC", "1", "calls itself so") {
            private static final long serialVersionUID = 1L;
        };
        Security.addProvider(other);
        try {
            assertNull(start.provider());
        } finally {
            Security.removeProvider("SunEC");
            Security.insertProviderAt(sunEc, position);
        }
    }

    @Test
    void everyCurveWarmsUp() {
        for (NistCurve curve : NistCurve.values()) {
            curve.coldStart().warmUp();
        }
        EphemeralX25519.warmUp();
    }
}
