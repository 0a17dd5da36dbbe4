package org.jsspi.provider.tls.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.jsspi.provider.tls.message.AlertDescription;
import org.junit.jupiter.api.Test;

class PeerCertificatesTest {
    private static X509Certificate certificate(String name) {
        return TestCertificates.of(KeyKind.ED25519)
                .dnsNames(name)
                .selfSigned()
                .chain()
                .get(0);
    }

    @Test
    void theSameBytesAreTheSameCertificate() throws Exception {
        X509Certificate original = certificate("a.example");

        X509Certificate first = PeerCertificates.parse(original.getEncoded()).certificate();

        assertSame(first, PeerCertificates.parse(original.getEncoded()).certificate());
        assertArrayEquals(original.getEncoded(), first.getEncoded());
    }

    @Test
    void oneOtherByteIsAnotherCertificateOrNone() throws Exception {
        byte[] der = certificate("b.example").getEncoded();
        X509Certificate known = PeerCertificates.parse(der.clone()).certificate();
        for (int i = 0; i < der.length; i++) {
            byte[] changed = der.clone();
            changed[i] ^= 1;
            try {
                X509Certificate other = PeerCertificates.parse(changed).certificate();
                assertNotSame(known, other);
                assertArrayEquals(changed, other.getEncoded(), "byte " + i);
            } catch (SspiException e) {
                assertEquals(AlertDescription.BAD_CERTIFICATE.code(), e.alert().orElseThrow(), "byte " + i);
            }
        }
    }

    @Test
    void whatIsNotOneCertificateInDerIsRefusedAlsoWhenItIsKnown() throws Exception {
        byte[] der = certificate("c.example").getEncoded();
        PeerCertificates.parse(der);
        byte[] pem = ("-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);

        for (byte[] none : new byte[][] {pem, Arrays.copyOf(der, der.length + 1), Arrays.copyOf(der, der.length - 1)}) {
            SspiException refusal = assertThrows(SspiException.class, () -> PeerCertificates.parse(none));
            assertEquals(
                    AlertDescription.BAD_CERTIFICATE.code(), refusal.alert().orElseThrow());
        }
    }

    @Test
    void manyCertificatesDisplaceEachOther() throws Exception {
        for (int i = 0; i < 200; i++) {
            PeerCertificates.parse(certificate("n" + i + ".example").getEncoded());
        }

        assertEquals(128, PeerCertificates.size());
    }

    @Test
    void aLargeCertificateIsReadEachTime() throws Exception {
        int before = PeerCertificates.size();
        byte[] large = certificate("x.".repeat(2100) + "example").getEncoded();
        assertTrue(large.length > 4096);

        assertEquals(PeerCertificates.parse(large), PeerCertificates.parse(large.clone()));
        assertEquals(before, PeerCertificates.size());
    }
}
