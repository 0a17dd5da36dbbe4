package org.jsspi.provider.tls.handshake;

import java.security.MessageDigest;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.HandshakeType;

/** The running hash of the handshake messages (RFC 8446 4.4.1). */
final class Transcript {
    private final HashAlgorithm algorithm;
    private final MessageDigest digest;

    Transcript(HashAlgorithm algorithm) {
        this.algorithm = algorithm;
        this.digest = algorithm.newDigest();
    }

    void add(byte[] message) {
        digest.update(message);
    }

    /** {@return the hash of all messages so far, which goes on} */
    byte[] hash() {
        return copyOf(digest).digest();
    }

    /** {@return the hash of all messages so far and the beginning of one more, which is not added} */
    byte[] hashWith(byte[] message, int length) {
        MessageDigest further = copyOf(digest);
        further.update(message, 0, length);
        return further.digest();
    }

    /** RFC 8446 4.4.1: after HelloRetryRequest the first ClientHello is replaced by its hash. */
    static Transcript afterRetry(HashAlgorithm algorithm, byte[] firstHello, byte[] retry) {
        Transcript transcript = new Transcript(algorithm);
        byte[] hash = algorithm.hash(firstHello);
        transcript.add(new byte[] {(byte) HandshakeType.MESSAGE_HASH.code(), 0, 0, (byte) hash.length});
        transcript.add(hash);
        transcript.add(retry);
        return transcript;
    }

    private MessageDigest copyOf(MessageDigest running) {
        try {
            return (MessageDigest) running.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(algorithm.jcaName() + " of this provider cannot be cloned", e);
        }
    }
}
