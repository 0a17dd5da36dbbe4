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
import java.util.regex.Pattern;
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
    private static final String LIMITS = "What of that is loading: the same of JVMs that load more, or less";

    /** The columns. */
    private enum Way {
        NO_HANDSHAKE("no handshake", Registration.NO_HANDSHAKE),
        SUNJSSE("SunJSSE", Registration.SUNJSSE),
        ADDED("JSSPI by addProvider", Registration.ADDED),
        NAMED("by name, class path", Registration.NAMED),
        NAMED_MODULE("by name, module path", Registration.NAMED),
        /** The limit of a provider with so many classes outside the image of the JDK. */
        SUNJSSE_LOADING("SunJSSE, JSSPI's classes loaded", Registration.SUNJSSE),
        /** That of one that needs bcprov on the module path, where the JVM makes every Provider until it finds the one it looks for. */
        SUNJSSE_BCPROV("SunJSSE, bcprov's Providers by module path", Registration.SUNJSSE),
        SUNJSSE_ARCHIVED("SunJSSE, classes archived", Registration.SUNJSSE),
        ADDED_ARCHIVED("JSSPI by addProvider, classes archived", Registration.ADDED);

        final String label;
        final Registration registration;

        Way(String label, Registration registration) {
            this.label = label;
            this.registration = registration;
        }
    }

    private static final List<Way> REGISTRATIONS =
            List.of(Way.NO_HANDSHAKE, Way.SUNJSSE, Way.ADDED, Way.NAMED, Way.NAMED_MODULE);
    private static final List<Way> LOADS = List.of(
            Way.NO_HANDSHAKE,
            Way.SUNJSSE,
            Way.ADDED,
            Way.SUNJSSE_LOADING,
            Way.SUNJSSE_BCPROV,
            Way.SUNJSSE_ARCHIVED,
            Way.ADDED_ARCHIVED);

    /** {@code [0.123s][info][class,load] java.lang.Object source: ...} */
    private static final Pattern LOADED = Pattern.compile("\\[class,load *\\] (org\\.jsspi\\.\\S+) source: ");

    private final Path directory;
    private final Path program;
    private final Path[] jars;
    private List<String> classes = List.of();

    private ColdStarts(Path directory) throws Exception {
        this.directory = directory;
        this.program = jar(ColdStart.class);
        this.jars = new Path[] {jar(JsspiProvider.class), jar(SecurityPackage.class), jar(BouncyCastleProvider.class)};
        Identity identity = Identity.p256();
        Files.write(directory.resolve("key"), identity.key().getEncoded());
        Files.write(directory.resolve("certificate"), identity.certificate().getEncoded());
        Files.write(directory.resolve("ca"), identity.authority().getEncoded());
        String overlay = SecurityOverlay.forThisJvm();
        Files.writeString(directory.resolve("java.security"), overlay);
        Files.writeString(directory.resolve("absent.security"), overlay.replace("JSSPI", "Absent"));
    }

    static void print() throws Exception {
        Path directory = Files.createTempDirectory("cold-start");
        try {
            ColdStarts starts = new ColdStarts(directory);
            String share = "one share, " + Group.pinned();
            List<String> pinned = List.of(Group.pinned().option());
            starts.print(TITLE, share, pinned, REGISTRATIONS);
            starts.print(TITLE, "each with its own default groups", List.of(), REGISTRATIONS);
            starts.prepareLoads(pinned);
            starts.print(LIMITS, share, pinned, LOADS);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    /** Notes which classes of ours a first handshake loads, and makes the archives. */
    private void prepareLoads(List<String> options) throws Exception {
        Path log = directory.resolve("classes");
        start(Way.ADDED, with(options, "-Xlog:class+load:file=" + log));
        classes = LOADED.matcher(Files.readString(log))
                .results()
                .map(line -> line.group(1))
                .filter(name -> !name.startsWith("org.jsspi.conformance.") && name.indexOf('/') < 0)
                .toList();
        start(Way.SUNJSSE, with(options, "-XX:ArchiveClassesAtExit=" + archive(Way.SUNJSSE_ARCHIVED)));
        start(Way.ADDED, with(options, "-XX:ArchiveClassesAtExit=" + archive(Way.ADDED_ARCHIVED)));
    }

    private Path archive(Way way) {
        return directory.resolve(way.name() + ".jsa");
    }

    private static List<String> with(List<String> options, String more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }

    private void print(String title, String groups, List<String> options, List<Way> ways) throws Exception {
        Map<Way, List<Double>> millis = new EnumMap<>(Way.class);
        for (Way way : ways) {
            start(way, options); // the file cache
            millis.put(way, new ArrayList<>());
        }
        for (int i = 0; i < ROUNDS; i++) {
            for (Way way : ways) {
                millis.get(way).add(start(way, options));
            }
        }
        Table table = new Table(
                title,
                Stream.concat(Stream.of(groups), ways.stream().map(way -> way.label))
                        .toList());
        List<Double> base = millis.get(Way.SUNJSSE);
        table.line(line(
                "time (SunJSSE = 1; less is better)", ways, way -> Table.ratio(Row.Ratio.of(millis.get(way), base))));
        table.line(line("ms", ways, way -> number(Row.median(millis.get(way)))));
        table.line(line(
                "ms beyond no handshake",
                ways,
                way -> number(Row.median(millis.get(way)) - Row.median(millis.get(Way.NO_HANDSHAKE)))));
        System.out.print(table);
        for (Way way : ways) {
            Row.Ratio ratio = Row.Ratio.of(millis.get(way), base);
            Report.add(Map.of(
                    "table",
                    title,
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

    private static List<String> line(String label, List<Way> ways, Function<Way, String> cell) {
        return Stream.concat(Stream.of(label), ways.stream().map(cell)).toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private double start(Way way, List<String> options) throws IOException, InterruptedException {
        ForkedJvm jvm = new ForkedJvm().classPath(program).options(options.toArray(String[]::new));
        List<String> arguments = new ArrayList<>(List.of(way.registration.name(), directory.toString()));
        switch (way) {
            case NAMED_MODULE -> jvm.modulePath(jars);
            case SUNJSSE_BCPROV -> jvm.modulePath(jars[2]);
            default -> jvm.classPath(jars);
        }
        switch (way) {
            case NAMED, NAMED_MODULE -> security(jvm, "java.security");
            case SUNJSSE_BCPROV -> security(jvm, "absent.security");
            case SUNJSSE_LOADING -> arguments.addAll(classes);
            case SUNJSSE_ARCHIVED, ADDED_ARCHIVED -> jvm.options("-XX:SharedArchiveFile=" + archive(way));
            default -> {}
        }
        String out = jvm.run(ColdStart.class.getName(), arguments.toArray(String[]::new))
                .orThrow()
                .out();
        return Double.parseDouble(out.lines().findFirst().orElseThrow());
    }

    private void security(ForkedJvm jvm, String file) {
        jvm.property("java.security.properties", directory.resolve(file).toString());
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
