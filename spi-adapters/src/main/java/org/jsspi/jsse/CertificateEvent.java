package org.jsspi.jsse;

import java.security.cert.X509Certificate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A certificate of a peer's chain. The fields that {@code jdk.X509Certificate} has have its names. */
@Name("org.jsspi.X509Certificate")
@Label("X509 Certificate (JSSPI)")
@Description("A certificate that a peer presented in a complete TLS handshake of the provider JSSPI")
@Category({"Java Development Kit", "Security"})
@StackTrace(false)
final class CertificateEvent extends Event {
    @Label("Signature Algorithm")
    String algorithm;

    @Label("Serial Number")
    String serialNumber;

    @Label("Subject")
    String subject;

    @Label("Issuer")
    String issuer;

    @Label("Key Type")
    String keyType;

    @Label("Certificate Id")
    long certificateId;

    @Label("Position")
    @Description("In the chain; 0 is the peer's own")
    int position;

    @Label("Client Mode")
    @Description("Whether it was a client that saw it")
    boolean clientMode;

    @Label("Valid From")
    long validFrom;

    @Label("Valid Until")
    long validUntil;

    static void seen(X509Certificate certificate, int position, boolean client) {
        CertificateEvent event = new CertificateEvent();
        if (event.shouldCommit()) {
            event.algorithm = certificate.getSigAlgName();
            event.serialNumber = certificate.getSerialNumber().toString(16);
            event.subject = certificate.getSubjectX500Principal().getName();
            event.issuer = certificate.getIssuerX500Principal().getName();
            event.keyType = certificate.getPublicKey().getAlgorithm();
            event.certificateId = id(certificate);
            event.position = position;
            event.clientMode = client;
            event.validFrom = certificate.getNotBefore().getTime();
            event.validUntil = certificate.getNotAfter().getTime();
            event.commit();
        }
    }

    static long id(X509Certificate certificate) {
        return Integer.toUnsignedLong(certificate.hashCode());
    }
}
