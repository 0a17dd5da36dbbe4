package org.jsspi.provider.tls;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jsspi.EarlyDataInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.handshake.Busy;
import org.jsspi.provider.tls.handshake.Connected;
import org.jsspi.provider.tls.handshake.Effects;
import org.jsspi.provider.tls.handshake.FalseStart;
import org.jsspi.provider.tls.handshake.Inbound;
import org.jsspi.provider.tls.handshake.ResumableSession;
import org.jsspi.provider.tls.handshake.State;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeType;
import org.jsspi.provider.tls.message.ProtocolVersion;
import org.jsspi.provider.tls.record.RecordReader;

/**
 * Moves the handshake on: messages in, states in between, effects out to the queue and the record layer. Expensive steps run
 * inside the call, or are left to the caller as work where it asked for that.
 *
 * <p>Used by one establishing call at a time, except for the work, which may run on any thread and touches nothing but its own
 * record of effects. Once the connection is established it is used under the read lock, by decryptMessage too.
 */
final class HandshakeDriver implements Effects {
    /**
     * RFC 8446 4.2.10: how many bytes of records with early data that is not taken pass by at least; room for one large flight of a
     * client whose ticket is from a server that takes more than this one.
     */
    private static final int SKIPPED_EARLY_DATA = 1 << 17;

    private final RecordReader reader;
    private final ReentrantLock readLock;
    private final OutboundQueue outbound;
    private final ReentrantLock writeLock;
    private final HandshakeInbox inbox;
    private final boolean async;
    private final Consumer<ResumableSession> tickets;
    private final int skippableEarlyData;
    private final boolean allowsEarlyData;
    private State state;
    /** What data flows under: also while the state is one of the next handshake. */
    private volatile Connected connected;

    private volatile boolean renegotiating;
    private volatile boolean awaitsFinished;
    private volatile Work work;
    private volatile boolean established;
    private volatile boolean protectedReads;
    private boolean begun;
    private boolean skipping;
    private boolean keyUpdateSent;
    private volatile EarlyData earlyData;
    private volatile FalseStart falseStart;
    private boolean lastFlight;

    /** @param maximumEarlyData that this side allows, 0 for none */
    HandshakeDriver(
            RecordReader reader,
            ReentrantLock readLock,
            OutboundQueue outbound,
            ReentrantLock writeLock,
            HandshakeInbox inbox,
            boolean async,
            Consumer<ResumableSession> tickets,
            int maximumEarlyData) {
        this.reader = reader;
        this.readLock = readLock;
        this.outbound = outbound;
        this.writeLock = writeLock;
        this.inbox = inbox;
        this.async = async;
        this.tickets = tickets;
        this.allowsEarlyData = maximumEarlyData > 0;
        // Twice: records of one byte would take more, and nobody has to send such.
        this.skippableEarlyData = Math.max(SKIPPED_EARLY_DATA, 2 * Math.min(maximumEarlyData, Integer.MAX_VALUE / 2));
    }

    /** @param sent whether the first state has sent something already, as a client's has */
    void begin(State first, boolean sent) throws SspiException {
        begun = sent;
        enter(first);
    }

    /** Delivers the messages that are complete, until one leaves work behind. */
    void deliver() throws SspiException {
        while (work == null) {
            byte[] message = inbox.next();
            if (message == null) {
                return;
            }
            Inbound arrived = Inbound.decode(state, message);
            begun = true;
            enter(state.on(arrived, this));
        }
    }

    /** Goes on after the work was done; without work, or while it is not done, does nothing. */
    void resume() throws SspiException {
        if (work == null || !work.isDone()) {
            return;
        }
        Work finished = work;
        work = null;
        if (finished.failure != null) {
            throw finished.failure;
        }
        try {
            finished.effects.play(this);
        } catch (SspiException e) {
            finished.effects.destroyKeys();
            throw e;
        }
        enter(finished.next);
        deliver();
    }

    /** {@return true while a step waits for its work} */
    boolean isBusy() {
        return work != null;
    }

    /** {@return the work that waits, once; or null} */
    Runnable takeWork() {
        Work waiting = work;
        return waiting != null && waiting.taken.compareAndSet(false, true) ? waiting : null;
    }

    boolean isEstablished() {
        return established;
    }

    /** {@return whether what waits to be sent goes out before the alert, when the handshake has failed} */
    boolean sendsLastFlight() {
        return lastFlight;
    }

    /** {@return true once the peer's records are protected} */
    boolean hasProtectedReads() {
        return protectedReads;
    }

    /** {@return whether TLS 1.2 is agreed} */
    boolean isTls12() {
        return state.version() == ProtocolVersion.TLS12;
    }

    /** {@return whether TLS 1.3 is agreed} */
    boolean isTls13() {
        return state.version() == ProtocolVersion.TLS13;
    }

    /** The peer's change_cipher_spec of TLS 1.2: what follows is protected with its keys. */
    void changeCipherSpec() throws SspiException {
        enter(state.onChangeCipherSpec(this));
    }

    /** {@return true while change_cipher_spec may arrive, and means nothing (RFC 8446 5)} */
    boolean acceptsChangeCipherSpec() {
        return begun && !(state instanceof Connected) && state.mayBeTls13();
    }

    /** Wipes the secrets, also those of a step that is still running, as soon as it has ended. */
    void destroy() {
        Work running = work;
        if (running != null) {
            running.abandon();
        } else if (state != null) {
            state.destroy();
        }
        Connected current = connected;
        if (current != null) {
            current.destroy();
        }
    }

    /** {@return whether this side allows early data, so that the handshake says what becomes of it} */
    boolean allowsEarlyData() {
        return allowsEarlyData;
    }

    /** {@return the early data of this connection, or null where nobody speaks of any, or has yet} */
    EarlyData earlyData() {
        return earlyData;
    }

    /** {@return the False Start of this client, until the context has noted that it is established; or null} */
    FalseStart falseStart() {
        return falseStart;
    }

    /** There is a connection to ask now. */
    void forgetFalseStart() {
        falseStart = null;
    }

    /** {@return the established connection, which a renegotiation replaces when it is complete; or null} */
    Connected connected() {
        return connected;
    }

    // Renegotiation (RFC 5246 7.4.1.1)

    /** Begins one, which the connection has to permit: a server asks its client for it. */
    void renegotiate() throws SspiException {
        enter(connected.renegotiate(this));
    }

    /** {@return whether handshake messages are due: a renegotiation is running, or a client was asked for one} */
    boolean awaitsHandshake() {
        Connected current = connected;
        return renegotiating || current != null && current.awaitsRenegotiation();
    }

    /** {@return whether a renegotiation is running} */
    boolean isRenegotiating() {
        return renegotiating;
    }

    /** {@return whether data of the peer is welcome: under keys that it has proven to have} */
    boolean takesData() {
        return !awaitsFinished;
    }

    /**
     * The peer has sent the warning no_renegotiation.
     *
     * @return whether this was the answer to our wish, which has come to nothing: the connection is what it was
     */
    boolean renegotiationRefused() {
        Connected current = connected;
        if (current == null || !renegotiating) {
            return current != null && current.refused();
        }
        if (!state.isRefusable()) {
            return false;
        }
        writeLock.lock();
        try {
            if (!outbound.isEmpty()) {
                // Nobody can refuse a hello that has not left.
                return false;
            }
            state.destroy();
            outbound.holdData(false);
            state = current;
            renegotiating = false;
        } finally {
            writeLock.unlock();
        }
        return true;
    }

    private void enter(State next) throws SspiException {
        State entered = next;
        while (entered instanceof Busy busy) {
            state = busy;
            renegotiating = connected != null;
            skipEarlyData();
            if (async) {
                work = new Work(busy);
                return;
            }
            entered = run(busy, this);
        }
        state = entered;
        if (entered instanceof Connected complete) {
            connect(complete);
        } else if (connected != null) {
            renegotiating = true;
        }
        skipEarlyData();
    }

    private void connect(Connected complete) {
        Connected before = connected;
        if (before == complete) {
            return;
        }
        writeLock.lock();
        try {
            connected = complete;
            renegotiating = false;
            if (before != null) {
                before.destroy();
            }
        } finally {
            writeLock.unlock();
        }
    }

    /**
     * RFC 8446 4.2.10: what a client sends as early data that is not accepted passes by, up to one bound for the connection. 5.2: where
     * none can come any more, what cannot be opened is bad_record_mac again.
     */
    private void skipEarlyData() {
        if (state.skipEarlyData() == skipping) {
            return;
        }
        skipping = !skipping;
        readLock.lock();
        try {
            reader.skipEarlyData(skipping ? skippableEarlyData : 0);
        } finally {
            readLock.unlock();
        }
    }

    /** A callback of the application that breaks ends the handshake and not the caller's thread. */
    private static State run(Busy busy, Effects effects) throws SspiException {
        try {
            return busy.run(effects);
        } catch (RuntimeException | Error e) {
            throw AlertDescription.INTERNAL_ERROR.because("a callback failed: " + e, e);
        }
    }

    // Effects

    @Override
    public void send(byte[] message) throws SspiException {
        writeLock.lock();
        try {
            outbound.message(message);
            keyUpdateSent = message[0] == HandshakeType.KEY_UPDATE.code();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void sendChangeCipherSpec() throws SspiException {
        writeLock.lock();
        try {
            outbound.changeCipherSpec();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void changeCipherSpecIsDue() {
        writeLock.lock();
        try {
            outbound.changeCipherSpecIsDue();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void protectReads(TrafficKeys keys) throws SspiException {
        // RFC 8446 5.1: handshake messages must not span a key change.
        if (!inbox.isEmpty()) {
            keys.destroy();
            throw AlertDescription.UNEXPECTED_MESSAGE.because("the peer's handshake messages span a change of keys");
        }
        readLock.lock();
        try {
            reader.protect(keys);
            protectedReads = true;
            awaitsFinished = renegotiating;
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public void protectWrites(TrafficKeys keys) throws SspiException {
        writeLock.lock();
        try {
            outbound.keys(keys);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void unprotectWrites() throws SspiException {
        writeLock.lock();
        try {
            outbound.unprotect();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void earlyData(EarlyDataInfo info) {
        EarlyData known = earlyData == null ? new EarlyData() : earlyData;
        readLock.lock();
        writeLock.lock();
        try {
            known.becomes(info);
            earlyData = known;
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    public void limitEarlyData(int peersRecordSizeLimit) {
        writeLock.lock();
        try {
            earlyData.limitRecords(peersRecordSizeLimit);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void earlyDataEnds() {
        readLock.lock();
        writeLock.lock();
        try {
            earlyData.ends();
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    public void falseStart(FalseStart begun) {
        falseStart = begun;
    }

    @Override
    public boolean isClosing() {
        writeLock.lock();
        try {
            return outbound.isClosing();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void holdData() {
        writeLock.lock();
        try {
            outbound.holdData(true);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void refuseRenegotiation() throws SspiException {
        writeLock.lock();
        try {
            outbound.refuseRenegotiation();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void limitRecords(int peersRecordSizeLimit) {
        writeLock.lock();
        try {
            outbound.limitRecords(peersRecordSizeLimit);
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public boolean keyUpdateIsLast() {
        writeLock.lock();
        try {
            return keyUpdateSent && outbound.isFresh();
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public void peersFlightEnds() throws SspiException {
        if (!inbox.isEmpty()) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "the peer's handshake goes on behind a message that it has to wait for an answer to");
        }
    }

    @Override
    public void lastFlight() {
        lastFlight = true;
    }

    @Override
    public void established() {
        established = true;
        if (awaitsFinished) {
            awaitsFinished = false;
            writeLock.lock();
            try {
                outbound.holdData(false);
            } finally {
                writeLock.unlock();
            }
        }
    }

    @Override
    public void offerTicket(ResumableSession session) {
        tickets.accept(session);
    }

    private enum Stage {
        WAITING,
        RUNNING,
        DONE,
        ABANDONED
    }

    /** One step that the caller runs: what it did is recorded, and takes effect when the establishing call goes on. */
    private static final class Work implements Runnable {
        private final Busy busy;
        private final RecordedEffects effects = new RecordedEffects();
        private final AtomicBoolean taken = new AtomicBoolean();
        private State next;
        private SspiException failure;
        private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

        Work(Busy busy) {
            this.busy = busy;
        }

        @Override
        public void run() {
            if (!stage.compareAndSet(Stage.WAITING, Stage.RUNNING)) {
                return;
            }
            try {
                next = HandshakeDriver.run(busy, effects);
            } catch (SspiException e) {
                failure = e;
                effects.destroyKeys();
            }
            if (!stage.compareAndSet(Stage.RUNNING, Stage.DONE)) {
                forget();
            }
        }

        boolean isDone() {
            return stage.get() == Stage.DONE;
        }

        /** Nobody waits for it any more: its secrets go now, or as soon as it has ended. */
        void abandon() {
            if (stage.getAndSet(Stage.ABANDONED) != Stage.RUNNING) {
                forget();
            }
        }

        private void forget() {
            busy.destroy();
            if (next != null) {
                next.destroy();
            }
            effects.destroyKeys();
        }
    }
}
