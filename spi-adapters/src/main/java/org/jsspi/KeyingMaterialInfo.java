package org.jsspi;

import java.util.Objects;

/**
 * SecPkgContext_KeyingMaterialInfo: which keying material to export.
 *
 * @param label the label, ASCII, without the terminating NUL of the C structure
 * @param context the context value; null if there is none, which TLS 1.2 keeps apart from an empty one (RFC 5705 4)
 * @param length how many bytes to export
 */
public record KeyingMaterialInfo(String label, byte[] context, int length) {
    /** Copies the context value. */
    public KeyingMaterialInfo {
        Objects.requireNonNull(label, "label");
        context = context == null ? null : context.clone();
        if (length < 1 || length > 65535) {
            throw new IllegalArgumentException("keying material has 1 to 65535 bytes");
        }
    }

    /** {@return a copy of the context value, or null} */
    @Override
    public byte[] context() {
        return context == null ? null : context.clone();
    }
}
