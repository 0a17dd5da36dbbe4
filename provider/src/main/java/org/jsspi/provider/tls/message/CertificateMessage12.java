package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * Certificate of TLS 1.2 (RFC 5246 7.4.2): the chain of the sender, its own certificate first, or nothing.
 *
 * @param certificates X.509 in DER, each of 1 to 2^24 - 1 bytes, not parsed
 */
public record CertificateMessage12(List<byte[]> certificates) implements HandshakeMessage {
    /** The chain of these certificates; the list is copied. */
    public CertificateMessage12 {
        certificates = List.copyOf(certificates);
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // opaque ASN.1Cert<1..2^24-1>;
    // struct { ASN.1Cert certificate_list<0..2^24-1>; } Certificate;
    public static CertificateMessage12 decode(Reader in) throws SspiException {
        List<byte[]> certificates = new ArrayList<>();
        Reader list = in.vector24(0, 0xFFFFFF);
        while (list.hasRemaining()) {
            certificates.add(list.vector24Bytes(1, 0xFFFFFF));
        }
        in.end();
        return new CertificateMessage12(certificates);
    }

    @Override
    public void encode(Writer out) {
        out.vector24(list -> certificates.forEach(list::vector24));
    }

    @Override
    public String toString() {
        return "Certificate" + certificates.stream().map(Bytes::print).toList();
    }
}
