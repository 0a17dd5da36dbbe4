package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hkdf;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;

/** The second stage of the key schedule (RFC 8446 7.1): what protects the handshake after the hellos. */
final class HandshakeSecrets implements AutoCloseable {
    private final Hkdf hkdf;
    private final Secret masterSalt;
    private final Secret clientHandshakeTraffic;
    private final Secret serverHandshakeTraffic;

    /**
     * The stage of this secret.
     *
     * @param secret is destroyed: what follows from it is computed here
     * @param helloHash of ClientHello to ServerHello
     */
    HandshakeSecrets(Hkdf hkdf, Secret secret, byte[] helloHash) {
        this.hkdf = hkdf;
        try (secret;
                Hkdf.Expansion expansion = hkdf.expansionOf(secret)) {
            clientHandshakeTraffic = expansion.deriveSecret("c hs traffic", helloHash);
            serverHandshakeTraffic = expansion.deriveSecret("s hs traffic", helloHash);
            masterSalt = expansion.deriveSecret("derived");
        }
    }

    HashAlgorithm hash() {
        return hkdf.hash();
    }

    TrafficKeys clientKeys(Aead aead) {
        return TrafficKeys.derive(hkdf, aead, clientHandshakeTraffic);
    }

    TrafficKeys serverKeys(Aead aead) {
        return TrafficKeys.derive(hkdf, aead, serverHandshakeTraffic);
    }

    /** Tells the key log of the exchange (RFC 9850 2). */
    HandshakeSecrets logged(Exchange exchange, byte[] clientRandom) {
        exchange.log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", clientRandom, clientHandshakeTraffic);
        exchange.log("SERVER_HANDSHAKE_TRAFFIC_SECRET", clientRandom, serverHandshakeTraffic);
        return this;
    }

    /** {@return the key of the client's Finished, which outlives this stage and is the caller's to close} */
    FinishedKey clientFinished() {
        return new FinishedKey(hkdf, clientHandshakeTraffic);
    }

    /** {@return the key of the server's Finished, which is the caller's to close} */
    FinishedKey serverFinished() {
        return new FinishedKey(hkdf, serverHandshakeTraffic);
    }

    /**
     * {@return the next stage; this one is destroyed}
     *
     * @param serverFinishedHash of ClientHello to the server's Finished
     */
    ApplicationSecrets advance(byte[] serverFinishedHash) {
        try (this) {
            return new ApplicationSecrets(hkdf, hkdf.extract(masterSalt, null), serverFinishedHash);
        }
    }

    @Override
    public void close() {
        masterSalt.destroy();
        clientHandshakeTraffic.destroy();
        serverHandshakeTraffic.destroy();
    }
}
