package org.jsspi.provider.crypto;

import java.util.Optional;

/**
 * The named groups for key exchange: (EC)DHE (RFC 8446 4.2.7), the hybrids with ML-KEM (draft-ietf-tls-ecdhe-mlkem), and ML-KEM
 * alone (draft-ietf-tls-mlkem).
 */
public enum KeyExchangeGroup {
    /** NIST P-256; shares are uncompressed points. */
    SECP256R1(0x0017, "secp256r1", 65, 65, 32),
    /** NIST P-384; shares are uncompressed points. */
    SECP384R1(0x0018, "secp384r1", 97, 97, 48),
    /** NIST P-521; shares are uncompressed points. */
    SECP521R1(0x0019, "secp521r1", 133, 133, 66),
    /** Curve25519 (RFC 7748). */
    X25519(0x001D, "x25519", 32, 32, 32),
    /** Curve448 (RFC 7748). */
    X448(0x001E, "x448", 56, 56, 56),
    /** ML-KEM-768 without a curve. */
    MLKEM768(0x0201, "MLKEM768", 1184, 1088, 32),
    /** ML-KEM-1024 without a curve, which CNSA 2.0 asks for. */
    MLKEM1024(0x0202, "MLKEM1024", 1568, 1568, 32),
    /** P-256, then ML-KEM-768, in shares and secret. */
    SECP256R1MLKEM768(0x11EB, "SecP256r1MLKEM768", 65 + 1184, 65 + 1088, 64),
    /** ML-KEM-768, then X25519, in shares and secret. */
    X25519MLKEM768(0x11EC, "X25519MLKEM768", 1184 + 32, 1088 + 32, 64),
    /** P-384, then ML-KEM-1024, in shares and secret. */
    SECP384R1MLKEM1024(0x11ED, "SecP384r1MLKEM1024", 97 + 1568, 97 + 1568, 80);

    private static final KeyExchangeGroup[] GROUPS = values();

    private final int code;
    private final String standardName;
    private final int clientShareLength;
    private final int serverShareLength;
    private final int secretLength;

    KeyExchangeGroup(int code, String standardName, int clientShareLength, int serverShareLength, int secretLength) {
        this.code = code;
        this.standardName = standardName;
        this.clientShareLength = clientShareLength;
        this.serverShareLength = serverShareLength;
        this.secretLength = secretLength;
    }

    /** {@return the NamedGroup code point} */
    public int code() {
        return code;
    }

    /** {@return the name in the IANA registry, which is also the JSSE name: {@code x25519}} */
    public String standardName() {
        return standardName;
    }

    /** {@return the length in bytes of what the client sends} */
    public int clientShareLength() {
        return clientShareLength;
    }

    /** {@return the length in bytes of what the server answers} */
    public int serverShareLength() {
        return serverShareLength;
    }

    /** {@return the length in bytes of the shared secret} */
    public int secretLength() {
        return secretLength;
    }

    /** {@return whether it has ML-KEM in it, with an elliptic curve or alone} */
    public boolean hasKem() {
        return standardName.contains("MLKEM");
    }

    /** {@return whether it has an elliptic curve in it, with ML-KEM or alone} */
    boolean hasCurve() {
        return this != MLKEM768 && this != MLKEM1024;
    }

    /** What is no curve in it. */
    Optional<MlKem> kem() {
        return switch (this) {
            case MLKEM768, SECP256R1MLKEM768, X25519MLKEM768 -> Optional.of(MlKem.ML_KEM_768);
            case MLKEM1024, SECP384R1MLKEM1024 -> Optional.of(MlKem.ML_KEM_1024);
            case SECP256R1, SECP384R1, SECP521R1, X25519, X448 -> Optional.empty();
        };
    }

    /** {@return the group of a code point, or empty for one that is not implemented} */
    public static Optional<KeyExchangeGroup> of(int code) {
        for (KeyExchangeGroup group : GROUPS) {
            if (group.code == code) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    /** {@return the group of a name in any letter case, or empty for one that is not implemented} */
    public static Optional<KeyExchangeGroup> named(String name) {
        for (KeyExchangeGroup group : values()) {
            if (group.standardName.equalsIgnoreCase(name)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }
}
