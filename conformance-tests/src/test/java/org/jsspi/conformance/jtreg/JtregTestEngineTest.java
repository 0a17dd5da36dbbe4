package org.jsspi.conformance.jtreg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectDirectory;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectFile;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class JtregTestEngineTest {
    private static final Path TREE = Samples.tree();

    @TempDir
    private Path work;

    @Test
    void aDirectoryBecomesAContainerOfItsTests() {
        TestDescriptor place =
                only(discover(selectDirectory(TREE.resolve("several").toFile())));
        assertEquals(
                List.of(
                        "several/Ids.java#good",
                        "several/Ids.java#bad",
                        "several/Ids.java#id2",
                        "several/Ids.java#good-3"),
                place.getChildren().stream().map(TestDescriptor::getDisplayName).toList());
        for (TestDescriptor test : place.getChildren()) {
            FileSource source = (FileSource) test.getSource().orElseThrow();
            assertEquals(TREE.resolve("several/Ids.java").toFile(), source.getFile());
        }
    }

    @Test
    void aFileIsItsTests() {
        Path file = TREE.resolve("verdicts/Passes.java");
        assertEquals(
                "verdicts/Passes.java",
                only(only(discover(selectFile(file.toFile())))).getDisplayName());
    }

    @Test
    void aUniqueIdFindsItsTestAgain() {
        TestDescriptor all = only(discover(selectDirectory(TREE.toFile())));
        TestDescriptor one = all.getChildren().iterator().next();
        TestDescriptor again = discover(selectUniqueId(one.getUniqueId()));
        assertEquals(one.getUniqueId(), only(only(again)).getUniqueId());
    }

    @Test
    void aClassIsNothingToThisEngine() {
        assertTrue(discover(selectClass(String.class)).getChildren().isEmpty());
    }

    @Test
    void discoveryWritesNothing() throws Exception {
        Set<Path> before = files(TREE);
        discover(selectDirectory(TREE.toFile()));
        assertEquals(before, files(TREE));
        assertFalse(Files.exists(Path.of("JTwork")));
    }

    @Test
    void verdictsArriveAtThePlatform() {
        EngineExecutionResults results = EngineTestKit.engine("jtreg")
                .selectors(
                        selectFile(TREE.resolve("verdicts/Passes.java").toFile()),
                        selectFile(TREE.resolve("verdicts/Throws.java").toFile()),
                        selectFile(TREE.resolve("verdicts/Skips.java").toFile()),
                        selectFile(TREE.resolve("notrun/Manual.java").toFile()),
                        selectFile(TREE.resolve("errors/InvalidTag.java").toFile()))
                .configurationParameter("jtreg.work", work.toString())
                .execute();

        results.testEvents()
                .assertStatistics(statistics ->
                        statistics.started(4).succeeded(1).failed(2).aborted(1).skipped(1));
        Throwable failure = results.testEvents()
                .failed()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .filter(each -> each.getMessage().startsWith("Failed. "))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "Failed. Execution failed: `main' threw exception: java.lang.Exception: this is why",
                failure.getMessage());
        assertTrue(failure.getCause().getMessage().contains("about to throw"));
    }

    @Test
    void aParameterThatMakesNoSenseFailsTheContainer() {
        EngineTestKit.engine("jtreg")
                .selectors(selectFile(TREE.resolve("verdicts/Passes.java").toFile()))
                .configurationParameter("jtreg.work", work.toString())
                .configurationParameter("jtreg.path", "bicycle")
                .execute()
                .containerEvents()
                .assertStatistics(statistics -> statistics.failed(1));
    }

    private static TestDescriptor discover(DiscoverySelector selector) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
        return EngineTestKit.discover("jtreg", request).getEngineDescriptor();
    }

    private static TestDescriptor only(TestDescriptor parent) {
        assertEquals(1, parent.getChildren().size());
        return parent.getChildren().iterator().next();
    }

    private static Set<Path> files(Path directory) throws Exception {
        try (var walk = Files.walk(directory)) {
            return walk.collect(Collectors.toSet());
        }
    }
}
