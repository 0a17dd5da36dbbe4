package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * SecPkgContext_Bindings: a channel binding as its application data, the prefix and the value.
 *
 * @param applicationData such as {@code tls-server-end-point:} and a certificate hash
 */
public record ChannelBindings(byte[] applicationData) {
    /** SEC_CHANNEL_BINDINGS has a header of eight 32-bit numbers. */
    private static final int HEADER = 32;

    /** Copies the data. */
    public ChannelBindings {
        applicationData = applicationData.clone();
    }

    /** {@return the binding with this prefix, such as {@code tls-exporter}, and value} */
    public static ChannelBindings of(String prefix, byte[] value) {
        byte[] start = (prefix + ':').getBytes(StandardCharsets.US_ASCII);
        return new ChannelBindings(ByteBuffer.allocate(start.length + value.length)
                .put(start)
                .put(value)
                .array());
    }

    /** {@return a copy of the prefix and the value} */
    @Override
    public byte[] applicationData() {
        return applicationData.clone();
    }

    /** {@return SEC_CHANNEL_BINDINGS as the C interface lays it out: no addresses, data at offset 32, little-endian} */
    public byte[] toStructure() {
        ByteBuffer structure =
                ByteBuffer.allocate(HEADER + applicationData.length).order(ByteOrder.LITTLE_ENDIAN);
        structure.putInt(24, applicationData.length).putInt(28, HEADER);
        return structure.put(HEADER, applicationData).array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelBindings that && MessageDigest.isEqual(applicationData, that.applicationData);
    }

    @Override
    public int hashCode() {
        return applicationData.length;
    }

    @Override
    public String toString() {
        return "ChannelBindings[" + applicationData.length + "]";
    }
}
