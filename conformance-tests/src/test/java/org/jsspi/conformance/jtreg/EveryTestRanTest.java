package org.jsspi.conformance.jtreg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.SelectDirectories;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Compares what the suites have run with what there is: a directory that no suite selects, a suite that the build did not
 * start and a test that the engine did not see would otherwise all look like success.
 */
@Tag("packaged")
class EveryTestRanTest {
    private static final Path TESTS = Path.of("src/jtreg");

    /** Read without the harness on purpose: what it overlooks is what this test is for. */
    private static final Pattern TEST = Pattern.compile("(?m)^(?:/\\*|[ \\t]*\\*)[ \\t]*@test\\b");

    private static final Pattern REASON =
            Pattern.compile("(?m)^[ \\t]*\\*[ \\t]*@(?:requires|ignore|modules|run \\S*/manual)\\b");

    private static final List<Class<?>> SUITES = List.of(
            BadInputTests.class,
            EngineTests.class,
            PackagesTests.class,
            PropertiesTests.class,
            RegistrationOnClassPathTests.class,
            RegistrationOnModulePathTests.class,
            SessionTests.class,
            TablesTests.class,
            TransparentFirstTests.class,
            TransparentLastTests.class,
            TransparentOnlyTests.class);

    @Test
    void everySuiteHasRunEveryTestOfItsDirectoryInThisBuild() throws Exception {
        Instant began = Instant.parse(System.getProperty("jsspi.build.began"));
        for (Class<?> suite : SUITES) {
            Path report = report(suite);
            assertTrue(Files.exists(report), () -> suite.getSimpleName() + " has not run: no " + report);
            Element results = results(report);
            Instant written = Instant.parse(results.getAttribute("timestamp"));
            assertFalse(written.isBefore(began), () -> suite.getSimpleName() + " has not run in this build");
            assertEquals(tests(directory(suite)), names(results), suite::getSimpleName);
            assertEquals(List.of(), skippedWithoutSayingWhy(results), suite::getSimpleName);
            assertEquals("0", results.getAttribute("failures"), suite::getSimpleName);
            assertEquals("0", results.getAttribute("errors"), suite::getSimpleName);
        }
    }

    @Test
    void everyDirectoryOfTestsHasASuite() throws IOException {
        Set<Path> selected =
                SUITES.stream().map(EveryTestRanTest::directory).collect(Collectors.toCollection(TreeSet::new));
        List<String> forgotten = new ArrayList<>(tests(TESTS));
        for (Path directory : selected) {
            forgotten.removeAll(tests(directory));
        }
        assertEquals(List.of(), forgotten);
    }

    @Test
    void everySuiteOfThisPackageIsInTheList() throws Exception {
        Path classes = Path.of(EveryTestRanTest.class
                        .getResource("EveryTestRanTest.class")
                        .toURI())
                .getParent();
        Set<String> suites = new TreeSet<>();
        try (var files = Files.list(classes)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Tests.class"))
                    .forEach(name -> suites.add(name.replace(".class", "")));
        }
        assertEquals(SUITES.stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new)), suites);
    }

    private static Path directory(Class<?> suite) {
        return Path.of(suite.getAnnotation(SelectDirectories.class).value()[0]);
    }

    private static Path report(Class<?> suite) {
        for (ConfigurationParameter parameter : suite.getAnnotationsByType(ConfigurationParameter.class)) {
            if (parameter.key().equals("jtreg.work")) {
                return Path.of(parameter.value()).resolve(Report.XML);
            }
        }
        throw new IllegalStateException(suite + " has no work directory");
    }

    /** The names of the files, once for each test in them. */
    private static List<String> tests(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                long count = TEST.matcher(Files.readString(file)).results().count();
                for (long i = 0; i < count; i++) {
                    names.add(TESTS.relativize(file).toString().replace('\\', '/'));
                }
            }
        }
        return names;
    }

    private static List<String> names(Element results) {
        NodeList cases = results.getElementsByTagName("testcase");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            names.add(((Element) cases.item(i)).getAttribute("classname"));
        }
        return names;
    }

    /** A test may stay away where its own comment says so. */
    private static List<String> skippedWithoutSayingWhy(Element results) throws IOException {
        NodeList skipped = results.getElementsByTagName("skipped");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < skipped.getLength(); i++) {
            String name = ((Element) skipped.item(i).getParentNode()).getAttribute("classname");
            if (!REASON.matcher(Files.readString(TESTS.resolve(name))).find()) {
                names.add(name);
            }
        }
        return names;
    }

    private static Element results(Path report) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + " cannot be read", e);
        }
    }
}
