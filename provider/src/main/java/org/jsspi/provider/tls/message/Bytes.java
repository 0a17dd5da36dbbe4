package org.jsspi.provider.tls.message;

import java.util.HexFormat;

/** How messages print the bytes that they hold. */
final class Bytes {
    private Bytes() {}

    /** {@return the bytes in hexadecimal, or the beginning and the length of many} */
    static String print(byte[] bytes) {
        return bytes.length <= 64
                ? HexFormat.of().formatHex(bytes)
                : HexFormat.of().formatHex(bytes, 0, 32) + "..(" + bytes.length + " bytes)";
    }
}
