package org.jsspi.provider.tls;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.security.auth.DestroyFailedException;
import org.jsspi.TicketKey;
import org.jsspi.TicketKeys;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.Randomness;

/**
 * A session ticket (RFC 5077 4): the state of a session, sealed with AES-256-GCM.
 *
 * <pre>
 * | key name 16 | nonce 12 | ciphertext n | tag 16 |
 * </pre>
 *
 * The name of the key is authenticated with it. Nonces are random (NIST SP 800-38D 8.2.2).
 */
final class TicketSeal {
    /** What a ticket takes beyond the state. */
    static final int OVERHEAD = TicketKey.NAME_LENGTH + Aead.IV_LENGTH + Aead.TAG_LENGTH;

    private static final Aead AEAD = Aead.AES_256_GCM;
    private static final int BODY = TicketKey.NAME_LENGTH + Aead.IV_LENGTH;

    private TicketSeal() {}

    /** {@return the state, sealed, or null if no Provider seals or the key has just been wiped} */
    static byte[] seal(TicketKey key, byte[] state) {
        byte[] ticket = new byte[OVERHEAD + state.length];
        System.arraycopy(key.name(), 0, ticket, 0, TicketKey.NAME_LENGTH);
        System.arraycopy(Randomness.bytes(Aead.IV_LENGTH), 0, ticket, TicketKey.NAME_LENGTH, Aead.IV_LENGTH);
        try {
            cipher(Cipher.ENCRYPT_MODE, key, ticket).doFinal(state, 0, state.length, ticket, BODY);
            return ticket;
        } catch (GeneralSecurityException | IllegalStateException e) {
            return null;
        }
    }

    /** {@return the state of a ticket, which the caller wipes; null if none of the keys has sealed it} */
    static byte[] open(TicketKeys keys, byte[] ticket) {
        if (ticket.length <= OVERHEAD) {
            return null;
        }
        TicketKey key = keys.find(Arrays.copyOf(ticket, TicketKey.NAME_LENGTH));
        if (key == null) {
            return null;
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, key, ticket).doFinal(ticket, BODY, ticket.length - BODY);
        } catch (GeneralSecurityException | IllegalStateException e) {
            return null;
        }
    }

    /** {@return whether the ticket, which has been opened, names this key} */
    static boolean isSealedWith(TicketKey key, byte[] ticket) {
        return key.hasName(Arrays.copyOf(ticket, TicketKey.NAME_LENGTH));
    }

    private static Cipher cipher(int mode, TicketKey key, byte[] ticket) throws GeneralSecurityException {
        byte[] bytes = key.key();
        SecretKey secret = AEAD.key(bytes);
        try {
            Cipher cipher = AEAD.newCipher();
            cipher.init(mode, secret, AEAD.parameters(Arrays.copyOfRange(ticket, TicketKey.NAME_LENGTH, BODY)));
            cipher.updateAAD(ticket, 0, TicketKey.NAME_LENGTH);
            return cipher;
        } finally {
            Arrays.fill(bytes, (byte) 0);
            wipe(secret);
        }
    }

    private static void wipe(SecretKey secret) {
        try {
            secret.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("a key of ours that cannot be wiped", e);
        }
    }
}
