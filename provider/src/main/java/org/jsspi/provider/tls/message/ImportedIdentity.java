package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * The name under which a key travels that was imported for one protocol and one key derivation function (RFC 9258 5.1): what
 * stands in the identity field of a {@link PreSharedKeyOffer}.
 *
 * @param externalIdentity 1 byte or more
 * @param targetProtocol the number of a {@link ProtocolVersion}
 * @param targetKdf one of the numbers here, or another
 */
public record ImportedIdentity(byte[] externalIdentity, byte[] context, int targetProtocol, int targetKdf) {
    /** HKDF_SHA256 (RFC 9258 10). */
    public static final int HKDF_SHA256 = 1;
    /** HKDF_SHA384 (RFC 9258 10). */
    public static final int HKDF_SHA384 = 2;

    // struct {
    //     opaque external_identity<1...2^16-1>;
    //     opaque context<0..2^16-1>;
    //     uint16 target_protocol;
    //     uint16 target_kdf;
    // } ImportedIdentity;
    /** Reads the structure, all of {@code in}; SEC_E_INVALID_TOKEN if it is none. */
    public static ImportedIdentity decode(Reader in) throws SspiException {
        ImportedIdentity identity =
                new ImportedIdentity(in.vector16Bytes(1, 0xFFFF), in.vector16Bytes(0, 0xFFFF), in.u16(), in.u16());
        in.end();
        return identity;
    }

    /** {@return the bytes on the wire} */
    public byte[] toBytes() {
        return new Writer(externalIdentity.length + context.length + 8)
                .vector16(externalIdentity)
                .vector16(context)
                .u16(targetProtocol)
                .u16(targetKdf)
                .toByteArray();
    }

    @Override
    public String toString() {
        return "ImportedIdentity[" + Bytes.print(externalIdentity) + ", context " + Bytes.print(context) + ", protocol "
                + Integer.toHexString(targetProtocol) + ", KDF " + targetKdf + "]";
    }
}
