package org.jsspi.conformance.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jsspi.conformance.bench.HandshakeWork.Kind;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The handshake cases under JMH. One operation is one handshake, both sides. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandshakeBenchmark {
    /** The case that the parameters name. */
    @State(Scope.Thread)
    public static class Handshakes {
        /** A contender by its label. */
        @Param({"SunJSSE", "BCJSSE", "Conscrypt", "JSSPI"})
        public String provider;

        /** The server's certificate. */
        @Param({"P-256", "RSA-2048"})
        public String certificate;

        /** A constant of {@link Kind}. */
        @Param({"FULL", "MUTUAL", "RESUMED"})
        public String kind;

        /** A constant of {@link Protocol}; in TLS 1.2 with the group of the certificate. */
        @Param("TLS13")
        public String protocol;

        private HandshakeWork work;

        /** For JMH. */
        public Handshakes() {}

        /** Fresh contexts, and two handshakes that prove the case to be what its name says. */
        @Setup
        public void open() throws Exception {
            work = new HandshakeWork(
                    Contender.valueOf(provider.toUpperCase(Locale.ROOT)),
                    Protocol.valueOf(protocol),
                    certificate.equals("P-256") ? Identity.p256() : Identity.rsa2048(),
                    Kind.valueOf(kind));
        }

        /** Closes the connections of the last invocation. */
        @TearDown(Level.Invocation)
        public void close() throws Exception {
            work.finish();
        }
    }

    /** For JMH. */
    public HandshakeBenchmark() {}

    /** Key exchange by X25519. */
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = "-Djdk.tls.namedGroups=x25519")
    @OperationsPerInvocation(HandshakeWork.BATCH)
    public void x25519(Handshakes handshakes) throws Exception {
        handshakes.work.run();
    }

    /** Key exchange by ECDH over P-256. */
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = "-Djdk.tls.namedGroups=secp256r1")
    @OperationsPerInvocation(HandshakeWork.BATCH)
    public void secp256r1(Handshakes handshakes) throws Exception {
        handshakes.work.run();
    }

    /** Key exchange by X25519 and ML-KEM-768 together; SunJSSE has none before 27. */
    @Benchmark
    @Fork(value = 2, jvmArgsAppend = "-Djdk.tls.namedGroups=X25519MLKEM768")
    @OperationsPerInvocation(HandshakeWork.BATCH)
    public void x25519MlKem768(Handshakes handshakes) throws Exception {
        handshakes.work.run();
    }
}
