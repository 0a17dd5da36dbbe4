package org.jsspi.provider.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every input of the corpora is read again in every build, also each of its beginnings. */
class SeedCorpusTest {
    /** More targets than these may be there; a target that is gone has to leave this list. */
    private static final Set<String> TARGETS = Set.of(
            "CompressedCertificateFuzzTarget",
            "DelegatedCredentialFuzzTarget",
            "DerFuzzTarget",
            "ExtensionsFuzzTarget",
            "HandshakeFuzzTarget",
            "HandshakeMessageFuzzTarget",
            "ImportedIdentityFuzzTarget",
            "KeyShareFuzzTarget",
            "NtlmExchangeFuzzTarget",
            "NtlmMessageFuzzTarget",
            "OcspFuzzTarget",
            "SessionStateFuzzTarget",
            "TicketFuzzTarget",
            "TlsRecordFuzzTarget");

    /** Where an input has more bytes, only some of its beginnings are tried. */
    private static final int BEGINNINGS = 64;

    static List<Class<?>> targets() {
        return SeedCorpus.targets();
    }

    @Test
    void noTargetIsMissing() {
        Set<String> found = targets().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
        found.retainAll(TARGETS);
        assertEquals(new TreeSet<>(TARGETS), found);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void everyInputIsReadWithoutHarm(Class<?> target) throws Exception {
        Method method = target.getMethod("fuzzerTestOneInput", byte[].class);
        Map<String, byte[]> seeds = SeedCorpus.of(target);
        assertFalse(seeds.isEmpty());
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            byte[] whole = seed.getValue();
            int step = 1 + whole.length / BEGINNINGS;
            for (int length = whole.length; length >= 0; length -= step) {
                byte[] input = Arrays.copyOf(whole, length);
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20), () -> method.invoke(null, (Object) input), seed.getKey());
            }
        }
    }
}
