package org.jsspi.conformance.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * What connections hold that were used and say nothing: both engines after a handshake and a message each way. The heap that is in
 * use after collections, with some pairs more than before; what their contexts keep for their sessions is in it.
 */
final class IdlePairs {
    /** Pairs before those that count: caches fill, classes are initialized, and some of what the compiler leaves is left. */
    private static final int WARMING = 100;

    private static final int COUNT = 200;
    /** Bytes of the messages each way; what was measured after the first is measured again after the second. */
    private static final List<Integer> MESSAGES = List.of(64, 16384);

    private static final String TITLE = "Heap of an idle pair of connections, KiB";
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private IdlePairs() {}

    static void print() throws Exception {
        Identity identity = Identity.p256();
        List<String> contenders =
                Arrays.stream(Contender.values()).map(Contender::label).toList();
        Table table = new Table(
                TITLE, Stream.concat(Stream.of(""), contenders.stream()).toList());
        for (Protocol protocol : Protocol.values()) {
            List<List<String>> lines = new ArrayList<>();
            MESSAGES.forEach(size -> lines.add(new ArrayList<>(List.of(label(protocol, size)))));
            for (Contender contender : Contender.values()) {
                try {
                    double[] bytes = retained(contender, protocol, identity);
                    for (int i = 0; i < bytes.length; i++) {
                        lines.get(i).add(Table.kibibytes(Optional.of(bytes[i])));
                        report(lines.get(i).get(0), contender, "heapBytes", bytes[i]);
                    }
                } catch (Exception | LinkageError e) {
                    lines.forEach(cells -> cells.add("-"));
                    table.note(contender.label() + ", " + protocol + ": " + Row.reason(e));
                    report(protocol.toString(), contender, "absent", Row.reason(e));
                }
            }
            lines.forEach(table::line);
        }
        table.note("Native memory, which is most of Conscrypt's, is not in it.");
        System.out.print(table);
    }

    private static String label(Protocol protocol, int size) {
        return protocol + ", after messages of " + (size < 1024 ? size + " B" : size / 1024 + " KiB");
    }

    private static void report(String row, Contender contender, String name, Object value) {
        Report.add(Map.of("table", TITLE, "row", row, "column", contender.label(), name, value));
    }

    /** Bytes of a pair after the first message and after the second. */
    private static double[] retained(Contender contender, Protocol protocol, Identity identity) throws Exception {
        SSLContext context = contender.context(identity);
        Pair.Wire wire = new Pair.Wire();
        ByteBuffer message = ByteBuffer.allocate(MESSAGES.get(MESSAGES.size() - 1));
        ByteBuffer records = ByteBuffer.allocate(3 * message.capacity());
        ByteBuffer received = ByteBuffer.allocate(2 * message.capacity());
        for (int i = 0; i < WARMING; i++) {
            Pair pair = pair(contender, protocol, context, wire);
            for (int size : MESSAGES) {
                bothWays(pair, message.clear().limit(size), records, received);
            }
        }
        Pair[] pairs = new Pair[COUNT];
        double[] bytes = new double[MESSAGES.size()];
        long before = used();
        for (int i = 0; i < COUNT; i++) {
            pairs[i] = pair(contender, protocol, context, wire);
        }
        for (int i = 0; i < bytes.length; i++) {
            for (Pair pair : pairs) {
                bothWays(pair, message.clear().limit(MESSAGES.get(i)), records, received);
            }
            bytes[i] = (double) (used() - before) / COUNT;
        }
        for (Pair pair : pairs) {
            pair.close();
        }
        return bytes;
    }

    private static Pair pair(Contender contender, Protocol protocol, SSLContext context, Pair.Wire wire)
            throws SSLException {
        Pair pair = contender.pair(protocol, context.createSSLEngine(), context.createSSLEngine(), wire);
        pair.handshake();
        return pair;
    }

    private static void bothWays(Pair pair, ByteBuffer message, ByteBuffer records, ByteBuffer received)
            throws SSLException {
        send(pair.client(), pair.server(), message, records, received);
        send(pair.server(), pair.client(), message, records, received);
    }

    private static void send(
            SSLEngine sender, SSLEngine receiver, ByteBuffer message, ByteBuffer records, ByteBuffer received)
            throws SSLException {
        message.rewind();
        records.clear();
        while (message.hasRemaining()) {
            require(sender.wrap(message, records));
        }
        records.flip();
        received.clear();
        while (records.hasRemaining()) {
            require(receiver.unwrap(records, received));
        }
        if (received.position() != message.limit()) {
            throw new IllegalStateException(received.position() + " bytes arrived of " + message.limit());
        }
    }

    private static void require(SSLEngineResult result) {
        if (result.getStatus() != Status.OK || result.bytesConsumed() == 0) {
            throw new IllegalStateException(result.toString());
        }
    }

    private static long used() throws InterruptedException {
        // Again and a pause: what has a cleaner or a finalizer goes with the collection after the one that found it.
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
