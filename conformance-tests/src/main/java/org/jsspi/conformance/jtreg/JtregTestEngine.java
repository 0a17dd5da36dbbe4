package org.jsspi.conformance.jtreg;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.conformance.SecurityOverlay;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DirectorySelector;
import org.junit.platform.engine.discovery.FileSelector;
import org.junit.platform.engine.discovery.UniqueIdSelector;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.DirectorySource;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * The engine {@code jtreg} of the JUnit Platform: a directory is a container, a test of the directory is a test.
 *
 * <p>It answers directory and file selectors, and the unique ids that it gave out. Discovery reads the files and does
 * nothing else. Configuration parameters say the rest:
 *
 * <table>
 * <caption>Configuration parameters</caption>
 * <tr><th>jtreg.work</th><td>the work directory, {@code JTwork} by default; with several selectors a
 *     numbered directory below it for each</td></tr>
 * <tr><th>jtreg.overlay</th><td>{@code first}, {@code only} or {@code last}: where JSSPI stands in the list of
 *     providers; none by default</td></tr>
 * <tr><th>jtreg.path</th><td>{@code class} or {@code module}: where Jsspi is, the class path by default</td></tr>
 * <tr><th>jtreg.exclude</th><td>a file for {@link ExcludeList}</td></tr>
 * <tr><th>jtreg.concurrency</th><td>how many tests at a time, 2 by default</td></tr>
 * <tr><th>jtreg.timeout.factor</th><td>multiplies the time limits, 1 by default</td></tr>
 * <tr><th>jtreg.vmoptions</th><td>options for the JVM of every test, separated by spaces</td></tr>
 * <tr><th>jtreg.jdk</th><td>the JDK to test on, this JVM's by default</td></tr>
 * </table>
 */
public final class JtregTestEngine implements TestEngine {
    /** The id of the engine. */
    public static final String ID = "jtreg";

    private static final String PLACE = "place";
    private static final String TEST = "test";

    /** For the service loader. */
    public JtregTestEngine() {}

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public Optional<String> getGroupId() {
        return Optional.of("org.jsspi");
    }

    @Override
    public Optional<String> getArtifactId() {
        return Optional.of("jsspi-conformance-tests");
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
        EngineDescriptor engine = new EngineDescriptor(uniqueId, "jtreg");
        for (DirectorySelector selector : request.getSelectorsByType(DirectorySelector.class)) {
            add(engine, selector.getPath(), null);
        }
        for (FileSelector selector : request.getSelectorsByType(FileSelector.class)) {
            if (selector.getPath().toString().endsWith(".java")) {
                add(engine, selector.getPath(), null);
            }
        }
        for (UniqueIdSelector selector : request.getSelectorsByType(UniqueIdSelector.class)) {
            List<UniqueId.Segment> segments = selector.getUniqueId().getSegments();
            int depth = uniqueId.getSegments().size();
            if (selector.getUniqueId().hasPrefix(uniqueId) && segments.size() > depth) {
                String test =
                        segments.size() > depth + 1 ? segments.get(depth + 1).getValue() : null;
                add(engine, Path.of(segments.get(depth).getValue()), test);
            }
        }
        return engine;
    }

    private static void add(EngineDescriptor engine, Path place, String only) {
        Path start = place.toAbsolutePath().normalize();
        UniqueId id = engine.getUniqueId().append(PLACE, start.toString());
        try {
            TestSuite suite = TestSuite.of(start);
            PlaceDescriptor known = engine.getChildren().stream()
                    .filter(child -> child.getUniqueId().equals(id))
                    .map(PlaceDescriptor.class::cast)
                    .findFirst()
                    .orElse(null);
            PlaceDescriptor container = known == null ? new PlaceDescriptor(id, start, suite) : known;
            for (TestDescription test : suite.tests(start)) {
                if (only == null || only.equals(test.name())) {
                    container.addChild(new JtregDescriptor(id.append(TEST, test.name()), test));
                }
            }
            if (known == null) {
                engine.addChild(container);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new JUnitException("tests cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void execute(ExecutionRequest request) {
        EngineExecutionListener listener = request.getEngineExecutionListener();
        TestDescriptor engine = request.getRootTestDescriptor();
        listener.executionStarted(engine);
        Path work =
                Path.of(request.getConfigurationParameters().get("jtreg.work").orElse("JTwork"));
        boolean several = engine.getChildren().size() > 1;
        int number = 0;
        for (TestDescriptor child : engine.getChildren()) {
            PlaceDescriptor container = (PlaceDescriptor) child;
            Path own = several ? work.resolve(String.valueOf(number++)) : work;
            listener.executionStarted(container);
            listener.executionFinished(container, execute(container, own, request));
        }
        listener.executionFinished(engine, TestExecutionResult.successful());
    }

    private static TestExecutionResult execute(PlaceDescriptor container, Path work, ExecutionRequest request) {
        Map<TestDescription, TestDescriptor> tests = new LinkedHashMap<>();
        for (TestDescriptor test : container.getChildren()) {
            tests.put(((JtregDescriptor) test).test, test);
        }
        try {
            harness(work, request.getConfigurationParameters())
                    .run(
                            container.suite,
                            List.copyOf(tests.keySet()),
                            new Events(tests, request.getEngineExecutionListener()));
            return TestExecutionResult.successful();
        } catch (IOException | RuntimeException e) {
            return TestExecutionResult.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return TestExecutionResult.aborted(e);
        }
    }

    private static Harness harness(Path work, ConfigurationParameters parameters) throws IOException {
        Harness harness = new Harness(work);
        parameters
                .get("jtreg.overlay")
                .map(name -> SecurityOverlay.Place.valueOf(name.toUpperCase(Locale.ROOT)))
                .ifPresent(harness::overlay);
        parameters.get("jtreg.concurrency").map(Integer::valueOf).ifPresent(harness::concurrency);
        parameters.get("jtreg.timeout.factor").map(Double::valueOf).ifPresent(harness::timeoutFactor);
        parameters
                .get("jtreg.vmoptions")
                .map(Directive::words)
                .ifPresent(words -> harness.vmOptions(words.toArray(String[]::new)));
        parameters.get("jtreg.jdk").map(Path::of).ifPresent(harness::javaHome);
        String path = parameters.get("jtreg.path").orElse("class");
        if (!path.equals("class") && !path.equals("module")) {
            throw new IllegalArgumentException("jtreg.path is class or module, and not " + path);
        }
        harness.modulePath(path.equals("module"));
        Optional<String> exclude = parameters.get("jtreg.exclude");
        if (exclude.isPresent()) {
            harness.excludes(ExcludeList.read(Path.of(exclude.get())));
        }
        return harness;
    }

    /** Tells the platform, one event at a time. */
    private static final class Events implements Harness.Listener {
        private final Map<TestDescription, TestDescriptor> tests;
        private final EngineExecutionListener listener;
        private final ReentrantLock lock = new ReentrantLock();

        Events(Map<TestDescription, TestDescriptor> tests, EngineExecutionListener listener) {
            this.tests = tests;
            this.listener = listener;
        }

        @Override
        public void started(TestDescription test) {
            lock.lock();
            try {
                listener.executionStarted(tests.get(test));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void finished(TestResult result) {
            TestDescriptor test = tests.get(result.test());
            Verdict verdict = result.verdict();
            lock.lock();
            try {
                if (verdict.outcome() == Outcome.NOT_RUN) {
                    listener.executionSkipped(test, verdict.toString());
                    return;
                }
                if (result.file() == null) {
                    // A comment that makes no sense: the test never began.
                    listener.executionStarted(test);
                }
                listener.reportingEntryPublished(test, ReportEntry.from("verdict", verdict.toString()));
                listener.executionFinished(test, platformResult(result));
            } finally {
                lock.unlock();
            }
        }

        private static TestExecutionResult platformResult(TestResult result) {
            Verdict verdict = result.verdict();
            if (verdict.isSkipped()) {
                return TestExecutionResult.aborted(new TestAbortedException(verdict.toString()));
            }
            if (verdict.outcome() == Outcome.PASSED) {
                return TestExecutionResult.successful();
            }
            // The stack of the harness says nothing about the test; its log does.
            Exception log = new Exception(result.log());
            log.setStackTrace(new StackTraceElement[0]);
            AssertionFailedError failure = new AssertionFailedError(verdict.toString(), log);
            failure.setStackTrace(new StackTraceElement[0]);
            return TestExecutionResult.failed(failure);
        }
    }

    private static final class PlaceDescriptor extends AbstractTestDescriptor {
        private final TestSuite suite;

        PlaceDescriptor(UniqueId id, Path place, TestSuite suite) {
            super(id, String.valueOf(place.getFileName()), DirectorySource.from(directory(place)));
            this.suite = suite;
        }

        private static File directory(Path place) {
            return (place.toString().endsWith(".java") ? place.getParent() : place).toFile();
        }

        @Override
        public Type getType() {
            return Type.CONTAINER;
        }
    }

    private static final class JtregDescriptor extends AbstractTestDescriptor {
        private final TestDescription test;

        JtregDescriptor(UniqueId id, TestDescription test) {
            super(id, test.name(), source(test));
            this.test = test;
        }

        private static TestSource source(TestDescription test) {
            return FileSource.from(test.file().toFile());
        }

        @Override
        public Type getType() {
            return Type.TEST;
        }
    }
}
