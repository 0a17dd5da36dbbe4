package org.jsspi.conformance.bench;

import java.util.List;
import java.util.Map;

/** Handshakes by one group, with their public-key operations alone as the limit. */
final class HandshakeTables {
    /**
     * CPU time in milliseconds that a contender is warmed for: thousands of handshakes, since each runs most of its code once.
     * What the rows have in common all of them warm.
     */
    private static final long WARMING = 6000;

    private static final long WARMING_OF_A_ROW = 500;

    /** So many handshakes are enough, which those in native code have soon done. */
    private static final int WARM = 8000;

    private final Group group = Group.pinned();
    private final List<Contender> contenders;
    private final Rows rows;

    private HandshakeTables(List<Contender> contenders, List<HandshakeCase> cases) {
        this.contenders = contenders;
        this.rows = new Rows(
                group.toString(),
                Rows.columns(contenders, Primitives.Source.CHOSEN.label(), Primitives.Source.JCA.label()));
        cases.forEach(this::add);
    }

    /** The handshakes that are of interest with the group of this JVM. */
    static void print() throws Exception {
        HandshakeTables tables = new HandshakeTables(List.of(Contender.values()), HandshakeCase.of(Group.pinned()));
        Map<String, SymmetricPrimitives.Bytes> symmetric = SymmetricPrimitives.bytes(tables.group);
        tables.measure();
        tables.printSpeed("");
        tables.printAllocation(symmetric);
    }

    /** Those that sign, in a JVM where JSSPI signs by JCA. */
    static void printSigner() throws Exception {
        HandshakeTables tables = new HandshakeTables(
                List.of(Contender.SUNJSSE, Contender.JSSPI), List.of(HandshakeCase.full(), HandshakeCase.mutual()));
        tables.measure();
        tables.printSpeed(", " + Contender.JSSPI.label() + " signs by JCA");
    }

    /** One full handshake: what counts where another JCA provider comes first. The first contender is 1. */
    static void printFull(List<Contender> contenders) throws Exception {
        HandshakeTables tables = new HandshakeTables(contenders, List.of(HandshakeCase.full()));
        tables.measure();
        tables.printSpeed("");
    }

    private void add(HandshakeCase handshake) {
        Row row = new Row(handshake.label());
        for (Contender contender : contenders) {
            row.add(contender.label(), () -> handshake.work(contender));
        }
        for (Primitives.Source source : Primitives.Source.values()) {
            row.addLimit(source.label(), () -> handshake.primitives(source));
        }
        rows.add(row);
    }

    private void measure() {
        rows.run(WARMING + rows.size() * WARMING_OF_A_ROW, WARM, 11, 50);
    }

    private void printSpeed(String how) {
        rows.printSpeed(
                "Speed of handshakes, both sides, " + group + how + " ("
                        + contenders.get(0).label() + " = 1)",
                Contender.JSSPI.label(),
                Primitives.Source.CHOSEN.label());
    }

    private void printAllocation(Map<String, SymmetricPrimitives.Bytes> symmetric) {
        rows.printAllocation(
                "KiB allocated for each handshake, both sides, " + group,
                Contender.JSSPI.label(),
                Primitives.Source.CHOSEN.label(),
                symmetric,
                "symmetric primitives",
                Table::kibibytes);
    }
}
