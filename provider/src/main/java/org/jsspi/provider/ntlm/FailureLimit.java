package org.jsspi.provider.ntlm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How often a server tries an account in vain: passwords are not guessed faster than that. Each account has failures to
 * spend, which come back with time. The accounts that failed last are remembered, a bounded number of them. Whoever spends
 * another's failures keeps that one out for as long as he goes on; that is the price. Safe for use by several threads.
 */
final class FailureLimit {
    private static final int REMEMBERED = 4096;
    private static final long MINUTE = 60_000_000_000L;

    private final int perMinute;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    /** Account to the time, in the future, when all its failures will be back. */
    private final Map<String, Long> debts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param perMinute 0 for no bound */
    FailureLimit(int perMinute, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.nanoTime = nanoTime;
    }

    /** {@return true if the account may be tried now} */
    boolean mayTry(String user, String domain) {
        if (perMinute <= 0) {
            return true;
        }
        lock.lock();
        try {
            Long free = debts.get(key(user, domain));
            return free == null || free - nanoTime.getAsLong() <= MINUTE - MINUTE / perMinute;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure. */
    void failed(String user, String domain) {
        if (perMinute <= 0) {
            return;
        }
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            String key = key(user, domain);
            Long free = debts.get(key);
            long from = free == null || free - now < 0 ? now : free;
            debts.put(key, from + MINUTE / perMinute);
        } finally {
            lock.unlock();
        }
    }

    private static String key(String user, String domain) {
        return domain.toUpperCase(Locale.ROOT) + '\\' + user.toUpperCase(Locale.ROOT);
    }
}
