package org.jsspi.conformance.bench;

import java.util.Arrays;
import java.util.Locale;

/** The promise: a datagram costs at most 1.3 times what the plain calls cost, and nothing is allocated. */
final class DatagramTables {
    private DatagramTables() {}

    static void print(Datagrams.Task task) {
        Rows rows = new Rows(
                "1 KiB",
                Arrays.stream(Datagrams.Contender.values())
                        .map(Datagrams.Contender::label)
                        .toList());
        Row row = new Row(task.name().toLowerCase(Locale.ROOT));
        for (Datagrams.Contender contender : Datagrams.Contender.values()) {
            row.add(contender.label(), () -> new Datagrams(task, contender));
        }
        rows.add(row);
        rows.run(2400, Long.MAX_VALUE, 41, 30);
        String ours = Datagrams.Contender.CONTEXT.label();
        String limit = Datagrams.Contender.JCA.label();
        rows.printSpeed("Speed of NTLM datagrams (JCA alone = 1)", ours, limit);
        rows.printAllocation("Bytes allocated for each datagram", ours, limit, Table::count);
    }
}
