package org.jsspi.provider.crypto;

import java.security.Provider;
import java.security.Security;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The first operations of a JVM on one curve, which SunEC serves in place of bcprov.
 *
 * <p>bcprov is several times as fast once it runs. Before that its classes come out of a large jar whose signature the JVM
 * verifies, the tables of the curve are computed, and the compiler begins anew: a program that shakes hands a few times and ends
 * would pay for all of it and have nothing of it. So SunEC serves the first {@value #OPERATIONS} operations; then a
 * thread loads what bcprov needs, and bcprov serves as soon as it is ready. No handshake waits for that.
 *
 * <p>Both give the same answers to the same input. What a peer sends is judged by us before SunEC sees it; and of one kind of
 * signature that JDK 17 wrongly refuses, whose point has an x-coordinate that is not below the order, bcprov judges. Who names a
 * provider for the curve or the signature by a property, {@code bcprov} among them, has it from the first operation on.
 *
 * <p>SunEC is looked for once: where it is taken out of the list of providers later it goes on until the switch.
 */
abstract class ColdStart {
    /** As many as make the slower operations about as dear as bcprov's start. */
    static final int OPERATIONS = 64;

    private static final String PLATFORM = "SunEC";

    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean over;

    /** Null until the first use. A benign race: every writer writes the same. */
    private volatile Provider platform;

    /** Has bcprov do everything once that it may be asked for: called once, by a thread of its own. */
    abstract void warmUp();

    /** {@return SunEC for one operation, or null if bcprov serves it} */
    Provider provider() {
        if (over) {
            return null;
        }
        Provider serving = platform;
        if (serving == null) {
            serving = Security.getProvider(PLATFORM);
            if (serving == null || !ProviderChoice.isOfThePlatform(serving)) {
                over = true;
                return null;
            }
            platform = serving;
        }
        if (begun.incrementAndGet() == OPERATIONS) {
            startThread();
        }
        return serving;
    }

    private void startThread() {
        try {
            Thread thread = new Thread(null, this::end, "jsspi-bcprov", 0, false);
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            // It would keep an application's loader for as long as it runs.
            thread.setContextClassLoader(null);
            thread.start();
        } catch (RuntimeException | OutOfMemoryError noThread) {
            // SunEC goes on, and after as many operations there may be one.
            begun.set(0);
        }
    }

    private void end() {
        try {
            warmUp();
            over = true;
        } catch (RuntimeException | Error unable) {
            // A bcprov that does not load would serve nobody. SunEC does, for as long as this JVM lives.
            System.getLogger("org.jsspi.provider")
                    .log(System.Logger.Level.WARNING, "bcprov does not work here, SunEC serves in its place", unable);
        }
    }
}
