package org.jsspi.conformance.jtreg;

/** How a test ended, in jtreg's words. */
public enum Outcome {
    /** It did what it promises. */
    PASSED("Passed"),
    /** It did not: the code under test is at fault. */
    FAILED("Failed"),
    /** It could not be found out: the test, its set-up or its time limit is at fault. */
    ERROR("Error"),
    /** It does not apply here, or a person is needed, or somebody excluded it. */
    NOT_RUN("Not run");

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
