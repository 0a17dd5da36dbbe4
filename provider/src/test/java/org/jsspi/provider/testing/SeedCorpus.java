package org.jsspi.provider.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The inputs that a fuzz target begins with, and those that once broke it: {@code fuzz/NameFuzzTarget.txt}, a name and the bytes
 * in hexadecimal on each line.
 *
 * <p>A target is a class whose name ends in {@code FuzzTarget}, with a method {@code fuzzerTestOneInput(byte[])} that returns,
 * whatever it is given.
 */
final class SeedCorpus {
    private static final String SUFFIX = "FuzzTarget.class";

    private SeedCorpus() {}

    /** {@return the classes of all targets of this module} */
    static List<Class<?>> targets() {
        try {
            Path classes = Path.of(SeedCorpus.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                        .map(file -> classes.relativize(file).toString().replaceAll("\\.class$", ""))
                        .map(name -> name.replace('/', '.').replace('\\', '.'))
                        .sorted()
                        .<Class<?>>map(SeedCorpus::load)
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the inputs of a target by name, in their order} */
    static Map<String, byte[]> of(Class<?> target) {
        String file = "/org/jsspi/provider/fuzz/" + target.getSimpleName() + ".txt";
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        try (InputStream in = SeedCorpus.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(target.getSimpleName() + " has no corpus: " + file);
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> {
                        String[] parts = line.strip().split("\\s+", 2);
                        byte[] bytes = HexFormat.of().parseHex(parts.length < 2 ? "" : parts[1]);
                        if (seeds.put(parts[0], bytes) != null) {
                            throw new IllegalStateException(file + " has " + parts[0] + " twice");
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seeds;
    }
}
