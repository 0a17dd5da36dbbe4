/**
 * What Jsspi costs beside other JSSE providers, in ratios.
 *
 * <p>{@link org.jsspi.conformance.bench.Figures} prints the tables. One command compiles and runs it:
 *
 * <pre>
 * mvn -q -Pbench test                                          # the default set, in about five minutes
 * mvn -q -Pbench test "-Djsspi.bench.args=coldstart scale"     # those that are named
 * mvn -q -Pbench test -Djsspi.bench.args=all                   # all, which is what README shows, in a quarter of an hour
 * mvn -q -Pbench test -Djsspi.bench.jvm=/path/to/jdk-17/bin/java,/path/to/jdk-25/bin/java   # by each of these JVMs
 * mvn -q -Pbench test -Djsspi.bench.patience=5             # warmed five times as long: in about a quarter of an hour
 * mvn -q -Pbench test -Djsspi.bench.main=org.openjdk.jmh.Main "-Djsspi.bench.args=RecordBenchmark -prof gc"
 * </pre>
 *
 * <table>
 * <caption>The names; the first three are the default set</caption>
 * <tr><th>name</th><th>what</th><th>about</th></tr>
 * <tr><td>{@code records}</td><td>wrap and unwrap, heap and direct buffers</td><td>1 min</td></tr>
 * <tr><td>{@code handshakes}</td><td>full, mutual, resumed; TLS 1.3 and 1.2; three groups; those that sign, by either signer of
 *     JSSPI</td><td>2.5 min</td></tr>
 * <tr><td>{@code native}</td><td>the same beside Conscrypt's engine, where Conscrypt is the first provider of JCA</td><td>40 s</td></tr>
 * <tr><td>{@code idle}</td><td>the heap of a connection at rest</td><td>30 s</td></tr>
 * <tr><td>{@code coldstart}</td><td>the first handshake of a JVM, by each way of registration, and what of it is loading</td><td>3 min</td></tr>
 * <tr><td>{@code scale}</td><td>4,000 idle and 64 busy connections over sockets, 8,200 file descriptors in each of four
 *     processes (Conscrypt takes 24,500: each of its engines has a pipe)</td><td>4 min</td></tr>
 * <tr><td>{@code datagrams}</td><td>NTLM's datagrams beside JCA</td><td>30 s</td></tr>
 * </table>
 *
 * <p>Above the tables stands the machine: Java, processor, cores and load. The same figures, and times beside the ratios, are
 * in {@code conformance-tests/target/bench.json} ({@code jsspi.bench.json} names another file).
 *
 * <p>The last command runs the same cases under JMH: {@link org.jsspi.conformance.bench.RecordBenchmark},
 * {@link org.jsspi.conformance.bench.HandshakeBenchmark} and {@link org.jsspi.conformance.bench.DatagramBenchmark};
 * JMH's own {@code -jvm} chooses another Java.
 *
 * <p><b>How it measures.</b> All contenders of a row run in one JVM, in turns of some tens of milliseconds, so that a
 * neighbour's load or a slower clock meets all of them. What counts is the CPU time of the thread, and the bytes that the
 * thread allocated. A ratio is the median of the ratios of the rounds; a tilde says that half of the rounds differ by more than
 * a tenth. JVMs are separate where a system property or the kind of buffer would decide for everybody: one for each group of
 * the key exchange, one for heap and one for direct buffers.
 *
 * <p><b>What is the same for everybody.</b> One suite for each version, with AES-128-GCM and SHA-256; the group and, in TLS 1.3,
 * exactly one key share (read from the messages on the wire); one CA and one certificate below it, the JDK's SunX509 key manager
 * (BCJSSE: its own) and PKIX trust manager, delegated tasks run by the same thread. A handshake is everything from two fresh
 * engines to the first byte behind the tickets. In TLS 1.2 the group is the curve of the certificate. Data is counted in
 * messages of the application: SunJSSE takes 16,367 bytes to a record, so that a message of 16 KiB costs it two. The JDK
 * remembers which certificates a trust manager has verified, so that validating the one chain again is cheap for all of them.
 *
 * <p><b>The limits</b> are columns, measured in the same turns: the Cipher alone on arrays, for direct buffers the same between two copies,
 * which is how their bytes come to arrays and back, and the public-key operations of a
 * handshake alone, once by the implementations that JSSPI chooses and once by JCA's.
 *
 * <p><b>Beyond the primitives.</b> One column says what JSSPI allocates for a handshake beyond its public-key operations, and one what
 * is left beyond AES-GCM, HMAC and the hash as well. These are counted in a JVM of their own, by
 * {@link org.jsspi.conformance.bench.SymmetricPrimitives}: there each call of a handshake to a Cipher, a Mac or a MessageDigest
 * reaches the platform's object through one that notes what the call allocates. What is left is measured
 * there too, with the objects between in it: JSSPI's, the SSLEngine's and PKIX's. The symmetric primitives include that a Mac and a Cipher
 * forget their keys before others use them, and the copies that {@code getEncoded} makes of a key.
 *
 * <p><b>Cold starts</b> are JVMs without an option, one way of registration after the other, nine times; what counts is the CPU
 * time of the process with all its threads, compiler and collector among them, until the handshake is done. Their limits are SunJSSE's
 * handshake with JSSPI's classes loaded beside it and not run; SunJSSE's where the JVM looks for a Provider by a name that nobody has, on a
 * module path with bcprov alone, and makes all that are there; and both providers with an archive of their classes.
 *
 * <p><b>Scale.</b> A server and its clients are one process with a thread each; each contender has its own, and they are measured
 * in turns with all connections open. Each busy connection sends its next message when the echo of the last has arrived, so
 * that throughput and delay say the same twice unless single echoes are late.
 *
 * <p><b>Datagrams.</b> NTLM's have no other provider to stand beside: they are measured against the plain calls of JCA that
 * they consist of, where 1 / 1.3 = 0.77 is the limit.
 *
 * <p>JSSPI signs by bcprov with a blinded nonce; a table of {@code handshakes} has it sign through JCA
 * ({@code org.jsspi.softwareSigner=jca}), as keys that only JCA can use always do.
 *
 * <p><b>Warm</b> is what runs as compiled code. A handshake runs most of its code once, so that it takes thousands of them: each
 * contender has had seconds of CPU time before anything is kept. That is less than it takes: C2 compiles what runs once in a handshake
 * after some ten thousand of them, and until then a quarter of a handshake of JSSPI, whose share of arithmetic is the smallest in Java, is
 * C1's code. {@code jsspi.bench.patience} warms everybody as many times as long, which is what a server is after its first minutes.
 */
package org.jsspi.conformance.bench;
