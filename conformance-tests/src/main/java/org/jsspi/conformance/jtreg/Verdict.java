package org.jsspi.conformance.jtreg;

/**
 * An outcome and the sentence behind it.
 *
 * @param outcome how the test, or one action of it, ended
 * @param reason why, on one line
 */
public record Verdict(Outcome outcome, String reason) {
    /** What a test says that finds itself out of place: its exception is {@code jtreg.SkippedException}. */
    static final String SKIPPED = "Skipped: ";

    static Verdict passed(String reason) {
        return new Verdict(Outcome.PASSED, reason);
    }

    static Verdict failed(String reason) {
        return new Verdict(Outcome.FAILED, reason);
    }

    static Verdict error(String reason) {
        return new Verdict(Outcome.ERROR, reason);
    }

    static Verdict notRun(String reason) {
        return new Verdict(Outcome.NOT_RUN, reason);
    }

    /** {@return true if the test ran but found that it does not apply; jtreg counts it as passed} */
    public boolean isSkipped() {
        return outcome == Outcome.PASSED && reason.startsWith(SKIPPED);
    }

    /** {@return the line that jtreg would print: {@code Passed. Execution successful}} */
    @Override
    public String toString() {
        return outcome + ". " + reason;
    }
}
