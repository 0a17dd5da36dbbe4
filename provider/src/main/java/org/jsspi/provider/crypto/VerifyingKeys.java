package org.jsspi.provider.crypto;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed448;
import org.jsspi.provider.wire.RecentlyUsed;

/**
 * Decoded public keys of peers, of which the most recently used are kept: bcprov keeps its tables on the decoded point,
 * so a known key verifies twice as fast.
 *
 * <p>A key enters only when a signature verified under it, and {@value #CAPACITY} are kept, so a peer with many keys can
 * displace others and no more. Keys are found by value: each connection decodes its own certificate objects.
 */
final class VerifyingKeys {
    private static final int CAPACITY = 64;

    private static final byte[] NO_CONTEXT = {};
    // SubjectPublicKeyInfo up to the key (RFC 8410 4).
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] ED448_PREFIX = HexFormat.of().parseHex("3043300506032b6571033a00");

    private record EcName(NistCurve curve, java.security.spec.ECPoint point) {}

    private record EdName(SignatureAlgorithm algorithm, String hex) {}

    private static final RecentlyUsed<Object, Object> KNOWN = new RecentlyUsed<>(CAPACITY);

    private VerifyingKeys() {}

    /** Verifies ECDSA over a hash of any length; the key is an ECPublicKey on this curve. */
    static boolean ecdsa(NistCurve curve, PublicKey key, byte[] signature, byte[] hash) {
        Optional<EcdsaSignatureValue> value = EcdsaSignatureValue.decode(signature, curve);
        if (value.isEmpty()) {
            return false;
        }
        EcName name = new EcName(curve, ((ECPublicKey) key).getW());
        ECPublicKeyParameters known = (ECPublicKeyParameters) KNOWN.get(name);
        ECPublicKeyParameters parameters = known;
        if (parameters == null) {
            LightweightCurve lightweight = LightweightCurve.of(curve);
            Optional<ECPoint> point = lightweight.point(name.point());
            if (point.isEmpty()) {
                return false;
            }
            parameters = new ECPublicKeyParameters(point.get(), lightweight.domain());
        }
        ECDSASigner verifier = new ECDSASigner();
        verifier.init(false, parameters);
        boolean verified =
                verifier.verifySignature(hash, value.get().r(), value.get().s());
        if (verified && known == null) {
            KNOWN.put(name, parameters);
        }
        return verified;
    }

    /** Verifies EdDSA, or answers empty if the key does not show its encoding. */
    static Optional<Boolean> eddsa(SignatureAlgorithm algorithm, PublicKey key, byte[] signature, byte[] message) {
        boolean is25519 = algorithm == SignatureAlgorithm.ED25519;
        byte[] prefix = is25519 ? ED25519_PREFIX : ED448_PREFIX;
        int keyLength = is25519 ? Ed25519.PUBLIC_KEY_SIZE : Ed448.PUBLIC_KEY_SIZE;
        byte[] encoded = key.getEncoded();
        if (encoded == null
                || encoded.length != prefix.length + keyLength
                || !Arrays.equals(encoded, 0, prefix.length, prefix, 0, prefix.length)) {
            return Optional.empty();
        }
        if (signature.length != (is25519 ? Ed25519.SIGNATURE_SIZE : Ed448.SIGNATURE_SIZE)) {
            return Optional.of(false);
        }
        EdName name = new EdName(algorithm, HexFormat.of().formatHex(encoded, prefix.length, encoded.length));
        Object known = KNOWN.get(name);
        Object point = known;
        if (point == null) {
            point = is25519
                    ? Ed25519.validatePublicKeyPartialExport(encoded, prefix.length)
                    : Ed448.validatePublicKeyPartialExport(encoded, prefix.length);
        }
        if (point == null) {
            return Optional.of(false);
        }
        boolean verified = is25519
                ? Ed25519.verify(signature, 0, (Ed25519.PublicPoint) point, message, 0, message.length)
                : Ed448.verify(signature, 0, (Ed448.PublicPoint) point, NO_CONTEXT, message, 0, message.length);
        if (verified && known == null) {
            KNOWN.put(name, point);
        }
        return Optional.of(verified);
    }

    /** {@return how many keys are kept} */
    static int size() {
        return KNOWN.size();
    }
}
