package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.Optional;

/** The groups of a key exchange (RFC 8446 4.2.7, draft-ietf-tls-ecdhe-mlkem, draft-ietf-tls-mlkem). */
public enum NamedGroup implements Named {
    SECP256R1(0x0017, "secp256r1"),
    SECP384R1(0x0018, "secp384r1"),
    SECP521R1(0x0019, "secp521r1"),
    X25519(0x001D, "x25519"),
    X448(0x001E, "x448"),
    FFDHE2048(0x0100, "ffdhe2048"),
    FFDHE3072(0x0101, "ffdhe3072"),
    FFDHE4096(0x0102, "ffdhe4096"),
    FFDHE6144(0x0103, "ffdhe6144"),
    FFDHE8192(0x0104, "ffdhe8192"),
    MLKEM768(0x0201, "MLKEM768"),
    MLKEM1024(0x0202, "MLKEM1024"),
    SECP256R1_MLKEM768(0x11EB, "SecP256r1MLKEM768"),
    X25519_MLKEM768(0x11EC, "X25519MLKEM768"),
    SECP384R1_MLKEM1024(0x11ED, "SecP384r1MLKEM1024");

    private static final CodeTable<NamedGroup> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final String standardName;

    NamedGroup(int code, String standardName) {
        this.code = code;
        this.standardName = standardName;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the name as {@code jdk.tls.namedGroups} spells it, such as {@code secp256r1}} */
    @Override
    public String standardName() {
        return standardName;
    }

    /** {@return the group with that number, or empty when it is not known here} */
    public static Optional<NamedGroup> of(int code) {
        return BY_CODE.find(code);
    }

    /** {@return the group with that name, in any case, or empty when it is not known here} */
    public static Optional<NamedGroup> named(String standardName) {
        return Arrays.stream(values())
                .filter(group -> group.standardName.equalsIgnoreCase(standardName))
                .findFirst();
    }

    @Override
    public String toString() {
        return standardName;
    }
}
