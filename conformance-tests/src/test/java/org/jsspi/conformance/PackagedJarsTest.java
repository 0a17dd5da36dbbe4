package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the finished jars hold. */
@Tag("packaged")
class PackagedJarsTest {
    private static final String NAME = "org.jsspi.provider.JsspiProvider";

    static Stream<Path> jars() {
        return Stream.of(Reactor.spiJar(), Reactor.providerJar(), Reactor.toolJar());
    }

    @ParameterizedTest
    @MethodSource("jars")
    void noExpressionOfATemplateIsLeft(Path jar) throws IOException {
        for (String name : entries(jar)) {
            if (name.startsWith("META-INF/") && !name.endsWith("/")) {
                assertFalse(Jars.text(jar, name).contains("${"), () -> jar.getFileName() + ": " + name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("jars")
    void theManifestNamesProductAndVersion(Path jar) throws IOException {
        Attributes manifest = manifest(jar);
        assertTrue(manifest.getValue(Attributes.Name.IMPLEMENTATION_TITLE).startsWith("Jsspi"));
        assertEquals(Reactor.version(), manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void noJarIsMultiReleaseOrAnAutomaticModule(Path jar) throws IOException {
        Attributes manifest = manifest(jar);
        assertNull(manifest.getValue("Multi-Release"));
        assertNull(manifest.getValue("Automatic-Module-Name"));
        assertFalse(entries(jar).stream().anyMatch(name -> name.startsWith("META-INF/versions/")));
    }

    @ParameterizedTest
    @MethodSource("jars")
    void everyClassRunsOnJava17(Path jar) throws IOException {
        List<String> classes =
                entries(jar).stream().filter(name -> name.endsWith(".class")).toList();
        assertFalse(classes.isEmpty());
        for (String name : classes) {
            byte[] bytes = Jars.bytes(jar, name);
            assertEquals(61, (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF, name);
        }
    }

    @Test
    void servicesFileAndModuleProvideTheSameOneClass() throws IOException {
        String services = Jars.text(Reactor.providerJar(), "META-INF/services/java.security.Provider");
        ModuleDescriptor module = module(Reactor.providerJar());

        assertEquals(List.of(NAME), services.lines().toList());
        assertEquals(1, module.provides().size());
        Provides provides = module.provides().iterator().next();
        assertEquals("java.security.Provider", provides.service());
        assertEquals(List.of(NAME), provides.providers());
        assertEquals(NAME, JsspiProvider.class.getName());
    }

    @Test
    void theModulesAreNamedAsPromised() throws IOException {
        assertEquals("org.jsspi.spi", module(Reactor.spiJar()).name());
        assertEquals("org.jsspi.provider", module(Reactor.providerJar()).name());
    }

    @Test
    void theProviderSaysWhatItsPropertiesSay() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Jars.text(Reactor.providerJar(), "META-INF/provider.properties")));
        JsspiProvider provider = new JsspiProvider();

        assertEquals("JSSPI", provider.getName());
        assertEquals("JSSPI", properties.getProperty("org.jsspi.provider.name"));
        assertEquals(Reactor.version(), provider.getVersionStr());
        assertEquals(Reactor.version(), properties.getProperty("org.jsspi.provider.version"));
        assertEquals(provider.getInfo(), properties.getProperty("org.jsspi.provider.info"));
    }

    @Test
    void theSecurityFileCountsWithoutAGap() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(Jars.text(Reactor.providerJar(), "META-INF/java.security")));

        assertEquals("JSSPI", properties.getProperty("security.provider.1"));
        for (int number = 1; number <= properties.size(); number++) {
            assertTrue(properties.containsKey("security.provider." + number), "security.provider." + number);
        }
    }

    @Test
    void theToolRunsFromItsJar() throws Exception {
        ForkedJvm.Result version = tool("--version").orThrow();
        assertEquals(List.of("JSSPI " + Reactor.version()), version.lines());
        assertEquals("", version.err());
        assertEquals(0, tool("packages").exitCode());
    }

    @Test
    void aCommandThatDoesNotExistIsExitCode2() throws Exception {
        ForkedJvm.Result result = tool("packagse");
        assertEquals(2, result.exitCode());
        assertTrue(result.err().contains("packages"), result::err);
    }

    private static ForkedJvm.Result tool(String argument) throws Exception {
        return new ForkedJvm().classPath(Reactor.toolJar()).run("org.jsspi.conformance.cli.Jsspi", argument);
    }

    private static ModuleDescriptor module(Path jar) throws IOException {
        return ModuleDescriptor.read(new ByteArrayInputStream(Jars.bytes(jar, "module-info.class")));
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList();
        }
    }
}
