package org.jsspi.provider.tls.handshake;

import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.tls.message.CipherSuite;

/**
 * What the hellos of TLS 1.2 agreed on.
 *
 * @param clientRandom 32 bytes
 * @param serverRandom 32 bytes
 * @param extendedMasterSecret whether the master secret is bound to the handshake (RFC 7627)
 */
record Terms12(CipherSuite suite, byte[] clientRandom, byte[] serverRandom, boolean extendedMasterSecret) {
    HashAlgorithm hash() {
        return Negotiation.hash(suite);
    }

    Aead aead() {
        return Negotiation.aead(suite);
    }

    /** {@return the keys of the records, which are the caller's to close; the key log of the exchange hears of their source} */
    MasterSecret.KeyBlock keys(MasterSecret master, Exchange exchange) {
        master.log(exchange, clientRandom);
        return master.keys(aead(), clientRandom, serverRandom);
    }

    /** {@return what the signature of a ServerKeyExchange is over (RFC 8422 5.4), in parts} */
    byte[][] signed(byte[] params) {
        return new byte[][] {clientRandom, serverRandom, params};
    }
}
