package org.jsspi.provider.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jsspi.SspiException;

/** An X25519 key pair (RFC 7748). */
final class EphemeralX25519 implements KeyExchange.Ephemeral {
    private final byte[] privateKey;
    private final byte[] publicShare = new byte[X25519.POINT_SIZE];

    private EphemeralX25519(byte[] privateKey) {
        this.privateKey = privateKey;
        X25519.generatePublicKey(privateKey, 0, publicShare, 0);
    }

    static EphemeralX25519 generate() {
        byte[] privateKey = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(Randomness.secureRandom(), privateKey);
        return new EphemeralX25519(privateKey);
    }

    /** Loads what there is to load, and builds the table of the base point. */
    static void warmUp() {
        byte[] secret = new byte[X25519.POINT_SIZE];
        X25519.calculateAgreement(new byte[X25519.SCALAR_SIZE], 0, generate().publicShare, 0, secret, 0);
    }

    /** The key pair of a given private key, for test vectors. */
    static EphemeralX25519 of(byte[] privateKey) {
        return new EphemeralX25519(privateKey.clone());
    }

    @Override
    public byte[] publicShare() {
        return publicShare;
    }

    @Override
    public byte[] agree(byte[] share) throws SspiException {
        if (share.length != X25519.POINT_SIZE) {
            throw Failures.illegalParameter("key share is not as long as one of x25519", null);
        }
        byte[] secret = new byte[X25519.POINT_SIZE];
        // RFC 8446 7.4.2: an all-zero result means a point of small order and ends the handshake.
        if (!X25519.calculateAgreement(privateKey, 0, share, 0, secret, 0)) {
            throw Failures.illegalParameter("key share is a point of small order on x25519", null);
        }
        return secret;
    }

    @Override
    public void destroy() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
