package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What records and handshakes may allocate beyond the primitives under them. Not timed and not estimated: the probes run in a
 * JVM of their own without escape analysis, where every object that the code asks for is one, whatever is compiled when.
 */
class AllocationBudgetTest {
    /** Bytes for a record beyond the Cipher's own with its nonce and parameter objects: the SSLEngineResult, and little else. */
    private static final long RECORD = 64;

    /** KiB for a handshake, both sides together, beyond key exchange and signatures: the more of JDK 17's and 25's, and 1. */
    private static final Map<String, Long> HANDSHAKE = new TreeMap<>(
            Map.of("TLSv1.3 full", 70L, "TLSv1.3 resumed", 62L, "TLSv1.2 full", 59L, "TLSv1.2 resumed", 37L));

    private static final Pattern LINE =
            Pattern.compile("(.+): (?:engine|both sides) (\\d+), (?:cipher|primitives) (\\d+)");

    private static Map<String, Long> beyondPrimitives(Class<?> probe) throws Exception {
        ForkedJvm.Result result = new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerClasses(), Reactor.spiClasses(), Reactor.bcprovJar())
                // The client compiler knows no escape analysis.
                .options("-XX:TieredStopAtLevel=1")
                // One share, x25519; TLS 1.2 wants the curve of the certificate among the groups (RFC 8422 5.1).
                .property("jdk.tls.namedGroups", "x25519,secp256r1")
                // Whoever serves a JVM that has run for a while, from the first handshake on.
                .property("org.jsspi.provider.X25519", "bcprov")
                .property("org.jsspi.provider.SHA256withECDSA", "bcprov")
                .run(probe.getName())
                .orThrow();
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : result.lines()) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            bytes.put(matcher.group(1), Long.parseLong(matcher.group(2)) - Long.parseLong(matcher.group(3)));
        }
        return bytes;
    }

    @Test
    void aRecordAllocatesItsResultAndLittleElse() throws Exception {
        Map<String, Long> bytes = beyondPrimitives(RecordAllocationProbe.class);

        // Two versions, three sizes, heap and direct, by itself and in an array of one, wrap and unwrap.
        assertEquals(48, bytes.size(), bytes::toString);
        List<String> over = new ArrayList<>();
        bytes.forEach((record, beyond) -> {
            if (beyond > RECORD) {
                over.add(record + ": " + beyond + " bytes");
            }
            assertEquals(bytes.get(record.replace(" in an array", "")), beyond, record);
        });
        assertEquals(List.of(), over, "over " + RECORD + " bytes beyond the Cipher's");
    }

    @Test
    void aHandshakeStaysWithinItsBudget() throws Exception {
        Map<String, Long> bytes = beyondPrimitives(HandshakeAllocationProbe.class);

        assertEquals(HANDSHAKE.keySet(), bytes.keySet());
        List<String> over = new ArrayList<>();
        HANDSHAKE.forEach((handshake, budget) -> {
            if (bytes.get(handshake) > budget * 1024) {
                over.add(handshake + ": " + bytes.get(handshake) + " bytes, over " + budget + " KiB");
            }
        });
        assertEquals(List.of(), over, () -> "of " + bytes);
    }
}
