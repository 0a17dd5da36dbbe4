package org.jsspi.conformance.bench;

import java.util.List;
import org.jsspi.conformance.bench.HandshakeWork.Kind;

/** Handshakes by one group, with their public-key operations alone as the limit. */
final class HandshakeTables {
    private static final List<Contender> ALL = List.of(Contender.values());

    private final Group group = Group.pinned();
    private final List<Contender> contenders;
    private final Identity p256;
    private final Rows rows;

    private HandshakeTables(List<Contender> contenders) throws Exception {
        this.contenders = contenders;
        this.p256 = Identity.p256();
        this.rows = new Rows(
                group.toString(),
                Rows.columns(contenders, Primitives.Source.CHOSEN.label(), Primitives.Source.JCA.label()));
    }

    /** CPU time that a contender is warmed for: thousands of handshakes, since each runs most of its code once. */
    private static final long WARMING = 8000;

    /** The handshakes that are of interest with the group of this JVM. */
    static void print() throws Exception {
        HandshakeTables tables = new HandshakeTables(ALL);
        tables.add("full, P-256 certificate", Protocol.TLS13, tables.p256, Kind.FULL);
        switch (tables.group) {
            case X25519 -> {
                tables.add("mutual, P-256 certificates", Protocol.TLS13, tables.p256, Kind.MUTUAL);
                tables.add("full, RSA-2048 certificate", Protocol.TLS13, Identity.rsa2048(), Kind.FULL);
                tables.add("resumed", Protocol.TLS13, tables.p256, Kind.RESUMED);
            }
            case SECP256R1 -> {
                // With the group of the certificate, which a client of TLS 1.2 has to name for it (RFC 8422 5.1).
                tables.add("full, P-256 certificate, TLS 1.2", Protocol.TLS12, tables.p256, Kind.FULL);
                tables.add("resumed by ticket, TLS 1.2", Protocol.TLS12, tables.p256, Kind.RESUMED);
            }
            case X25519MLKEM768 -> {
                // one row
            }
        }
        tables.measure("");
    }

    /** Those that sign, in a JVM where JSSPI signs by JCA. */
    static void printSigner() throws Exception {
        HandshakeTables tables = new HandshakeTables(ALL);
        tables.add("full, P-256 certificate", Protocol.TLS13, tables.p256, Kind.FULL);
        tables.add("mutual, P-256 certificates", Protocol.TLS13, tables.p256, Kind.MUTUAL);
        tables.measure(", " + Contender.JSSPI.label() + " signs by JCA");
    }

    /** One full handshake: what counts where another JCA provider comes first. The first contender is 1. */
    static void printFull(List<Contender> contenders) throws Exception {
        HandshakeTables tables = new HandshakeTables(contenders);
        tables.add("full, P-256 certificate", Protocol.TLS13, tables.p256, Kind.FULL);
        tables.measure("");
    }

    private void add(String label, Protocol protocol, Identity identity, Kind kind) {
        Row row = new Row(label);
        for (Contender contender : contenders) {
            row.add(contender.label(), () -> new HandshakeWork(contender, protocol, identity, kind));
        }
        int signatures =
                switch (kind) {
                    case FULL -> 1;
                    case MUTUAL -> 2;
                    case RESUMED -> 0;
                };
        for (Primitives.Source source : Primitives.Source.values()) {
            row.addLimit(source.label(), () -> {
                if (protocol == Protocol.TLS12 && kind == Kind.RESUMED) {
                    throw new IllegalArgumentException("there are none");
                }
                return new Primitives(source, group, identity, signatures);
            });
        }
        rows.add(row);
    }

    private void measure(String how) {
        rows.run(WARMING, 11, 50);
        String ours = Contender.JSSPI.label();
        String limit = Primitives.Source.CHOSEN.label();
        rows.printSpeed(
                "Speed of handshakes, both sides, " + group + how + " ("
                        + contenders.get(0).label() + " = 1)",
                ours,
                limit);
        rows.printAllocation(
                "KiB allocated for each handshake, both sides, " + group + how, ours, limit, Table::kibibytes);
    }
}
