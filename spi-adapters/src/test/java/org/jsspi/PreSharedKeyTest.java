package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.PreSharedKey.Hash;
import org.jsspi.PreSharedKey.Name;
import org.jsspi.PreSharedKey.Use;
import org.jsspi.PreSharedKeys.Certificates;
import org.junit.jupiter.api.Test;

class PreSharedKeyTest {
    private static final byte[] ALICE = bytes("alice");
    private static final byte[] KEY = bytes("0123456789abcdef");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aKeyIsCopiedInAndOutAndWiped() {
        byte[] given = KEY.clone();
        PreSharedKey key = PreSharedKey.of(Use.IMPORTED, ALICE, given);
        Arrays.fill(given, (byte) 0);
        assertArrayEquals(KEY, key.key());
        Arrays.fill(key.key(), (byte) 0);
        PreSharedKey copy = key.copy();
        key.destroy();
        key.close();
        assertTrue(key.isDestroyed());
        assertThrows(IllegalStateException.class, key::key);
        assertThrows(IllegalStateException.class, key::copy);
        assertArrayEquals(KEY, copy.key(), "a copy lives on");
        assertEquals(Hash.SHA256, copy.hash());
    }

    @Test
    void shortKeysHaveToBeAskedFor() {
        Name name = new Name(Use.TLS13, ALICE);
        assertThrows(IllegalArgumentException.class, () -> PreSharedKey.of(name, Hash.SHA256, new byte[15]));
        assertEquals(
                15, PreSharedKey.ofAnyLength(name, Hash.SHA256, new byte[15]).key().length);
        assertThrows(IllegalArgumentException.class, () -> PreSharedKey.ofAnyLength(name, Hash.SHA256, new byte[0]));
        assertThrows(
                IllegalArgumentException.class,
                () -> PreSharedKey.of(name, Hash.SHA256, new byte[PreSharedKey.LONGEST_KEY + 1]));
    }

    @Test
    void aNameHasBounds() {
        assertThrows(IllegalArgumentException.class, () -> new Name(Use.TLS13, new byte[0]));
        new Name(Use.IMPORTED, new byte[4000], new byte[96]);
        assertThrows(IllegalArgumentException.class, () -> new Name(Use.IMPORTED, new byte[4000], new byte[97]));
        assertThrows(IllegalArgumentException.class, () -> new Name(Use.TLS13, ALICE, new byte[1]));
    }

    @Test
    void namesAreEqualByWhatTheySay() {
        Name name = new Name(Use.IMPORTED, ALICE, bytes("ctx"));
        assertEquals(name, new Name(Use.IMPORTED, ALICE.clone(), bytes("ctx")));
        assertEquals(name.hashCode(), new Name(Use.IMPORTED, ALICE.clone(), bytes("ctx")).hashCode());
        assertNotEquals(name, new Name(Use.IMPORTED, ALICE));
        assertNotEquals(name, new Name(Use.IMPORTED, bytes("bob"), bytes("ctx")));
        assertNotEquals(new Name(Use.IMPORTED, ALICE), new Name(Use.TLS13, ALICE));
        name.identity()[0] = 0;
        name.context()[0] = 0;
        assertArrayEquals(ALICE, name.identity());
        assertArrayEquals(bytes("ctx"), name.context());
    }

    @Test
    void aNameIsPrintedAsTextOnlyIfItIsSome() {
        assertEquals("alice", new Name(Use.TLS13, ALICE).getName());
        assertEquals("jürgen", new Name(Use.TLS13, bytes("jürgen")).getName());
        assertEquals("610a62", new Name(Use.TLS13, bytes("a\nb")).getName());
        assertEquals("ff00", new Name(Use.TLS13, new byte[] {(byte) 0xFF, 0}).getName());
        assertEquals("61e280ae62", new Name(Use.TLS13, bytes("a\u202eb")).getName(), "no text that turns round");
    }

    @Test
    void nothingPrintsTheKey() {
        PreSharedKey key = PreSharedKey.of(Use.TLS13, ALICE, KEY);
        assertEquals("PreSharedKey[PreSharedKey.Name[TLS13, alice], SHA256]", key.toString());
        assertFalse(PreSharedKeys.of(key).toString().contains("0123456789abcdef"));
    }

    @Test
    void aListFindsItsKeysByNameUntilTheyAreDestroyed() {
        PreSharedKey alice = PreSharedKey.of(Use.IMPORTED, ALICE, KEY);
        PreSharedKey bob = PreSharedKey.of(Use.TLS13, bytes("bob"), bytes("fedcba9876543210"));
        PreSharedKeys keys = PreSharedKeys.of(alice, bob);
        assertEquals(Certificates.NEVER, keys.certificates());
        assertEquals(Certificates.FIRST, keys.with(Certificates.FIRST).certificates());
        try (PreSharedKey found = keys.with(Certificates.OTHERWISE).find(null, bob.name())) {
            assertArrayEquals(bob.key(), found.key());
        }
        assertArrayEquals(bytes("fedcba9876543210"), bob.key(), "what was found was a copy");
        assertNull(keys.find(null, new Name(Use.TLS13, ALICE)));
        assertEquals(2, keys.keys(null).size());
        bob.destroy();
        assertNull(keys.find(null, bob.name()));
        assertEquals(1, keys.with(Certificates.FIRST).keys(null).size());
        assertThrows(NullPointerException.class, () -> keys.with(null));
    }

    @Test
    void credentialsHaveNoneUnlessTheyAreGivenSome() {
        assertNull(SchCredentials.builder().build().preSharedKeys());
        PreSharedKeys keys = (info, name) -> null;
        assertSame(keys, SchCredentials.builder().preSharedKeys(keys).build().preSharedKeys());
        assertEquals(0, keys.keys(null).size());
        PreSharedKey key = PreSharedKey.of(Use.IMPORTED, ALICE, KEY);
        PreSharedKeys one = SchCredentials.builder().preSharedKey(key).build().preSharedKeys();
        assertEquals(Certificates.NEVER, one.certificates());
        assertEquals(key.name(), one.keys(null).get(0).name());
    }
}
