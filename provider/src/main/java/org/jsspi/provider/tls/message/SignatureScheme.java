package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The signature algorithms (RFC 8446 4.2.3). */
public enum SignatureScheme implements Named {
    RSA_PKCS1_SHA1(0x0201),
    ECDSA_SHA1(0x0203),
    RSA_PKCS1_SHA256(0x0401),
    RSA_PKCS1_SHA384(0x0501),
    RSA_PKCS1_SHA512(0x0601),
    ECDSA_SECP256R1_SHA256(0x0403),
    ECDSA_SECP384R1_SHA384(0x0503),
    ECDSA_SECP521R1_SHA512(0x0603),
    RSA_PSS_RSAE_SHA256(0x0804),
    RSA_PSS_RSAE_SHA384(0x0805),
    RSA_PSS_RSAE_SHA512(0x0806),
    ED25519(0x0807),
    ED448(0x0808),
    RSA_PSS_PSS_SHA256(0x0809),
    RSA_PSS_PSS_SHA384(0x080A),
    RSA_PSS_PSS_SHA512(0x080B),
    /** These three: draft-ietf-tls-mldsa, for TLS 1.3 alone. */
    MLDSA44(0x0904),
    MLDSA65(0x0905),
    MLDSA87(0x0906);

    private static final CodeTable<SignatureScheme> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final String standardName;

    SignatureScheme(int code) {
        this.code = code;
        this.standardName = name().toLowerCase(Locale.ROOT);
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the name as RFC 8446 spells it, such as {@code ecdsa_secp256r1_sha256}} */
    @Override
    public String standardName() {
        return standardName;
    }

    /**
     * {@return whether the scheme may sign a TLS 1.3 handshake}
     *
     * <p>RFC 8446 4.2.3: the rsa_pkcs1 schemes are defined for signatures in certificates only, and SHA-1 is never used
     * in a handshake signature.
     */
    public boolean signsHandshake13() {
        return code != 0x0203 && (code & 0xFF) != 0x01;
    }

    /**
     * {@return whether the scheme may sign a TLS 1.2 handshake}
     *
     * <p>RFC 5246 allows SHA-1; RFC 9155 does not any more. draft-ietf-tls-mldsa defines its schemes for TLS 1.3 alone.
     */
    public boolean signsHandshake12() {
        return this != RSA_PKCS1_SHA1 && this != ECDSA_SHA1 && this != MLDSA44 && this != MLDSA65 && this != MLDSA87;
    }

    /** {@return the scheme with that number, or empty when it is not known here} */
    public static Optional<SignatureScheme> of(int code) {
        return BY_CODE.find(code);
    }

    /** {@return the scheme with that name, in any case, or empty when it is not known here} */
    public static Optional<SignatureScheme> named(String standardName) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.name().equalsIgnoreCase(standardName))
                .findFirst();
    }

    @Override
    public String toString() {
        return standardName();
    }
}
