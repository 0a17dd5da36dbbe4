package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The numbers that have protected a message under one key. Two messages under one key and number reveal keystream, so each
 * number is used once.
 *
 * <p>The guard belongs to the key: signing and sealing share it, and it lives on when the context is re-established with that
 * key, when its keys are reset, and in the context that imports it. Verifying never needs it.
 *
 * <p>Numbers are unsigned, and come in any order. They are kept exactly, as ranges: counting up, with gaps and on many
 * threads, takes a handful. Memory is bounded by {@value #RANGES} ranges of 8 bytes. Beyond that the two that are closest
 * together become one: the numbers between them count as used although they were not. So the guard never lets a number pass
 * twice, and at its bound may refuse one that is new.
 *
 * <p>Safe for use by several threads.
 */
public final class SequenceGuard {
    /** The most ranges of used numbers that are kept. */
    public static final int RANGES = 16_384;

    private static final int FEW = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final int bound;
    /** Range i is first[i] to last[i], unsigned, both used. Ranges are in order; between two lies at least one free number. */
    private int[] first = new int[FEW];

    private int[] last = new int[FEW];
    private int count;

    /** A guard of a key that has protected nothing. */
    public SequenceGuard() {
        this(RANGES);
    }

    SequenceGuard(int bound) {
        this.bound = bound;
    }

    /** {@return true if the number is used up} Changes nothing; another thread may use the number right afterwards. */
    public boolean isUsed(int messageSeqNo) {
        lock.lock();
        try {
            int next = firstAfter(messageSeqNo);
            return next > 0 && Integer.compareUnsigned(messageSeqNo, last[next - 1]) <= 0;
        } finally {
            lock.unlock();
        }
    }

    /** {@return true if the number was new; it is used up from now on} Of several threads one gets true. */
    public boolean use(int messageSeqNo) {
        lock.lock();
        try {
            int next = firstAfter(messageSeqNo);
            int before = next - 1;
            if (before >= 0 && Integer.compareUnsigned(messageSeqNo, last[before]) <= 0) {
                return false;
            }
            // Neither sum can wrap onto a range: there is a number above last[before], and one below first[next].
            boolean follows = before >= 0 && last[before] + 1 == messageSeqNo;
            boolean precedes = next < count && messageSeqNo + 1 == first[next];
            if (follows && precedes) {
                join(before);
            } else if (follows) {
                last[before] = messageSeqNo;
            } else if (precedes) {
                first[next] = messageSeqNo;
            } else {
                insert(next, messageSeqNo);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the used numbers as bytes, for the export of a context} */
    public byte[] encode() {
        lock.lock();
        try {
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + count * 2 * Integer.BYTES)
                    .putInt(count);
            for (int i = 0; i < count; i++) {
                out.putInt(first[i]).putInt(last[i]);
            }
            return out.array();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return the guard that was encoded at the position of {@code in}, which moves behind it}
     *
     * @throws SspiException SEC_E_INVALID_TOKEN if there is none
     */
    public static SequenceGuard decode(ByteBuffer in) throws SspiException {
        in.order(ByteOrder.BIG_ENDIAN);
        int ranges = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (ranges < 0 || ranges > RANGES || in.remaining() / (2 * Integer.BYTES) < ranges) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "used numbers are cut short");
        }
        SequenceGuard guard = new SequenceGuard();
        guard.first = new int[Math.max(FEW, ranges)];
        guard.last = new int[guard.first.length];
        long end = -2;
        for (int i = 0; i < ranges; i++) {
            guard.first[i] = in.getInt();
            guard.last[i] = in.getInt();
            long begin = Integer.toUnsignedLong(guard.first[i]);
            if (begin < end + 2 || begin > Integer.toUnsignedLong(guard.last[i])) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "used numbers are out of order");
            }
            end = Integer.toUnsignedLong(guard.last[i]);
        }
        guard.count = ranges;
        return guard;
    }

    /** {@return how many ranges are kept} */
    int ranges() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** {@return the index of the first range that begins above the number, or the count} Counting up asks for the end. */
    private int firstAfter(int number) {
        if (count == 0 || Integer.compareUnsigned(number, first[count - 1]) >= 0) {
            return count;
        }
        int low = 0;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Integer.compareUnsigned(first[middle], number) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void insert(int index, int number) {
        if (count == first.length) {
            first = Arrays.copyOf(first, count * 2);
            last = Arrays.copyOf(last, count * 2);
        }
        System.arraycopy(first, index, first, index + 1, count - index);
        System.arraycopy(last, index, last, index + 1, count - index);
        first[index] = number;
        last[index] = number;
        count++;
        if (count > bound) {
            join(closest());
        }
    }

    /** {@return the index of the range that has the least distance to the next; the lowest of several} */
    private int closest() {
        int closest = 0;
        int least = -1;
        for (int i = 0; i + 1 < count; i++) {
            int distance = first[i + 1] - last[i];
            if (Integer.compareUnsigned(distance, least) < 0) {
                closest = i;
                least = distance;
            }
        }
        return closest;
    }

    /** Makes one of range {@code index} and the next. */
    private void join(int index) {
        last[index] = last[index + 1];
        System.arraycopy(first, index + 2, first, index + 1, count - index - 2);
        System.arraycopy(last, index + 2, last, index + 1, count - index - 2);
        count--;
    }
}
