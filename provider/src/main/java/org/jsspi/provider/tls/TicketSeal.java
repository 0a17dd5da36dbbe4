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
import org.jsspi.provider.wire.Pool;

/**
 * A session ticket (RFC 5077 4): the state of a session, sealed with AES-256-GCM.
 *
 * <pre>
 * | key name 16 | nonce 12 | ciphertext n | tag 16 |
 * </pre>
 *
 * The name of the key is authenticated with it. Nonces are random (NIST SP 800-38D 8.2.2).
 *
 * <p>Ciphers at rest keep the schedule of the key that they have worked with last. One whose key has been destroyed forgets it as
 * soon as any thread meets such a key, which the first ticket after a rotation does.
 */
final class TicketSeal {
    /** What a ticket takes beyond the state. */
    static final int OVERHEAD = TicketKey.NAME_LENGTH + Aead.IV_LENGTH + Aead.TAG_LENGTH;

    private static final Aead AEAD = Aead.AES_256_GCM;
    private static final int BODY = TicketKey.NAME_LENGTH + Aead.IV_LENGTH;

    private static final Pool<Sealer> SEALERS = new Pool<>();

    private TicketSeal() {}

    /** {@return the state, sealed, or null if no Provider seals or the key has just been wiped} */
    static byte[] seal(TicketKey key, byte[] state) {
        byte[] ticket = new byte[OVERHEAD + state.length];
        System.arraycopy(key.name(), 0, ticket, 0, TicketKey.NAME_LENGTH);
        System.arraycopy(Randomness.bytes(Aead.IV_LENGTH), 0, ticket, TicketKey.NAME_LENGTH, Aead.IV_LENGTH);
        Sealer sealer = null;
        try {
            sealer = take();
            sealer.begin(Cipher.ENCRYPT_MODE, key, ticket).doFinal(state, 0, state.length, ticket, BODY);
            return ticket;
        } catch (GeneralSecurityException | IllegalStateException e) {
            return null;
        } finally {
            give(sealer);
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
        Sealer sealer = null;
        try {
            sealer = take();
            return sealer.begin(Cipher.DECRYPT_MODE, key, ticket).doFinal(ticket, BODY, ticket.length - BODY);
        } catch (GeneralSecurityException | IllegalStateException e) {
            return null;
        } finally {
            give(sealer);
        }
    }

    /** {@return whether the ticket, which has been opened, names this key} */
    static boolean isSealedWith(TicketKey key, byte[] ticket) {
        return key.hasName(Arrays.copyOf(ticket, TicketKey.NAME_LENGTH));
    }

    /** Lets go of the keys that have been destroyed. */
    static void forgetDestroyedKeys() {
        for (Sealer stale = SEALERS.takeIf(Sealer::isStale); stale != null; stale = SEALERS.takeIf(Sealer::isStale)) {
            stale.forget();
        }
    }

    /** {@return whether a cipher at rest knows this key} */
    static boolean knows(TicketKey key) {
        Sealer found = SEALERS.takeIf(sealer -> sealer.key == key);
        give(found);
        return found != null;
    }

    private static Sealer take() throws GeneralSecurityException {
        Sealer pooled = SEALERS.take();
        return pooled == null ? new Sealer() : pooled;
    }

    private static void give(Sealer sealer) {
        if (sealer != null) {
            SEALERS.give(sealer);
        }
    }

    /** A cipher that knows the key of the last ticket that it has sealed or opened: the next one is rarely of another. */
    private static final class Sealer {
        private final Cipher cipher = AEAD.newCipher();
        private TicketKey key;
        private SecretKey secret;

        Sealer() throws GeneralSecurityException {}

        /** {@return the cipher, which has yet to see the state of this ticket} */
        Cipher begin(int mode, TicketKey wanted, byte[] ticket) throws GeneralSecurityException {
            if (isStale()) {
                forget();
                forgetDestroyedKeys();
            }
            if (key != wanted) {
                know(wanted);
            }
            cipher.init(mode, secret, AEAD.parameters(Arrays.copyOfRange(ticket, TicketKey.NAME_LENGTH, BODY)));
            cipher.updateAAD(ticket, 0, TicketKey.NAME_LENGTH);
            return cipher;
        }

        boolean isStale() {
            return key != null && key.isDestroyed();
        }

        private void know(TicketKey wanted) {
            byte[] bytes = wanted.key();
            wipe(secret);
            secret = AEAD.key(bytes);
            key = wanted;
            Arrays.fill(bytes, (byte) 0);
        }

        void forget() {
            AEAD.forget(cipher);
            wipe(secret);
            key = null;
        }
    }

    private static void wipe(SecretKey secret) {
        try {
            if (secret != null) {
                secret.destroy();
            }
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("a key of ours that cannot be wiped", e);
        }
    }
}
