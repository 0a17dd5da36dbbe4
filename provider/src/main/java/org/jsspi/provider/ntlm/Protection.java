package org.jsspi.provider.ntlm;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jsspi.SecBuffer;
import org.jsspi.provider.crypto.Legacy;

/**
 * Signatures and encryption of one message after another under the keys of one direction (MS-NLMP 3.4.4):
 *
 * <pre>
 * | version 1, 4 | RC4(HMAC_MD5(SignKey, SeqNum, message))[0..8]  8 | SeqNum 4 |     extended session security
 * | version 1, 4 | zeros 4 | RC4(CRC32(message)) 4 | RC4(0) xor SeqNum 4 |           without it
 * </pre>
 *
 * The payload is encrypted first and the checksum then, on one handle. Not thread-safe.
 */
final class Protection implements AutoCloseable {
    static final int TOKEN_LENGTH = 16;

    private static final int CHECKSUM_LENGTH = 8;
    private static final int VERSION = 1;
    private static final int CHUNK = 1024;
    private static final byte[] NOTHING = {};

    private final boolean extended;
    private final boolean encryptChecksum;
    private final CipherStream cipher;
    private final Legacy.HmacMd5 hmac;
    private final CRC32 crc;
    private final byte[] sealKey;
    private final MessageDigest md5;
    private final byte[] value = new byte[16];
    private final byte[] expected = new byte[TOKEN_LENGTH];
    private final byte[] sequence = new byte[4];
    /** For memory that is no array; made when it is first met. */
    private byte[] chunk = NOTHING;

    /** @param signKey null without extended session security */
    Protection(NegotiateFlags flags, byte[] signKey, byte[] sealKey) {
        this.extended = flags.has(NegotiateFlags.EXTENDED_SESSIONSECURITY);
        this.encryptChecksum = flags.has(NegotiateFlags.KEY_EXCH);
        this.hmac = extended ? new Legacy.HmacMd5(signKey) : null;
        this.crc = extended ? null : Legacy.newCrc32();
        boolean datagram = flags.has(NegotiateFlags.DATAGRAM);
        this.sealKey = sealKey.clone();
        this.md5 = datagram ? Legacy.newMd5() : null;
        // SealingKey' is an MD5 value, whatever the length of SealingKey.
        this.cipher = new CipherStream(datagram ? new byte[16] : sealKey);
    }

    CipherStream cipher() {
        return cipher;
    }

    /** Datagram mode: SealingKey' = MD5(SealingKey, SeqNum), RC4Init(handle, SealingKey') (MS-NLMP 3.4). */
    void rekey(int messageSeqNo) {
        littleEndian(messageSeqNo, sequence, 0);
        md5.update(sealKey);
        md5.update(sequence);
        try {
            md5.digest(value, 0, value.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the platform's MD5 does not end", e);
        }
        cipher.restart(value);
    }

    /** Begins a message. */
    void begin(int messageSeqNo) {
        if (extended) {
            littleEndian(messageSeqNo, sequence, 0);
            hmac.begin();
            hmac.update(sequence, 0, sequence.length);
        } else {
            crc.reset();
        }
    }

    void update(byte[] bytes, int offset, int length) {
        if (extended) {
            hmac.update(bytes, offset, length);
        } else {
            crc.update(bytes, offset, length);
        }
    }

    /** Adds bytes at an absolute place; positions do not move. */
    void update(ByteBuffer memory, int offset, int length) {
        if (length == 0) {
            return;
        }
        if (memory.hasArray()) {
            update(memory.array(), memory.arrayOffset() + offset, length);
            return;
        }
        byte[] part = chunk();
        for (int done = 0; done < length; ) {
            int count = Math.min(part.length, length - done);
            memory.get(offset + done, part, 0, count);
            update(part, 0, count);
            done += count;
        }
        Arrays.fill(part, (byte) 0);
    }

    /** Encrypts or decrypts a buffer from its source to its target. */
    void crypt(SecBuffer buffer) {
        int length = buffer.length();
        ByteBuffer source = buffer.source();
        ByteBuffer target = buffer.target();
        if (length == 0) {
            return;
        }
        if (source.hasArray() && target.hasArray() && !overlapBadly(buffer)) {
            cipher.process(
                    source.array(),
                    source.arrayOffset() + buffer.sourceOffset(),
                    length,
                    target.array(),
                    target.arrayOffset() + buffer.targetOffset());
            return;
        }
        // One piece where the places may overlap: nothing is written before all of it is read.
        byte[] part = buffer.inPlace() ? chunk() : new byte[length];
        for (int done = 0; done < length; ) {
            int count = Math.min(part.length, length - done);
            source.get(buffer.sourceOffset() + done, part, 0, count);
            cipher.process(part, 0, count, part, 0);
            target.put(buffer.targetOffset() + done, part, 0, count);
            done += count;
        }
        Arrays.fill(part, (byte) 0);
    }

    /** Ends the message and writes its token: the checksum takes its part of the keystream now. */
    void token(int messageSeqNo, byte[] token, int offset) {
        littleEndian(VERSION, token, offset);
        if (extended) {
            hmac.end(value);
            System.arraycopy(value, 0, token, offset + 4, CHECKSUM_LENGTH);
            if (encryptChecksum) {
                cipher.process(token, offset + 4, CHECKSUM_LENGTH, token, offset + 4);
            }
            littleEndian(messageSeqNo, token, offset + 12);
            return;
        }
        // MS-NLMP 3.4.4.1: random pad, checksum and a zero are encrypted; the pad is overwritten, the number mixed in.
        Arrays.fill(token, offset + 4, offset + 16, (byte) 0);
        littleEndian((int) crc.getValue(), token, offset + 8);
        cipher.process(token, offset + 4, 12, token, offset + 4);
        Arrays.fill(token, offset + 4, offset + 8, (byte) 0);
        littleEndian(messageSeqNo, sequence, 0);
        for (int i = 0; i < 4; i++) {
            token[offset + 12 + i] ^= sequence[i];
        }
    }

    /** What a token turned out to be. */
    enum Verdict {
        RIGHT,
        ALTERED,
        /** Without extended session security: the checksum is right and the number is not. */
        OUT_OF_SEQUENCE
    }

    /** {@return whether this is the token of the message, compared in constant time} The message is ended. */
    Verdict judge(int messageSeqNo, byte[] token) {
        token(messageSeqNo, expected, 0);
        if (!extended) {
            // The random pad says nothing, and there are peers that send it encrypted.
            System.arraycopy(token, 4, expected, 4, 4);
        }
        Verdict verdict = Verdict.RIGHT;
        if (!MessageDigest.isEqual(expected, token)) {
            System.arraycopy(token, 12, expected, 12, 4);
            verdict = !extended && MessageDigest.isEqual(expected, token) ? Verdict.OUT_OF_SEQUENCE : Verdict.ALTERED;
        }
        Arrays.fill(expected, (byte) 0);
        return verdict;
    }

    /** {@return how many bytes of keystream the checksum takes} */
    int checksumKeystream() {
        return extended ? encryptChecksum ? CHECKSUM_LENGTH : 0 : 12;
    }

    boolean isExtended() {
        return extended;
    }

    /** {@return the number in a token: only with extended session security does it stand there in the clear} */
    static int sequenceOf(byte[] token) {
        return token[12] & 0xFF | (token[13] & 0xFF) << 8 | (token[14] & 0xFF) << 16 | (token[15] & 0xFF) << 24;
    }

    static void littleEndian(int number, byte[] target, int offset) {
        for (int i = 0; i < 4; i++) {
            target[offset + i] = (byte) (number >>> 8 * i);
        }
    }

    /** {@return true where a forward pass over the arrays would read what it has written} */
    private static boolean overlapBadly(SecBuffer buffer) {
        if (buffer.source().array() != buffer.target().array()) {
            return false;
        }
        long from = (long) buffer.source().arrayOffset() + buffer.sourceOffset();
        long to = (long) buffer.target().arrayOffset() + buffer.targetOffset();
        return from != to && Math.abs(to - from) < buffer.length();
    }

    private byte[] chunk() {
        if (chunk.length == 0) {
            chunk = new byte[CHUNK];
        }
        return chunk;
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        Arrays.fill(sealKey, (byte) 0);
        Arrays.fill(value, (byte) 0);
        cipher.close();
        if (hmac != null) {
            hmac.close();
        }
    }
}
