package org.jsspi.conformance.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jsspi.conformance.SecurityOverlay;
import org.jsspi.conformance.jtreg.ExcludeList;
import org.jsspi.conformance.jtreg.Harness;
import org.jsspi.conformance.jtreg.Outcome;
import org.jsspi.conformance.jtreg.Report;
import org.jsspi.conformance.jtreg.TestDescription;
import org.jsspi.conformance.jtreg.TestResult;
import org.jsspi.conformance.jtreg.TestSuite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtreg}: any directory of tests in jtreg's form, with Jsspi where the reader wants it. */
@Command(
        name = "jtreg",
        description = "Run a directory or file of jtreg-style tests, such as a JDK's test/jdk/javax/net/ssl.",
        mixinStandardHelpOptions = true)
final class Jtreg implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where the tests are.")
    private Path place;

    @Option(
            names = "--overlay",
            paramLabel = "PLACE",
            description =
                    "Where JSSPI stands in every test's list of providers: first, only (SunJSSE is gone) or last.")
    private SecurityOverlay.Place overlay;

    @Option(names = "--module-path", description = "Put Jsspi on the module path and not on the class path.")
    private boolean modulePath;

    @Option(
            names = "--exclude",
            paramLabel = "FILE",
            description = "Tests that are not to run: a name and a reason on each line.")
    private Path exclude;

    @Option(names = "--group", paramLabel = "NAME", description = "The tests of this group in TEST.groups only.")
    private String group;

    @Option(names = "--jdk", paramLabel = "HOME", description = "The JDK to test on; this one by default.")
    private Path jdk;

    @Option(
            names = "--junit",
            paramLabel = "JAR",
            description = "What @run junit needs, once for each jar; without it such tests do not run.")
    private List<Path> junit;

    @Option(
            names = "--testng",
            paramLabel = "JAR",
            description = "What @run testng needs, once for each jar; without it such tests do not run.")
    private List<Path> testng;

    @Option(
            names = "--vmoption",
            paramLabel = "WORD",
            description = "An option for the JVM of every test; may be repeated.")
    private List<String> vmOptions = List.of();

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many tests run at a time; ${DEFAULT-VALUE} by default.")
    private int concurrency;

    @Option(
            names = "--timeout-factor",
            paramLabel = "X",
            defaultValue = "1",
            description = "Multiplies every time limit.")
    private double timeoutFactor;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "JTwork",
            description = "Where everything is written; ${DEFAULT-VALUE} by default.")
    private Path work;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            TestSuite suite = TestSuite.of(place);
            List<TestDescription> tests = group == null ? suite.tests(place) : suite.group(group);
            if (tests.isEmpty()) {
                err.println("no test in " + place);
                return 1;
            }
            List<TestResult> results = harness().run(suite, tests, new Progress(out));
            out.println(Report.totals(results));
            out.println("Results: " + work.resolve(Report.SUMMARY));
            out.flush();
            boolean bad = results.stream()
                    .map(result -> result.verdict().outcome())
                    .anyMatch(outcome -> outcome == Outcome.FAILED || outcome == Outcome.ERROR);
            return bad ? 1 : 0;
        } catch (IllegalArgumentException | IllegalStateException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private Harness harness() throws IOException {
        Harness harness = new Harness(work)
                .overlay(overlay)
                .modulePath(modulePath)
                .concurrency(concurrency)
                .timeoutFactor(timeoutFactor)
                .vmOptions(vmOptions.toArray(String[]::new));
        if (jdk != null) {
            harness.javaHome(jdk.toRealPath());
        }
        if (junit != null) {
            harness.junit(junit.stream().map(Path::toAbsolutePath).toList());
        }
        if (testng != null) {
            harness.testng(testng.stream().map(Path::toAbsolutePath).toList());
        }
        if (exclude != null) {
            harness.excludes(ExcludeList.read(exclude));
        }
        return harness;
    }

    /** One line for each test, when it is over. */
    private static final class Progress implements Harness.Listener {
        private final PrintWriter out;
        private final ReentrantLock lock = new ReentrantLock();

        Progress(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void finished(TestResult result) {
            lock.lock();
            try {
                out.println(result.test().name() + "  " + result.verdict());
                out.flush();
            } finally {
                lock.unlock();
            }
        }
    }
}
