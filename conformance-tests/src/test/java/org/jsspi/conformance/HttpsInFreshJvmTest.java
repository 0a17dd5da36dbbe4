package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's own HTTPS clients and server on our engine, where a java.security file alone has chosen it. */
@Tag("packaged")
class HttpsInFreshJvmTest {
    @TempDir
    private Path directory;

    @Test
    void everyHttpsOfTheJdkRunsOnOurEngineByRegistrationAlone() throws Exception {
        Path overlay = Files.writeString(directory.resolve("java.security"), SecurityOverlay.forThisJvm());
        Path keys = store("keys.p12", TestPki.server(KeyKind.EC_P256).keyStore());
        Path roots = store("roots.p12", TestPki.roots());

        ForkedJvm.Result result = new ForkedJvm()
                .classPath(Reactor.testClasses(), Reactor.providerJar(), Reactor.spiJar(), Reactor.bcprovJar())
                .property("java.security.properties", overlay.toString())
                .property("javax.net.ssl.keyStore", keys.toString())
                .property("javax.net.ssl.keyStorePassword", new String(TestPki.PASSWORD))
                .property("javax.net.ssl.trustStore", roots.toString())
                .property("javax.net.ssl.trustStorePassword", new String(TestPki.PASSWORD))
                .property("java.net.useSystemProxies", "false")
                .run(HttpsProbe.class.getName())
                .orThrow();

        assertEquals(
                List.of(
                        "first provider JSSPI",
                        "default JSSPI",
                        "TLS JSSPI",
                        "engine org.jsspi.jsse.JsseEngine",
                        "socket org.jsspi.jsse.JsseSocket",
                        "HttpClient HTTP_1_1 TLSv1.3 true",
                        "POST true",
                        "HttpsURLConnection true true",
                        "HttpClient HTTP_2 ok"),
                result.lines(),
                result.err());
    }

    private Path store(String name, KeyStore store) throws Exception {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, TestPki.PASSWORD);
        }
        return file;
    }
}
