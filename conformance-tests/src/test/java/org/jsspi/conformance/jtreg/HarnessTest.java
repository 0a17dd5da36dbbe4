package org.jsspi.conformance.jtreg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsspi.conformance.SecurityOverlay;
import org.jsspi.conformance.cli.Jsspi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;

/** Runs the sample tree once and holds every verdict to what jtreg would say. */
class HarnessTest {
    private static final String VERDICTS = """
            compile/Cleans.java                 Passed. Execution successful
            compile/CompilesUnexpectedly.java   Failed. Compilation passed unexpectedly
            compile/FailsToCompile.java         Passed. Compilation failed as expected
            compile/Golden.java                 Passed. Compilation failed as expected
            compile/Good.java                   Passed. Compilation successful
            compile/WrongGolden.java            Failed. Output does not match reference file: Golden.out
            environment/Sees.java               Passed. Execution successful
            errors/InvalidAction.java           Error. Parse Exception: Bad action for script: mane
            errors/InvalidKey.java              Error. Parse Exception: Invalid key: unheard-of
            errors/InvalidOption.java           Error. Parse Exception: Unsupported option for `main': otherwm
            errors/InvalidTag.java              Error. Parse Exception: Invalid tag: sumary
            errors/MissingClass.java            Error. Can't find source file: Nowhere.java in directory-list:
            errors/MissingLibrary.java          Error. Can't find library: /nowhere
            errors/OptionsWithoutOthervm.java   Error. Parse Exception: vm option(s) found, need to specify /othervm
            errors/UnsetProperty.java           Error. Parse Exception: unset property test.wings
            junit/FailsInJUnit.java             Failed. Execution failed: `main' threw exception: \
            java.lang.IllegalStateException: JUnit test failure: 1 of 1
            junit/WithJUnit.java                Passed. Execution successful
            library/Runs.java                   Passed. Execution successful
            library/Uses.java                   Passed. Execution successful
            notrun/Excluded.java#first          Not run. Excluded: the first is not wanted
            notrun/Excluded.java#second         Not run. Excluded: nor is any other
            notrun/Ignored.java                 Not run. Test ignored: 1234567 does not work yet
            notrun/IgnoredByRun.java            Not run. Test ignored: not today
            notrun/Manual.java                  Not run. Manual: a person has to be there
            notrun/MissingModule.java           Not run. The JDK has no module java.nowhere
            notrun/OtherSystem.java             Not run. Does not apply here: @requires os.family == "beos" | \
            jdk.version.major < 9
            notrun/UnknownProperty.java         Not run. @requires vm.wings has vm.wings, which is not known here
            notrun/WithTestNG.java              Not run. No TestNG here
            overlay/Lists.java                  Passed. Execution successful
            packaged/Anywhere.java              Passed. Execution successful
            packaged/in/place/Placed.java       Passed. Execution successful
            properties/Inherits.java            Passed. Execution successful
            properties/below/Misses.java        Passed. Compilation failed as expected
            properties/below/Overrides.java     Passed. Execution successful
            several/Ids.java#bad                Failed. Execution failed: `main' threw exception: \
            java.lang.IllegalArgumentException: bad/* @test id=none */
            several/Ids.java#good               Passed. Execution successful
            several/Ids.java#good-3             Error. Parse Exception: Duplicate id: good
            several/Ids.java#id2                Passed. Execution failed as expected: Execution failed: `main' threw \
            exception: java.lang.IllegalArgumentException: bad/* @test id=none */
            verdicts/DoesNotCompile.java        Failed. Compilation failed: Compilation failed
            verdicts/Exits.java                 Failed. Unexpected exit from test [exit code: 0]
            verdicts/FailsAsExpected.java       Passed. Execution failed as expected: Execution failed: `main' threw \
            exception: java.lang.IllegalStateException: expected
            verdicts/HasNoMain.java             Failed. Execution failed: `main' threw exception: \
            java.lang.NoSuchMethodException: HasNoMain.main([Ljava.lang.String;)
            verdicts/LeavesThreads.java         Passed. Execution successful
            verdicts/Passes.java                Passed. Execution successful
            verdicts/PassesUnexpectedly.java    Failed. Execution passed unexpectedly
            verdicts/Pretends.java              Failed. Unexpected exit from test [exit code: 1]
            verdicts/Skips.java                 Passed. Skipped: nothing to test here
            verdicts/Throws.java                Failed. Execution failed: `main' threw exception: \
            java.lang.Exception: this is why
            verdicts/ThrowsInThread.java        Failed. Execution failed: `main' threw exception: \
            java.lang.IllegalStateException: in a thread
            verdicts/TimesOut.java              Error. Program `java' timed out (timeout set to 2000ms)
            """;

    private static final Path TREE = Samples.tree();

    @TempDir
    private static Path work;

    private static final Map<String, TestResult> RESULTS = new LinkedHashMap<>();

    @BeforeAll
    static void runTheTree() throws Exception {
        TestSuite suite = TestSuite.of(TREE);
        Harness harness = new Harness(work)
                .concurrency(2)
                .overlay(SecurityOverlay.Place.FIRST)
                .excludes(ExcludeList.read(TREE.resolve("exclude.txt")));
        for (TestResult result : harness.run(suite, suite.tests(TREE), Harness.Listener.NONE)) {
            RESULTS.put(result.test().name(), result);
        }
    }

    @Test
    void everyTestOfTheTreeEndsAsJtregWouldSay() {
        List<String> expected = new ArrayList<>();
        VERDICTS.lines().forEach(line -> {
            String[] parts = line.split("\\s+", 2);
            expected.add(parts[0] + " " + parts[1]);
        });
        List<String> actual = new ArrayList<>();
        RESULTS.values()
                .forEach(result -> actual.add(result.test().name() + " "
                        + result.verdict().toString().replaceFirst("(directory-list:).*", "$1")));
        actual.sort(null);
        expected.sort(null);

        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    @Test
    void theLogHoldsTheOutputOfEveryAction() throws Exception {
        assertTrue(RESULTS.get("verdicts/Throws.java").log().contains("about to throw"));
        assertTrue(RESULTS.get("verdicts/DoesNotCompile.java").log().contains("incompatible types"));
        String kept = Files.readString(work.resolve("log/verdicts/Throws.jtr"));
        assertTrue(kept.contains("about to throw"), kept);
        assertTrue(kept.strip().endsWith("java.lang.Exception: this is why"), kept);
    }

    @Test
    void aTestThatTimesOutSaysWhereItsThreadsStood() {
        String log = RESULTS.get("verdicts/TimesOut.java").log();
        assertTrue(log.contains("sleeping"), log);
        assertTrue(log.contains("TimesOut.main"), log);
    }

    @Test
    void descriptionsKeepWhatTheCommentSays() {
        TestDescription test = RESULTS.get("verdicts/Passes.java").test();
        assertEquals("A test that ends without an exception has passed.", test.summary());
        assertEquals(List.of("1234567", "7654321"), test.bugs());
        assertEquals(List.of("network"), test.keys());
    }

    @Test
    void theReportsAgreeWithTheResults() throws Exception {
        String summary = Files.readString(work.resolve(Report.SUMMARY));
        assertTrue(summary.strip().endsWith(Report.totals(List.copyOf(RESULTS.values()))), summary);
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(work.resolve(Report.XML).toFile())
                .getDocumentElement();
        assertEquals(String.valueOf(RESULTS.size()), suite.getAttribute("tests"));
        assertEquals(RESULTS.size(), suite.getElementsByTagName("testcase").getLength());
        assertEquals(
                Integer.parseInt(suite.getAttribute("failures")),
                suite.getElementsByTagName("failure").getLength());
        assertEquals(
                Integer.parseInt(suite.getAttribute("errors")),
                suite.getElementsByTagName("error").getLength());
        assertEquals(
                Integer.parseInt(suite.getAttribute("skipped")),
                suite.getElementsByTagName("skipped").getLength());
    }

    @ParameterizedTest
    @EnumSource
    void anOverlayPutsJsspiWhereItIsWantedAndLosesNobodyElse(SecurityOverlay.Place place, @TempDir Path directory)
            throws Exception {
        List<String> platform = new ArrayList<>();
        for (var provider : java.security.Security.getProviders()) {
            platform.add(provider.getName());
        }
        platform.remove("JSSPI");
        List<String> expected = new ArrayList<>(platform);
        if (place == SecurityOverlay.Place.ONLY) {
            expected.remove("SunJSSE");
        }
        expected.add(place == SecurityOverlay.Place.LAST ? expected.size() : 0, "JSSPI");

        TestResult result = lists(new Harness(directory).overlay(place));

        assertEquals(
                expected,
                result.log()
                        .lines()
                        .filter(line -> line.startsWith("provider "))
                        .map(line -> line.substring("provider ".length()))
                        .toList());
    }

    @Test
    void theModulePathMakesJsspiAModule(@TempDir Path directory) throws Exception {
        Harness harness =
                new Harness(directory).overlay(SecurityOverlay.Place.FIRST).modulePath(true);
        String log = lists(harness).log();
        assertTrue(log.contains("in module org.jsspi.provider"), log);
        assertTrue(lists(new Harness(directory).overlay(SecurityOverlay.Place.FIRST))
                .log()
                .contains("in unnamed module"));
    }

    @Test
    void withoutJUnitItsTestsDoNotRun(@TempDir Path directory) throws Exception {
        TestSuite suite = TestSuite.of(TREE);
        List<TestResult> run = new Harness(directory)
                .junit(List.of())
                .run(suite, suite.tests(TREE.resolve("junit")), Harness.Listener.NONE);
        run.forEach(result ->
                assertEquals("Not run. JUnit is not available", result.verdict().toString()));
        assertEquals(2, run.size());
    }

    @Test
    void aJreIsRefusedWithAClearMessage(@TempDir Path directory) {
        Platform jre = new Platform(directory.resolve("jre"), Map.of(), Set.of("java.base"), List.of("SUN"));

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> TestCompiler.check(jre));
        assertTrue(failure.getMessage().contains("need a JDK and not a JRE"), failure::getMessage);
    }

    @Test
    void anInterruptedRunLeavesNoTestBehind(@TempDir Path directory) throws Exception {
        TestSuite suite = TestSuite.of(TREE);
        List<TestDescription> tests = suite.tests(TREE.resolve("verdicts/TimesOut.java"));
        CountDownLatch started = new CountDownLatch(1);
        List<Throwable> thrown = new ArrayList<>();
        Thread runner = new Thread(() -> {
            try {
                new Harness(directory).timeoutFactor(60).run(suite, tests, new Harness.Listener() {
                    @Override
                    public void started(TestDescription test) {
                        started.countDown();
                    }
                });
            } catch (IOException | InterruptedException e) {
                thrown.add(e);
            }
        });
        runner.start();
        assertTrue(started.await(30, TimeUnit.SECONDS));
        Thread.sleep(1000);
        runner.interrupt();
        runner.join(30_000);

        assertEquals(1, thrown.size());
        assertEquals(InterruptedException.class, thrown.get(0).getClass());
        assertFalse(ProcessHandle.current()
                .descendants()
                .anyMatch(process -> process.isAlive()
                        && process.info().commandLine().orElse("").contains(directory.toString())));
    }

    @Test
    void aGroupIsWhatItsLineSays() throws Exception {
        TestSuite suite = TestSuite.of(TREE.resolve("verdicts"));
        Set<String> names = new HashSet<>();
        suite.group("basic").forEach(test -> names.add(test.name()));
        assertTrue(names.contains("verdicts/Passes.java"));
        assertTrue(names.contains("library/Uses.java"));
        assertFalse(names.contains("verdicts/TimesOut.java"));
        assertThrows(IllegalArgumentException.class, () -> suite.group("nobody"));
    }

    @Test
    void anExcludedTestNeedsAReason() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> ExcludeList.read(TREE.resolve("exclude-without-reason.txt")));
        assertTrue(refusal.getMessage().endsWith(":1: notrun/Excluded.java is excluded without a reason"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "os.family == \"linux\"; true",
                "os.family != \"linux\"; false",
                "jdk.version.major >= 17; true",
                "jdk.version.major < 17 | vm.bits == 64; true",
                "(jdk.version.major >= 11) & !(os.arch == \"amd64\"); false",
                "os.arch =~ \"a.*64\"; true",
                "os.arch !~ \"a.*64\"; false",
                "os.maxMemory > 2g; true",
                "os.maxMemory - 1g * 3 == 1073741824; true",
                "true & false | true; true",
                "\"a\" + \"b\" == \"ab\"; true",
                "vm.wings; unknown",
                "os.family; no truth",
                "os.family ==; unreadable",
                "(true; unreadable",
                "true true; unreadable",
                "os.maxMemory / 0 == 1; unreadable",
                "@; unreadable",
            })
    void requirementsAreReadAsJtregReadsThem(String expression, String expected) {
        Map<String, String> names = Map.of(
                "os.family", "linux",
                "os.arch", "amd64",
                "vm.bits", "64",
                "os.maxMemory", "4294967296",
                "jdk.version.major", "17");
        if (expected.equals("true") || expected.equals("false")) {
            assertEquals(Boolean.parseBoolean(expected), Requirement.holds(expression, names));
        } else {
            assertThrows(IllegalArgumentException.class, () -> Requirement.holds(expression, names));
        }
    }

    @Test
    void theCommandReportsAndFailsAsItsTestsDo(@TempDir Path directory) {
        Path verdicts = TREE.resolve("verdicts");
        String passing = command(
                0, verdicts.resolve("Passes.java").toString(), "--overlay", "only", "--work", directory.toString());
        assertTrue(passing.contains("verdicts/Passes.java  Passed. Execution successful"), passing);
        assertTrue(passing.contains("Test results: passed: 1; failed: 0; error: 0; not run: 0"), passing);

        String failing = command(1, verdicts.resolve("Exits.java").toString(), "--work", directory.toString());
        assertTrue(failing.contains("failed: 1"), failing);

        String refused = command(
                1,
                TREE.resolve("notrun").toString(),
                "--work",
                directory.toString(),
                "--exclude",
                TREE.resolve("exclude-without-reason.txt").toString());
        assertTrue(refused.contains("without a reason"), refused);
        command(1, directory.resolve("nowhere").toString());
        command(2, verdicts.toString(), "--overlay", "middle");
    }

    private static TestResult lists(Harness harness) throws Exception {
        TestSuite suite = TestSuite.of(TREE);
        return harness.run(suite, suite.tests(TREE.resolve("overlay")), Harness.Listener.NONE)
                .get(0);
    }

    private static String command(int exitCode, String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        List<String> words = new ArrayList<>(List.of("jtreg"));
        words.addAll(Arrays.asList(arguments));
        int code = Jsspi.commandLine().setOut(out).setErr(out).execute(words.toArray(String[]::new));
        assertEquals(exitCode, code, text::toString);
        return text.toString();
    }
}
