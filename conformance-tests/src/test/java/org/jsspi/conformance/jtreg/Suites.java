package org.jsspi.conformance.jtreg;

/**
 * What the suites of this package have in common.
 *
 * <p>They may be without tests: a run of the tests of one tag hands its filter down, and no test here has a tag. That no suite
 * is without tests by mistake is {@link EveryTestRanTest}'s business.
 */
final class Suites {
    /** A test's JVM lives for a second: start fast, stay small. */
    static final String VM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private Suites() {}
}
