package org.jsspi.provider.crypto;

import java.math.BigInteger;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jsspi.SspiException;

/** An ECDH key pair on a NIST curve. */
final class EphemeralPoint implements KeyExchange.Ephemeral {
    private final LightweightCurve curve;
    private final ECPrivateKeyParameters privateKey;
    private final byte[] publicShare;

    private EphemeralPoint(LightweightCurve curve, ECPrivateKeyParameters privateKey, byte[] publicShare) {
        this.curve = curve;
        this.privateKey = privateKey;
        this.publicShare = publicShare;
    }

    static EphemeralPoint generate(NistCurve nist) {
        LightweightCurve curve = LightweightCurve.of(nist);
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(new ECKeyGenerationParameters(curve.domain(), Randomness.secureRandom()));
        AsymmetricCipherKeyPair pair = generator.generateKeyPair();
        ECPoint point = ((ECPublicKeyParameters) pair.getPublic()).getQ();
        return new EphemeralPoint(curve, (ECPrivateKeyParameters) pair.getPrivate(), curve.encode(point));
    }

    /** Loads what there is to load, and builds the table of the base point. */
    static void warmUp(NistCurve curve) {
        try {
            generate(curve).agree(generate(curve).publicShare);
        } catch (SspiException e) {
            throw new IllegalStateException("a point of the curve is refused", e);
        }
    }

    /** The key pair of a given private key, for test vectors. */
    static EphemeralPoint of(NistCurve nist, BigInteger d) {
        LightweightCurve curve = LightweightCurve.of(nist);
        ECPoint point = new FixedPointCombMultiplier().multiply(curve.domain().getG(), d);
        return new EphemeralPoint(
                curve, new ECPrivateKeyParameters(d, curve.domain()), curve.encode(point.normalize()));
    }

    @Override
    public byte[] publicShare() {
        return publicShare;
    }

    @Override
    public byte[] agree(byte[] share) throws SspiException {
        ECDomainParameters domain = curve.domain();
        ECPoint peer = curve.decode(share);
        // A valid point of a curve with cofactor 1 times a scalar below the order is never infinity.
        ECPoint shared = ECAlgorithms.multiplySecret(peer, privateKey.getD(), domain.getN())
                .normalize();
        // RFC 8446 7.4.2: the x-coordinate in the length of the field, leading zeros kept.
        return shared.getAffineXCoord().getEncoded();
    }

    @Override
    public void destroy() {
        privateKey.destroy();
    }
}
