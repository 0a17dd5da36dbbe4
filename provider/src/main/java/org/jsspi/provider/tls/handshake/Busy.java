package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;

/**
 * A step that is too expensive to run under a lock, or asks the application: signatures, trust, keys. It runs once, on any
 * thread; until it has, no message is delivered.
 */
public final class Busy implements State {
    /** The step itself. */
    @FunctionalInterface
    interface Step {
        State run(Effects out) throws SspiException;
    }

    private final Step step;

    Busy(Step step) {
        this.step = step;
    }

    /** Runs the step. */
    public State run(Effects out) throws SspiException {
        return step.run(out);
    }

    @Override
    public State on(Inbound message, Effects out) throws SspiException {
        throw AlertDescription.INTERNAL_ERROR.because("a message was delivered before the last step was done");
    }
}
