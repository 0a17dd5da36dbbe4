package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * Certificate (RFC 8446 4.4.2): the chain of the sender, its own certificate first, or nothing.
 *
 * @param context 0 to 255 bytes, that of the CertificateRequest or empty
 */
public record CertificateMessage(byte[] context, List<Entry> entries) implements HandshakeMessage {
    /**
     * One certificate.
     *
     * @param certificate X.509 in DER, 1 to 2^24 - 1 bytes, not parsed
     */
    public record Entry(byte[] certificate, Extensions extensions) implements Writer.Body {
        @Override
        public void writeTo(Writer out) {
            out.vector24(certificate);
            extensions.encode(out);
        }

        @Override
        public String toString() {
            return "Entry[" + Bytes.print(certificate) + ", extensions " + extensions + "]";
        }
    }

    /** The chain of these entries; the list is copied. */
    public CertificateMessage {
        entries = List.copyOf(entries);
    }

    /** {@return this chain, which is not empty, with this extension in the entry of the sender's own certificate} */
    public CertificateMessage with(Extension extension) {
        List<Entry> changed = new ArrayList<>(entries);
        Entry own = entries.get(0);
        changed.set(0, new Entry(own.certificate, own.extensions.with(extension)));
        return new CertificateMessage(context, changed);
    }

    /** {@return how long the body of a message with these certificates is, without extensions of the entries} */
    public static int length(List<byte[]> certificates) {
        // The context's length 1, the list's 3, and for each entry its length 3 and its extensions' 2.
        int length = 4;
        for (byte[] certificate : certificates) {
            length += 3 + certificate.length + 2;
        }
        return length;
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // struct {
    //     select (certificate_type) { case X509: opaque cert_data<1..2^24-1>; };
    //     Extension extensions<0..2^16-1>;
    // } CertificateEntry;
    // struct {
    //     opaque certificate_request_context<0..2^8-1>;
    //     CertificateEntry certificate_list<0..2^24-1>;
    // } Certificate;
    public static CertificateMessage decode(Reader in) throws SspiException {
        byte[] context = in.vector8Bytes(0, 255);
        List<Entry> entries = new ArrayList<>();
        Reader list = in.vector24(0, 0xFFFFFF);
        while (list.hasRemaining()) {
            entries.add(new Entry(
                    list.vector24Bytes(1, 0xFFFFFF), Extensions.decode(list, HandshakeType.CERTIFICATE, 0, 0xFFFF)));
        }
        in.end();
        return new CertificateMessage(context, entries);
    }

    @Override
    public void encode(Writer out) {
        out.vector8(context).vector24(entries);
    }

    @Override
    public String toString() {
        return "CertificateMessage[context " + Bytes.print(context) + ", entries " + entries + "]";
    }
}
