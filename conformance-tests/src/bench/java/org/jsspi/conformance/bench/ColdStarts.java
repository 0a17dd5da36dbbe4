package org.jsspi.conformance.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jsspi.SecurityPackage;
import org.jsspi.conformance.ForkedJvm;
import org.jsspi.conformance.SecurityOverlay;
import org.jsspi.conformance.bench.ColdStart.Registration;
import org.jsspi.provider.JsspiProvider;

/**
 * The first handshake in fresh JVMs with default options, one way of registration after the other, again and again. The jars
 * of the provider are the same three in every JVM, SunJSSE's too, with jsspi-provider before bcprov.
 */
final class ColdStarts {
    private static final int ROUNDS = 9;
    private static final String TITLE = "CPU time of a JVM up to the end of its first handshake";

    /** The columns. */
    private enum Way {
        NO_HANDSHAKE("no handshake", Registration.NO_HANDSHAKE, false),
        SUNJSSE("SunJSSE", Registration.SUNJSSE, false),
        ADDED("JSSPI by addProvider", Registration.ADDED, false),
        NAMED("by name, class path", Registration.NAMED, false),
        NAMED_MODULE("by name, module path", Registration.NAMED, true);

        final String label;
        final Registration registration;
        final boolean modulePath;

        Way(String label, Registration registration, boolean modulePath) {
            this.label = label;
            this.registration = registration;
            this.modulePath = modulePath;
        }
    }

    private final Path directory;
    private final Path program;
    private final Path[] jars;

    private ColdStarts(Path directory) throws Exception {
        this.directory = directory;
        this.program = jar(ColdStart.class);
        this.jars = new Path[] {jar(JsspiProvider.class), jar(SecurityPackage.class), jar(BouncyCastleProvider.class)};
        Identity identity = Identity.p256();
        Files.write(directory.resolve("key"), identity.key().getEncoded());
        Files.write(directory.resolve("certificate"), identity.certificate().getEncoded());
        Files.write(directory.resolve("ca"), identity.authority().getEncoded());
        Files.writeString(directory.resolve("java.security"), SecurityOverlay.forThisJvm());
    }

    static void print() throws Exception {
        Path directory = Files.createTempDirectory("cold-start");
        try {
            ColdStarts starts = new ColdStarts(directory);
            starts.print("one share, " + Group.pinned(), List.of(Group.pinned().option()));
            starts.print("each with its own default groups", List.of());
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private void print(String groups, List<String> options) throws Exception {
        Map<Way, List<Double>> millis = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            start(way, options); // the file cache
            millis.put(way, new ArrayList<>());
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (Way way : Way.values()) {
                millis.get(way).add(start(way, options));
            }
        }
        Table table = new Table(
                TITLE,
                Stream.concat(Stream.of(groups), Stream.of(Way.values()).map(way -> way.label))
                        .toList());
        List<Double> base = millis.get(Way.SUNJSSE);
        table.line(line("time (SunJSSE = 1; less is better)", way -> Table.ratio(Row.Ratio.of(millis.get(way), base))));
        table.line(line("ms", way -> number(Row.median(millis.get(way)))));
        table.line(line(
                "ms beyond no handshake",
                way -> number(Row.median(millis.get(way)) - Row.median(millis.get(Way.NO_HANDSHAKE)))));
        System.out.print(table);
        for (Way way : Way.values()) {
            Row.Ratio ratio = Row.Ratio.of(millis.get(way), base);
            Report.add(Map.of(
                    "table",
                    TITLE,
                    "row",
                    groups,
                    "column",
                    way.label,
                    "cpuNanos",
                    Row.median(millis.get(way)) * 1e6,
                    "base",
                    Way.SUNJSSE.label,
                    "time",
                    ratio.median(),
                    "spread",
                    ratio.spread()));
        }
    }

    private static List<String> line(String label, Function<Way, String> cell) {
        return Stream.concat(Stream.of(label), Stream.of(Way.values()).map(cell))
                .toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private double start(Way way, List<String> options) throws IOException, InterruptedException {
        ForkedJvm jvm = new ForkedJvm().classPath(program).options(options.toArray(String[]::new));
        if (way.modulePath) {
            jvm.modulePath(jars);
        } else {
            jvm.classPath(jars);
        }
        if (way.registration == Registration.NAMED) {
            jvm.property(
                    "java.security.properties",
                    directory.resolve("java.security").toString());
        }
        String out = jvm.run(ColdStart.class.getName(), way.registration.name(), directory.toString())
                .orThrow()
                .out();
        return Double.parseDouble(out.strip());
    }

    /** The jar that a class comes from, made as the build makes it if it is a directory: users have jars. */
    private Path jar(Class<?> type) throws Exception {
        Path origin =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(origin)) {
            return origin;
        }
        Path jar = directory.resolve(type.getSimpleName() + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(origin)) {
            out.setMethod(ZipEntry.STORED);
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = Stream.of(origin.relativize(file).toString().split("\\" + File.separator))
                        .collect(Collectors.joining("/"));
                byte[] content = Files.readAllBytes(file);
                CRC32 checksum = new CRC32();
                checksum.update(content);
                ZipEntry entry = new ZipEntry(name);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
                out.putNextEntry(entry);
                out.write(content);
                out.closeEntry();
            }
        }
        return jar;
    }
}
