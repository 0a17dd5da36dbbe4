package org.jsspi.conformance.flights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jsspi.Sspi;
import org.jsspi.conformance.ForkedJvm;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The recorded connections are replayed byte for byte, and the prefix law, the overflow law and splits are held over each of
 * their flights in every kind of memory. {@code -Djsspi.flights=thorough} splits at every byte; {@code -Djsspi.flights=rewrite} makes the recordings anew, when what we send has changed
 * for a reason; the difference is to be read.
 */
class RecordedFlightsTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/org/jsspi/conformance/flights");
    private static final Pattern LINE = Pattern.compile("(\\w+) (\\d+) questions, (\\d+) splits");

    @Test
    @Timeout(value = 16, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyRecordingIsReplayedByteForByteAndUnderEveryLaw() throws Exception {
        ForkedJvm.Result result = new ForkedJvm()
                .classPath(
                        origin(RecordedFlightsTest.class),
                        origin(ForkedJvm.class),
                        origin(JsspiProvider.class),
                        origin(Sspi.class),
                        origin(BouncyCastleProvider.class))
                .limit(Duration.ofMinutes(15))
                .run(Flights.class.getName(), DIRECTORY.toString(), System.getProperty("jsspi.flights", "replay"))
                .orThrow();
        List<String> lines = result.lines();
        assertEquals(
                Arrays.stream(Scenario.values()).map(Scenario::name).toList(),
                lines.stream().map(line -> line.split(" ")[0]).toList());
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            assertTrue(matcher.matches(), line);
            // Four kinds of memory, each byte of each record: fewer would mean that something was passed over.
            assertTrue(Integer.parseInt(matcher.group(2)) > 4_000, line);
            assertTrue(Integer.parseInt(matcher.group(3)) >= 40, line);
        }
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " does not come from a file", e);
        }
    }
}
