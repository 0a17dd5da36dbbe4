package org.jsspi.conformance.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this thread spends on work: CPU time, whatever else the machine does, and allocated bytes. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long operations;
    private long nanos;
    private long bytes;

    /** Runs one batch and adds what its {@link Work#run} took. */
    void measure(Work work) throws Exception {
        work.prepare();
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long nanosBefore = THREADS.getCurrentThreadCpuTime();
        work.run();
        nanos += THREADS.getCurrentThreadCpuTime() - nanosBefore;
        bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        operations += work.operations();
        work.finish();
    }

    double nanosPerOperation() {
        return (double) nanos / operations;
    }

    double bytesPerOperation() {
        return (double) bytes / operations;
    }
}
