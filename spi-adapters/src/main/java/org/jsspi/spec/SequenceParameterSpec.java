package org.jsspi.spec;

import java.security.spec.AlgorithmParameterSpec;

/**
 * The sequence number of one datagram: MessageSeqNo, chosen by the sender. The receiver reads it from the token with
 * {@link org.jsspi.ContextKey#peekSequence}.
 *
 * <p>Numbers are 32 bits, unsigned. Two messages under one key and number reveal keystream, so a number signs one message.
 */
public final class SequenceParameterSpec implements AlgorithmParameterSpec {
    private final int messageSeqNo;
    private final boolean repeating;

    /**
     * A number that signs one message.
     *
     * @param messageSeqNo unsigned: -1 is the highest
     */
    public SequenceParameterSpec(int messageSeqNo) {
        this(messageSeqNo, false);
    }

    private SequenceParameterSpec(int messageSeqNo, boolean repeating) {
        this.messageSeqNo = messageSeqNo;
        this.repeating = repeating;
    }

    /**
     * {@return a number that may sign again} This switches the guard off for the one number. It is safe only for a message
     * that is the same to the byte; otherwise it reveals keystream, and with it what was encrypted under the number.
     *
     * @param messageSeqNo unsigned: -1 is the highest
     */
    public static SequenceParameterSpec repeating(int messageSeqNo) {
        return new SequenceParameterSpec(messageSeqNo, true);
    }

    /** {@return the number, unsigned} */
    public int messageSeqNo() {
        return messageSeqNo;
    }

    /** {@return true if the number may sign again} */
    public boolean isRepeating() {
        return repeating;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SequenceParameterSpec that
                && messageSeqNo == that.messageSeqNo
                && repeating == that.repeating;
    }

    @Override
    public int hashCode() {
        return repeating ? ~messageSeqNo : messageSeqNo;
    }

    @Override
    public String toString() {
        return "SequenceParameterSpec[" + Integer.toUnsignedString(messageSeqNo) + (repeating ? ", repeating]" : "]");
    }
}
