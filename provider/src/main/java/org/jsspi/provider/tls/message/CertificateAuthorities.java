package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** certificate_authorities (RFC 8446 4.2.4): the names, in DER, of the authorities that the sender trusts. */
public record CertificateAuthorities(List<byte[]> authorities) implements Extension {
    /** The authorities of these names; the list is copied. */
    public CertificateAuthorities {
        authorities = List.copyOf(authorities);
    }

    /** {@return the extension with these names} */
    public static CertificateAuthorities of(List<X500Principal> names) {
        return new CertificateAuthorities(
                names.stream().map(X500Principal::getEncoded).toList());
    }

    @Override
    public Shape<CertificateAuthorities> shape() {
        return Shape.CERTIFICATE_AUTHORITIES;
    }

    // opaque DistinguishedName<1..2^16-1>;
    // struct { DistinguishedName authorities<3..2^16-1>; } CertificateAuthoritiesExtension;
    static CertificateAuthorities decode(Reader in) throws SspiException {
        List<byte[]> authorities = new ArrayList<>();
        Reader list = in.vector16(3, 0xFFFF);
        while (list.hasRemaining()) {
            authorities.add(list.vector16Bytes(1, 0xFFFF));
        }
        return new CertificateAuthorities(authorities);
    }

    @Override
    public void encode(Writer out) {
        out.vector16(list -> authorities.forEach(list::vector16));
    }

    @Override
    public String toString() {
        return "CertificateAuthorities" + authorities.stream().map(Bytes::print).toList();
    }
}
