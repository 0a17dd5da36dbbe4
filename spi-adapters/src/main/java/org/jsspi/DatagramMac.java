package org.jsspi;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * The computation of datagram signatures with one {@link ContextKey}, one message after another: {@link #begin}, any number
 * of updates, then {@link #sign} or {@link #verify}. It keeps no message bytes and allocates nothing per message.
 *
 * <p>Packages extend it with the engine methods. What every package has to get right is here: the order of the calls, the
 * {@link SequenceGuard}, the comparison of the token's number with the caller's, the {@link ReplayWindow}, and that nothing
 * leaves under the key of a context that was closed meanwhile.
 *
 * <p>Not safe for use by several threads; one key has any number of computations at once.
 */
public abstract class DatagramMac {
    private final DatagramProtection protection;
    private final int length;
    private boolean begun;
    private boolean repeating;
    private int sequence;

    /**
     * For packages.
     *
     * @param protection what the computation belongs to
     * @param length the length of a token in bytes
     */
    protected DatagramMac(DatagramProtection protection, int length) {
        this.protection = Objects.requireNonNull(protection, "protection");
        this.length = length;
    }

    /** {@return the length of a token in bytes} */
    public final int length() {
        return length;
    }

    /** {@return the number of the message that was begun last} */
    public final int sequence() {
        return sequence;
    }

    /**
     * Begins a message; one that is under way is forgotten.
     *
     * @param messageSeqNo the caller's number for it
     * @param allowRepeat true if the number may have protected a message before: its token may reveal keystream
     * @throws SspiException SEC_E_OUT_OF_SEQUENCE if the number is used up already; SEC_E_INVALID_HANDLE if the context is
     *     closed
     */
    public final void begin(int messageSeqNo, boolean allowRepeat) throws SspiException {
        begun = false;
        requireOpen();
        engineBegin(messageSeqNo);
        SequenceGuard guard = engineGuard();
        if (guard != null && !allowRepeat && guard.isUsed(messageSeqNo)) {
            throw usedUp(messageSeqNo);
        }
        sequence = messageSeqNo;
        repeating = allowRepeat;
        begun = true;
    }

    /** Takes the bytes from position to limit, which become consumed. Any kind of buffer; it is only read. */
    public final void update(ByteBuffer data) throws SspiException {
        requireBegun();
        engineUpdate(data);
    }

    /** Takes {@code count} bytes from {@code offset} on. */
    public final void update(byte[] data, int offset, int count) throws SspiException {
        requireBegun();
        engineUpdate(data, offset, count);
    }

    /**
     * Ends the message and writes its token. For the signing direction this uses up the number.
     *
     * <p>With a verifying key it gives the token that the peer would have sent, for comparison; no number is used up.
     *
     * @param token has room for {@link #length()} bytes from {@code offset} on
     * @throws SspiException SEC_E_OUT_OF_SEQUENCE, with nothing written, if the number is used up; SEC_E_BUFFER_TOO_SMALL,
     *     with the message still under way; SEC_E_INVALID_HANDLE if the context was closed
     */
    public final void sign(byte[] token, int offset) throws SspiException {
        requireBegun();
        if (token.length - offset < length) {
            throw new SspiException(
                    SecurityStatus.SEC_E_BUFFER_TOO_SMALL, "no room for a token of " + length + " bytes");
        }
        begun = false;
        try {
            requireOpen();
            SequenceGuard guard = engineGuard();
            if (guard != null && !guard.use(sequence) && !repeating) {
                throw usedUp(sequence);
            }
            engineSign(token, offset);
        } finally {
            engineEnd();
        }
        // A context is closed first and wiped then: if it is open now, the keys that were read before were whole.
        VarHandle.loadLoadFence();
        if (protection.isClosed()) {
            Arrays.fill(token, offset, offset + length, (byte) 0);
            requireOpen();
        }
    }

    /**
     * Ends the message and compares, in constant time.
     *
     * @param token from position to limit, which do not move
     * @return false if the message or the token was altered
     * @throws SspiException SEC_E_INVALID_TOKEN if the token is none of this package; SEC_E_OUT_OF_SEQUENCE if its number is
     *     not the caller's, or, where the context detects replays, if the message is right but not the first with its
     *     number; SEC_E_INVALID_HANDLE if the context was closed
     */
    public final boolean verify(ByteBuffer token) throws SspiException {
        requireBegun();
        begun = false;
        try {
            requireOpen();
            int carried = protection.peekSequence(token);
            if (carried != sequence) {
                throw new SspiException(
                        SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                        "the token has number " + Integer.toUnsignedString(carried) + ", not "
                                + Integer.toUnsignedString(sequence));
            }
            if (!engineVerify(token)) {
                return false;
            }
        } finally {
            engineEnd();
        }
        // As in sign: a token made with wiped keys is not taken for the peer's.
        VarHandle.loadLoadFence();
        requireOpen();
        ReplayWindow window = engineWindow();
        if (window != null && !window.accept(sequence)) {
            throw new SspiException(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "a message with number " + Integer.toUnsignedString(sequence)
                            + " has arrived before, or it is too old to tell");
        }
        return true;
    }

    /** Starts over for a message with this number, with the keys that the context has now. */
    protected abstract void engineBegin(int messageSeqNo) throws SspiException;

    /** Takes the bytes from position to limit and moves the position to the limit. */
    protected abstract void engineUpdate(ByteBuffer data) throws SspiException;

    /** Takes these bytes. */
    protected abstract void engineUpdate(byte[] data, int offset, int count) throws SspiException;

    /** Writes the token of the message, {@link #length()} bytes. */
    protected abstract void engineSign(byte[] token, int offset) throws SspiException;

    /** {@return true if this is the token of the message, compared in constant time} Its number is already checked. */
    protected abstract boolean engineVerify(ByteBuffer token) throws SspiException;

    /**
     * The message is over: wipes what was derived from keys for it. The guard and the window of the message are still asked
     * for afterwards. Nothing to wipe unless overridden.
     */
    protected void engineEnd() {}

    /** {@return the guard of the key that the message was begun under; null for the verifying direction} */
    protected SequenceGuard engineGuard() {
        return null;
    }

    /** {@return the window of the verifying direction; null unless the context detects replays} */
    protected ReplayWindow engineWindow() {
        return null;
    }

    private static SspiException usedUp(int messageSeqNo) {
        return new SspiException(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                "number " + Integer.toUnsignedString(messageSeqNo) + " has protected a message under this key before");
    }

    private void requireOpen() throws SspiException {
        if (protection.isClosed()) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_HANDLE, "the context of the key is closed");
        }
    }

    private void requireBegun() throws SspiException {
        if (!begun) {
            throw new SspiException(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, "no message has been begun");
        }
    }
}
