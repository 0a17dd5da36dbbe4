package org.jsspi;

import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * A key that a server seals session tickets with (RFC 5077 4): AES-256-GCM, and the name that stands in the clear in front of
 * each of its tickets.
 *
 * <p>Whoever has the key can read tickets and make them up, client identities included. It is random, never derived from a
 * password, and used for nothing else. Nonces are random, so one key may seal 2<sup>32</sup> tickets (NIST SP 800-38D 8.3),
 * those of all servers that share it together. Safe for all threads.
 */
public final class TicketKey implements Destroyable {
    /** The length of a name in bytes. */
    public static final int NAME_LENGTH = 16;
    /** The length of a key in bytes. */
    public static final int KEY_LENGTH = 32;

    private static final class Random {
        static final SecureRandom SOURCE = new SecureRandom();
    }

    private final byte[] name;
    private final byte[] key;
    private volatile boolean destroyed;

    private TicketKey(byte[] name, byte[] key) {
        this.name = name;
        this.key = key;
    }

    /** {@return a new key with a new name, both random} */
    public static TicketKey generate() {
        byte[] name = new byte[NAME_LENGTH];
        byte[] key = new byte[KEY_LENGTH];
        Random.SOURCE.nextBytes(name);
        Random.SOURCE.nextBytes(key);
        return new TicketKey(name, key);
    }

    /**
     * {@return the key with these bytes}
     *
     * @param name {@value #NAME_LENGTH} bytes that no other key has, copied
     * @param key {@value #KEY_LENGTH} random bytes, copied: the caller wipes its own
     */
    public static TicketKey of(byte[] name, byte[] key) {
        if (name.length != NAME_LENGTH || key.length != KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "a ticket key has a name of " + NAME_LENGTH + " bytes and " + KEY_LENGTH + " bytes of key");
        }
        return new TicketKey(name.clone(), key.clone());
    }

    /** {@return a copy of the name, which is public} */
    public byte[] name() {
        return name.clone();
    }

    /** {@return whether this is the name} */
    public boolean hasName(byte[] candidate) {
        return Arrays.equals(name, candidate);
    }

    /**
     * {@return a copy of the key, which the caller wipes}
     *
     * @throws IllegalStateException if it was destroyed
     */
    public byte[] key() {
        byte[] copy = key.clone();
        // A copy that was made while the key was wiped is recognised as such: destroy() raises the flag first.
        VarHandle.acquireFence();
        if (destroyed) {
            Arrays.fill(copy, (byte) 0);
            throw new IllegalStateException("the ticket key was destroyed");
        }
        return copy;
    }

    /** Wipes the key: its tickets open no more. */
    @Override
    public void destroy() {
        destroyed = true;
        VarHandle.fullFence();
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    /** {@return what it is, without the key} */
    @Override
    public String toString() {
        return "TicketKey";
    }
}
