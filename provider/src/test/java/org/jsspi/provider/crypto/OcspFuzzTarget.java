package org.jsspi.provider.crypto;

import java.security.cert.X509Certificate;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;

/** An OCSP response (RFC 6960 4.2.1) in DER, about whatever certificate. */
public final class OcspFuzzTarget {
    private static final X509Certificate CERTIFICATE =
            TestCertificates.selfSigned(KeyKind.P256).chain().get(0);

    private OcspFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        boolean response = Ocsp.isResponse(data);
        if (Ocsp.validity(data, CERTIFICATE, CERTIFICATE).isPresent() && !response) {
            throw new AssertionError("valid for a time, and no response");
        }
    }
}
