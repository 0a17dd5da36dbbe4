package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Prf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.Finished;
import org.jsspi.provider.wire.Writer;

/** The master secret of TLS 1.2 (RFC 5246 8.1, RFC 7627 4), and all that follows from it. */
final class MasterSecret implements AutoCloseable {
    /** RFC 5246 8.1: always 48 bytes. */
    static final int LENGTH = 48;

    /** RFC 5246 7.4.9: what the suites here do not change. */
    private static final int VERIFY_DATA_LENGTH = 12;

    private final Prf prf;
    private final Secret secret;

    /**
     * The secret of a session that is resumed, or of a handshake.
     *
     * @param secret taken over
     */
    MasterSecret(HashAlgorithm hash, Secret secret) {
        this.prf = new Prf(hash);
        this.secret = secret;
    }

    /**
     * {@return the secret that is bound to the handshake (RFC 7627 4)}
     *
     * @param premaster is destroyed
     * @param sessionHash of ClientHello to ClientKeyExchange
     */
    static MasterSecret extended(HashAlgorithm hash, Secret premaster, byte[] sessionHash) {
        try (premaster) {
            return new MasterSecret(
                    hash, new Prf(hash).derive(premaster, "extended master secret", LENGTH, sessionHash));
        }
    }

    /**
     * {@return the secret for a peer that does not know the extended one (RFC 5246 8.1)}
     *
     * @param premaster is destroyed
     */
    static MasterSecret plain(HashAlgorithm hash, Secret premaster, byte[] clientRandom, byte[] serverRandom) {
        try (premaster) {
            return new MasterSecret(
                    hash, new Prf(hash).derive(premaster, "master secret", LENGTH, clientRandom, serverRandom));
        }
    }

    /**
     * {@return the premaster secret of ECDHE_PSK (RFC 5489 2), which is the caller's to destroy}
     *
     * @param sharedSecret of ECDHE; is destroyed
     * @param key is wiped
     */
    static Secret premaster(Secret sharedSecret, byte[] key) {
        // struct { opaque other_secret<0..2^16-1>; opaque psk<0..2^16-1>; }
        // Large enough not to grow: what was outgrown would not be wiped.
        Writer out = new Writer(sharedSecret.length() + key.length + 4);
        try (sharedSecret) {
            return Secret.owning(
                    out.vector16(sharedSecret.bytes()).vector16(key).toByteArray());
        } finally {
            out.overwrite(0, new byte[out.size()]);
            Arrays.fill(key, (byte) 0);
        }
    }

    /** {@return a copy of the secret, which is the caller's to destroy} */
    Secret copy() {
        return secret.copy();
    }

    /** Tells the key log of the exchange (RFC 9850 2). */
    void log(Exchange exchange, byte[] clientRandom) {
        exchange.log("CLIENT_RANDOM", clientRandom, secret);
    }

    /** {@return the keys of both directions (RFC 5246 6.3), which are the caller's to close} */
    KeyBlock keys(Aead aead, byte[] clientRandom, byte[] serverRandom) {
        int key = aead.keyLength();
        int iv = aead.fixedIvLength();
        // RFC 5246 6.3: the server's random comes first here.
        try (Secret block = prf.derive(secret, "key expansion", 2 * (key + iv), serverRandom, clientRandom)) {
            byte[] bytes = block.bytes();
            return new KeyBlock(keys(aead, bytes, 0, 2 * key, key, iv), keys(aead, bytes, key, 2 * key + iv, key, iv));
        }
    }

    // | client_write_key | server_write_key | client_write_IV | server_write_IV |; AEAD suites have no MAC keys.
    private static TrafficKeys keys(Aead aead, byte[] block, int keyOffset, int ivOffset, int keyLength, int ivLength) {
        byte[] key = Arrays.copyOfRange(block, keyOffset, keyOffset + keyLength);
        byte[] iv = Arrays.copyOfRange(block, ivOffset, ivOffset + ivLength);
        try {
            return TrafficKeys.tls12(aead, Secret.owning(key), iv);
        } finally {
            Arrays.fill(iv, (byte) 0);
        }
    }

    /** {@return the Finished of one side over the messages of this hash (RFC 5246 7.4.9)} */
    Finished finished(boolean client, byte[] transcriptHash) {
        return new Finished(verifyData(client, transcriptHash));
    }

    /** {@return the proof that the peer's Finished is the one over the messages of this hash} */
    FinishedVerified verify(boolean client, Finished received, byte[] transcriptHash) throws SspiException {
        return FinishedVerified.check(received, verifyData(client, transcriptHash));
    }

    private byte[] verifyData(boolean client, byte[] transcriptHash) {
        try (Secret data = prf.derive(
                secret, client ? "client finished" : "server finished", VERIFY_DATA_LENGTH, transcriptHash)) {
            return data.bytes().clone();
        }
    }

    /**
     * {@return keying material for a use outside TLS (RFC 5705 4); a new array}
     *
     * @param context null for none
     */
    byte[] export(String label, byte[] clientRandom, byte[] serverRandom, byte[] context, int length) {
        byte[] suffix = {};
        if (context != null) {
            // uint16 context_value_length, context_value
            Writer out = new Writer();
            out.vector16(context);
            suffix = out.toByteArray();
        }
        try (Secret material = prf.derive(secret, label, length, clientRandom, serverRandom, suffix)) {
            return material.bytes().clone();
        }
    }

    HashAlgorithm hash() {
        return prf.hash();
    }

    @Override
    public void close() {
        secret.destroy();
    }

    /** The keys of both directions: each is destroyed by who takes it, or by {@link #close()} if nobody did. */
    static final class KeyBlock implements AutoCloseable {
        private TrafficKeys client;
        private TrafficKeys server;

        private KeyBlock(TrafficKeys client, TrafficKeys server) {
            this.client = client;
            this.server = server;
        }

        /** {@return the keys of what the client writes, once} */
        TrafficKeys takeClient() {
            TrafficKeys taken = client;
            client = null;
            return taken;
        }

        /** {@return the keys of what the server writes, once} */
        TrafficKeys takeServer() {
            TrafficKeys taken = server;
            server = null;
            return taken;
        }

        @Override
        public void close() {
            if (client != null) {
                client.destroy();
            }
            if (server != null) {
                server.destroy();
            }
        }
    }
}
