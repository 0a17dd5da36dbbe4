package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void destroyingWipesTheArrayAndMayBeRepeated() {
        byte[] bytes = {1, 2, 3};
        Secret secret = Secret.owning(bytes);
        secret.destroy();
        secret.destroy();
        assertTrue(secret.isDestroyed());
        assertArrayEquals(new byte[3], bytes);
        assertThrows(IllegalStateException.class, secret::bytes);
        assertEquals(3, secret.length());
    }

    @Test
    void closingIsDestroying() {
        byte[] bytes = {1};
        try (Secret secret = Secret.owning(bytes)) {
            assertEquals(1, secret.length());
        }
        assertArrayEquals(new byte[1], bytes);
    }

    @Test
    void copiesLiveOnTheirOwn() {
        byte[] bytes = {1, 2};
        Secret copy = Secret.copyOf(bytes);
        Secret second = copy.copy();
        copy.destroy();
        assertArrayEquals(new byte[] {1, 2}, bytes);
        assertTrue(second.matches(bytes));
    }

    @Test
    void onlyEqualContentsMatch() {
        Secret secret = Secret.owning(new byte[] {1, 2});
        assertTrue(secret.matches(Secret.owning(new byte[] {1, 2})));
        assertFalse(secret.matches(new byte[] {1, 3}));
        assertFalse(secret.matches(new byte[] {1, 2, 0}));
        assertFalse(secret.matches(new byte[0]));
    }

    @Test
    void noTextShowsTheContents() {
        assertEquals("Secret[32]", Secret.owning(new byte[32]).toString());
        assertEquals("AES key[16]", Aead.AES_128_GCM.key(new byte[16]).toString());
        assertEquals(
                "KeyExchange[x25519]",
                KeyExchange.generate(KeyExchangeGroup.X25519).toString());
    }

    @Test
    void neitherSecretsNorKeysAreSerialized() throws Exception {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            Secret secret = Secret.owning(new byte[1]);
            assertThrows(NotSerializableException.class, () -> out.writeObject(secret));
            Object key = Aead.AES_128_GCM.key(new byte[16]);
            assertThrows(NotSerializableException.class, () -> out.writeObject(key));
        }
    }
}
