package org.jsspi.conformance.jtreg;

/** What the suites of this package have in common. */
final class Suites {
    /** A test's JVM lives for a second: start fast, stay small. */
    static final String VM_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private Suites() {}
}
