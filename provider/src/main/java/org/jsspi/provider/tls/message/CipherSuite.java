package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.Optional;

/**
 * The cipher suites that can be chosen (RFC 8446 B.4).
 *
 * <p>Names are those of the IANA registry, which JSSE uses as they are. Suites that are not here stay numbers.
 */
public enum CipherSuite {
    TLS_AES_128_GCM_SHA256(0x1301, ProtocolVersion.TLS13, "AES", 128, "SHA-256", 32),
    TLS_AES_256_GCM_SHA384(0x1302, ProtocolVersion.TLS13, "AES", 256, "SHA-384", 48),
    TLS_CHACHA20_POLY1305_SHA256(0x1303, ProtocolVersion.TLS13, "ChaCha20", 256, "SHA-256", 32);

    private static final CodeTable<CipherSuite> BY_CODE = new CodeTable<>(values(), CipherSuite::code);

    private final int code;
    private final ProtocolVersion version;
    private final String cipherName;
    private final int keyBits;
    private final String hashName;
    private final int hashLength;

    CipherSuite(int code, ProtocolVersion version, String cipherName, int keyBits, String hashName, int hashLength) {
        this.code = code;
        this.version = version;
        this.cipherName = cipherName;
        this.keyBits = keyBits;
        this.hashName = hashName;
        this.hashLength = hashLength;
    }

    /** {@return the number on the wire} */
    public int code() {
        return code;
    }

    /** {@return the name, such as {@code TLS_AES_128_GCM_SHA256}} */
    public String standardName() {
        return name();
    }

    /** {@return the version that the suite belongs to: a suite of TLS 1.3 serves no other, and the reverse} */
    public ProtocolVersion version() {
        return version;
    }

    /** {@return the JCA algorithm name of the cipher's key, {@code AES} or {@code ChaCha20}} */
    public String cipherName() {
        return cipherName;
    }

    /** {@return the length of the record key in bits} */
    public int keyBits() {
        return keyBits;
    }

    /** {@return the JCA name of the hash of transcript and HKDF, such as {@code SHA-256}} */
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
