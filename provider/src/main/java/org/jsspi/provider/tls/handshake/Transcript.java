package org.jsspi.provider.tls.handshake;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.HandshakeType;

/**
 * The messages of a handshake so far, as their hash (RFC 8446 4.4.1); kept whole until the hash is known, and in TLS 1.2, whose
 * CertificateVerify is over the messages themselves (RFC 5246 7.4.8), until that has been decided.
 */
final class Transcript {
    private ByteArrayOutputStream messages = new ByteArrayOutputStream(512);
    private MessageDigest digest;

    /** Adds a message with its header. */
    void add(byte[] message) {
        if (messages != null) {
            messages.writeBytes(message);
        }
        if (digest != null) {
            digest.update(message);
        }
    }

    /** Fixes the hash, once. */
    void begin(HashAlgorithm hash) {
        beginKeeping(hash);
        forgetMessages();
    }

    /** Fixes the hash, once, and keeps the messages too. */
    void beginKeeping(HashAlgorithm hash) {
        digest = hash.newDigest();
        digest.update(messages.toByteArray());
    }

    /** Keeps the messages no longer. */
    void forgetMessages() {
        messages = null;
    }

    /** {@return all messages so far, which are kept still} */
    byte[] messages() {
        return messages.toByteArray();
    }

    /** Puts the hash of the first ClientHello in its place; it is all that there is so far. */
    void replaceByHash() {
        // RFC 8446 4.4.1: Hash(message_hash || 00 00 Hash.length || Hash(ClientHello1) || HelloRetryRequest || ...)
        digest.update(messageHash(digest.digest()));
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
        messages.reset();
        add(message);
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
