package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * signed_certificate_timestamp of a certificate entry, and of a ServerHello of TLS 1.2 (RFC 6962 3.3, RFC 8446 4.4.2.1): that the
 * certificate is in the logs of Certificate Transparency. The request for it is empty.
 *
 * @param timestamps not empty, each a SerializedSCT of 1 to 2^16 - 1 bytes, not parsed
 */
public record SignedCertificateTimestamps(List<byte[]> timestamps) implements Extension {
    /** The list is copied. */
    public SignedCertificateTimestamps {
        timestamps = List.copyOf(timestamps);
    }

    /** {@return how long the body of an extension with these timestamps is} */
    public static int length(List<byte[]> timestamps) {
        int length = 2;
        for (byte[] timestamp : timestamps) {
            length += 2 + timestamp.length;
        }
        return length;
    }

    @Override
    public Shape<SignedCertificateTimestamps> shape() {
        return Shape.SIGNED_CERTIFICATE_TIMESTAMPS;
    }

    // opaque SerializedSCT<1..2^16-1>;
    // struct { SerializedSCT sct_list<1..2^16-1>; } SignedCertificateTimestampList;
    static SignedCertificateTimestamps decode(Reader in) throws SspiException {
        List<byte[]> timestamps = new ArrayList<>();
        Reader list = in.vector16(1, 0xFFFF);
        while (list.hasRemaining()) {
            timestamps.add(list.vector16Bytes(1, 0xFFFF));
        }
        return new SignedCertificateTimestamps(timestamps);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(list -> timestamps.forEach(list::vector16));
    }

    @Override
    public String toString() {
        return "SignedCertificateTimestamps"
                + timestamps.stream().map(Bytes::print).toList();
    }
}
