package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;

/**
 * Records where Conscrypt is the first provider of JCA, so that its native ciphers protect them. The choice of a provider is kept for
 * the life of a JVM: the work is done by {@link ConscryptRecordsProbe} in one of its own.
 */
class ConscryptFirstTest {
    private static ForkedJvm.Result records(String... arguments) throws Exception {
        String platform =
                (System.getProperty("os.name") + "-" + System.getProperty("os.arch")).toLowerCase(Locale.ROOT);
        boolean available = Conscrypt.isAvailable();
        assertTrue(available || !platform.equals("linux-amd64"), "Conscrypt's library does not load on " + platform);
        assumeTrue(available, "Conscrypt has no native library for " + platform);
        Path conscrypt = Path.of(Conscrypt.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new ForkedJvm()
                .classPath(
                        Reactor.testClasses(),
                        Reactor.providerClasses(),
                        Reactor.spiClasses(),
                        Reactor.bcprovJar(),
                        conscrypt)
                .run(ConscryptRecordsProbe.class.getName(), arguments)
                .orThrow();
    }

    @Test
    void recordsAreThoseOfTheStandardInEveryKindOfMemory() throws Exception {
        assertEquals(
                List.of(
                        "TLS13 AES_128_GCM by Conscrypt",
                        "TLS13 AES_256_GCM by Conscrypt",
                        "TLS13 CHACHA20_POLY1305 by Conscrypt",
                        "TLS12 AES_128_GCM by Conscrypt",
                        "TLS12 AES_256_GCM by Conscrypt",
                        "TLS12 CHACHA20_POLY1305 by Conscrypt"),
                records("records").lines());
    }

    @Test
    void everySuiteCarriesDataThroughEveryKindOfBufferBothWays() throws Exception {
        assertEquals(
                List.of(
                        "TLSv1.3 TLS_AES_128_GCM_SHA256",
                        "TLSv1.3 TLS_AES_256_GCM_SHA384",
                        "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256",
                        "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                        "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                        "TLSv1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
                records("engines").lines());
    }
}
