package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.ProtocolVersion;

/**
 * A step that is too expensive for the thread that read the message, or that calls the application: signing, verifying,
 * the callbacks. Nothing is delivered until it has run.
 *
 * <p>The driver runs it once, on any thread, with live effects or with recorded ones that it plays back.
 */
public final class Busy implements State {
    /** The step. */
    @FunctionalInterface
    interface Work {
        State run(Effects out) throws SspiException;
    }

    private final Exchange exchange;
    private final boolean skipEarlyData;
    private final Work work;

    Busy(Exchange exchange, boolean skipEarlyData, Work work) {
        this.exchange = exchange;
        this.skipEarlyData = skipEarlyData;
        this.work = work;
    }

    Busy(Exchange exchange, Work work) {
        this(exchange, false, work);
    }

    /**
     * Does the step.
     *
     * @return the next state
     * @throws SspiException if the handshake cannot go on; {@link #destroy()} is due
     */
    public State run(Effects out) throws SspiException {
        return work.run(out);
    }

    /** Never: no message is delivered while a step runs. */
    @Override
    public State on(Inbound message, Effects out) {
        throw new IllegalStateException("a message was delivered while the handshake is busy");
    }

    @Override
    public ProtocolVersion version() {
        return exchange.version();
    }

    @Override
    public boolean mayBeTls13() {
        return exchange.mayBeTls13();
    }

    @Override
    public boolean skipEarlyData() {
        return skipEarlyData;
    }

    /** Wipes every secret of the handshake; not while {@link #run} runs. */
    @Override
    public void destroy() {
        exchange.vault().destroy();
    }
}
