package org.jsspi.provider.tls.handshake;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.HandshakeType;

/** The messages of a handshake so far, as their hash (RFC 8446 4.4.1); kept whole until the hash is known. */
final class Transcript {
    private ByteArrayOutputStream messages = new ByteArrayOutputStream(512);
    private MessageDigest digest;

    /** Adds a message with its header. */
    void add(byte[] message) {
        if (digest == null) {
            messages.writeBytes(message);
        } else {
            digest.update(message);
        }
    }

    /** Fixes the hash, once. */
    void begin(HashAlgorithm hash) {
        digest = hash.newDigest();
        digest.update(messages.toByteArray());
        messages = null;
    }

    /** Puts the hash of the first ClientHello in its place; it is all that there is so far. */
    void replaceByHash() {
        // RFC 8446 4.4.1: Hash(message_hash || 00 00 Hash.length || Hash(ClientHello1) || HelloRetryRequest || ...)
        byte[] hash = digest.digest();
        digest.update(new byte[] {(byte) HandshakeType.MESSAGE_HASH.code(), 0, 0, (byte) hash.length});
        digest.update(hash);
    }

    /** {@return the hash of all messages so far} */
    byte[] hash() {
        return fork().digest();
    }

    /** {@return the hash of all messages so far and the beginning of another, by a hash that may not be fixed yet} */
    byte[] hashWith(HashAlgorithm hash, byte[] message, int length) {
        MessageDigest fork;
        if (digest == null) {
            fork = hash.newDigest();
            fork.update(messages.toByteArray());
        } else {
            fork = fork();
        }
        fork.update(message, 0, length);
        return fork.digest();
    }

    private MessageDigest fork() {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a digest that cannot be forked", e);
        }
    }
}
