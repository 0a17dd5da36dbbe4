package org.jsspi.conformance;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Where the build has put what the tests look at. The jars are there for tests tagged {@code packaged} only. */
final class Reactor {
    private Reactor() {}

    static Path spiClasses() {
        return property("jsspi.spi.classes");
    }

    static Path providerClasses() {
        return property("jsspi.provider.classes");
    }

    static Path spiJar() {
        return property("jsspi.spi.jar");
    }

    static Path providerJar() {
        return property("jsspi.provider.jar");
    }

    static Path toolJar() {
        return property("jsspi.tool.jar");
    }

    static Path bcprovJar() {
        return origin(BouncyCastleProvider.class);
    }

    static Path testClasses() {
        return origin(Reactor.class);
    }

    static String version() {
        return System.getProperty("jsspi.version");
    }

    private static Path property(String name) {
        String value = System.getProperty(name);
        if (value == null || !Files.exists(Path.of(value))) {
            throw new IllegalStateException(name + " = " + value + " does not exist: run these tests by mvn verify");
        }
        return Path.of(value);
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " does not come from a file", e);
        }
    }
}
