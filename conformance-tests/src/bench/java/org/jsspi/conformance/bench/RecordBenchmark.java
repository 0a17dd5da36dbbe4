package org.jsspi.conformance.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jsspi.conformance.bench.CipherRecords.Calls;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The record cases under JMH. One operation is a batch: 32 messages of 16 KiB, 512 of 1 KiB or of 64 bytes. Compare scores
 * of one size with each other.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Djdk.tls.namedGroups=secp256r1")
public class RecordBenchmark {
    /** What both sides share. */
    @State(Scope.Thread)
    public abstract static class Batch {
        /** A contender by its label, or {@code cipher}. */
        @Param({"SunJSSE", "BCJSSE", "Conscrypt", "JSSPI", "cipher"})
        public String provider;

        /** Bytes of a message. */
        @Param({"16384", "1024", "64"})
        public int size;

        /** {@code heap} or {@code direct}; the cipher works on arrays. */
        @Param({"heap", "direct"})
        public String buffers;

        /** A constant of {@link Protocol}; the cipher's calls are those of TLS 1.3. */
        @Param("TLS13")
        public String protocol;

        RecordWork records;

        /** For the generated subclasses of JMH. */
        public Batch() {}

        /** A fresh connection for each iteration: no key reaches its limit. */
        @Setup(Level.Iteration)
        public void connect() throws Exception {
            records = provider.equals("cipher")
                    ? new CipherRecords(size, Calls.UPDATE_AND_FINAL)
                    : new EngineRecords(
                            Contender.valueOf(provider.toUpperCase(Locale.ROOT)),
                            Protocol.valueOf(protocol),
                            Identity.p256(),
                            BufferKind.valueOf(buffers.toUpperCase(Locale.ROOT)),
                            size);
        }
    }

    /** Messages in memory. */
    public static class Messages extends Batch {
        /** For JMH. */
        public Messages() {}
    }

    /** Records in memory, fresh ones for each operation. */
    public static class Records extends Batch {
        /** For JMH. */
        public Records() {}

        /** What is unwrapped next. */
        @Setup(Level.Invocation)
        public void fill() throws Exception {
            records.wrap();
        }
    }

    /** For JMH. */
    public RecordBenchmark() {}

    /** Messages become records. */
    @Benchmark
    public void wrap(Messages messages) throws Exception {
        messages.records.wrap();
    }

    /** Records become messages. */
    @Benchmark
    public void unwrap(Records records) throws Exception {
        records.records.unwrap();
    }
}
