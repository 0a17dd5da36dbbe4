package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to the provider, each in a fresh JVM over the finished jars. */
@Tag("packaged")
class RegistrationTest {
    private static final String PROBE = ForkedProbe.class.getName();
    private static final String NAME = "org.jsspi.provider.JsspiProvider";

    @TempDir
    private Path directory;

    /** Where the jars stand; the caller's code is on the class path in every case. */
    private enum Place {
        CLASS_PATH(null) {
            @Override
            ForkedJvm jvm() {
                return new ForkedJvm()
                        .classPath(Reactor.testClasses())
                        .classPath(Reactor.providerJar(), Reactor.spiJar(), Reactor.bcprovJar());
            }
        },
        MODULE_PATH("org.jsspi.provider") {
            @Override
            ForkedJvm jvm() {
                return UNNAMED_MODULE_PATH.jvm().options("--add-modules=org.jsspi.provider");
            }
        },
        /** Service binding finds the module: java.base uses java.security.Provider. */
        UNNAMED_MODULE_PATH("org.jsspi.provider") {
            @Override
            ForkedJvm jvm() {
                return new ForkedJvm()
                        .classPath(Reactor.testClasses())
                        .modulePath(Reactor.providerJar(), Reactor.spiJar(), Reactor.bcprovJar());
            }
        };

        final String module;

        Place(String module) {
            this.module = module;
        }

        abstract ForkedJvm jvm();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsRegisteredByItself(Place place) throws Exception {
        assertFalse(lines(place.jvm(), "installed").contains("JSSPI"));
    }

    @ParameterizedTest
    @EnumSource
    void addProviderRegisters(Place place) throws Exception {
        assertEquals(List.of("JSSPI"), lines(place.jvm(), "add"));
    }

    @ParameterizedTest
    @EnumSource
    void theServiceLoaderFindsIt(Place place) throws Exception {
        assertEquals(List.of("JSSPI"), lines(place.jvm(), "load"));
    }

    @ParameterizedTest
    @EnumSource
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the packaged file holds the provider list of Linux")
    void thePackagedSecurityFilePutsItFirstAndLosesNobody(Place place) throws Exception {
        ForkedJvm jvm = place.jvm()
                .property("java.security.properties", packagedOverlay().toString());

        assertEquals(jsspiAndThePlatform(), lines(jvm, "installed"));
        assertEquals(describes(place.module), lines(jvm, "origin"));
    }

    @ParameterizedTest
    @EnumSource
    void theGeneratedSecurityFilePutsItFirstAndLosesNobody(Place place) throws Exception {
        String text = new ForkedJvm()
                .classPath(Reactor.toolJar())
                .run(SecurityOverlay.class.getName())
                .orThrow()
                .out();
        Path overlay = Files.writeString(directory.resolve("generated.security"), text);
        ForkedJvm jvm = place.jvm().property("java.security.properties", overlay.toString());

        assertEquals(jsspiAndThePlatform(), lines(jvm, "installed"));
        assertEquals(describes(place.module), lines(jvm, "origin"));
    }

    @ParameterizedTest
    @EnumSource
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the packaged file holds the provider list of Linux")
    void theSecurityFileIsReadOutOfTheJar(Place place) throws Exception {
        String url = "jar:" + Reactor.providerJar().toUri() + "!/META-INF/java.security";
        ForkedJvm jvm = place.jvm().property("java.security.properties", url);

        assertEquals(jsspiAndThePlatform(), lines(jvm, "installed"));
    }

    @Test
    void anotherProvidersPropertiesInFrontOnTheClassPathAreNotMistakenForOurs() throws Exception {
        Path metaInf = Files.createDirectories(directory.resolve("other/META-INF"));
        Files.writeString(metaInf.resolve("provider.properties"), "name=OTHER\nversion=9\n");
        ForkedJvm jvm = new ForkedJvm()
                .classPath(directory.resolve("other"), Reactor.testClasses())
                .classPath(Reactor.providerJar(), Reactor.spiJar(), Reactor.bcprovJar());

        assertEquals(List.of("JSSPI"), lines(jvm, "add"));
    }

    private Path packagedOverlay() throws Exception {
        Path overlay = directory.resolve("java.security");
        return Files.writeString(overlay, Jars.text(Reactor.providerJar(), "META-INF/java.security"));
    }

    private static List<String> jsspiAndThePlatform() throws Exception {
        List<String> names = new ArrayList<>();
        names.add("JSSPI");
        names.addAll(lines(new ForkedJvm().classPath(Reactor.testClasses()), "installed"));
        return names;
    }

    private static List<String> describes(String module) {
        return List.of(NAME, String.valueOf(module), Reactor.version());
    }

    private static List<String> lines(ForkedJvm jvm, String what) throws Exception {
        return jvm.run(PROBE, what).orThrow().lines();
    }
}
