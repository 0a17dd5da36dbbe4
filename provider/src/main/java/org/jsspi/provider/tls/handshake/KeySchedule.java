package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.CipherSuite;

/**
 * The key schedule (RFC 8446 7.1), a type for each stage. Going on to the next stage destroys the one before, so no secret
 * outlives its use.
 *
 * <pre>
 *              0 -> Extract = Early secret      -> binder key
 *                     |
 *                  derived
 *                     |
 *  (EC)DHE secret -> Extract = Handshake secret -> client and server handshake traffic secrets
 *                     |
 *                  derived
 *                     |
 *              0 -> Extract = Main secret       -> client and server application traffic secrets,
 *                                                  exporter main secret, resumption main secret
 * </pre>
 */
final class KeySchedule {
    private KeySchedule() {}

    static HashAlgorithm hash(CipherSuite suite) {
        return switch (suite) {
            case TLS_AES_256_GCM_SHA384 -> HashAlgorithm.SHA384;
            case TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 -> HashAlgorithm.SHA256;
        };
    }

    static Aead aead(CipherSuite suite) {
        return switch (suite) {
            case TLS_AES_128_GCM_SHA256 -> Aead.AES_128_GCM;
            case TLS_AES_256_GCM_SHA384 -> Aead.AES_256_GCM;
            case TLS_CHACHA20_POLY1305_SHA256 -> Aead.CHACHA20_POLY1305;
        };
    }

    /** The first stage: nothing is shared yet, but perhaps a key of an earlier session. */
    static final class Early {
        private final Hkdf hkdf;
        private final Secret secret;

        private Early(HashAlgorithm hash, Secret psk) {
            this.hkdf = new Hkdf(hash);
            this.secret = hkdf.extract(null, psk);
        }

        static Early withoutPsk(HashAlgorithm hash) {
            return new Early(hash, null);
        }

        /** {@param psk stays the caller's} */
        static Early withPsk(HashAlgorithm hash, Secret psk) {
            return new Early(hash, psk);
        }

        /** {@return the binder over a ClientHello that ends before its binders (RFC 8446 4.2.11.2)} */
        byte[] binder(byte[] partialTranscriptHash) {
            try (Secret key =
                            hkdf.deriveSecret(secret, "res binder", hkdf.hash().emptyHash());
                    Secret finished = hkdf.finishedKey(key)) {
                return hkdf.hash().hmac(finished, partialTranscriptHash);
            }
        }

        /** {@param shared the (EC)DHE secret, which is destroyed} */
        Handshake advance(CipherSuite suite, Secret shared, byte[] transcriptHash) {
            try (Secret derived =
                    hkdf.deriveSecret(secret, "derived", hkdf.hash().emptyHash())) {
                return new Handshake(hkdf, suite, hkdf.extract(derived, shared), transcriptHash);
            } finally {
                shared.destroy();
                destroy();
            }
        }

        void destroy() {
            secret.destroy();
        }
    }

    /** The second stage: what protects the handshake and proves who holds it. The transcript ends with ServerHello. */
    static final class Handshake {
        private final Hkdf hkdf;
        private final CipherSuite suite;
        private final Secret secret;
        private final Secret client;
        private final Secret server;

        private Handshake(Hkdf hkdf, CipherSuite suite, Secret secret, byte[] transcriptHash) {
            this.hkdf = hkdf;
            this.suite = suite;
            this.secret = secret;
            this.client = hkdf.deriveSecret(secret, "c hs traffic", transcriptHash);
            this.server = hkdf.deriveSecret(secret, "s hs traffic", transcriptHash);
        }

        TrafficKeys clientKeys() {
            return TrafficKeys.derive(hkdf, aead(suite), client);
        }

        TrafficKeys serverKeys() {
            return TrafficKeys.derive(hkdf, aead(suite), server);
        }

        /** {@return what the client's Finished says after this transcript (RFC 8446 4.4.4)} */
        byte[] clientFinished(byte[] transcriptHash) {
            return finished(client, transcriptHash);
        }

        /** {@return what the server's Finished says after this transcript} */
        byte[] serverFinished(byte[] transcriptHash) {
            return finished(server, transcriptHash);
        }

        private byte[] finished(Secret base, byte[] transcriptHash) {
            try (Secret key = hkdf.finishedKey(base)) {
                return hkdf.hash().hmac(key, transcriptHash);
            }
        }

        /**
         * Goes on after the server's Finished. The handshake traffic secrets stay until the client's Finished is done.
         *
         * @param transcriptHash up to the server's Finished
         */
        Application advance(byte[] transcriptHash) {
            try (Secret derived =
                    hkdf.deriveSecret(secret, "derived", hkdf.hash().emptyHash())) {
                return new Application(hkdf, suite, hkdf.extract(derived, null), transcriptHash);
            } finally {
                secret.destroy();
            }
        }

        void destroy() {
            secret.destroy();
            client.destroy();
            server.destroy();
        }
    }

    /** The third stage: what protects application data. The transcript ends with the server's Finished. */
    static final class Application {
        private final Hkdf hkdf;
        private final CipherSuite suite;
        private final Secret secret;
        private final Secret exporter;
        private Secret client;
        private Secret server;

        private Application(Hkdf hkdf, CipherSuite suite, Secret secret, byte[] transcriptHash) {
            this.hkdf = hkdf;
            this.suite = suite;
            this.secret = secret;
            this.client = hkdf.deriveSecret(secret, "c ap traffic", transcriptHash);
            this.server = hkdf.deriveSecret(secret, "s ap traffic", transcriptHash);
            this.exporter = hkdf.deriveSecret(secret, "exp master", transcriptHash);
        }

        TrafficKeys clientKeys() {
            return TrafficKeys.derive(hkdf, aead(suite), client);
        }

        TrafficKeys serverKeys() {
            return TrafficKeys.derive(hkdf, aead(suite), server);
        }

        /** RFC 8446 7.2. */
        TrafficKeys nextClientKeys() {
            client = next(client);
            return clientKeys();
        }

        /** RFC 8446 7.2. */
        TrafficKeys nextServerKeys() {
            server = next(server);
            return serverKeys();
        }

        /**
         * The last use of the main secret.
         *
         * @param transcriptHash up to the client's Finished
         */
        Secret resumption(byte[] transcriptHash) {
            try {
                return hkdf.deriveSecret(secret, "res master", transcriptHash);
            } finally {
                secret.destroy();
            }
        }

        /** {@return the pre-shared key that a ticket stands for (RFC 8446 4.6.1)} */
        Secret psk(Secret resumption, byte[] ticketNonce) {
            return hkdf.expandLabel(
                    resumption, "resumption", ticketNonce, hkdf.hash().length());
        }

        /** {@return exported keying material (RFC 8446 7.5)} */
        byte[] export(String label, byte[] context, int length) {
            try (Secret own = hkdf.deriveSecret(exporter, label, hkdf.hash().emptyHash())) {
                return hkdf.expandLabel(own, "exporter", hkdf.hash().hash(context), length)
                        .bytes();
            }
        }

        void destroy() {
            secret.destroy();
            client.destroy();
            server.destroy();
            exporter.destroy();
        }

        private Secret next(Secret current) {
            try {
                return hkdf.expandLabel(
                        current, "traffic upd", new byte[0], hkdf.hash().length());
            } finally {
                current.destroy();
            }
        }
    }
}
