/**
 * What Jsspi costs beside other JSSE providers, in ratios.
 *
 * <p>{@link org.jsspi.conformance.bench.Figures} prints the tables. One command compiles and runs it:
 *
 * <pre>
 * mvn -q -Pbench test                                          # all tables, under five minutes
 * mvn -q -Pbench test -Djsspi.bench.args=records               # some: records, handshakes, idle, datagrams
 * mvn -q -Pbench test -Djsspi.bench.jvm=/path/to/jdk-25/bin/java
 * mvn -q -Pbench test -Djsspi.bench.main=org.openjdk.jmh.Main "-Djsspi.bench.args=RecordBenchmark -prof gc"
 * </pre>
 *
 * <p>The last line runs the same cases under JMH: {@link org.jsspi.conformance.bench.RecordBenchmark},
 * {@link org.jsspi.conformance.bench.HandshakeBenchmark} and {@link org.jsspi.conformance.bench.DatagramBenchmark}.
 *
 * <p><b>How it measures.</b> All contenders of a row run in one JVM, in turns of some tens of milliseconds, so that a
 * neighbour's load or a slower clock meets all of them. What counts is the CPU time of the thread, and the bytes that the
 * thread allocated. A ratio is the median of the ratios of the rounds. JVMs are separate where a system property or the kind
 * of buffer would decide for everybody: one for each group of the key exchange, one for heap and one for direct buffers.
 *
 * <p><b>What is the same for everybody.</b> TLS 1.3 with TLS_AES_128_GCM_SHA256, the group and exactly one key share (read
 * from the hellos on the wire), one CA and one certificate below it, the JDK's SunX509 key manager (BCJSSE: its own) and PKIX trust manager, delegated
 * tasks run by the same thread. Data is counted in messages of the application: SunJSSE takes 16,367 bytes to a
 * record, so that a message of 16 KiB costs it two. The JDK remembers which certificates a trust manager has verified, so
 * that validating the one chain again is cheap for all of them.
 *
 * <p><b>Datagrams.</b> NTLM's have no other provider to stand beside: they are measured against the plain calls of JCA that
 * they consist of, where 1 / 1.3 = 0.77 is the limit.
 *
 * <p>JSSPI signs through JCA; a last table has bcprov sign in its place ({@code org.jsspi.softwareSigner=bc}).
 */
package org.jsspi.conformance.bench;
