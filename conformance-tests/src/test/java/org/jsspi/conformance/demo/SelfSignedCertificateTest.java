package org.jsspi.conformance.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SelfSignedCertificateTest {
    @Test
    void itIsValidNowAndSignedByItself() throws Exception {
        X509Certificate certificate =
                SelfSignedCertificate.forLocalhost().chain().get(0);

        certificate.checkValidity();
        certificate.verify(certificate.getPublicKey());
        assertEquals(3, certificate.getVersion());
        assertEquals("CN=localhost", certificate.getSubjectX500Principal().getName());
        assertEquals(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal());
        assertTrue(certificate.getSerialNumber().signum() > 0);
    }

    @Test
    void itIsForLocalhostByNameAndByAddress() throws Exception {
        Collection<List<?>> names =
                SelfSignedCertificate.forLocalhost().chain().get(0).getSubjectAlternativeNames();

        Set<Object> values = names.stream().map(name -> name.get(1)).collect(Collectors.toCollection(HashSet::new));
        assertEquals(Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"), values);
    }

    @Test
    void itMaySignHandshakesOfBothSidesAndNoCertificates() throws Exception {
        X509Certificate certificate = SelfSignedCertificate.create("x", List.of("x.example"), List.of())
                .chain()
                .get(0);

        assertEquals(-1, certificate.getBasicConstraints());
        assertTrue(certificate.getKeyUsage()[0]);
        assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
    }

    @Test
    void noTwoAreAlike() throws Exception {
        X509Certificate first = SelfSignedCertificate.forLocalhost().chain().get(0);
        X509Certificate second = SelfSignedCertificate.forLocalhost().chain().get(0);

        assertNotEquals(first.getSerialNumber(), second.getSerialNumber());
        assertNotEquals(first.getPublicKey(), second.getPublicKey());
    }
}
