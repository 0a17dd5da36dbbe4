package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;

/** The first stage of the key schedule (RFC 8446 7.1): what a pre-shared key, or none, gives. */
final class EarlySecrets implements AutoCloseable {
    private final Hkdf hkdf;
    private final Secret secret;

    /**
     * The stage of this key.
     *
     * @param preSharedKey null for none; stays the caller's
     */
    EarlySecrets(HashAlgorithm hash, Secret preSharedKey) {
        hkdf = new Hkdf(hash);
        secret = hkdf.extract(null, preSharedKey);
    }

    /** {@return the hash of the key} */
    HashAlgorithm hash() {
        return hkdf.hash();
    }

    /** {@return the binder of a resumption key over a ClientHello up to its binders (RFC 8446 4.2.11.2)} */
    byte[] binder(byte[] transcriptHash) {
        try (Secret binderKey =
                        hkdf.deriveSecret(secret, "res binder", hkdf.hash().emptyHash());
                FinishedKey key = new FinishedKey(hkdf, binderKey)) {
            return key.finished(transcriptHash).verifyData();
        }
    }

    /**
     * {@return the next stage; this one is destroyed}
     *
     * @param sharedSecret of (EC)DHE; is destroyed
     * @param helloHash of ClientHello to ServerHello
     */
    HandshakeSecrets advance(Secret sharedSecret, byte[] helloHash) {
        try (sharedSecret;
                Secret salt = hkdf.deriveSecret(secret, "derived", hkdf.hash().emptyHash())) {
            return new HandshakeSecrets(hkdf, hkdf.extract(salt, sharedSecret), helloHash);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        secret.destroy();
    }
}
