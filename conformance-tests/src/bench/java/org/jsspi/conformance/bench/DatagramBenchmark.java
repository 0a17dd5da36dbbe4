package org.jsspi.conformance.bench;

import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
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

/** Signatures and seals of NTLM datagrams of 1 KiB in a second, under JMH. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class DatagramBenchmark {
    /** {@code JCA}, {@code CONTEXT} or {@code MAC}, which only signs. */
    @Param({"JCA", "CONTEXT", "MAC"})
    public String contender;

    private Datagrams signed;
    private Datagrams sealed;

    /** For JMH. */
    public DatagramBenchmark() {}

    /** Fresh contexts for each iteration: their numbers begin at 0. */
    @Setup(Level.Iteration)
    public void open() throws GeneralSecurityException {
        Datagrams.Contender chosen = Datagrams.Contender.valueOf(contender);
        signed = new Datagrams(Datagrams.Task.SIGN, chosen);
        sealed = chosen == Datagrams.Contender.MAC ? signed : new Datagrams(Datagrams.Task.SEAL, chosen);
    }

    /** One signature. */
    @Benchmark
    public void sign() throws GeneralSecurityException {
        signed.one();
    }

    /** One datagram encrypted and signed; with {@code MAC} a signature once more. */
    @Benchmark
    public void seal() throws GeneralSecurityException {
        sealed.one();
    }
}
