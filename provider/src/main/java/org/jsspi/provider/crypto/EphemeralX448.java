package org.jsspi.provider.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X448;
import org.jsspi.SspiException;

/** An X448 key pair (RFC 7748). */
final class EphemeralX448 implements KeyExchange.Ephemeral {
    private final byte[] privateKey;
    private final byte[] publicShare = new byte[X448.POINT_SIZE];

    private EphemeralX448(byte[] privateKey) {
        this.privateKey = privateKey;
        X448.generatePublicKey(privateKey, 0, publicShare, 0);
    }

    static EphemeralX448 generate() {
        byte[] privateKey = new byte[X448.SCALAR_SIZE];
        X448.generatePrivateKey(Randomness.secureRandom(), privateKey);
        return new EphemeralX448(privateKey);
    }

    /** The key pair of a given private key, for test vectors. */
    static EphemeralX448 of(byte[] privateKey) {
        return new EphemeralX448(privateKey.clone());
    }

    @Override
    public byte[] publicShare() {
        return publicShare;
    }

    @Override
    public byte[] agree(byte[] share) throws SspiException {
        if (share.length != X448.POINT_SIZE) {
            throw Failures.illegalParameter("key share is not as long as one of x448", null);
        }
        byte[] secret = new byte[X448.POINT_SIZE];
        // RFC 8446 7.4.2: an all-zero result means a point of small order and ends the handshake.
        if (!X448.calculateAgreement(privateKey, 0, share, 0, secret, 0)) {
            throw Failures.illegalParameter("key share is a point of small order on x448", null);
        }
        return secret;
    }

    @Override
    public void destroy() {
        Arrays.fill(privateKey, (byte) 0);
    }
}
