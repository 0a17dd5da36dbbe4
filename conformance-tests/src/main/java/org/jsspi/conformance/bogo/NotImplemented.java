package org.jsspi.conformance.bogo;

/** The test asks for something that is not here; the message is the reason. */
final class NotImplemented extends Exception {
    private static final long serialVersionUID = 1L;

    NotImplemented(String reason) {
        super(reason);
    }
}
