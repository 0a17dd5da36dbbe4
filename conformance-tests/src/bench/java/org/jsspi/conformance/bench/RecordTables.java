package org.jsspi.conformance.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jsspi.conformance.bench.CipherRecords.Calls;

/** Records of one kind of buffer, with the Cipher alone as the limit. */
final class RecordTables {
    private static final String CIPHER = "raw cipher";
    private static final String CIPHER_ONCE = "one doFinal";
    private static final String CIPHER_COPIED = "between two copies";

    private final BufferKind kind;
    private final List<Contender> contenders;
    private final Identity identity;
    private final Rows rows;

    private RecordTables(BufferKind kind, List<Contender> contenders) throws Exception {
        this.kind = kind;
        this.contenders = contenders;
        this.identity = Identity.p256();
        this.rows = new Rows(
                buffers(), Rows.columns(contenders, CIPHER, kind == BufferKind.HEAP ? CIPHER_ONCE : CIPHER_COPIED));
    }

    /** Large, middle and small. */
    static void print(BufferKind kind) throws Exception {
        RecordTables tables = new RecordTables(kind, List.of(Contender.values()));
        Map<String, Integer> sizes = new LinkedHashMap<>();
        sizes.put("16 KiB", 16384);
        sizes.put("1 KiB", 1024);
        sizes.put("64 B", 64);
        sizes.forEach((name, size) -> tables.add(name, Protocol.TLS13, size));
        tables.measure("SunJSSE");
    }

    /** Bulk alone: what counts where another JCA provider comes first. The first contender is 1. */
    static void printBulk(BufferKind kind, List<Contender> contenders) throws Exception {
        RecordTables tables = new RecordTables(kind, contenders);
        tables.add("16 KiB", Protocol.TLS13, 16384);
        tables.measure(contenders.get(0).label());
    }

    private void add(String name, Protocol protocol, int size) {
        rows.add(row("wrap " + name, protocol, size, RecordWork::wrapping));
        rows.add(row("unwrap " + name, protocol, size, RecordWork::unwrapping));
    }

    private Row row(String label, Protocol protocol, int size, BiFunction<RecordWork, Integer, Work> side) {
        Row row = new Row(label);
        for (Contender contender : contenders) {
            row.add(
                    contender.label(),
                    () -> side.apply(new EngineRecords(contender, protocol, identity, kind, size), size));
        }
        row.addLimit(CIPHER, () -> side.apply(new CipherRecords(size, Calls.UPDATE_AND_FINAL), size));
        if (kind == BufferKind.HEAP) {
            row.addLimit(CIPHER_ONCE, () -> side.apply(new CipherRecords(size, Calls.FINAL_ONLY), size));
        } else {
            row.addLimit(CIPHER_COPIED, () -> side.apply(new CipherRecords(size, Calls.FINAL_BETWEEN_COPIES), size));
        }
        return row;
    }

    private void measure(String base) {
        rows.run(2200, Long.MAX_VALUE, 11, 25);
        String ours = Contender.JSSPI.label();
        rows.printSpeed(
                "Speed of records, " + buffers() + " (" + base + " = 1; the raw cipher is on arrays)", ours, CIPHER);
        rows.printAllocation("Bytes allocated for each message, " + buffers(), ours, CIPHER, Table::count);
    }

    private String buffers() {
        return kind.name().toLowerCase(Locale.ROOT) + " buffers";
    }
}
