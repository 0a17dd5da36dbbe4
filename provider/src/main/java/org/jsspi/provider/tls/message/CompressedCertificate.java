package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * CompressedCertificate (RFC 8879 4): a {@link CertificateMessage} in compressed form, in its place.
 *
 * @param algorithm by which it is compressed
 * @param uncompressedLength how many bytes the body of the Certificate has, as the sender says
 * @param compressed 1 to 2^24 - 1 bytes, not decompressed
 */
public record CompressedCertificate(int algorithm, int uncompressedLength, byte[] compressed)
        implements HandshakeMessage {
    @Override
    public HandshakeType type() {
        return HandshakeType.COMPRESSED_CERTIFICATE;
    }

    /** {@return how long the body of a message with this many compressed bytes is} */
    public static int length(int compressed) {
        // algorithm 2, uncompressed_length 3, the length of what follows 3
        return 8 + compressed;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {
    //     CertificateCompressionAlgorithm algorithm;
    //     uint24 uncompressed_length;
    //     opaque compressed_certificate_message<1..2^24-1>;
    // } CompressedCertificate;
    public static CompressedCertificate decode(Reader in) throws SspiException {
        CompressedCertificate message = new CompressedCertificate(in.u16(), in.u24(), in.vector24Bytes(1, 0xFFFFFF));
        in.end();
        return message;
    }

    @Override
    public void encode(Writer out) {
        out.u16(algorithm).u24(uncompressedLength).vector24(compressed);
    }

    @Override
    public String toString() {
        return "CompressedCertificate[" + algorithm + ", " + uncompressedLength + ", " + Bytes.print(compressed) + "]";
    }
}
