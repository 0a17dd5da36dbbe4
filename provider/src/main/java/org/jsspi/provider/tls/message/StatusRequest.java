package org.jsspi.provider.tls.message;

import java.util.Arrays;
import org.jsspi.SspiException;
import org.jsspi.provider.wire.Reader;
import org.jsspi.provider.wire.Writer;

/**
 * status_request of a ClientHello (RFC 6066 8): the client asks for a proof that the certificate is not revoked.
 *
 * @param statusType 1 for OCSP, the only type that is defined
 * @param request the body of the request as it stands on the wire
 */
public record StatusRequest(int statusType, byte[] request) implements Extension {
    /** The status type of OCSP. */
    public static final int OCSP = 1;

    /** {@return a request for an OCSP response from any responder} */
    public static StatusRequest ocsp() {
        return new StatusRequest(OCSP, new byte[4]);
    }

    /** {@return true if any OCSP response does: none of a certain responder, and no other kind of proof} */
    public boolean takesAnyOcspResponse() {
        // RFC 6066 8: an empty list of responders means that they are implicitly known to the server.
        return statusType == OCSP && request[0] == 0 && request[1] == 0;
    }

    /** {@return the extensions that an OCSP request is to have, in DER; empty for none} */
    public byte[] requestExtensions() {
        return takesAnyOcspResponse() ? Arrays.copyOfRange(request, 4, request.length) : new byte[0];
    }

    @Override
    public Shape<StatusRequest> shape() {
        return Shape.STATUS_REQUEST;
    }

    // struct { CertificateStatusType status_type; OCSPStatusRequest request; } CertificateStatusRequest;
    // struct { ResponderID responder_id_list<0..2^16-1>; Extensions request_extensions; } OCSPStatusRequest;
    // opaque ResponderID<1..2^16-1>; opaque Extensions<0..2^16-1>;
    static StatusRequest decode(Reader in) throws SspiException {
        int statusType = in.u8();
        if (statusType == OCSP) {
            Reader check = in.fork();
            Reader responders = check.vector16(0, 0xFFFF);
            while (responders.hasRemaining()) {
                responders.vector16(1, 0xFFFF);
            }
            check.vector16(0, 0xFFFF);
            check.end();
        }
        return new StatusRequest(statusType, in.rest());
    }

    @Override
    public void encode(Writer out) {
        out.u8(statusType).bytes(request);
    }

    @Override
    public String toString() {
        return "StatusRequest[" + statusType + ", " + Bytes.print(request) + "]";
    }
}
