package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.jsspi.Identity;
import org.jsspi.provider.testing.OcspAnswers;
import org.jsspi.provider.testing.TestCertificates;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;

class OcspTest {
    private static final Identity ISSUER =
            TestCertificates.of(KeyKind.P256).subject("CN=issuer").authority().selfSigned();
    private static final Identity OWN = TestCertificates.of(KeyKind.P256)
            .responder("http://ocsp.example/path")
            .signedBy(ISSUER);
    private static final X509Certificate CERTIFICATE = OWN.chain().get(0);
    private static final X509Certificate AUTHORITY = ISSUER.chain().get(0);

    // SEQUENCE OF { id-pkix-ocsp-nonce, OCTET STRING { OCTET STRING 0102 } } (RFC 8954 2.1)
    private static final byte[] NONCE = HexFormat.of().parseHex("30133011" + "06092b0601050507300102" + "040404020102");

    @Test
    void theResponderIsTheOneThatTheCertificateNames() {
        assertEquals(Optional.of("http://ocsp.example/path"), Ocsp.responder(CERTIFICATE));
        assertEquals(Optional.empty(), Ocsp.responder(AUTHORITY));
    }

    @Test
    void aRequestIsAboutOneCertificateAndCarriesTheExtensions() {
        byte[] plain = Ocsp.request(CERTIFICATE, AUTHORITY, new byte[0]).orElseThrow();
        OCSPRequest request = OCSPRequest.getInstance(plain);
        assertEquals(1, request.getTbsRequest().getRequestList().size());
        assertEquals(
                CERTIFICATE.getSerialNumber(),
                Request.getInstance(request.getTbsRequest().getRequestList().getObjectAt(0))
                        .getReqCert()
                        .getSerialNumber()
                        .getValue());
        assertEquals(null, request.getTbsRequest().getRequestExtensions());

        byte[] withNonce = Ocsp.request(CERTIFICATE, AUTHORITY, NONCE).orElseThrow();
        assertTrue(HexFormat.of().formatHex(withNonce).endsWith(HexFormat.of().formatHex(NONCE)));
        assertEquals(Optional.empty(), Ocsp.request(CERTIFICATE, AUTHORITY, new byte[] {1, 2, 3}));
    }

    @Test
    void anAnswerHoldsAsLongAsItSays() {
        Instant next = Instant.now().plusSeconds(100).truncatedTo(ChronoUnit.SECONDS);
        Ocsp.Validity validity =
                validity(OcspAnswers.by(ISSUER).until(next).about(CERTIFICATE)).orElseThrow();
        assertEquals(Optional.of(next), validity.nextUpdate());
        assertTrue(validity.holdsAt(next.minusSeconds(1)));
        assertFalse(validity.holdsAt(next));
        Ocsp.Validity open =
                validity(OcspAnswers.by(ISSUER).until(null).about(CERTIFICATE)).orElseThrow();
        assertTrue(open.holdsAt(Instant.MAX));
        assertTrue(validity(OcspAnswers.by(ISSUER).revoked().about(CERTIFICATE)).isPresent());
    }

    @Test
    void onlyADefiniteAnswerAboutThisVeryCertificateCounts() {
        assertEquals(Optional.empty(), validity(OcspAnswers.by(ISSUER).unknown().about(CERTIFICATE)));
        assertEquals(Optional.empty(), validity(OcspAnswers.by(ISSUER).about(AUTHORITY)));
        // The same serial number of another issuer, by its name or by its key.
        Identity other = TestCertificates.of(KeyKind.P256).subject("CN=other").selfSigned();
        Identity namesake =
                TestCertificates.of(KeyKind.P256).subject("CN=issuer").selfSigned();
        assertEquals(Optional.empty(), validity(OcspAnswers.by(namesake).about(CERTIFICATE)));
        assertEquals(Optional.empty(), validity(OcspAnswers.by(other).about(CERTIFICATE)));
        assertEquals(Optional.empty(), validity(OcspAnswers.error(3)));
        assertEquals(Optional.empty(), validity(new byte[] {1, 2, 3}));
    }

    @Test
    void everythingIsAResponseThatHasTheFormOfOneAndNothingElse() {
        byte[] good = OcspAnswers.by(ISSUER).about(CERTIFICATE);
        assertTrue(Ocsp.isResponse(good));
        assertTrue(Ocsp.isResponse(OcspAnswers.error(3)));
        for (int length = 0; length < good.length; length++) {
            assertFalse(Ocsp.isResponse(Arrays.copyOf(good, length)), "cut to " + length);
        }
        assertFalse(Ocsp.isResponse(Arrays.copyOf(good, good.length + 1)), "a byte too many");
        // SEQUENCE { ENUMERATED 0 }: it succeeded, and says nothing.
        assertFalse(Ocsp.isResponse(HexFormat.of().parseHex("30030a0100")));
        byte[] nested = new byte[60_000];
        for (int i = 0; i < nested.length; i += 2) {
            nested[i] = 0x30;
            nested[i + 1] = (byte) 0x80;
        }
        assertFalse(Ocsp.isResponse(nested));
    }

    private static Optional<Ocsp.Validity> validity(byte[] response) {
        return Ocsp.validity(response, CERTIFICATE, AUTHORITY);
    }
}
