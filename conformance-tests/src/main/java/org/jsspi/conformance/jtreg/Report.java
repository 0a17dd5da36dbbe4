package org.jsspi.conformance.jtreg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jsspi.conformance.SecurityOverlay;

/** What a run leaves behind: a log for each test, a summary for people, JUnit XML for machines. */
public final class Report {
    /** The name of the XML file in the work directory. */
    public static final String XML = "results.xml";
    /** The name of the readable file in the work directory. */
    public static final String SUMMARY = "summary.txt";

    private Report() {}

    /** {@return the last line of a summary: {@code Test results: passed: 3; failed: 1; error: 1; not run: 2}} */
    public static String totals(List<TestResult> results) {
        return "Test results: "
                + Stream.of(Outcome.values())
                        .map(outcome -> outcome.toString().toLowerCase(Locale.ROOT) + ": " + count(results, outcome))
                        .collect(Collectors.joining("; "));
    }

    /** {@return one line for each test, then the totals} */
    static String summary(List<TestResult> results) {
        StringBuilder text = new StringBuilder();
        int width = results.stream()
                .mapToInt(result -> result.test().name().length())
                .max()
                .orElse(0);
        for (TestResult result : results) {
            text.append(String.format("%-" + (width + 2) + "s", result.test().name()))
                    .append(result.verdict())
                    .append('\n');
        }
        return text.append(totals(results)).append('\n').toString();
    }

    static void write(Path work, TestSuite suite, SecurityOverlay.Place overlay, List<TestResult> results)
            throws IOException {
        Files.writeString(work.resolve(SUMMARY), summary(results));
        try (Writer out = Files.newBufferedWriter(work.resolve(XML))) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument();
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", name(suite, overlay));
            xml.writeAttribute("tests", String.valueOf(results.size()));
            xml.writeAttribute("failures", String.valueOf(count(results, Outcome.FAILED)));
            xml.writeAttribute("errors", String.valueOf(count(results, Outcome.ERROR)));
            long skipped = count(results, Outcome.NOT_RUN)
                    + results.stream()
                            .filter(result -> result.verdict().isSkipped())
                            .count();
            xml.writeAttribute("skipped", String.valueOf(skipped));
            xml.writeAttribute(
                    "timestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            Duration time = results.stream().map(TestResult::time).reduce(Duration.ZERO, Duration::plus);
            xml.writeAttribute("time", seconds(time));
            for (TestResult result : results) {
                write(xml, result);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write " + XML, e);
        }
    }

    /** Keeps the log of a test below {@code log}, at the place of the test. */
    static TestResult keep(Path work, TestResult result) {
        Path file = work.resolve("log").resolve(result.test().place() + ".jtr");
        try {
            Files.createDirectories(file.getParent());
            String head = "test: " + result.test().name() + "\nsummary: "
                    + result.test().summary() + "\nbugs: "
                    + String.join(" ", result.test().bugs())
                    + "\nstart: " + result.start() + "\ntime: " + seconds(result.time()) + " s\n\n";
            Files.writeString(file, head + result.log() + "TEST RESULT: " + result.verdict() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep the log of " + result.test().name(), e);
        }
        return new TestResult(result.test(), result.verdict(), result.start(), result.time(), result.log(), file);
    }

    private static void write(XMLStreamWriter xml, TestResult result) throws XMLStreamException {
        Verdict verdict = result.verdict();
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", result.test().name().replaceFirst("#.*", ""));
        xml.writeAttribute("name", clean(result.test().name()));
        xml.writeAttribute("time", seconds(result.time()));
        String element =
                switch (verdict.outcome()) {
                    case PASSED -> verdict.isSkipped() ? "skipped" : null;
                    case FAILED -> "failure";
                    case ERROR -> "error";
                    case NOT_RUN -> "skipped";
                };
        if (element != null) {
            xml.writeEmptyElement(element);
            xml.writeAttribute("message", clean(verdict.toString()));
        }
        if (!result.log().isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(clean(result.log()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String name(TestSuite suite, SecurityOverlay.Place overlay) {
        String where = String.valueOf(suite.root().getFileName());
        return overlay == null ? where : where + " (JSSPI " + overlay.name().toLowerCase(Locale.ROOT) + ")";
    }

    private static long count(List<TestResult> results, Outcome outcome) {
        return results.stream()
                .filter(result -> result.verdict().outcome() == outcome)
                .count();
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }

    /** XML 1.0 has no place for most control characters and for half a surrogate pair. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == '\n' || c == '\t' || c >= 0x20 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE || c > 0xFFFF
                        ? c
                        : '?')
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
