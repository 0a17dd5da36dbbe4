package org.jsspi.conformance.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** What connections hold that were used and say nothing: both engines after a handshake and a message each way. */
final class IdlePairs {
    private static final int COUNT = 200;
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private IdlePairs() {}

    static void print() throws Exception {
        Identity identity = Identity.p256();
        Table table = new Table("Heap of an idle pair of connections, KiB", head());
        List<String> cells = new ArrayList<>(List.of("client and server"));
        for (Contender contender : Contender.values()) {
            Optional<Double> bytes;
            try {
                bytes = Optional.of(retained(contender, identity));
            } catch (Exception | LinkageError e) {
                table.note(contender.label() + ": " + e.getMessage());
                bytes = Optional.empty();
            }
            cells.add(Table.kibibytes(bytes));
        }
        table.line(cells);
        table.note("Native memory, which is most of Conscrypt's, is not in it.");
        System.out.print(table);
    }

    private static double retained(Contender contender, Identity identity) throws Exception {
        SSLContext context = contender.context(identity);
        Pair.Wire wire = new Pair.Wire();
        // Caches fill and classes initialize before the count begins.
        for (int i = 0; i < 20; i++) {
            use(new Pair(contender, context.createSSLEngine(), context.createSSLEngine(), wire));
        }
        Pair[] pairs = new Pair[COUNT];
        long before = used();
        for (int i = 0; i < COUNT; i++) {
            pairs[i] = new Pair(contender, context.createSSLEngine(), context.createSSLEngine(), wire);
            use(pairs[i]);
        }
        long after = used();
        for (Pair pair : pairs) {
            pair.close();
        }
        return (double) (after - before) / COUNT;
    }

    private static void use(Pair pair) throws SSLException {
        pair.handshake();
        ByteBuffer message = ByteBuffer.allocate(64);
        ByteBuffer record = ByteBuffer.allocate(pair.client().getSession().getPacketBufferSize());
        ByteBuffer received = ByteBuffer.allocate(pair.client().getSession().getApplicationBufferSize());
        pair.client().wrap(message, record);
        pair.server().unwrap(record.flip(), received);
        pair.server().wrap(message.rewind(), record.clear());
        pair.client().unwrap(record.flip(), received);
    }

    private static long used() throws InterruptedException {
        // Twice and a pause: what has a cleaner or a finalizer goes with the collection after the one that found it.
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    private static List<String> head() {
        List<String> cells = new ArrayList<>(List.of(""));
        for (Contender contender : Contender.values()) {
            cells.add(contender.label());
        }
        return cells;
    }
}
