package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A directory of tests and what its files TEST.ROOT and TEST.properties say.
 *
 * <p>The root is the nearest directory at or above the given one that holds a TEST.ROOT; without any, the given one. A
 * TEST.properties counts for its directory and everything below it, and a nearer one overrides it, entry by entry;
 * {@code keys}, {@code lib.dirs} and {@code exclusiveAccess.dirs} add up.
 */
public final class TestSuite {
    private final Path root;
    private final Map<Path, Properties> properties = new ConcurrentHashMap<>();

    private TestSuite(Path root) {
        this.root = root;
    }

    /**
     * {@return the suite that a directory or a file belongs to}
     *
     * @throws IllegalArgumentException if it does not exist
     */
    public static TestSuite of(Path place) {
        Path start = place.toAbsolutePath().normalize();
        if (!Files.exists(start)) {
            throw new IllegalArgumentException(start + " does not exist");
        }
        Path directory = Files.isDirectory(start) ? start : start.getParent();
        for (Path at = directory; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("TEST.ROOT"))) {
                return new TestSuite(at);
            }
        }
        return new TestSuite(directory);
    }

    /** {@return the directory that names of tests begin at} */
    public Path root() {
        return root;
    }

    /**
     * {@return the tests in a file or below a directory, by name; nothing is compiled}
     *
     * @throws IOException if something cannot be read
     */
    public List<TestDescription> tests(Path place) throws IOException {
        Path start = place.toAbsolutePath().normalize();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.naturalOrder());
        List<TestDescription> tests = new ArrayList<>();
        for (Path file : files) {
            tests.addAll(DescriptionReader.read(root, file));
        }
        return tests;
    }

    /**
     * {@return the tests of a group: the file TEST.groups says {@code name = directory file -directory :group}}
     *
     * @throws IllegalArgumentException if there is no such group
     */
    public List<TestDescription> group(String name) throws IOException {
        Properties groups = new Properties();
        for (String file : Directive.words(file(root, "TEST.ROOT").getProperty("groups", "TEST.groups"))) {
            groups.putAll(file(root, file));
        }
        Set<String> chosen = new HashSet<>();
        List<TestDescription> tests = new ArrayList<>();
        for (TestDescription test : group(groups, name, new HashSet<>())) {
            if (chosen.add(test.name())) {
                tests.add(test);
            }
        }
        tests.sort(Comparator.comparing(TestDescription::name));
        return tests;
    }

    private List<TestDescription> group(Properties groups, String name, Set<String> open) throws IOException {
        String members = groups.getProperty(name);
        if (members == null || !open.add(name)) {
            throw new IllegalArgumentException(
                    members == null ? "there is no group " + name : "group " + name + " contains itself");
        }
        List<TestDescription> tests = new ArrayList<>();
        Set<String> excluded = new HashSet<>();
        for (String word : Directive.words(members)) {
            boolean out = word.startsWith("-");
            String member = out ? word.substring(1) : word;
            List<TestDescription> found = member.startsWith(":")
                    ? group(groups, member.substring(1), open)
                    : tests(root.resolve(member.startsWith("/") ? member.substring(1) : member));
            if (out) {
                found.forEach(test -> excluded.add(test.name()));
            } else {
                tests.addAll(found);
            }
        }
        open.remove(name);
        tests.removeIf(test -> excluded.contains(test.name()));
        return tests;
    }

    /** {@return the modules of a test: its own, or else the suite's default for its directory} */
    List<String> modules(TestDescription test) {
        return test.modules() != null ? test.modules() : Directive.words(nearest(test.directory(), "modules", ""));
    }

    /** {@return the keys that tests may have; null where the suite does not say} */
    Set<String> keys(TestDescription test) {
        Set<String> keys = null;
        for (Path directory : upwards(test.directory())) {
            String value = values(directory).getProperty("keys");
            if (value != null) {
                keys = keys == null ? new HashSet<>() : keys;
                keys.addAll(Directive.words(value));
            }
        }
        return keys;
    }

    /** {@return true if preview features are on for the test, by its own word or its directory's} */
    boolean enablePreview(TestDescription test) {
        return test.enablePreview()
                || nearest(test.directory(), "enablePreview", "false").equals("true");
    }

    /**
     * {@return the libraries of a test, as directories and jars: lib.dirs of the suite, then its own}
     *
     * @throws IllegalArgumentException if one cannot be found
     */
    List<Path> libraries(TestDescription test) {
        List<Path> libraries = new ArrayList<>();
        for (Path directory : upwards(test.directory())) {
            for (String name : Directive.words(values(directory).getProperty("lib.dirs", ""))) {
                libraries.add(library(directory, name));
            }
        }
        for (String name : test.libraries()) {
            libraries.add(library(test.directory(), name));
        }
        return libraries.stream().distinct().toList();
    }

    /** {@return the directory whose tests must not run at the same time as this one; null if it may run beside any} */
    Path exclusive(TestDescription test) {
        for (Path directory : upwards(test.directory())) {
            for (String name : Directive.words(values(directory).getProperty("exclusiveAccess.dirs", ""))) {
                Path exclusive = directory.resolve(name).normalize();
                if (test.file().startsWith(exclusive)) {
                    return exclusive;
                }
            }
        }
        return null;
    }

    /** A name that begins with a slash is looked for below the root, then below each of external.lib.roots. */
    private Path library(Path directory, String name) {
        if (!name.startsWith("/")) {
            return existing(name, directory.resolve(name).normalize());
        }
        List<Path> places = new ArrayList<>();
        String below = name.substring(1);
        places.add(root.resolve(below).normalize());
        for (String externalRoot : Directive.words(values(root).getProperty("external.lib.roots", ""))) {
            places.add(root.resolve(externalRoot).resolve(below).normalize());
        }
        return existing(name, places.toArray(Path[]::new));
    }

    private static Path existing(String name, Path... places) {
        return Stream.of(places)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Can't find library: " + name));
    }

    private String nearest(Path directory, String key, String otherwise) {
        for (Path at : upwards(directory)) {
            String value = values(at).getProperty(key);
            if (value != null) {
                return value;
            }
        }
        return otherwise;
    }

    /** The directory itself, then those above it up to the root. */
    private List<Path> upwards(Path directory) {
        return Stream.iterate(directory, at -> at != null && at.startsWith(root), Path::getParent)
                .toList();
    }

    private Properties values(Path directory) {
        return properties.computeIfAbsent(directory, at -> {
            Properties values = at.equals(root) ? file(at, "TEST.ROOT") : new Properties();
            values.putAll(file(at, "TEST.properties"));
            return values;
        });
    }

    private static Properties file(Path directory, String name) {
        Properties values = new Properties();
        Path file = directory.resolve(name);
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                values.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return values;
    }
}
