package org.jsspi.provider.tls.message;

import java.util.ArrayList;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * CertificateRequest of TLS 1.2 (RFC 5246 7.4.4): the server wants the client to authenticate.
 *
 * @param certificateTypes 1 to 255 ClientCertificateTypes, one to a byte
 * @param schemes the numbers of {@link SignatureScheme}s, best first
 * @param authorities X.500 names in DER, not parsed
 */
public record CertificateRequest12(byte[] certificateTypes, Codes schemes, List<byte[]> authorities)
        implements HandshakeMessage {
    /** ClientCertificateType rsa_sign (RFC 5246 7.4.4). */
    public static final int RSA_SIGN = 1;
    /** ClientCertificateType ecdsa_sign (RFC 8422 5.5), which stands for EdDSA too. */
    public static final int ECDSA_SIGN = 64;

    /** The request of these; the list is copied. */
    public CertificateRequest12 {
        authorities = List.copyOf(authorities);
    }

    @Override
    public HandshakeType type() {
        return HandshakeType.CERTIFICATE_REQUEST;
    }

    /** {@return whether certificates of this type are acceptable} */
    public boolean takes(int certificateType) {
        for (byte type : certificateTypes) {
            if ((type & 0xFF) == certificateType) {
                return true;
            }
        }
        return false;
    }

    /** Reads the body, all of {@code in}; errors as {@link HandshakeMessage#decode(int, Reader)} has them. */
    // opaque DistinguishedName<1..2^16-1>;
    // struct {
    //     ClientCertificateType certificate_types<1..2^8-1>;
    //     SignatureAndHashAlgorithm supported_signature_algorithms<2..2^16-2>;
    //     DistinguishedName certificate_authorities<0..2^16-1>;
    // } CertificateRequest;
    public static CertificateRequest12 decode(Reader in) throws SspiException {
        byte[] types = in.vector8Bytes(1, 255);
        Codes schemes = Codes.decode(in.vector16(2, 0xFFFE));
        List<byte[]> authorities = new ArrayList<>();
        Reader names = in.vector16(0, 0xFFFF);
        while (names.hasRemaining()) {
            authorities.add(names.vector16Bytes(1, 0xFFFF));
        }
        in.end();
        return new CertificateRequest12(types, schemes, authorities);
    }

    @Override
    public void encode(Writer out) {
        out.vector8(certificateTypes).vector16(schemes).vector16(names -> authorities.forEach(names::vector16));
    }

    @Override
    public String toString() {
        return "CertificateRequest[types " + Bytes.print(certificateTypes) + ", schemes " + schemes + ", "
                + authorities.size() + " authorities]";
    }
}
