package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.TrustAnchorId;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * trust_anchors (draft-ietf-tls-trust-anchor-ids): whom a peer trusts, in a ClientHello or CertificateRequest, in no order and perhaps
 * nobody; or, in EncryptedExtensions, for whose certificates a client may ask, best first. In a Certificate it is an {@link Indication}.
 *
 * @param list each identifier behind its length: what a peer sends is not taken apart until somebody asks
 */
public record TrustAnchors(byte[] list) implements Extension {
    /** {@return the extension with these identifiers} */
    public static TrustAnchors of(List<TrustAnchorId> ids) {
        Writer out = new Writer();
        ids.forEach(id -> out.vector8(id.encoded()));
        return new TrustAnchors(out.toByteArray());
    }

    @Override
    public Shape<TrustAnchors> shape() {
        return Shape.TRUST_ANCHORS;
    }

    // opaque TrustAnchorID<1..2^8-1>;
    // TrustAnchorID TrustAnchorIDList<0..2^16-1>;                  EncryptedExtensions: not empty
    static TrustAnchors decode(Reader in, int min) throws SspiException {
        byte[] list = in.vector16Bytes(min, 0xFFFF);
        Reader ids = Reader.of(list);
        while (ids.hasRemaining()) {
            ids.vector8(1, TrustAnchorId.LONGEST);
        }
        return new TrustAnchors(list);
    }

    /** {@return the identifiers} */
    public List<TrustAnchorId> ids() {
        List<TrustAnchorId> ids = new ArrayList<>();
        for (int at = 0; at < list.length; at += 1 + (list[at] & 0xFF)) {
            byte[] id = new byte[list[at] & 0xFF];
            System.arraycopy(list, at + 1, id, 0, id.length);
            ids.add(TrustAnchorId.of(id));
        }
        return ids;
    }

    /** {@return whether this identifier is among them} */
    public boolean contains(TrustAnchorId id) {
        byte[] wanted = id.encoded();
        for (int at = 0; at < list.length; at += 1 + (list[at] & 0xFF)) {
            int end = at + 1 + (list[at] & 0xFF);
            if (Arrays.equals(list, at + 1, end, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void encode(Writer out) {
        out.vector16(list);
    }

    @Override
    public String toString() {
        return "TrustAnchors[" + Bytes.print(list) + "]";
    }
}
