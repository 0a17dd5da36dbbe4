package org.jsspi.provider.tls.handshake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HandshakeType;

/**
 * The messages of a handshake so far, as their hash (RFC 8446 4.4.1); kept whole until the hash is known, and in TLS 1.2, whose
 * CertificateVerify is over the messages themselves (RFC 5246 7.4.8), until that has been decided.
 */
final class Transcript {
    private List<byte[]> messages = new ArrayList<>(4);
    private MessageDigest digest;
    /** Null where a message has come since. */
    private byte[] hash;

    /**
     * Adds a message with its header.
     *
     * @param message nobody writes to it any more
     */
    void add(byte[] message) {
        if (messages != null) {
            messages.add(message);
        }
        if (digest != null) {
            digest.update(message);
        }
        hash = null;
    }

    /** Fixes the hash, once. */
    void begin(HashAlgorithm hash) {
        beginKeeping(hash);
        forgetMessages();
    }

    /** Fixes the hash, once, and keeps the messages too. */
    void beginKeeping(HashAlgorithm hash) {
        digest = hash.newDigest();
        for (byte[] message : messages) {
            digest.update(message);
        }
    }

    /** Keeps the messages no longer. */
    void forgetMessages() {
        messages = null;
    }

    /** {@return all messages so far, which are kept still} */
    byte[] messages() {
        int length = 0;
        for (byte[] message : messages) {
            length += message.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        messages.forEach(joined::put);
        return joined.array();
    }

    /** Puts the hash of the first ClientHello in its place; it is all that there is so far. */
    void replaceByHash() {
        // RFC 8446 4.4.1: Hash(message_hash || 00 00 Hash.length || Hash(ClientHello1) || HelloRetryRequest || ...)
        digest.update(messageHash(digest.digest()));
        hash = null;
    }

    /** {@return a message_hash with this hash, with its header} */
    static byte[] messageHash(byte[] hash) {
        byte[] message = new byte[HandshakeMessage.HEADER_LENGTH + hash.length];
        message[0] = (byte) HandshakeType.MESSAGE_HASH.code();
        message[3] = (byte) hash.length;
        System.arraycopy(hash, 0, message, HandshakeMessage.HEADER_LENGTH, hash.length);
        return message;
    }

    /** Puts another ClientHello in the place of the one that is all there is so far (RFC 9849 6.1.5). */
    void replaceHello(byte[] message) {
        messages.clear();
        add(message);
    }

    /** {@return the hash of all messages so far; nobody writes to it} */
    byte[] hash() {
        byte[] known = hash;
        if (known == null) {
            known = fork().digest();
            hash = known;
        }
        return known;
    }

    /** {@return the hash of all messages so far and the beginning of another, by a hash that may not be fixed yet} */
    byte[] hashWith(HashAlgorithm hash, byte[] message, int length) {
        MessageDigest fork;
        if (digest == null) {
            fork = hash.newDigest();
            messages.forEach(fork::update);
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
