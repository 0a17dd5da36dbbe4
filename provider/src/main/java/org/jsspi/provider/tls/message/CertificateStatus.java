package org.jsspi.provider.tls.message;

import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/** status_request of a certificate entry (RFC 8446 4.4.2.1): an OCSP response in DER for that certificate. */
public record CertificateStatus(byte[] ocspResponse) implements Extension {
    @Override
    public Shape<CertificateStatus> shape() {
        return Shape.CERTIFICATE_STATUS;
    }

    // struct { CertificateStatusType status_type; OCSPResponse response; } CertificateStatus;
    // opaque OCSPResponse<1..2^24-1>;
    static CertificateStatus decode(Reader in) throws SspiException {
        int statusType = in.u8();
        if (statusType != StatusRequest.OCSP) {
            throw AlertDescription.BAD_CERTIFICATE_STATUS_RESPONSE.because(
                    "a certificate status of the unknown type " + statusType);
        }
        return new CertificateStatus(in.vector24Bytes(1, 0xFFFFFF));
    }

    @Override
    public void encode(Writer out) {
        out.u8(StatusRequest.OCSP).vector24(ocspResponse);
    }

    @Override
    public String toString() {
        return "CertificateStatus[" + Bytes.print(ocspResponse) + "]";
    }
}
