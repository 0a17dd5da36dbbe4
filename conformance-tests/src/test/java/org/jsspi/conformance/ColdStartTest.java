package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first handshake of a JVM loads: not the time is looked at, which a busy machine tells wrong, but the classes. */
class ColdStartTest {
    private static final Map<String, String> ONE_SHARE = Map.of("jdk.tls.namedGroups", "x25519,secp256r1");
    private static final String BCPROV = "org.bouncycastle.";
    private static final String CURVES = "org.bouncycastle.math.ec.";

    /** Of Jsspi's own, on any JDK. */
    private static final int MOST_CLASSES = 257;

    /** Lambdas and references to methods, for each of which the JVM makes a class when it comes to it first. */
    private static final int MOST_FUNCTIONS = 17;

    /** {@code [0.123s][info][class,load] java.lang.Object source: ...} */
    private static final Pattern LOADED = Pattern.compile("\\[class,load *\\] (\\S+) source: ");

    @TempDir
    private Path directory;

    private List<String> loaded(int handshakes, Map<String, String> properties) throws Exception {
        Path log = directory.resolve("classes");
        ForkedJvm jvm = new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerClasses(), Reactor.spiClasses(), Reactor.bcprovJar())
                .options("-Xlog:class+load:file=" + log);
        properties.forEach(jvm::property);
        if (handshakes == 1) {
            jvm.run(ColdStartProbe.class.getName(), "1", "no more").orThrow();
        } else {
            jvm.run(ColdStartProbe.class.getName(), String.valueOf(handshakes)).orThrow();
        }
        List<String> classes = LOADED.matcher(Files.readString(log))
                .results()
                .map(line -> line.group(1))
                .toList();
        assertTrue(classes.contains("org.jsspi.jsse.JsseEngine"), "the log is read");
        return classes;
    }

    private static List<String> of(List<String> classes, String prefix) {
        return classes.stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Test
    void theFirstHandshakeDoesWithoutBcprovTheFlightRecorderAndEqualityOfRecords() throws Exception {
        List<String> classes = loaded(1, ONE_SHARE);
        assertEquals(List.of(), of(classes, BCPROV));
        assertFalse(
                classes.contains("org.jsspi.jsse.HandshakeEvent"),
                "a type of event, which makes the recorder load itself");
        assertFalse(
                classes.contains("java.lang.runtime.ObjectMethods"),
                "a record that is compared by the equality that it gets by itself");
    }

    /** Each takes half a millisecond or more, and it is the sum that makes a first handshake slow. More of them want a reason. */
    @Test
    void theFirstHandshakeLoadsNoMoreClassesThanItDid() throws Exception {
        List<String> ours = of(loaded(1, ONE_SHARE), "org.jsspi.").stream()
                .filter(name -> !name.startsWith("org.jsspi.conformance."))
                .toList();
        List<String> functions =
                ours.stream().filter(name -> name.contains("$$Lambda")).toList();
        assertTrue(functions.size() <= MOST_FUNCTIONS, () -> functions.size() + " functions: " + functions);
        int classes = ours.size() - functions.size();
        assertTrue(classes <= MOST_CLASSES, () -> classes + " classes: " + ours);
    }

    @Test
    void registrationLoadsNothingThatAServiceIsMadeOf() throws Exception {
        Path log = directory.resolve("classes");
        new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerClasses(), Reactor.spiClasses(), Reactor.bcprovJar())
                .options("-Xlog:class+load:file=" + log)
                .run(ColdStartProbe.Registration.class.getName())
                .orThrow();
        List<String> classes = LOADED.matcher(Files.readString(log))
                .results()
                .map(line -> line.group(1))
                .filter(name -> name.startsWith("org.jsspi."))
                .toList();
        assertTrue(classes.contains("org.jsspi.provider.JsspiProvider"), "the log is read");
        assertEquals(
                List.of(),
                classes.stream()
                        .filter(name -> name.startsWith("org.jsspi.jsse.")
                                || name.matches("org\\.jsspi\\.provider\\..*(Credential|Context|Factory)")
                                || name.matches("org\\.jsspi\\.jca\\..*(Spi|Parameters)"))
                        .toList());
    }

    @Test
    void byDefaultItIsMlKemAloneThatNeedsBcprovWhereTheJdkHasNone() throws Exception {
        List<String> classes = loaded(1, Map.of());
        assertEquals(List.of(), of(classes, CURVES));
        assertEquals(Runtime.version().feature() >= 24, of(classes, BCPROV).isEmpty(), classes::toString);
    }

    @Test
    void afterManyHandshakesBcprovServes() throws Exception {
        List<String> classes = loaded(80, ONE_SHARE);
        assertTrue(classes.contains(CURVES + "rfc7748.X25519"), "X25519");
        // The keys that bcprov has verified with, which nobody loads in advance.
        assertTrue(classes.contains("org.jsspi.provider.crypto.VerifyingKeys$EcName"), "ECDSA");
    }

    @Test
    void withoutBcprovSunEcServesOn() throws Exception {
        ForkedJvm.Result result = new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerClasses(), Reactor.spiClasses())
                .property("jdk.tls.namedGroups", "x25519,secp256r1")
                .run(ColdStartProbe.class.getName(), "80")
                .orThrow();
        assertTrue(result.err().contains("bcprov does not work here, SunEC serves in its place"), result.err());
    }

    @Test
    void whoAsksForBcprovHasItFromTheFirstHandshakeOn() throws Exception {
        List<String> x25519 =
                loaded(1, Map.of("jdk.tls.namedGroups", "x25519,secp256r1", "org.jsspi.provider.X25519", "bcprov"));
        assertTrue(x25519.contains(CURVES + "rfc7748.X25519"));
        assertFalse(x25519.contains("org.bouncycastle.crypto.signers.ECDSASigner"));
        List<String> ecdsa = loaded(
                1, Map.of("jdk.tls.namedGroups", "x25519,secp256r1", "org.jsspi.provider.SHA256withECDSA", "bcprov"));
        assertFalse(ecdsa.contains(CURVES + "rfc7748.X25519"));
        assertTrue(ecdsa.contains("org.bouncycastle.crypto.signers.ECDSASigner"));
    }
}
