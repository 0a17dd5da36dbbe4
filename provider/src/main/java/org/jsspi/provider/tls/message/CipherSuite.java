package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.Optional;

/**
 * The cipher suites that can be chosen (RFC 8446 B.4; for TLS 1.2 those of RFC 5289 3.2, RFC 7905 2 and RFC 8442 3 with
 * ephemeral keys and authenticated encryption).
 *
 * <p>Names are those of the IANA registry, which JSSE uses as they are. Suites that are not here stay numbers.
 */
public enum CipherSuite implements Named {
    TLS_AES_128_GCM_SHA256(0x1301, null, "AES", 128, "SHA-256", 32),
    TLS_AES_256_GCM_SHA384(0x1302, null, "AES", 256, "SHA-384", 48),
    TLS_CHACHA20_POLY1305_SHA256(0x1303, null, "ChaCha20", 256, "SHA-256", 32),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B, Authentication.ECDSA, "AES", 128, "SHA-256", 32),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xC02C, Authentication.ECDSA, "AES", 256, "SHA-384", 48),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xC02F, Authentication.RSA, "AES", 128, "SHA-256", 32),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xC030, Authentication.RSA, "AES", 256, "SHA-384", 48),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA8, Authentication.RSA, "ChaCha20", 256, "SHA-256", 32),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA9, Authentication.ECDSA, "ChaCha20", 256, "SHA-256", 32),
    TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256(0xCCAC, Authentication.PSK, "ChaCha20", 256, "SHA-256", 32),
    TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256(0xD001, Authentication.PSK, "AES", 128, "SHA-256", 32),
    TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384(0xD002, Authentication.PSK, "AES", 256, "SHA-384", 48);

    /** How a server proves who it is, which a suite of TLS 1.2 says and one of TLS 1.3 does not. */
    public enum Authentication {
        /** By an elliptic curve: ECDSA or, by RFC 8422 5.10, EdDSA. */
        ECDSA,
        /** By RSA, with PKCS #1 or, by RFC 8446 4.2.3, PSS. */
        RSA,
        /** By a key that the client has too (RFC 5489). */
        PSK
    }

    private static final CodeTable<CipherSuite> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final Authentication authentication;
    private final String cipherName;
    private final int keyBits;
    private final String hashName;
    private final int hashLength;

    CipherSuite(
            int code, Authentication authentication, String cipherName, int keyBits, String hashName, int hashLength) {
        this.code = code;
        this.authentication = authentication;
        this.cipherName = cipherName;
        this.keyBits = keyBits;
        this.hashName = hashName;
        this.hashLength = hashLength;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the name, such as {@code TLS_AES_128_GCM_SHA256}} */
    @Override
    public String standardName() {
        return name();
    }

    /** {@return the version that the suite belongs to: a suite of TLS 1.3 serves no other, and the reverse} */
    public ProtocolVersion version() {
        return authentication == null ? ProtocolVersion.TLS13 : ProtocolVersion.TLS12;
    }

    /** {@return how the server proves who it is; empty for TLS 1.3, where signature_algorithms alone says} */
    public Optional<Authentication> authentication() {
        return Optional.ofNullable(authentication);
    }

    /** {@return whether the two sides know each other by a pre-shared key, in TLS 1.2} */
    public boolean isPreSharedKey12() {
        return authentication == Authentication.PSK;
    }

    /** {@return how keys are exchanged, which in TLS 1.2 the suite says} */
    public KeyExchangeAlgorithm keyExchange() {
        return isPreSharedKey12() ? KeyExchangeAlgorithm.ECDHE_PSK : KeyExchangeAlgorithm.ECDHE;
    }

    /** {@return the JCA algorithm name of the cipher's key, {@code AES} or {@code ChaCha20}} */
    public String cipherName() {
        return cipherName;
    }

    /** {@return the length of the record key in bits} */
    public int keyBits() {
        return keyBits;
    }

    /** {@return the JCA name of the hash of transcript and key derivation, such as {@code SHA-256}} */
    public String hashName() {
        return hashName;
    }

    /** {@return the length of that hash in bytes} */
    public int hashLength() {
        return hashLength;
    }

    /** {@return the suite with that number, or empty when it is not known here} */
    public static Optional<CipherSuite> of(int code) {
        return BY_CODE.find(code);
    }

    /** {@return the suite with that name, or empty when it is not known here} */
    public static Optional<CipherSuite> named(String standardName) {
        return Arrays.stream(values())
                .filter(suite -> suite.name().equals(standardName))
                .findFirst();
    }
}
