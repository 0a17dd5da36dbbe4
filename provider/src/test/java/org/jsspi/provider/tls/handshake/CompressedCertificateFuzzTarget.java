package org.jsspi.provider.tls.handshake;

import java.util.Arrays;
import java.util.List;
import org.jsspi.CertificateCompression;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.CertificateMessage;
import org.jsspi.provider.tls.message.Codes;
import org.jsspi.provider.tls.message.CompressCertificate;
import org.jsspi.provider.tls.message.CompressedCertificate;
import org.jsspi.provider.tls.message.Extensions;
import org.jsspi.provider.tls.message.HandshakeMessage;
import org.jsspi.provider.tls.message.ProtocolVersion;

/** The body of a CompressedCertificate (RFC 8879 4) behind its type and length, compressed by zlib or by whatever it says. */
public final class CompressedCertificateFuzzTarget {
    private static final List<CertificateCompression> WAYS = List.of(CertificateCompression.ZLIB);
    private static final Extensions OFFER = Extensions.of(new CompressCertificate(Codes.of(1)));
    private static final HandshakeSettings SETTINGS = HandshakeSettings.builder(new Wishes())
            .certificateCompressions(WAYS)
            .build();

    private CompressedCertificateFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CertificateMessage certificate;
        try {
            Inbound message = Inbound.decode(data, ProtocolVersion.TLS13);
            if (!(message.message() instanceof CompressedCertificate)) {
                return;
            }
            certificate = CompressedCertificates.read(message, OFFER, SETTINGS);
        } catch (SspiException refused) {
            if (refused.alert().isEmpty()) {
                throw new AssertionError("refused without an alert", refused);
            }
            return;
        }
        // What was read can be sent, and comes back the same.
        HandshakeMessage sent = new CompressedCertificates().compress(certificate, WAYS, OFFER);
        try {
            CertificateMessage again = CompressedCertificates.read(new Inbound(sent.toBytes(), sent), OFFER, SETTINGS);
            if (!Arrays.equals(again.toBytes(), certificate.toBytes())) {
                throw new AssertionError("restored otherwise than it was compressed");
            }
        } catch (SspiException e) {
            throw new AssertionError("what we have compressed cannot be restored", e);
        }
    }
}
