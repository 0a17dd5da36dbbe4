package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a receiver remembers of the numbers that have arrived, for REPLAY_DETECT and SEQUENCE_DETECT: the highest, and which
 * of the {@value #SIZE} numbers up to it. Older numbers are refused, because nobody can tell whether they are repeated.
 *
 * <p>Numbers are unsigned and do not wrap. A number is accepted only after its message has been verified, so that a forged
 * one cannot move the window. Safe for use by several threads; its memory never grows.
 */
public final class ReplayWindow {
    /** How far behind the highest number a message may arrive. */
    public static final int SIZE = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    /** Bit {@code n % SIZE} says that number n has arrived, for n in ({@link #highest} - SIZE, highest]. */
    private final long[] arrived = new long[SIZE / Long.SIZE];

    private long highest = -1;

    /** A window that has seen nothing. */
    public ReplayWindow() {}

    /** {@return false if a message with this number would be refused now} Changes nothing. */
    public boolean wouldAccept(int messageSeqNo) {
        lock.lock();
        try {
            return isNew(Integer.toUnsignedLong(messageSeqNo));
        } finally {
            lock.unlock();
        }
    }

    /** {@return true if the number of a verified message is new; it is not from now on} */
    public boolean accept(int messageSeqNo) {
        long number = Integer.toUnsignedLong(messageSeqNo);
        lock.lock();
        try {
            if (!isNew(number)) {
                return false;
            }
            if (number > highest) {
                forgetUpTo(number);
                highest = number;
            }
            arrived[word(number)] |= 1L << number;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Returns to the state of a window that has seen nothing. */
    public void reset() {
        lock.lock();
        try {
            Arrays.fill(arrived, 0);
            highest = -1;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the window as bytes, for the export of a context} */
    public byte[] encode() {
        lock.lock();
        try {
            ByteBuffer out = ByteBuffer.allocate(Long.BYTES + SIZE / Byte.SIZE).putLong(highest);
            for (long word : arrived) {
                out.putLong(word);
            }
            return out.array();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return the window that was encoded at the position of {@code in}, which moves behind it}
     *
     * @throws SspiException SEC_E_INVALID_TOKEN if there is none
     */
    public static ReplayWindow decode(ByteBuffer in) throws SspiException {
        if (in.remaining() < Long.BYTES + SIZE / Byte.SIZE) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "replay window is cut short");
        }
        ReplayWindow window = new ReplayWindow();
        window.highest = in.order(ByteOrder.BIG_ENDIAN).getLong();
        for (int i = 0; i < window.arrived.length; i++) {
            window.arrived[i] = in.getLong();
        }
        if (window.highest < -1 || window.highest > 0xFFFF_FFFFL) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "replay window ends beyond 32 bits");
        }
        return window;
    }

    private boolean isNew(long number) {
        return number > highest || (highest - number < SIZE && (arrived[word(number)] & 1L << number) == 0);
    }

    /** The numbers between the highest and the new one take the places of numbers that leave the window. */
    private void forgetUpTo(long number) {
        if (number - highest >= SIZE) {
            Arrays.fill(arrived, 0);
            return;
        }
        for (long n = highest + 1; n <= number; n++) {
            arrived[word(n)] &= ~(1L << n);
        }
    }

    private static int word(long number) {
        return (int) (number % SIZE) / Long.SIZE;
    }
}
