package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * SEC_CHANNEL_BINDINGS, SecPkgContext_Bindings: what ties an authentication to the channel that it runs in. Those of TLS are
 * application data alone, a prefix and a value.
 *
 * @param initiatorAddressType the address family of the initiator, 0 if there is none
 * @param initiatorAddress the address of the initiator; may be empty
 * @param acceptorAddressType the address family of the acceptor, 0 if there is none
 * @param acceptorAddress the address of the acceptor; may be empty
 * @param applicationData such as {@code tls-server-end-point:} and a certificate hash
 */
public record ChannelBindings(
        int initiatorAddressType,
        byte[] initiatorAddress,
        int acceptorAddressType,
        byte[] acceptorAddress,
        byte[] applicationData) {
    /** SEC_CHANNEL_BINDINGS has a header of eight 32-bit numbers. */
    private static final int HEADER = 32;
    /** SEC_CHANNEL_BINDINGS_EX has magic number, flags and two lengths before them. */
    private static final int EX_PREFIX = 16;
    /** SEC_CHANNEL_BINDINGS_EX_MAGIC, {@code 'XEBC'}: no address family. */
    private static final int EX_MAGIC = 0x58454243;

    /** What a structure may hold at most in each of its three parts: more than any channel's name and address. */
    private static final int LONGEST_PART = 65_535;

    private static final byte[] NONE = {};

    /** Copies the data. */
    public ChannelBindings {
        initiatorAddress = initiatorAddress.clone();
        acceptorAddress = acceptorAddress.clone();
        applicationData = applicationData.clone();
    }

    /** Bindings without addresses; copies the data. */
    public ChannelBindings(byte[] applicationData) {
        this(0, NONE, 0, NONE, applicationData);
    }

    /** {@return the binding with this prefix, such as {@code tls-exporter}, and value} */
    public static ChannelBindings of(String prefix, byte[] value) {
        byte[] start = (prefix + ':').getBytes(StandardCharsets.US_ASCII);
        return new ChannelBindings(ByteBuffer.allocate(start.length + value.length)
                .put(start)
                .put(value)
                .array());
    }

    /**
     * {@return the bindings in a CHANNEL_BINDINGS buffer of the C interface, as {@link #toStructure()} lays it out or as
     * SEC_CHANNEL_BINDINGS_EX, whose flags ask for an audit and mean nothing here}
     *
     * @param structure from position to limit, which do not move; offsets in it count from the position
     * @throws SspiException SEC_E_INVALID_TOKEN if a part does not lie in the structure behind its header
     */
    public static ChannelBindings ofStructure(ByteBuffer structure) throws SspiException {
        ByteBuffer in = structure.slice().order(ByteOrder.LITTLE_ENDIAN);
        int start = in.remaining() >= Integer.BYTES && in.getInt(0) == EX_MAGIC ? EX_PREFIX : 0;
        if (in.remaining() < start + HEADER) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "channel bindings are cut short");
        }
        if (start != 0) {
            int wholeLength = in.getInt(12);
            if (in.getInt(8) != start + HEADER || wholeLength < start + HEADER || wholeLength > in.limit()) {
                throw new SspiException(
                        SecurityStatus.SEC_E_INVALID_TOKEN, "the lengths of extended channel bindings are wrong");
            }
            in.limit(wholeLength);
        }
        return new ChannelBindings(
                in.getInt(start),
                part(in, start, in.getInt(start + 4), in.getInt(start + 8)),
                in.getInt(start + 12),
                part(in, start, in.getInt(start + 16), in.getInt(start + 20)),
                part(in, start, in.getInt(start + 24), in.getInt(start + 28)));
    }

    private static byte[] part(ByteBuffer in, int start, int length, int offset) throws SspiException {
        if (length == 0) {
            return NONE;
        }
        if (length < 0 || length > LONGEST_PART || offset < start + HEADER || offset > in.limit() - length) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "channel bindings lie outside their structure");
        }
        byte[] bytes = new byte[length];
        in.get(offset, bytes);
        return bytes;
    }

    /** {@return a copy} */
    @Override
    public byte[] initiatorAddress() {
        return initiatorAddress.clone();
    }

    /** {@return a copy} */
    @Override
    public byte[] acceptorAddress() {
        return acceptorAddress.clone();
    }

    /** {@return a copy of the prefix and the value} */
    @Override
    public byte[] applicationData() {
        return applicationData.clone();
    }

    /**
     * {@return SEC_CHANNEL_BINDINGS as the C interface lays it out, little-endian: header, initiator, acceptor, data} Parts
     * that are empty have offset 0; the data always has its own.
     */
    public byte[] toStructure() {
        int acceptorOffset = HEADER + initiatorAddress.length;
        int dataOffset = acceptorOffset + acceptorAddress.length;
        return ByteBuffer.allocate(dataOffset + applicationData.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(initiatorAddressType)
                .putInt(initiatorAddress.length)
                .putInt(initiatorAddress.length == 0 ? 0 : HEADER)
                .putInt(acceptorAddressType)
                .putInt(acceptorAddress.length)
                .putInt(acceptorAddress.length == 0 ? 0 : acceptorOffset)
                .putInt(applicationData.length)
                .putInt(dataOffset)
                .put(initiatorAddress)
                .put(acceptorAddress)
                .put(applicationData)
                .array();
    }

    /**
     * {@return the bytes whose MD5 hash travels in NTLM's MsvAvChannelBindings and in Kerberos' authenticator: types and
     * lengths as little-endian 32-bit numbers, each part behind its own (RFC 4121 4.1.1.2)}
     */
    public byte[] toHashInput() {
        return ByteBuffer.allocate(
                        5 * Integer.BYTES + initiatorAddress.length + acceptorAddress.length + applicationData.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(initiatorAddressType)
                .putInt(initiatorAddress.length)
                .put(initiatorAddress)
                .putInt(acceptorAddressType)
                .putInt(acceptorAddress.length)
                .put(acceptorAddress)
                .putInt(applicationData.length)
                .put(applicationData)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelBindings that
                && initiatorAddressType == that.initiatorAddressType
                && acceptorAddressType == that.acceptorAddressType
                && MessageDigest.isEqual(initiatorAddress, that.initiatorAddress)
                && MessageDigest.isEqual(acceptorAddress, that.acceptorAddress)
                && MessageDigest.isEqual(applicationData, that.applicationData);
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
