package org.jsspi.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the compiled packages to the table of allowed edges, as jdeps sees them. */
class ArchitectureTest {
    private static final String PROVIDER = "org.jsspi.provider";

    /**
     * Who may use whom. A row for a package that is not written yet is fine; a package without a row is not. Every package
     * may also use the java. and javax. packages of java.base.
     */
    private static final String TABLE = """
            org.jsspi                         ->
            org.jsspi.spec                    -> org.jsspi
            org.jsspi.jca                     -> org.jsspi org.jsspi.spec
            org.jsspi.jsse                    -> org.jsspi
            org.jsspi.provider.wire           -> org.jsspi
            org.jsspi.provider.crypto         -> org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.tls.message    -> org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.tls.record     -> org.jsspi.provider.tls.message org.jsspi.provider.crypto \
                                                 org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.tls.handshake  -> org.jsspi.provider.tls.message org.jsspi.provider.crypto \
                                                 org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.tls            -> org.jsspi.provider.tls.handshake org.jsspi.provider.tls.record \
                                                 org.jsspi.provider.tls.message org.jsspi.provider.crypto \
                                                 org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.ntlm           -> org.jsspi.provider.crypto org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.kerberos       -> org.jsspi.provider.crypto org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.negotiate      -> org.jsspi.provider.wire org.jsspi
            org.jsspi.provider.sasl           -> org.jsspi
            """;

    private static final Map<String, Set<String>> ALLOWED = allowed();

    /** {@code   org.jsspi.jsse     -> java.nio     java.base}; where there is no module, the last word is an archive. */
    private static final Pattern EDGE = Pattern.compile("\\s+(\\S+)\\s+->\\s+(\\S+)\\s+(\\S.*?)\\s*");

    private record Edge(String from, String to, String home) {}

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() {
        List<Edge> edges = edges(Reactor.spiClasses(), Reactor.providerClasses());
        assertEquals(
                packages(Reactor.spiClasses(), Reactor.providerClasses()),
                edges.stream().map(Edge::from).collect(Collectors.toCollection(TreeSet::new)),
                "jdeps has seen every package that there is");
        assertEquals(List.of(), violations(edges));
    }

    @Test
    void theSpiModuleRequiresNothingButTheJdk() throws IOException {
        for (Requires requires : descriptor(Reactor.spiClasses()).requires()) {
            assertTrue(
                    requires.name().equals("java.base")
                            || requires.name().equals("jdk.jfr")
                                    && requires.modifiers().contains(Requires.Modifier.STATIC),
                    () -> "org.jsspi.spi requires " + requires);
        }
    }

    @Test
    void theProviderModuleRequiresTheSpiAndBouncyCastleOnly() throws IOException {
        Set<String> allowed = Set.of("java.base", "org.jsspi.spi", "org.bouncycastle.provider", "java.security.sasl");
        for (Requires requires : descriptor(Reactor.providerClasses()).requires()) {
            assertTrue(allowed.contains(requires.name()), () -> "org.jsspi.provider requires " + requires);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.jsspi,                        org.jsspi.jsse,                     org.jsspi.spi,             false",
        "org.jsspi.jsse,                   org.jsspi,                          org.jsspi.spi,             true",
        "org.jsspi.jsse,                   org.jsspi.provider.tls,             org.jsspi.provider,        false",
        "org.jsspi.jsse,                   jdk.jfr,                            jdk.jfr,                   true",
        "org.jsspi.jsse,                   javax.net.ssl,                      java.base,                 true",
        "org.jsspi.jsse,                   java.util.logging,                  java.logging,              false",
        "org.jsspi.jsse,                   javax.naming,                       java.naming,               false",
        "org.jsspi.jsse,                   sun.security.x509,                  JDK internal API (java.base), false",
        "org.jsspi.jsse,                   org.bouncycastle.crypto,            org.bouncycastle.provider, false",
        "org.jsspi.nobody,                 java.lang,                          java.base,                 false",
        "org.jsspi.provider.crypto,        org.bouncycastle.crypto,            org.bouncycastle.provider, true",
        "org.jsspi.provider.tls,           org.bouncycastle.crypto,            org.bouncycastle.provider, false",
        "org.jsspi.provider,               org.bouncycastle.crypto,            org.bouncycastle.provider, false",
        "org.jsspi.provider.tls.handshake, org.jsspi.provider.tls.record,      org.jsspi.provider,        false",
        "org.jsspi.provider.tls.record,    org.jsspi.provider.tls.message,     org.jsspi.provider,        true",
        "org.jsspi.provider.negotiate,     org.jsspi.provider.ntlm,            org.jsspi.provider,        false",
        "org.jsspi.provider.sasl,          javax.security.sasl,                java.security.sasl,        true",
        "org.jsspi.provider.ntlm,          javax.security.sasl,                java.security.sasl,        false",
        "org.jsspi.provider.tls,           jdk.jfr,                            jdk.jfr,                   false",
        "org.jsspi.provider,               org.jsspi.provider.negotiate,       org.jsspi.provider,        true",
        "org.jsspi.provider,               org.jsspi.jca,                      org.jsspi.spi,             true",
    })
    void theTableIsReadAsItIsMeant(String from, String to, String home, boolean allowed) {
        assertEquals(allowed, violations(List.of(new Edge(from, to, home))).isEmpty());
    }

    @Test
    void anEdgeInsideOneArchiveIsSeen(@TempDir Path directory) throws IOException {
        Path wire = source(
                directory,
                "org/jsspi/provider/wire/Reader.java",
                "package org.jsspi.provider.wire; public class Reader { org.jsspi.provider.crypto.Key key; }");
        Path crypto = source(
                directory,
                "org/jsspi/provider/crypto/Key.java",
                "package org.jsspi.provider.crypto; public class Key {}");
        Path classes = directory.resolve("classes");
        run("javac", "-d", classes.toString(), wire.toString(), crypto.toString());

        List<String> violations = violations(edges(classes));

        assertEquals(1, violations.size(), violations::toString);
        assertTrue(
                violations.get(0).startsWith("org.jsspi.provider.wire -> org.jsspi.provider.crypto"),
                violations::toString);
    }

    private static List<String> violations(List<Edge> edges) {
        List<String> violations = new ArrayList<>();
        for (Edge edge : edges) {
            if (!ALLOWED.containsKey(edge.from)) {
                violations.add(edge.from + " is not in the table");
            } else if (!isAllowed(edge)) {
                violations.add(edge.from + " -> " + edge.to + " (" + edge.home + ")");
            }
        }
        return violations;
    }

    private static boolean isAllowed(Edge edge) {
        String to = edge.to;
        if (ALLOWED.containsKey(to)) {
            return ALLOWED.get(edge.from).contains(to);
        }
        if (to.startsWith("org.bouncycastle.")) {
            return edge.from.equals(PROVIDER + ".crypto");
        }
        return switch (edge.home) {
            case "java.base" -> to.startsWith("java.") || to.startsWith("javax.");
            case "java.security.sasl" -> edge.from.equals(PROVIDER + ".sasl");
            case "jdk.jfr" -> !(edge.from + ".").startsWith(PROVIDER + ".");
            default -> false;
        };
    }

    private static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        TABLE.lines().forEach(row -> {
            String[] sides = row.split("->", 2);
            Set<String> targets = new HashSet<>(List.of(sides[1].strip().split("\\s+")));
            table.put(sides[0].strip(), targets);
        });
        // The provider knows both sides: all of the above.
        table.put(PROVIDER, Set.copyOf(table.keySet()));
        return table;
    }

    private static List<Edge> edges(Path... classes) {
        List<String> arguments = new ArrayList<>(List.of("-verbose:package", "--multi-release", "17"));
        arguments.addAll(List.of("--module-path", Reactor.bcprovJar().toString()));
        for (Path directory : classes) {
            arguments.add(directory.toString());
        }
        List<Edge> edges = new ArrayList<>();
        for (String line :
                run("jdeps", arguments.toArray(String[]::new)).lines().toList()) {
            Matcher edge = EDGE.matcher(line);
            if (edge.matches()) {
                // jdeps does not look for what a module requires statically, and this is such a one.
                boolean flightRecorder =
                        edge.group(2).equals("jdk.jfr") && edge.group(3).equals("not found");
                edges.add(new Edge(edge.group(1), edge.group(2), flightRecorder ? "jdk.jfr" : edge.group(3)));
            }
        }
        return edges;
    }

    private static Set<String> packages(Path... directories) {
        Set<String> packages = new TreeSet<>();
        for (Path directory : directories) {
            try (var files = Files.walk(directory)) {
                files.map(directory::relativize)
                        .filter(file ->
                                file.getNameCount() > 1 && file.toString().endsWith(".class"))
                        .filter(file -> !file.endsWith("package-info.class"))
                        .forEach(file -> packages.add(file.getParent()
                                .toString()
                                .replace(file.getFileSystem().getSeparator(), ".")));
            } catch (IOException e) {
                throw new IllegalStateException("cannot list " + directory, e);
            }
        }
        return packages;
    }

    private static ModuleDescriptor descriptor(Path classes) throws IOException {
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static Path source(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String run(String tool, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = ToolProvider.findFirst(tool)
                .orElseThrow(() -> new IllegalStateException(tool + " is not there: the tests need a JDK"))
                .run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        assertEquals(0, code, () -> tool + " failed: " + out + err);
        return out.toString();
    }
}
