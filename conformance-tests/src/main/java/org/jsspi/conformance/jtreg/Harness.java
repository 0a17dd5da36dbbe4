package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.Sspi;
import org.jsspi.conformance.SecurityOverlay;
import org.jsspi.conformance.jtreg.testjvm.JUnitWrapper;
import org.jsspi.conformance.jtreg.testjvm.MainWrapper;
import org.jsspi.conformance.jtreg.testjvm.PlatformProbe;
import org.jsspi.provider.JsspiProvider;

/**
 * Runs tests, each in a JVM of its own, a few at a time.
 *
 * <pre>{@code
 * TestSuite suite = TestSuite.of(directory);
 * List<TestResult> results = new Harness(work)
 *         .overlay(SecurityOverlay.Place.FIRST)
 *         .run(suite, suite.tests(directory), Harness.Listener.NONE);
 * }</pre>
 *
 * <p>Everything is written below the work directory, with jtreg's names: {@code scratch} holds the working directories of
 * tests that run, {@code classes} what was compiled, and beside them each test has a {@code .jtr} file with its log;
 * {@code summary.txt} and {@code results.xml} come last. Two runs must not share a work directory at the same time.
 */
public final class Harness {
    private static final List<String> JUNIT_CLASSES = List.of(
            "org.junit.platform.launcher.Launcher",
            "org.junit.platform.engine.TestEngine",
            "org.junit.platform.commons.JUnitException",
            "org.junit.jupiter.api.Test",
            "org.junit.jupiter.params.ParameterizedTest",
            "org.junit.jupiter.engine.JupiterTestEngine",
            "org.opentest4j.AssertionFailedError");

    private final Path work;
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private SecurityOverlay.Place overlay;
    private boolean modulePath;
    private List<Path> product;
    private List<Path> junit = origins(JUNIT_CLASSES);
    private List<Path> testng = List.of();
    private List<String> vmOptions = List.of();
    private ExcludeList excludes = ExcludeList.NONE;
    private int concurrency = 2;
    private double timeoutFactor = 1;

    private Platform platform;
    private Path wrapper;
    private final Map<SecurityOverlay.Place, Path> overlays = new EnumMap<>(SecurityOverlay.Place.class);
    private final Map<Path, ReentrantLock> exclusive = new ConcurrentHashMap<>();

    /** What is told while tests run; calls come from several threads. */
    public interface Listener {
        /** Nobody. */
        Listener NONE = new Listener() {};

        /** A test begins. */
        default void started(TestDescription test) {}

        /** A test has ended, or is not going to run. */
        default void finished(TestResult result) {}
    }

    /**
     * A harness for this JVM's JDK, with the Jsspi that this class came with on the class path, two tests at a time.
     *
     * @param work where everything is written; it is made
     */
    public Harness(Path work) {
        this.work = work.toAbsolutePath().normalize();
        this.product = new ArrayList<>(List.of(origin(JsspiProvider.class), origin(Sspi.class)));
        product.addAll(origins(List.of("org.bouncycastle.jce.provider.BouncyCastleProvider")));
    }

    /** The JDK that tests are compiled with and run on. */
    public Harness javaHome(Path home) {
        javaHome = home;
        return this;
    }

    /** Where JSSPI stands in every test's list of providers; null for the JDK's own list, without JSSPI. */
    public Harness overlay(SecurityOverlay.Place place) {
        overlay = place;
        return this;
    }

    /** Puts Jsspi on the module path, as root modules, and not on the class path. */
    public Harness modulePath(boolean wanted) {
        modulePath = wanted;
        return this;
    }

    /** The jars or directories of Jsspi and of what it needs. */
    public Harness product(List<Path> path) {
        product = List.copyOf(path);
        return this;
    }

    /** The jars that {@code @run junit} needs; none: such tests do not run. */
    public Harness junit(List<Path> path) {
        junit = List.copyOf(path);
        return this;
    }

    /** The jars that {@code @run testng} needs; none: such tests do not run. */
    public Harness testng(List<Path> path) {
        testng = List.copyOf(path);
        return this;
    }

    /** Options for the JVM of every test, one word each. */
    public Harness vmOptions(String... words) {
        vmOptions = List.of(words);
        return this;
    }

    /** Tests that are not to run. */
    public Harness excludes(ExcludeList list) {
        excludes = list;
        return this;
    }

    /** How many tests run at a time, at least 1. */
    public Harness concurrency(int tests) {
        if (tests < 1) {
            throw new IllegalArgumentException("concurrency " + tests);
        }
        concurrency = tests;
        return this;
    }

    /** Multiplies every time limit; without {@code /timeout=} a limit is 120 seconds. */
    public Harness timeoutFactor(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("timeout factor " + factor);
        }
        timeoutFactor = factor;
        return this;
    }

    /**
     * Runs the tests and writes the reports.
     *
     * @return one result for each test, in the order of the tests
     * @throws IOException if the work directory cannot be written
     * @throws IllegalStateException if there is no JDK to compile with
     * @throws InterruptedException if the waiting thread is interrupted; no test's JVM is left then
     */
    public List<TestResult> run(TestSuite suite, List<TestDescription> tests, Listener listener)
            throws IOException, InterruptedException {
        prepare();
        BlockingQueue<Integer> slots = new LinkedBlockingQueue<>();
        for (int slot = 0; slot < concurrency; slot++) {
            slots.add(slot);
        }
        ExecutorService pool = Executors.newFixedThreadPool(concurrency);
        List<TestResult> results = new ArrayList<>();
        try {
            List<Future<TestResult>> pending = new ArrayList<>();
            for (TestDescription test : tests) {
                pending.add(pool.submit(() -> {
                    int slot = slots.take();
                    try {
                        return runOne(suite, test, slot, listener);
                    } finally {
                        slots.add(slot);
                    }
                }));
            }
            for (Future<TestResult> future : pending) {
                results.add(future.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the harness failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            pool.shutdownNow();
            awaitTermination(pool);
            throw e;
        } finally {
            pool.shutdownNow();
        }
        Report.write(work, suite, overlay, results);
        return results;
    }

    /** Every worker kills its process on the way out; that takes moments. */
    private static void awaitTermination(ExecutorService pool) {
        try {
            pool.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private TestResult runOne(TestSuite suite, TestDescription test, int slot, Listener listener)
            throws InterruptedException {
        Instant start = Instant.now();
        Verdict refusal = refusal(suite, test);
        if (refusal != null) {
            TestResult result = new TestResult(test, refusal, start, Duration.ZERO, "", null);
            listener.finished(result);
            return result;
        }
        Path alone = suite.exclusive(test);
        ReentrantLock lock = alone == null ? null : exclusive.computeIfAbsent(alone, key -> new ReentrantLock());
        if (lock != null) {
            lock.lockInterruptibly();
        }
        try {
            listener.started(test);
            Instant begun = Instant.now();
            Script script =
                    new Script(this, suite, test, work.resolve("scratch").resolve(String.valueOf(slot)));
            Verdict verdict = script.run();
            Duration time = Duration.between(begun, Instant.now());
            TestResult result = Report.keep(work, new TestResult(test, verdict, begun, time, script.log(), null));
            listener.finished(result);
            return result;
        } finally {
            if (lock != null) {
                lock.unlock();
            }
        }
    }

    /** {@return why the test does not run at all, or null} */
    private Verdict refusal(TestSuite suite, TestDescription test) {
        if (test.error() != null) {
            return Verdict.error("Parse Exception: " + test.error());
        }
        String reason = excludes.reason(test.name());
        if (reason != null) {
            return Verdict.notRun("Excluded: " + reason);
        }
        if (test.ignored() != null) {
            return Verdict.notRun("Test ignored: " + test.ignored());
        }
        try {
            return inapplicable(suite, test);
        } catch (IllegalArgumentException e) {
            return Verdict.error("Parse Exception: " + e.getMessage());
        }
    }

    private Verdict inapplicable(TestSuite suite, TestDescription test) {
        Set<String> keys = suite.keys(test);
        for (String key : test.keys()) {
            if (keys != null && !keys.contains(key)) {
                return Verdict.error("Parse Exception: Invalid key: " + key);
            }
        }
        if (test.keys().contains("manual") || test.directives().stream().anyMatch(action -> action.has("manual"))) {
            return Verdict.notRun("Manual: a person has to be there");
        }
        for (String requirement : test.requires()) {
            try {
                if (!Requirement.holds(requirement, platform.names())) {
                    return Verdict.notRun("Does not apply here: @requires " + requirement);
                }
            } catch (IllegalArgumentException e) {
                return Verdict.notRun(e.getMessage());
            }
        }
        for (String module : suite.modules(test)) {
            String name = module.split("[/:]", 2)[0];
            if (!platform.modules().contains(name)) {
                return Verdict.notRun("The JDK has no module " + name);
            }
        }
        for (Directive action : test.directives()) {
            if (action.action().equals("junit") && junit.isEmpty()
                    || action.action().equals("testng") && testng.isEmpty()) {
                return Verdict.notRun(action.action().equals("junit") ? "JUnit is not available" : "No TestNG here");
            }
        }
        return null;
    }

    private void prepare() throws IOException, InterruptedException {
        for (String name : List.of("scratch", "classes", "lib", "log")) {
            empty(work.resolve(name));
        }
        // A report is there when the run is over, and not before.
        Files.deleteIfExists(work.resolve(Report.XML));
        Files.deleteIfExists(work.resolve(Report.SUMMARY));
        wrapper = work.resolve("testjvm");
        for (Class<?> type : List.of(MainWrapper.class, JUnitWrapper.class, PlatformProbe.class)) {
            copyOut(type);
        }
        platform = javaHome.equals(Path.of(System.getProperty("java.home")))
                ? Platform.own()
                : Platform.of(javaHome, wrapper);
        TestCompiler.check(platform);
        for (SecurityOverlay.Place place : SecurityOverlay.Place.values()) {
            Path file = work.resolve(place.name().toLowerCase(Locale.ROOT) + ".security");
            Files.writeString(file, SecurityOverlay.over(platform.providers(), place));
            overlays.put(place, file);
        }
    }

    /** Copies a class and those inside it to where test JVMs find them: nothing else of the harness is on their path. */
    private void copyOut(Class<?> type) throws IOException {
        String base = type.getSimpleName();
        Path directory =
                Files.createDirectories(wrapper.resolve(type.getPackageName().replace('.', '/')));
        for (String name : List.of(base + ".class", base + "$1.class")) {
            try (InputStream in = type.getResourceAsStream(name)) {
                if (in != null) {
                    Files.write(directory.resolve(name), in.readAllBytes());
                }
            }
        }
    }

    /** Deletes what is in a directory, and makes the directory if it is not there. Links are not followed. */
    static void empty(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (!visited.equals(directory)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static List<Path> origins(List<String> classes) {
        Set<Path> origins = new LinkedHashSet<>();
        for (String name : classes) {
            try {
                origins.add(origin(Class.forName(name, false, Harness.class.getClassLoader())));
            } catch (ClassNotFoundException e) {
                return List.of();
            }
        }
        return List.copyOf(origins);
    }

    private static Path origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " does not come from a file", e);
        }
    }

    Path work() {
        return work;
    }

    Platform platform() {
        return platform;
    }

    Path wrapper() {
        return wrapper;
    }

    /** {@return the java.security file that every test gets, or null} */
    Path overlay() {
        return overlay == null ? null : overlays.get(overlay);
    }

    Map<SecurityOverlay.Place, Path> overlays() {
        return overlays;
    }

    List<Path> product() {
        return product;
    }

    boolean isModulePath() {
        return modulePath;
    }

    List<Path> junit() {
        return junit;
    }

    List<Path> testng() {
        return testng;
    }

    List<String> vmOptions() {
        return vmOptions;
    }

    double timeoutFactor() {
        return timeoutFactor;
    }

    /** {@return the options as a list, to be asked for by tests that start JVMs themselves} */
    List<String> allVmOptions() {
        List<String> options = new ArrayList<>(vmOptions);
        if (overlay != null) {
            options.add("-Djava.security.properties=" + overlay());
        }
        if (modulePath) {
            options.addAll(Arrays.asList(
                    "--module-path=" + Script.joined(product), "--add-modules=org.jsspi.provider,org.jsspi.spi"));
        }
        return options;
    }
}
