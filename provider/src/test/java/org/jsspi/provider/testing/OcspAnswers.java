package org.jsspi.provider.testing;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jsspi.Identity;

/** What an authority with a P-256 key answers about the certificates that it has issued (RFC 6960 4.2.1). */
public final class OcspAnswers {
    private final Identity issuer;
    private CertStatus status = new CertStatus();
    private Instant thisUpdate = Instant.now().minus(Duration.ofMinutes(1));
    private Instant nextUpdate = Instant.now().plus(Duration.ofDays(1));
    private int ballast;

    private OcspAnswers(Identity issuer) {
        this.issuer = issuer;
    }

    /** {@return answers of this issuer: good, for a day} */
    public static OcspAnswers by(Identity issuer) {
        return new OcspAnswers(issuer);
    }

    /** {@return an answer that is none: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized} */
    public static byte[] error(int status) {
        try {
            return new OCSPResponse(new OCSPResponseStatus(status), null).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says that the certificate is revoked. */
    public OcspAnswers revoked() {
        status = new CertStatus(new RevokedInfo(new ASN1GeneralizedTime(new Date()), null));
        return this;
    }

    /** Says that the responder does not know. */
    public OcspAnswers unknown() {
        status = new CertStatus(2, DERNull.INSTANCE);
        return this;
    }

    /** Says for how long this holds; null: until there is something newer. */
    public OcspAnswers until(Instant next) {
        nextUpdate = next;
        return this;
    }

    /** Makes it so many bytes longer. */
    public OcspAnswers longer(int bytes) {
        ballast = bytes;
        return this;
    }

    /** {@return the response about this certificate} */
    public byte[] about(X509Certificate certificate) {
        try {
            X509Certificate authority = issuer.chain().get(0);
            byte[] key = SubjectPublicKeyInfo.getInstance(
                            authority.getPublicKey().getEncoded())
                    .getPublicKeyData()
                    .getBytes();
            byte[] name = authority.getSubjectX500Principal().getEncoded();
            CertID id = new CertID(
                    new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.14.3.2.26"), DERNull.INSTANCE),
                    new DEROctetString(MessageDigest.getInstance("SHA-1").digest(name)),
                    new DEROctetString(MessageDigest.getInstance("SHA-1").digest(key)),
                    new ASN1Integer(certificate.getSerialNumber()));
            SingleResponse single =
                    new SingleResponse(id, status, time(thisUpdate), time(nextUpdate), (Extensions) null);
            ResponseData data = new ResponseData(
                    new ResponderID(X500Name.getInstance(name)),
                    time(Instant.now()),
                    new DERSequence(single),
                    (Extensions) null);
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(issuer.privateKey());
            signer.update(data.getEncoded("DER"));
            BasicOCSPResponse basic = new BasicOCSPResponse(
                    data,
                    new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2")),
                    new DERBitString(signer.sign()),
                    ballast == 0 ? null : new DERSequence(new DEROctetString(new byte[ballast])));
            return new OCSPResponse(
                            new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL),
                            new ResponseBytes(
                                    OCSPObjectIdentifiers.id_pkix_ocsp_basic,
                                    new DEROctetString(basic.getEncoded("DER"))))
                    .getEncoded("DER");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ASN1GeneralizedTime time(Instant instant) {
        return instant == null ? null : new ASN1GeneralizedTime(Date.from(instant));
    }
}
