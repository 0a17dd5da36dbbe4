package org.jsspi.provider.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The signature schemes of TLS (RFC 8446 4.2.3).
 *
 * <p>ECDSA schemes name their curve, as TLS 1.3 means them. The PKCS #1 schemes sign certificates and, in TLS 1.2,
 * handshakes; TLS 1.3 never signs a handshake with one, see {@link #signsTls13()}.
 */
public enum SignatureAlgorithm implements ProviderChoice.Primitive {
    /** ECDSA on P-256 with SHA-256. */
    ECDSA_SECP256R1_SHA256(0x0403, "ecdsa_secp256r1_sha256", Family.ECDSA, NistCurve.P256, HashAlgorithm.SHA256),
    /** ECDSA on P-384 with SHA-384. */
    ECDSA_SECP384R1_SHA384(0x0503, "ecdsa_secp384r1_sha384", Family.ECDSA, NistCurve.P384, HashAlgorithm.SHA384),
    /** ECDSA on P-521 with SHA-512. */
    ECDSA_SECP521R1_SHA512(0x0603, "ecdsa_secp521r1_sha512", Family.ECDSA, NistCurve.P521, HashAlgorithm.SHA512),
    /** Ed25519 (RFC 8032). */
    ED25519(0x0807, "ed25519", Family.EDDSA, null, null),
    /** Ed448 (RFC 8032). */
    ED448(0x0808, "ed448", Family.EDDSA, null, null),
    /** RSA-PSS with SHA-256, by a key of type rsaEncryption. */
    RSA_PSS_RSAE_SHA256(0x0804, "rsa_pss_rsae_sha256", Family.RSA_PSS_RSAE, null, HashAlgorithm.SHA256),
    /** RSA-PSS with SHA-384, by a key of type rsaEncryption. */
    RSA_PSS_RSAE_SHA384(0x0805, "rsa_pss_rsae_sha384", Family.RSA_PSS_RSAE, null, HashAlgorithm.SHA384),
    /** RSA-PSS with SHA-512, by a key of type rsaEncryption. */
    RSA_PSS_RSAE_SHA512(0x0806, "rsa_pss_rsae_sha512", Family.RSA_PSS_RSAE, null, HashAlgorithm.SHA512),
    /** RSA-PSS with SHA-256, by a key of type id-RSASSA-PSS. */
    RSA_PSS_PSS_SHA256(0x0809, "rsa_pss_pss_sha256", Family.RSA_PSS_PSS, null, HashAlgorithm.SHA256),
    /** RSA-PSS with SHA-384, by a key of type id-RSASSA-PSS. */
    RSA_PSS_PSS_SHA384(0x080A, "rsa_pss_pss_sha384", Family.RSA_PSS_PSS, null, HashAlgorithm.SHA384),
    /** RSA-PSS with SHA-512, by a key of type id-RSASSA-PSS. */
    RSA_PSS_PSS_SHA512(0x080B, "rsa_pss_pss_sha512", Family.RSA_PSS_PSS, null, HashAlgorithm.SHA512),
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RSA_PKCS1_SHA256(0x0401, "rsa_pkcs1_sha256", Family.RSA_PKCS1, null, HashAlgorithm.SHA256),
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RSA_PKCS1_SHA384(0x0501, "rsa_pkcs1_sha384", Family.RSA_PKCS1, null, HashAlgorithm.SHA384),
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RSA_PKCS1_SHA512(0x0601, "rsa_pkcs1_sha512", Family.RSA_PKCS1, null, HashAlgorithm.SHA512),
    /** ML-DSA-44 (FIPS 204, draft-ietf-tls-mldsa). */
    MLDSA44(0x0904, "mldsa44", Family.MLDSA, null, null),
    /** ML-DSA-65 (FIPS 204, draft-ietf-tls-mldsa). */
    MLDSA65(0x0905, "mldsa65", Family.MLDSA, null, null),
    /** ML-DSA-87 (FIPS 204, draft-ietf-tls-mldsa). */
    MLDSA87(0x0906, "mldsa87", Family.MLDSA, null, null);

    /** What decides how a scheme signs, and with which keys. */
    enum Family {
        ECDSA,
        EDDSA,
        RSA_PSS_RSAE,
        RSA_PSS_PSS,
        RSA_PKCS1,
        MLDSA
    }

    /** A peer's larger modulus would buy it more of our time than any certificate is worth; the JDK's own bound. */
    private static final int LARGEST_MODULUS_BITS = 16_384;
    /** EMSA-PKCS1-v1_5: DigestInfo around the hash takes 19 bytes for every SHA-2, the padding at least 11. */
    private static final int PKCS1_OVERHEAD = 19 + 11;

    private static final List<Optional<SignatureAlgorithm>> ALL = new ArrayList<>();

    static {
        for (SignatureAlgorithm algorithm : values()) {
            ALL.add(Optional.of(algorithm));
        }
    }

    private final int code;
    private final String standardName;
    private final Family family;
    private final NistCurve curve;
    private final HashAlgorithm hash;
    private final String jcaName;
    /** Null until the first use. A benign race: every writer writes the same. */
    private volatile Optional<Provider> preferred;

    private volatile boolean named;

    SignatureAlgorithm(int code, String standardName, Family family, NistCurve curve, HashAlgorithm hash) {
        this.code = code;
        this.standardName = standardName;
        this.family = family;
        this.curve = curve;
        this.hash = hash;
        this.jcaName = switch (family) {
            case ECDSA -> hash.name() + "withECDSA";
            // The names are those of the schemes: Ed25519, Ed448.
            case EDDSA -> "Ed" + standardName.substring(2);
            case RSA_PSS_RSAE, RSA_PSS_PSS -> "RSASSA-PSS";
            case RSA_PKCS1 -> hash.name() + "withRSA";
            case MLDSA -> "ML-DSA-" + standardName.substring("mldsa".length());
        };
    }

    /** {@return the SignatureScheme code point} */
    public int code() {
        return code;
    }

    /** {@return the name of RFC 8446, which is also the JSSE name: {@code ecdsa_secp256r1_sha256}} */
    public String standardName() {
        return standardName;
    }

    /** {@return the algorithm of its keys in certificates: EC, Ed25519, Ed448, RSA, RSASSA-PSS or ML-DSA} */
    public String keyAlgorithm() {
        return switch (family) {
            case ECDSA -> "EC";
            case EDDSA -> jcaName();
            case RSA_PSS_RSAE, RSA_PKCS1 -> "RSA";
            case RSA_PSS_PSS -> "RSASSA-PSS";
            case MLDSA -> "ML-DSA";
        };
    }

    /** {@return the curve its keys are on, by its standard name, or empty where the key has no choice of curve} */
    public Optional<String> curveName() {
        return Optional.ofNullable(curve).map(NistCurve::standardName);
    }

    /** {@return the hash that is signed, or empty where the scheme hashes by itself} */
    public Optional<HashAlgorithm> hash() {
        return Optional.ofNullable(hash);
    }

    /** {@return the JCA name of the signature: {@code SHA256withECDSA}} */
    public String jcaName() {
        return jcaName;
    }

    /** {@return whether TLS 1.3 may sign a CertificateVerify with it (RFC 8446 4.2.3: PKCS #1 never)} */
    public boolean signsTls13() {
        return family != Family.RSA_PKCS1;
    }

    /**
     * {@return whether this pair of keys can sign by the scheme}
     *
     * @param privateKey only its algorithm is looked at: a key in hardware tells no more
     * @param certificateKey the public key that peers will verify with
     */
    public boolean canSign(PrivateKey privateKey, PublicKey certificateKey) {
        return isKindOf(privateKey)
                && canVerify(certificateKey)
                && (!(privateKey instanceof RSAKey rsa) || permits(rsa));
    }

    private boolean isKindOf(PrivateKey privateKey) {
        String name = privateKey.getAlgorithm();
        return switch (family) {
            case ECDSA -> "EC".equalsIgnoreCase(name) || "ECDSA".equalsIgnoreCase(name);
            case EDDSA -> jcaName().equalsIgnoreCase(name) || "EdDSA".equalsIgnoreCase(name);
            case RSA_PSS_RSAE, RSA_PKCS1 -> "RSA".equalsIgnoreCase(name);
            // The certificate restricts the key; where it is kept it may be plain RSA.
            case RSA_PSS_PSS -> "RSASSA-PSS".equalsIgnoreCase(name) || "RSA".equalsIgnoreCase(name);
            case MLDSA -> mlDsa().isName(name);
        };
    }

    /** {@return whether the key is of the kind, curve, size and parameters that the scheme prescribes} */
    public boolean canVerify(PublicKey key) {
        return switch (family) {
            case ECDSA ->
                key instanceof ECPublicKey ec && NistCurve.of(ec.getParams()).orElse(null) == curve;
            case EDDSA ->
                key instanceof EdECPublicKey ed
                        ? jcaName().equals(ed.getParams().getName())
                        : jcaName().equalsIgnoreCase(key.getAlgorithm());
            case RSA_PSS_RSAE, RSA_PSS_PSS, RSA_PKCS1 ->
                keyAlgorithm().equalsIgnoreCase(key.getAlgorithm())
                        && key instanceof RSAPublicKey rsa
                        && fits(rsa.getModulus().bitLength())
                        && permits(rsa);
            case MLDSA -> mlDsa().isKey(key);
        };
    }

    /**
     * {@return whether the key is of the kind that the scheme prescribes in TLS 1.2}
     *
     * <p>RFC 8446 4.2.3: there an ECDSA scheme names its hash alone, and the key may be on any curve.
     */
    public boolean canVerifyTls12(PublicKey key) {
        return family == Family.ECDSA
                ? key instanceof ECPublicKey ec && NistCurve.of(ec.getParams()).isPresent()
                : canVerify(key);
    }

    /** {@return whether this pair of keys can sign by the scheme in TLS 1.2; see {@link #canVerifyTls12}} */
    public boolean canSignTls12(PrivateKey privateKey, PublicKey certificateKey) {
        return family == Family.ECDSA
                ? isKindOf(privateKey) && canVerifyTls12(certificateKey)
                : canSign(privateKey, certificateKey);
    }

    /**
     * {@return the key of these bytes, which this scheme prescribes; empty if they are none}
     *
     * @param subjectPublicKeyInfo any bytes; what is not the DER that the key itself would have is none
     */
    public Optional<PublicKey> decodeKey(byte[] subjectPublicKeyInfo) {
        PublicKey key;
        try {
            // Not every platform has keys of ML-DSA, and they are used as they are encoded.
            key = family == Family.MLDSA
                    ? mlDsa().publicKey(subjectPublicKeyInfo)
                    : KeyFactory.getInstance(keyAlgorithm())
                            .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return Optional.empty();
        }
        return Arrays.equals(subjectPublicKeyInfo, key.getEncoded()) && canVerify(key)
                ? Optional.of(key)
                : Optional.empty();
    }

    /** {@return the scheme of a code point, or empty for one that is not implemented} */
    public static Optional<SignatureAlgorithm> of(int code) {
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).orElseThrow().code == code) {
                return ALL.get(i);
            }
        }
        return Optional.empty();
    }

    /** {@return the scheme of a name in any letter case, or empty for one that is not implemented} */
    public static Optional<SignatureAlgorithm> named(String name) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.standardName.equalsIgnoreCase(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** The first scheme of this JCA name. */
    static SignatureAlgorithm ofJcaName(String name) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.jcaName.equals(name)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** {@return the JCA provider that signs and verifies ECDSA in place of bcprov, or empty; chosen once} */
    Optional<Provider> preferredProvider() {
        Optional<Provider> chosen = preferred;
        if (chosen == null) {
            named = ProviderChoice.isNamed(jcaName);
            chosen = family == Family.ECDSA
                    ? ProviderChoice.preferred("Signature", jcaName, jcaName, this)
                    : Optional.empty();
            preferred = chosen;
        }
        return chosen;
    }

    /** Whoever offers ECDSA serves it. */
    @Override
    public boolean isServedBy(Provider candidate) {
        return true;
    }

    /** {@return SunEC for one signature of ECDSA on this curve in a JVM that has just begun, or null for bcprov} */
    Provider firstProvider(NistCurve on) {
        return preferredProvider().isPresent() || named ? null : on.coldStart().provider();
    }

    Family family() {
        return family;
    }

    MlDsa mlDsa() {
        return MlDsa.valueOf(jcaName.replace('-', '_'));
    }

    NistCurve curve() {
        return curve;
    }

    /** RFC 8446 4.2.3: MGF1 with the same hash, and a salt as long as the hash. */
    PSSParameterSpec pssParameters() {
        return new PSSParameterSpec(
                hash.jcaName(),
                "MGF1",
                new MGF1ParameterSpec(hash.jcaName()),
                hash.length(),
                PSSParameterSpec.TRAILER_FIELD_BC);
    }

    /** The name under which providers that lack RSASSA-PSS have the same signature. */
    String pssAlias() {
        return hash.name() + "withRSAandMGF1";
    }

    private boolean fits(int modulusBits) {
        if (modulusBits > LARGEST_MODULUS_BITS) {
            return false;
        }
        // RFC 8017 9.1.1: emBits = modBits - 1, and emLen >= hLen + sLen + 2; 9.2: emLen >= tLen + 11.
        return family == Family.RSA_PKCS1
                ? (modulusBits + 7) / 8 >= hash.length() + PKCS1_OVERHEAD
                : (modulusBits + 6) / 8 >= 2 * hash.length() + 2;
    }

    /** Whether the parameters of an RSASSA-PSS key, if it has any, allow this scheme (RFC 4055 3.1, RFC 8446 4.2.3). */
    private boolean permits(RSAKey key) {
        AlgorithmParameterSpec restriction = key.getParams();
        if (restriction == null) {
            return true;
        }
        return family == Family.RSA_PSS_PSS
                && restriction instanceof PSSParameterSpec pss
                && hash.jcaName().equalsIgnoreCase(pss.getDigestAlgorithm())
                && "MGF1".equalsIgnoreCase(pss.getMGFAlgorithm())
                && pss.getMGFParameters() instanceof MGF1ParameterSpec mgf
                && hash.jcaName().equalsIgnoreCase(mgf.getDigestAlgorithm())
                && pss.getSaltLength() <= hash.length()
                && pss.getTrailerField() == PSSParameterSpec.TRAILER_FIELD_BC;
    }
}
