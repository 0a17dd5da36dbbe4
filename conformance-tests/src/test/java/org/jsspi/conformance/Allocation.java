package org.jsspi.conformance;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What this thread allocates. Exact where the JVM compiles without escape analysis: then every {@code new} counts. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    interface Work {
        void run() throws Exception;
    }

    /** {@return the bytes that one run allocates: the median of the runs} The first runs, which load classes, do not count. */
    static long median(int runs, Work work) throws Exception {
        long[] bytes = new long[runs];
        for (int i = -runs; i < runs; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            long after = THREADS.getCurrentThreadAllocatedBytes();
            if (i >= 0) {
                bytes[i] = after - before;
            }
        }
        Arrays.sort(bytes);
        return bytes[runs / 2];
    }
}
