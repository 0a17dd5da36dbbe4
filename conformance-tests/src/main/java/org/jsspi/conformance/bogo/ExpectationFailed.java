package org.jsspi.conformance.bogo;

/** The connection is not as the test expects it to be. */
final class ExpectationFailed extends Exception {
    private static final long serialVersionUID = 1L;

    ExpectationFailed(String message) {
        super(message);
    }
}
