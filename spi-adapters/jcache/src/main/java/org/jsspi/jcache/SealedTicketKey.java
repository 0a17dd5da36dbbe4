package org.jsspi.jcache;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jsspi.TicketKey;

/**
 * A ticket key as it lies in the cache: sealed with AES-256-GCM under the key of the application.
 *
 * <pre>
 * | version 1 | nonce 12 | name 16, key 32, encrypted | tag 16 |
 * </pre>
 *
 * Version, purpose and the id of the entry are authenticated with it: an entry that is moved to another place does not open.
 */
final class SealedTicketKey {
    private static final byte VERSION = 1;
    private static final String PURPOSE = "org.jsspi session ticket key";
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;
    private static final int BODY = 1 + NONCE_LENGTH;
    private static final int CONTENT = TicketKey.NAME_LENGTH + TicketKey.KEY_LENGTH;
    private static final int LENGTH = BODY + CONTENT + TAG_LENGTH;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SealedTicketKey() {}

    /** {@return the bytes for the cache} */
    static byte[] seal(SecretKey sealingKey, String id, TicketKey ticketKey) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        byte[] entry = new byte[LENGTH];
        entry[0] = VERSION;
        System.arraycopy(nonce, 0, entry, 1, NONCE_LENGTH);
        byte[] key = ticketKey.key();
        byte[] content =
                ByteBuffer.allocate(CONTENT).put(ticketKey.name()).put(key).array();
        try {
            cipher(Cipher.ENCRYPT_MODE, sealingKey, id, nonce).doFinal(content, 0, CONTENT, entry, BODY);
            return entry;
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(content, (byte) 0);
        }
    }

    /**
     * {@return the key in these bytes}
     *
     * @param entry what the cache holds, whoever put it there
     * @throws GeneralSecurityException if it was not sealed with this key for this place in the cache, or was altered
     */
    static TicketKey open(SecretKey sealingKey, String id, byte[] entry) throws GeneralSecurityException {
        if (entry.length != LENGTH || entry[0] != VERSION) {
            throw new GeneralSecurityException("no sealed ticket key of version " + VERSION);
        }
        byte[] content = cipher(Cipher.DECRYPT_MODE, sealingKey, id, Arrays.copyOfRange(entry, 1, BODY))
                .doFinal(entry, BODY, LENGTH - BODY);
        byte[] key = Arrays.copyOfRange(content, TicketKey.NAME_LENGTH, CONTENT);
        try {
            return TicketKey.of(Arrays.copyOf(content, TicketKey.NAME_LENGTH), key);
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    private static Cipher cipher(int mode, SecretKey sealingKey, String id, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, sealingKey, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
        ByteArrayOutputStream associated = new ByteArrayOutputStream();
        associated.write(VERSION);
        for (String text : new String[] {PURPOSE, id}) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            associated.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            associated.writeBytes(bytes);
        }
        cipher.updateAAD(associated.toByteArray());
        return cipher;
    }
}
