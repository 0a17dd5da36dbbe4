package org.jsspi.provider.tls.message;

import java.util.Arrays;
import java.util.Optional;

/** The versions of the protocol, by their number on the wire and by the name that JSSE gives them. */
public enum ProtocolVersion implements Named {
    SSL30(0x0300, "SSLv3"),
    TLS10(0x0301, "TLSv1"),
    TLS11(0x0302, "TLSv1.1"),
    TLS12(0x0303, "TLSv1.2"),
    TLS13(0x0304, "TLSv1.3"),
    DTLS10(0xFEFF, "DTLSv1.0"),
    DTLS12(0xFEFD, "DTLSv1.2"),
    DTLS13(0xFEFC, "DTLSv1.3");

    private static final CodeTable<ProtocolVersion> BY_CODE = new CodeTable<>(values());

    private final int code;
    private final String standardName;

    ProtocolVersion(int code, String standardName) {
        this.code = code;
        this.standardName = standardName;
    }

    /** {@return the number on the wire} */
    @Override
    public int code() {
        return code;
    }

    /** {@return the JSSE name, such as {@code TLSv1.3}} */
    @Override
    public String standardName() {
        return standardName;
    }

    /** {@return the version with that number, or empty when it is not known here} */
    public static Optional<ProtocolVersion> of(int code) {
        return BY_CODE.find(code);
    }

    /** {@return the version with that JSSE name, or empty when it is not known here} */
    public static Optional<ProtocolVersion> named(String standardName) {
        return Arrays.stream(values())
                .filter(version -> version.standardName.equals(standardName))
                .findFirst();
    }

    @Override
    public String toString() {
        return standardName;
    }
}
