package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A budget of memory, of counted bytes: a connection at rest holds keys and counters. */
class IdleHeapTest {
    /** Bytes of a pair of engines that have exchanged messages, by version: what JDK 17 or 25 takes, and 64. */
    private static final Map<String, Long> BUDGET = Map.of("TLSv1.3", 3880L, "TLSv1.2", 3570L);

    @Test
    void aPairAtRestStaysWithinItsBudget() throws Exception {
        ForkedJvm.Result result = new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerClasses(), Reactor.spiClasses(), Reactor.bcprovJar())
                .property("jdk.tls.namedGroups", "x25519,secp256r1")
                .run(IdleHeapProbe.class.getName())
                .orThrow();
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : result.lines()) {
            String[] words = line.split(": ");
            bytes.put(words[0], Long.parseLong(words[1]));
        }
        assertEquals(BUDGET.keySet(), bytes.keySet());
        BUDGET.forEach((version, budget) -> assertTrue(
                bytes.get(version) <= budget, version + ": " + bytes.get(version) + " bytes, over " + budget));
    }
}
