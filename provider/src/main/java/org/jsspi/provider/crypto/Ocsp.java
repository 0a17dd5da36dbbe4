package org.jsspi.provider.crypto;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * OCSP (RFC 6960) as far as TLS needs it: whom to ask about a certificate, the question, and the frame of the answer. Its
 * signature is not verified here: whoever relies on an answer does that, which is PKIX in the client.
 */
public final class Ocsp {
    private static final ASN1ObjectIdentifier SHA1 = new ASN1ObjectIdentifier("1.3.14.3.2.26");
    private static final String AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1";

    // RFC 6960 4.2.1: CertStatus ::= CHOICE { good [0], revoked [1], unknown [2] }
    private static final int UNKNOWN = 2;

    /**
     * How long an answer holds.
     *
     * @param nextUpdate when there will be a newer one; empty: at any time
     */
    public record Validity(Instant thisUpdate, Optional<Instant> nextUpdate) {
        /** {@return true if the answer may be relied on at this time} */
        public boolean holdsAt(Instant time) {
            return nextUpdate.isEmpty() || nextUpdate.get().isAfter(time);
        }
    }

    private Ocsp() {}

    /** {@return the URI of the responder that the certificate names in authorityInfoAccess (RFC 5280 4.2.2.1)} */
    public static Optional<String> responder(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(AUTHORITY_INFORMATION_ACCESS);
        if (extension == null) {
            return Optional.empty();
        }
        try {
            byte[] value = ASN1OctetString.getInstance(extension).getOctets();
            for (AccessDescription access :
                    AuthorityInformationAccess.getInstance(value).getAccessDescriptions()) {
                GeneralName location = access.getAccessLocation();
                if (AccessDescription.id_ad_ocsp.equals(access.getAccessMethod())
                        && location.getTagNo() == GeneralName.uniformResourceIdentifier) {
                    return Optional.of(location.getName().toString());
                }
            }
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * {@return an OCSPRequest in DER about this certificate; empty if that cannot be asked}
     *
     * @param extensions of the request, in DER, or empty
     */
    public static Optional<byte[]> request(X509Certificate certificate, X509Certificate issuer, byte[] extensions) {
        try {
            CertID id = new CertID(
                    // RFC 5019 2.1.1: responders for many clients know SHA-1, and need know no other. It names here, no
                    // more.
                    new AlgorithmIdentifier(SHA1, DERNull.INSTANCE),
                    new DEROctetString(sha1(nameOf(issuer))),
                    new DEROctetString(sha1(keyOf(issuer))),
                    new ASN1Integer(certificate.getSerialNumber()));
            Extensions asked =
                    extensions.length == 0 ? null : Extensions.getInstance(ASN1Primitive.fromByteArray(extensions));
            TBSRequest request = new TBSRequest(null, new DERSequence(new Request(id, null)), asked);
            return Optional.of(new OCSPRequest(request, null).getEncoded(ASN1Encoding.DER));
        } catch (GeneralSecurityException | IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** {@return true if this is an OCSPResponse, whatever it says; what it says of certificates is of the basic type} */
    public static boolean isResponse(byte[] der) {
        try {
            OCSPResponse response = OCSPResponse.getInstance(ASN1Primitive.fromByteArray(der));
            boolean successful = response.getResponseStatus().getIntValue() == OCSPResponseStatus.SUCCESSFUL;
            // RFC 6960 4.2.1: responseBytes are there if and only if it succeeded.
            return successful ? basic(response).isPresent() : response.getResponseBytes() == null;
        } catch (IOException | RuntimeException malformed) {
            return false;
        }
    }

    /** {@return how long this response holds; empty unless it says whether this very certificate is good or revoked} */
    public static Optional<Validity> validity(byte[] der, X509Certificate certificate, X509Certificate issuer) {
        try {
            OCSPResponse response = OCSPResponse.getInstance(ASN1Primitive.fromByteArray(der));
            if (response.getResponseStatus().getIntValue() != OCSPResponseStatus.SUCCESSFUL) {
                return Optional.empty();
            }
            Optional<BasicOCSPResponse> basic = basic(response);
            if (basic.isPresent()) {
                for (ASN1Encodable element : basic.get().getTbsResponseData().getResponses()) {
                    SingleResponse single = SingleResponse.getInstance(element);
                    if (isAbout(single.getCertID(), certificate, issuer)
                            && single.getCertStatus().getTagNo() != UNKNOWN) {
                        return Optional.of(new Validity(
                                instant(single.getThisUpdate()),
                                Optional.ofNullable(
                                        single.getNextUpdate() == null ? null : instant(single.getNextUpdate()))));
                    }
                }
            }
            return Optional.empty();
        } catch (GeneralSecurityException | IOException | ParseException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<BasicOCSPResponse> basic(OCSPResponse response) throws IOException {
        if (response.getResponseBytes() == null
                || !OCSPObjectIdentifiers.id_pkix_ocsp_basic.equals(
                        response.getResponseBytes().getResponseType())) {
            return Optional.empty();
        }
        byte[] body = response.getResponseBytes().getResponse().getOctets();
        return Optional.of(BasicOCSPResponse.getInstance(ASN1Primitive.fromByteArray(body)));
    }

    private static boolean isAbout(CertID id, X509Certificate certificate, X509Certificate issuer)
            throws GeneralSecurityException {
        // Responders answer with the identifier that they were asked with, so that there is one algorithm to know.
        return SHA1.equals(id.getHashAlgorithm().getAlgorithm())
                && id.getSerialNumber().hasValue(certificate.getSerialNumber())
                && Arrays.equals(id.getIssuerNameHash().getOctets(), sha1(nameOf(issuer)))
                && Arrays.equals(id.getIssuerKeyHash().getOctets(), sha1(keyOf(issuer)));
    }

    private static byte[] nameOf(X509Certificate issuer) {
        return issuer.getSubjectX500Principal().getEncoded();
    }

    /** RFC 6960 4.1.1: the value of the BIT STRING subjectPublicKey, without tag, length and number of unused bits. */
    private static byte[] keyOf(X509Certificate issuer) {
        return SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded())
                .getPublicKeyData()
                .getBytes();
    }

    private static byte[] sha1(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-1").digest(bytes);
    }

    private static Instant instant(ASN1GeneralizedTime time) throws ParseException {
        return time.getDate().toInstant();
    }
}
