package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jsspi.conformance.ForkedJvm;
import org.jsspi.conformance.jtreg.testjvm.PlatformProbe;

/**
 * The JDK that tests run on.
 *
 * @param javaHome the directory that holds {@code bin/java}
 * @param names what the names in {@code @requires} mean
 * @param modules the names of its modules
 * @param providers its configured security providers, in order
 */
record Platform(Path javaHome, Map<String, String> names, Set<String> modules, List<String> providers) {
    /** {@return the JDK that this JVM runs on} */
    static Platform own() {
        return of(PlatformProbe.collect());
    }

    /**
     * {@return the JDK in this directory, asked in a JVM of its own}
     *
     * @param probe the class path entry that has {@link PlatformProbe}
     * @throws IllegalStateException if it does not run
     */
    static Platform of(Path javaHome, Path probe) throws IOException, InterruptedException {
        String out = new ForkedJvm()
                .javaHome(javaHome)
                .classPath(probe)
                .run(PlatformProbe.class.getName())
                .orThrow()
                .out();
        Properties properties = new Properties();
        properties.load(new StringReader(out));
        return of(properties);
    }

    boolean isOwn() {
        return javaHome.equals(Path.of(System.getProperty("java.home")));
    }

    private static Platform of(Properties properties) {
        List<String> providers = new ArrayList<>();
        for (int number = 1; properties.containsKey(PlatformProbe.PROVIDER + number); number++) {
            providers.add(properties.getProperty(PlatformProbe.PROVIDER + number));
        }
        return new Platform(
                Path.of(properties.getProperty("java.home")),
                Map.copyOf(names(properties)),
                Set.of(properties.getProperty(PlatformProbe.MODULES).split(" ")),
                List.copyOf(providers));
    }

    private static Map<String, String> names(Properties java) {
        Map<String, String> names = new HashMap<>();
        // The suites of the JDK ask for some of the system properties by their own names.
        java.stringPropertyNames().forEach(name -> names.put(name, java.getProperty(name)));
        String os = java.getProperty("os.name");
        String lower = os.toLowerCase(Locale.ROOT);
        String family =
                lower.startsWith("windows") ? "windows" : lower.startsWith("mac") ? "mac" : lower.replace(" ", "");
        String arch = java.getProperty("os.arch");
        names.put("os.name", os);
        names.put("os.family", family);
        names.put("os.version", java.getProperty("os.version"));
        names.put("os.arch", arch);
        names.put("os.simpleArch", simpleArch(arch));
        names.put("os.processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        String vm = java.getProperty("java.vm.name").toLowerCase(Locale.ROOT);
        names.put("vm.flavor", vm.contains("minimal") ? "minimal" : vm.contains("client") ? "client" : "server");
        names.put("vm.bits", java.getProperty("sun.arch.data.model", "64"));
        String mode = java.getProperty("java.vm.info", "mixed mode");
        names.put(
                "vm.compMode",
                mode.startsWith("interpreted") ? "Xint" : mode.startsWith("compiled") ? "Xcomp" : "Xmixed");
        names.put("vm.debug", String.valueOf(java.getProperty("java.vm.version").contains("debug")));
        names.put("vm.gc", "null");
        names.put("java.enablePreview", "false");
        names.put("jdk.version", java.getProperty("java.version"));
        String specification = java.getProperty("java.specification.version");
        names.put("jdk.version.major", specification);
        return names;
    }

    private static String simpleArch(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> "x64";
            case "i386", "i586", "i686", "x86" -> "x86";
            default -> arch;
        };
    }
}
