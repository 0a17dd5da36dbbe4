package org.jsspi.provider.ntlm;

import java.util.Arrays;
import org.jsspi.provider.crypto.Legacy;

/**
 * The RC4 handle of one direction. It can go back to where a message began, because a message that does not verify must not
 * move it: after {@link #record} it keeps the keystream that it gives out, and {@link #rewind} puts that back in front.
 * Not thread-safe.
 */
final class CipherStream implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final Legacy.Rc4 rc4;
    /** Keystream that was put back, from {@link #next} on. */
    private byte[] unread = NOTHING;

    private int next;
    /** Keystream since {@link #record}; null while nobody may want it back. */
    private byte[] recorded;

    private int count;

    CipherStream(byte[] key) {
        this.rc4 = new Legacy.Rc4(key);
    }

    /** Starts anew under this key. */
    void restart(byte[] key) {
        forget();
        rc4.restart(key);
    }

    /** Starts anew under the same key. */
    void restart() {
        forget();
        rc4.restart();
    }

    /** Keeps the keystream of the next {@code length} bytes. */
    void record(int length) {
        recorded = new byte[length];
        count = 0;
    }

    /** The message is good: what was kept is forgotten. */
    void commit() {
        Arrays.fill(recorded, (byte) 0);
        recorded = null;
    }

    /** Goes back to where {@link #record} was called, and keeps on recording from there. */
    void rewind() {
        byte[] rest = unread;
        unread = Arrays.copyOf(recorded, count + rest.length - next);
        System.arraycopy(rest, next, unread, count, rest.length - next);
        Arrays.fill(rest, (byte) 0);
        next = 0;
        count = 0;
    }

    /** Encrypts or decrypts; source and target may be the same place, but must not overlap otherwise. */
    void process(byte[] source, int offset, int length, byte[] target, int targetOffset) {
        if (recorded == null && next == unread.length) {
            rc4.process(source, offset, length, target, targetOffset);
            return;
        }
        byte[] stream = recorded != null ? recorded : new byte[length];
        int start = recorded != null ? count : 0;
        int before = Math.min(length, unread.length - next);
        System.arraycopy(unread, next, stream, start, before);
        next += before;
        // The array is zero from here on, unless it was recorded before.
        Arrays.fill(stream, start + before, start + length, (byte) 0);
        rc4.process(stream, start + before, length - before, stream, start + before);
        for (int i = 0; i < length; i++) {
            target[targetOffset + i] = (byte) (source[offset + i] ^ stream[start + i]);
        }
        if (recorded != null) {
            count += length;
        } else {
            Arrays.fill(stream, (byte) 0);
        }
        if (next == unread.length) {
            Arrays.fill(unread, (byte) 0);
            unread = NOTHING;
            next = 0;
        }
    }

    /** Goes back to where {@link #record} was called; what comes is not recorded. */
    void rewindAll() {
        rewind();
        commit();
    }

    private void forget() {
        Arrays.fill(unread, (byte) 0);
        unread = NOTHING;
        next = 0;
        if (recorded != null) {
            commit();
        }
    }

    @Override
    public void close() {
        forget();
        rc4.close();
    }
}
