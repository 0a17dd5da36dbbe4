package org.jsspi.conformance.jtreg;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of one test.
 *
 * @param test the test
 * @param verdict how it ended
 * @param start when it began
 * @param time how long it took, compilation included
 * @param log every action with its command and its output
 * @param file where the log is kept; null for a test that did not run
 */
public record TestResult(TestDescription test, Verdict verdict, Instant start, Duration time, String log, Path file) {}
