package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.RotatingTicketKeys;
import org.jsspi.TicketKey;
import org.junit.jupiter.api.Test;

class TicketSealTest {
    private static final byte[] STATE = "the state of a session".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final RotatingTicketKeys keys = new RotatingTicketKeys(Duration.ofHours(1));

    @Test
    void aTicketOpensAndNoTwoAreAlike() {
        byte[] ticket = TicketSeal.seal(keys.current(), STATE);

        assertEquals(TicketSeal.OVERHEAD + STATE.length, ticket.length);
        assertArrayEquals(STATE, TicketSeal.open(keys, ticket));
        assertFalse(Arrays.equals(ticket, TicketSeal.seal(keys.current(), STATE)));
    }

    @Test
    void aTicketIsWhatItsPictureSays() throws Exception {
        TicketKey key = keys.current();
        byte[] ticket = TicketSeal.seal(key, STATE);

        assertArrayEquals(key.name(), Arrays.copyOf(ticket, 16));
        assertArrayEquals(STATE, openedByJca(key, ticket));
    }

    private static byte[] openedByJca(TicketKey key, byte[] ticket) throws GeneralSecurityException {
        Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
        gcm.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key.key(), "AES"),
                new GCMParameterSpec(128, Arrays.copyOfRange(ticket, 16, 28)));
        gcm.updateAAD(key.name());
        return gcm.doFinal(ticket, 28, ticket.length - 28);
    }

    @Test
    void noChangedByteAndNoPrefixOpens() {
        byte[] ticket = TicketSeal.seal(keys.current(), STATE);
        for (int i = 0; i < ticket.length; i++) {
            byte[] changed = ticket.clone();
            changed[i] ^= 1;
            assertNull(TicketSeal.open(keys, changed), "byte " + i);
            assertNull(TicketSeal.open(keys, Arrays.copyOf(ticket, i)), "prefix of " + i);
        }
    }

    @Test
    void aKeyThatIsWipedSealsAndOpensNothing() {
        TicketKey key = keys.current();
        byte[] ticket = TicketSeal.seal(key, STATE);
        keys.destroy();

        assertNull(TicketSeal.seal(key, STATE));
        assertNull(TicketSeal.open(keys, ticket));
    }

    @Test
    void whatRestsForgetsAKeyThatIsDestroyed() {
        TicketKey first = TicketKey.generate();
        TicketKey second = TicketKey.generate();
        TicketSeal.seal(first, STATE);
        assertTrue(TicketSeal.knows(first));

        first.destroy();
        TicketSeal.seal(second, STATE);
        assertFalse(TicketSeal.knows(first));
        assertTrue(TicketSeal.knows(second));

        second.destroy();
        TicketSeal.forgetDestroyedKeys();
        assertFalse(TicketSeal.knows(second));
    }

    @Test
    void keysTakeTurns() throws Exception {
        TicketKey other = TicketKey.generate();
        for (int i = 0; i < 3; i++) {
            byte[] ticket = TicketSeal.seal(keys.current(), STATE);
            byte[] foreign = TicketSeal.seal(other, STATE);

            // By JCA: one cipher of ours that stuck to one key would open what it has sealed.
            assertArrayEquals(STATE, openedByJca(keys.current(), ticket));
            assertArrayEquals(STATE, openedByJca(other, foreign));
            assertArrayEquals(STATE, TicketSeal.open(keys, ticket));
            assertNull(TicketSeal.open(keys, foreign));
        }
    }
}
