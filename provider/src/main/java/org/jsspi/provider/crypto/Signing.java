package org.jsspi.provider.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Optional;
import java.util.Set;
import org.jsspi.SspiException;

/**
 * Signs and verifies by the schemes of {@link SignatureAlgorithm}.
 *
 * <p>Verification handles public values only and takes the fastest implementation: bcprov's lightweight API for the
 * curves and ML-DSA, JCA for RSA; {@link ColdStart} has SunEC begin with ECDSA, to sign and to verify. Signing goes through JCA, which finds the provider that owns the key, so keys in hardware
 * work; only ECDSA keys in software, which show what they are, sign by bcprov with a blinded scalar. Where a provider
 * stands before the platform's own for a signature of ECDSA, it signs and verifies in place of bcprov. The property
 * {@code org.jsspi.softwareSigner} (system, then security; read once) changes that: with {@code jca} they sign through JCA too,
 * with {@code bc} keys of EdDSA are used by bcprov as well. The note in the package description says what each trades.
 */
public final class Signing {
    /** The property that names the signer for software keys. */
    public static final String SOFTWARE_SIGNER = "org.jsspi.softwareSigner";

    /** Modules of the JDK whose keys stand for something in a token or in a store of the system. */
    private static final Set<String> TOKENS = Set.of("jdk.crypto.cryptoki", "jdk.crypto.mscapi");

    private static final class Holder {
        private static final String SIGNER = ProviderChoice.property(SOFTWARE_SIGNER);
        static final boolean ECDSA_BY_BCPROV = !"jca".equalsIgnoreCase(SIGNER);
        static final boolean ALL_BY_BCPROV = "bc".equalsIgnoreCase(SIGNER);
    }

    private Signing() {}

    /**
     * {@return a signature over the parts of the content, in order}
     *
     * @throws SspiException SEC_E_UNKNOWN_CREDENTIALS, kind KEY, if no provider can sign so with the key
     */
    public static byte[] sign(SignatureAlgorithm algorithm, PrivateKey key, byte[]... content) throws SspiException {
        if (signsByBcprov(algorithm, key)) {
            Optional<byte[]> signature = signSoftware(algorithm, key, content);
            if (signature.isPresent()) {
                return signature.get();
            }
        }
        try {
            return signJca(algorithm, key, content);
        } catch (SspiException e) {
            // A JDK before 24 has no ML-DSA: where no provider takes the key, its encoding does.
            Optional<byte[]> signature = algorithm.family() == SignatureAlgorithm.Family.MLDSA
                    ? signLightweight(algorithm, key, content)
                    : Optional.empty();
            return signature.orElseThrow(() -> e);
        }
    }

    private static boolean signsByBcprov(SignatureAlgorithm algorithm, PrivateKey key) {
        return switch (algorithm.family()) {
            case ECDSA ->
                Holder.ECDSA_BY_BCPROV
                        && isInSoftware(key)
                        && algorithm.preferredProvider().isEmpty();
            case EDDSA -> Holder.ALL_BY_BCPROV && isInSoftware(key);
            default -> false;
        };
    }

    /** {@return whether nobody but us would mind who uses the key: a token's, even one that can be read, signs in the token} */
    private static boolean isInSoftware(PrivateKey key) {
        return key.getFormat() != null
                && !TOKENS.contains(String.valueOf(key.getClass().getModule().getName()));
    }

    /**
     * {@return whether the signature is the key's over the parts of the content, in order}
     *
     * <p>A malformed signature, and a key that the scheme does not allow, verify nothing: the answer is false.
     *
     * @throws SspiException SEC_E_CRYPTO_SYSTEM_INVALID if no provider can verify the scheme at all
     */
    public static boolean verify(SignatureAlgorithm algorithm, PublicKey key, byte[] signature, byte[]... content)
            throws SspiException {
        return algorithm.canVerify(key) && verifyChecked(algorithm, key, signature, content);
    }

    /** As {@link #verify}, where an ECDSA scheme allows every curve: in TLS 1.2 (RFC 8446 4.2.3). */
    public static boolean verifyTls12(SignatureAlgorithm algorithm, PublicKey key, byte[] signature, byte[]... content)
            throws SspiException {
        return algorithm.canVerifyTls12(key) && verifyChecked(algorithm, key, signature, content);
    }

    private static boolean verifyChecked(
            SignatureAlgorithm algorithm, PublicKey key, byte[] signature, byte[]... content) throws SspiException {
        return switch (algorithm.family()) {
            case ECDSA -> {
                NistCurve curve = NistCurve.of(((ECPublicKey) key).getParams()).orElseThrow();
                Optional<Provider> preferred = algorithm.preferredProvider();
                yield preferred.isPresent()
                        ? verifyPreferred(preferred.get(), algorithm, curve, key, signature, content)
                        : verifyEcdsa(
                                algorithm,
                                curve,
                                key,
                                signature,
                                algorithm.hash().orElseThrow().hash(content));
            }
            case EDDSA -> {
                Optional<Boolean> verdict = VerifyingKeys.eddsa(algorithm, key, signature, join(content));
                yield verdict.isPresent() ? verdict.get() : verifyJca(algorithm, key, signature, content);
            }
            case RSA_PSS_RSAE, RSA_PSS_PSS, RSA_PKCS1 -> verifyJca(algorithm, key, signature, content);
            case MLDSA -> algorithm.mlDsa().verify(key, signature, join(content));
        };
    }

    /** Verifies over the hash of this scheme; the key is an ECPublicKey on this curve. */
    static boolean verifyEcdsa(
            SignatureAlgorithm algorithm, NistCurve curve, PublicKey key, byte[] signature, byte[] hash) {
        return verifyEcdsa(algorithm.firstProvider(curve), curve, key, signature, hash);
    }

    /** Whoever computes, key, encoding and range are judged by us. */
    static boolean verifyPreferred(
            Provider preferred,
            SignatureAlgorithm algorithm,
            NistCurve curve,
            PublicKey key,
            byte[] signature,
            byte[]... content)
            throws SspiException {
        return JcaEcdsa.judge(curve, key, signature).isPresent()
                && verifyJca(Optional.of(preferred), algorithm, key, signature, content);
    }

    /** @param first who verifies, or null for bcprov, which also judges where SunEC would be wrong */
    static boolean verifyEcdsa(Provider first, NistCurve curve, PublicKey key, byte[] signature, byte[] hash) {
        if (first != null) {
            Optional<EcdsaSignatureValue> value = JcaEcdsa.judge(curve, key, signature);
            if (value.isEmpty()) {
                return false;
            }
            try {
                // Where two numbers of the field come to r, the SunEC of JDK 17 knows the smaller one alone.
                boolean verified = JcaEcdsa.verify(first, key, signature, hash);
                if (verified || !curve.isOfTheField(value.get().r().add(curve.order()))) {
                    return verified;
                }
            } catch (GeneralSecurityException | RuntimeException unable) {
                // A key of another kind than its own: bcprov needs the numbers alone.
            }
        }
        return VerifyingKeys.ecdsa(curve, key, signature, hash);
    }

    static byte[] signJca(SignatureAlgorithm algorithm, PrivateKey key, byte[]... content) throws SspiException {
        try {
            Signature signer = initSign(algorithm, key);
            for (byte[] part : content) {
                signer.update(part);
            }
            return signer.sign();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw Failures.key("the private key cannot sign by " + algorithm.standardName(), e);
        }
    }

    private static Signature initSign(SignatureAlgorithm algorithm, PrivateKey key) throws GeneralSecurityException {
        // The key comes before the parameters: it is what selects the provider.
        Signature signer = Signature.getInstance(algorithm.jcaName());
        if (!isPss(algorithm)) {
            signer.initSign(key, Randomness.secureRandom());
            return signer;
        }
        try {
            signer.initSign(key, Randomness.secureRandom());
            signer.setParameter(algorithm.pssParameters());
            return signer;
        } catch (GeneralSecurityException | UnsupportedOperationException unable) {
            try {
                Signature other = Signature.getInstance(algorithm.pssAlias());
                other.initSign(key, Randomness.secureRandom());
                return other;
            } catch (GeneralSecurityException none) {
                unable.addSuppressed(none);
                throw unable;
            }
        }
    }

    private static boolean isPss(SignatureAlgorithm algorithm) {
        return algorithm.family() == SignatureAlgorithm.Family.RSA_PSS_RSAE
                || algorithm.family() == SignatureAlgorithm.Family.RSA_PSS_PSS;
    }

    static boolean verifyJca(SignatureAlgorithm algorithm, PublicKey key, byte[] signature, byte[]... content)
            throws SspiException {
        return verifyJca(algorithm.preferredProvider(), algorithm, key, signature, content);
    }

    private static boolean verifyJca(
            Optional<Provider> preferred,
            SignatureAlgorithm algorithm,
            PublicKey key,
            byte[] signature,
            byte[]... content)
            throws SspiException {
        Signature verifier;
        try {
            verifier = preferred.isPresent()
                    ? Signature.getInstance(algorithm.jcaName(), preferred.get())
                    : Signature.getInstance(algorithm.jcaName());
            verifier.initVerify(key);
            if (isPss(algorithm)) {
                verifier.setParameter(algorithm.pssParameters());
            }
        } catch (InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException | UnsupportedOperationException e) {
            throw Failures.unsupported("no installed provider verifies " + algorithm.standardName(), e);
        }
        try {
            for (byte[] part : content) {
                verifier.update(part);
            }
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException malformed) {
            // Providers differ: some throw where the encoding or the length is wrong.
            return false;
        }
    }

    /** As {@link #signLightweight}, but for ECDSA it may be SunEC that serves the first signatures. */
    private static Optional<byte[]> signSoftware(SignatureAlgorithm algorithm, PrivateKey key, byte[]... content) {
        if (algorithm.family() != SignatureAlgorithm.Family.ECDSA) {
            return signLightweight(algorithm, key, content);
        }
        NistCurve curve = algorithm.curve();
        Optional<BigInteger> d = scalar(curve, key);
        if (d.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = algorithm.hash().orElseThrow().hash(content);
        Provider first = Holder.ALL_BY_BCPROV ? null : algorithm.firstProvider(curve);
        if (first != null) {
            try {
                return Optional.of(JcaEcdsa.sign(first, key, hash));
            } catch (GeneralSecurityException | RuntimeException unable) {
                // A key of another kind than its own: bcprov needs the number alone.
            }
        }
        return Optional.of(LightweightSigning.ecdsa(curve, d.get(), hash));
    }

    /** The signature by bcprov, or empty if the key does not show itself or is of another kind. */
    static Optional<byte[]> signLightweight(SignatureAlgorithm algorithm, PrivateKey key, byte[]... content) {
        return switch (algorithm.family()) {
            case ECDSA ->
                scalar(algorithm.curve(), key)
                        .map(d -> LightweightSigning.ecdsa(
                                algorithm.curve(),
                                d,
                                algorithm.hash().orElseThrow().hash(content)));
            case EDDSA ->
                key instanceof EdECPrivateKey ed
                        ? LightweightSigning.eddsa(algorithm, ed, join(content))
                        : Optional.empty();
            case RSA_PSS_RSAE, RSA_PSS_PSS, RSA_PKCS1 -> Optional.empty();
            case MLDSA -> algorithm.mlDsa().sign(key, join(content));
        };
    }

    /** The secret number of a key on this curve, or empty if the key does not show it or is of another kind. */
    private static Optional<BigInteger> scalar(NistCurve curve, PrivateKey key) {
        if (!(key instanceof ECPrivateKey ec) || NistCurve.of(ec.getParams()).orElse(null) != curve) {
            return Optional.empty();
        }
        BigInteger d = ec.getS();
        return d == null || d.signum() <= 0 || d.compareTo(curve.order()) >= 0 ? Optional.empty() : Optional.of(d);
    }

    private static byte[] join(byte[]... parts) {
        if (parts.length == 1) {
            return parts[0];
        }
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int filled = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, filled, part.length);
            filled += part.length;
        }
        return joined;
    }
}
