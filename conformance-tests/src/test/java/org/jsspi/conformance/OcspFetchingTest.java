package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.jsspi.conformance.fixture.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that fetches what it staples: the system properties that users of SunJSSE set, each in a fresh JVM. */
class OcspFetchingTest {
    private static final String SERVER = "jdk.tls.server.enableStatusRequestExtension";
    private static final String CLIENT = "jdk.tls.client.enableStatusRequestExtension";

    private static ForkedJvm jvm() {
        return new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.spiClasses(), Reactor.providerClasses(), Reactor.bcprovJar());
    }

    private static List<String> lines(ForkedJvm jvm, String... arguments) throws Exception {
        return jvm.run(OcspProbe.class.getName(), arguments).orThrow().lines();
    }

    private static List<String> staples(int forOurs, int forSun, int requests) {
        return List.of(
                "OURS TLSv1.3 " + forOurs,
                "OURS TLSv1.2 " + forOurs,
                "SUN TLSv1.3 " + forSun,
                "SUN TLSv1.2 " + forSun,
                "requests " + requests);
    }

    @Test
    void nothingIsFetchedUnlessAskedFor() throws Exception {
        assertEquals(staples(0, 0, 0), lines(jvm(), "named"));
    }

    @Test
    void aResponseIsFetchedOnceFromOpenSslAndStapledForEveryClient(@TempDir Path directory) throws Exception {
        Peer.assumeInstalled("openssl");
        assertEquals(staples(1, 1, 1), lines(jvm().property(SERVER, "true"), "named", directory.toString()));
    }

    @Test
    void theConfiguredResponderOverridesTheNamedOneAndAClientMayNotAsk() throws Exception {
        ForkedJvm jvm = jvm().property(SERVER, "true").property("jdk.tls.stapling.responderOverride", "true");
        assertEquals(staples(1, 1, 1), lines(jvm, "configured"));
        assertEquals(staples(0, 0, 0), lines(jvm.property(CLIENT, "false"), "configured"));
    }
}
