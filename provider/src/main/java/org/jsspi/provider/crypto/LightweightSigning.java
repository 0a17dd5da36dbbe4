package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECMultiplier;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed448;

/** Signatures by bcprov's lightweight API with keys in software. The note in the package description says what that takes. */
final class LightweightSigning {
    private static final byte[] NO_CONTEXT = {};

    private LightweightSigning() {}

    /**
     * {@return ECDSA over a hash of any length}
     *
     * @param d 1 to the order, exclusive
     */
    static byte[] ecdsa(NistCurve curve, BigInteger d, byte[] hash) {
        ECDomainParameters domain = LightweightCurve.of(curve).domain();
        ECDSASigner signer = new BlindedSigner(domain.getN());
        signer.init(true, new ParametersWithRandom(new ECPrivateKeyParameters(d, domain), Randomness.secureRandom()));
        BigInteger[] rs = signer.generateSignature(hash);
        return new EcdsaSignatureValue(rs[0], rs[1]).encode();
    }

    /** Loads what there is to load, to sign by ECDSA and to verify. */
    static void warmUp(NistCurve curve) {
        ECDomainParameters domain = LightweightCurve.of(curve).domain();
        byte[] hash = Randomness.bytes(curve.fieldLength());
        EcdsaSignatureValue value = EcdsaSignatureValue.decode(ecdsa(curve, BigInteger.ONE, hash), curve)
                .orElseThrow();
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, new ECPublicKeyParameters(domain.getG(), domain));
        verifier.verifySignature(hash, value.r(), value.s());
    }

    /** {@return Ed25519 or Ed448 over the message, or empty if the key does not show itself or is of the other kind} */
    static Optional<byte[]> eddsa(SignatureAlgorithm algorithm, EdECPrivateKey key, byte[] message) {
        byte[] seed = key.getBytes().orElse(null);
        boolean is25519 = algorithm == SignatureAlgorithm.ED25519;
        if (seed == null
                || !algorithm.jcaName().equals(key.getParams().getName())
                || seed.length != (is25519 ? Ed25519.SECRET_KEY_SIZE : Ed448.SECRET_KEY_SIZE)) {
            return Optional.empty();
        }
        byte[] signature = new byte[is25519 ? Ed25519.SIGNATURE_SIZE : Ed448.SIGNATURE_SIZE];
        if (is25519) {
            Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        } else {
            Ed448.sign(seed, 0, NO_CONTEXT, message, 0, message.length, signature, 0);
        }
        Arrays.fill(seed, (byte) 0);
        return Optional.of(signature);
    }

    /** ECDSA whose nonce is never multiplied in one piece. */
    private static final class BlindedSigner extends ECDSASigner {
        private final BigInteger order;

        BlindedSigner(BigInteger order) {
            this.order = order;
        }

        @Override
        protected ECMultiplier createBasePointMultiplier() {
            return new BlindedMultiplier(order, Randomness.secureRandom());
        }
    }
}
