package org.jsspi.conformance.bench;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The limit: the JCA Cipher alone, on arrays, with the nonce, the associated data and the content type byte of TLS 1.3
 * (RFC 8446 5.2, 5.3), and no protocol around it. What is not needed for each record is made once.
 *
 * <pre>
 * | header 5 | data n | type 1 | tag 16 |
 * </pre>
 */
final class CipherRecords implements RecordWork {
    /** How the data goes through the Cipher. */
    enum Calls {
        /** {@code update} of the data and {@code doFinal} of the type byte: the data may lie elsewhere than the byte. */
        UPDATE_AND_FINAL,
        /** One {@code doFinal} over data and type byte, which lie together. */
        FINAL_ONLY,
        /** The same, where the data comes from direct buffers and goes to direct buffers: one copy before and one behind. */
        FINAL_BETWEEN_COPIES
    }

    private static final int HEADER = 5;
    private static final int TAG = 16;
    private static final byte APPLICATION_DATA = 23;

    private final Calls calls;
    private final Cipher encryption = Cipher.getInstance("AES/GCM/NoPadding");
    private final Cipher decryption = Cipher.getInstance("AES/GCM/NoPadding");
    private final SecretKey key;
    private final byte[] iv = new byte[12];
    private final byte[] nonce = new byte[12];
    private long sent;
    private long received;

    private final int count;
    private final int size;
    /** {@code | data n | type 1 |} */
    private final byte[] message;

    private final byte[] records;
    private final byte[] opened;

    /** Outside the heap: the message, the records, and the message that was in the last of them. */
    private final ByteBuffer directMessage;

    private final ByteBuffer directRecords;
    private final ByteBuffer directOpened;

    CipherRecords(int size, Calls calls) throws GeneralSecurityException {
        this.calls = calls;
        this.size = size;
        this.count = RecordWork.batch(size);
        Random random = new Random(size);
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        random.nextBytes(iv);
        this.key = new SecretKeySpec(secret, "AES");
        this.message = new byte[size + 1];
        random.nextBytes(message);
        message[size] = APPLICATION_DATA;
        this.records = new byte[count * (HEADER + size + 1 + TAG)];
        this.opened = new byte[size + 1 + TAG];
        this.directMessage = ByteBuffer.allocateDirect(size);
        this.directRecords = ByteBuffer.allocateDirect(records.length);
        this.directOpened = ByteBuffer.allocateDirect(size);
        wrap();
        unwrap();
    }

    @Override
    public void wrap() throws GeneralSecurityException {
        int length = size + 1 + TAG;
        for (int i = 0; i < count; i++) {
            int record = i * (HEADER + length);
            int at = record;
            if (calls == Calls.FINAL_BETWEEN_COPIES) {
                directMessage.get(0, message, 0, size);
                at = 0;
            }
            records[at] = APPLICATION_DATA;
            records[at + 1] = 3;
            records[at + 2] = 3;
            records[at + 3] = (byte) (length >> 8);
            records[at + 4] = (byte) length;
            encryption.init(Cipher.ENCRYPT_MODE, key, parameters(sent++));
            encryption.updateAAD(records, at, HEADER);
            at += HEADER;
            if (calls == Calls.UPDATE_AND_FINAL) {
                int done = encryption.update(message, 0, size, records, at);
                encryption.doFinal(message, size, 1, records, at + done);
            } else {
                encryption.doFinal(message, 0, size + 1, records, at);
            }
            if (calls == Calls.FINAL_BETWEEN_COPIES) {
                directRecords.put(record, records, 0, HEADER + length);
            }
        }
    }

    @Override
    public void unwrap() throws GeneralSecurityException {
        for (int i = 0; i < count; i++) {
            int at = i * (HEADER + size + 1 + TAG);
            if (calls == Calls.FINAL_BETWEEN_COPIES) {
                directRecords.get(at, records, 0, HEADER + size + 1 + TAG);
                at = 0;
            }
            int length = (records[at + 3] & 0xFF) << 8 | records[at + 4] & 0xFF;
            decryption.init(Cipher.DECRYPT_MODE, key, parameters(received++));
            decryption.updateAAD(records, at, HEADER);
            if (decryption.doFinal(records, at + HEADER, length, opened, 0) != size + 1) {
                throw new IllegalStateException("a record of another length");
            }
            if (calls == Calls.FINAL_BETWEEN_COPIES) {
                directOpened.put(0, opened, 0, size);
            }
        }
    }

    private GCMParameterSpec parameters(long sequence) {
        System.arraycopy(iv, 0, nonce, 0, 4);
        for (int i = 0; i < 8; i++) {
            nonce[4 + i] = (byte) (iv[4 + i] ^ sequence >>> 56 - 8 * i);
        }
        return new GCMParameterSpec(8 * TAG, nonce);
    }
}
