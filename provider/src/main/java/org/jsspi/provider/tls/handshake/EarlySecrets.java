package org.jsspi.provider.tls.handshake;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;

/** The first stage of the key schedule (RFC 8446 7.1): what a pre-shared key, or none, gives. */
final class EarlySecrets implements AutoCloseable {
    private static final Map<HashAlgorithm, byte[]> SALTS = new ConcurrentHashMap<>();

    private final Hkdf hkdf;
    /** Null without a pre-shared key. */
    private final Secret secret;

    private final String binderLabel;

    /**
     * The stage of a key of resumption, or of none.
     *
     * @param preSharedKey null for none; stays the caller's
     */
    EarlySecrets(HashAlgorithm hash, Secret preSharedKey) {
        this(hash, preSharedKey, "res binder");
    }

    /**
     * The stage of this key.
     *
     * @param preSharedKey stays the caller's
     * @param binderLabel says where the key comes from
     */
    EarlySecrets(HashAlgorithm hash, Secret preSharedKey, String binderLabel) {
        hkdf = hash.hkdf();
        secret = preSharedKey == null ? null : hkdf.extract(null, preSharedKey);
        this.binderLabel = binderLabel;
    }

    /** {@return the hash of the key} */
    HashAlgorithm hash() {
        return hkdf.hash();
    }

    /** {@return the binder of the key over a ClientHello up to its binders (RFC 8446 4.2.11.2)} */
    byte[] binder(byte[] transcriptHash) {
        if (secret == null) {
            throw new IllegalStateException("no pre-shared key to bind");
        }
        try (Secret binderKey = hkdf.deriveSecret(secret, binderLabel);
                FinishedKey key = new FinishedKey(hkdf, binderKey)) {
            return key.finished(transcriptHash).verifyData();
        }
    }

    /**
     * {@return what protects the early data of this key, which is the caller's to destroy; the key log of the exchange is told}
     *
     * @param helloHash of the ClientHello
     */
    TrafficKeys earlyDataKeys(Aead aead, byte[] helloHash, Exchange exchange, byte[] clientRandom) {
        try (Secret clientEarlyTraffic = hkdf.deriveSecret(secret, "c e traffic", helloHash)) {
            exchange.log("CLIENT_EARLY_TRAFFIC_SECRET", clientRandom, clientEarlyTraffic);
            return TrafficKeys.derive(hkdf, aead, clientEarlyTraffic);
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
                Secret salt = salt()) {
            return new HandshakeSecrets(hkdf, hkdf.extract(salt, sharedSecret), helloHash);
        } finally {
            close();
        }
    }

    private Secret salt() {
        if (secret != null) {
            return hkdf.deriveSecret(secret, "derived");
        }
        // Without a pre-shared key this stage is the same for everybody, and no secret: computed once.
        byte[] salt = SALTS.get(hkdf.hash());
        if (salt == null) {
            try (Secret zero = hkdf.extract(null, null)) {
                salt = hkdf.deriveSecret(zero, "derived").bytes();
            }
            SALTS.put(hkdf.hash(), salt);
        }
        return Secret.copyOf(salt);
    }

    @Override
    public void close() {
        if (secret != null) {
            secret.destroy();
        }
    }
}
