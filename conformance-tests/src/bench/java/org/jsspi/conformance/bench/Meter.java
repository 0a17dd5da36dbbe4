package org.jsspi.conformance.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What this thread spends on work: CPU time, whatever else the machine does; time on the clock; allocated bytes. */
final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private long operations;
    private long nanos;
    private long wall;
    private long bytes;

    /** Runs one batch and adds what its {@link Work#run} took. */
    void measure(Work work) throws Exception {
        work.prepare();
        long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
        long wallBefore = System.nanoTime();
        long nanosBefore = THREADS.getCurrentThreadCpuTime();
        work.run();
        nanos += THREADS.getCurrentThreadCpuTime() - nanosBefore;
        wall += System.nanoTime() - wallBefore;
        bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
        operations += work.operations();
        work.finish();
    }

    /** {@return the CPU time of all batches} */
    long nanos() {
        return nanos;
    }

    /** {@return how many operations that were} */
    long operations() {
        return operations;
    }

    double nanosPerOperation() {
        return (double) nanos / operations;
    }

    double wallNanosPerOperation() {
        return (double) wall / operations;
    }

    double bytesPerOperation() {
        return (double) bytes / operations;
    }
}
