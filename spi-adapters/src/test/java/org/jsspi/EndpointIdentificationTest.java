package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointIdentificationTest {
    /** dns:toy.example.com, dns:*.wild.example.com, dns:*.com, ip:192.0.2.7, ip:2001:db8::7; CN=common.name.invalid. */
    private static X509Certificate certificate(String name) throws Exception {
        try (InputStream in = EndpointIdentificationTest.class.getResourceAsStream("jsse/" + name)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, "changeit".toCharArray());
            return (X509Certificate) store.getCertificate("toy");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "toy.example.com, true",
        "TOY.Example.COM, true",
        "toy.example.com., true",
        "a.wild.example.com, true",
        "wild.example.com, false",
        "a.b.wild.example.com, false",
        ".wild.example.com, false",
        "example.com, false",
        "common.name.invalid, false",
        "192.0.2.7, true",
        "192.0.2.8, false",
        "2001:db8::7, true",
        "[2001:db8::7], true",
        "2001:DB8:0:0:0:0:0.0.0.7, true",
        "2001:db8::8, false",
        "1:2:3:4:5:6:7, false",
        "::1::7, false",
        "999.0.2.7, false",
    })
    void hostMatchesTheSubjectAlternativeNamesAlone(String host, boolean expected) throws Exception {
        assertEquals(expected, EndpointIdentification.matches(host, certificate("toy.p12")));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, *.example.com, true",
        "www.example.com, *.com, false",
        "example.com, *.com, false",
        "www.example.com, w*.example.com, false",
        "www.example.com, www.*.com, false",
        "www.example.com, *.*.com, false",
        "www.example.com, *, false",
        "www.example.com, *., false",
        "xn--bcher-kva.example.com, *.example.com, true",
    })
    void wildcardIsTheWholeLeftMostLabel(String host, String pattern, boolean expected) {
        assertEquals(expected, EndpointIdentification.matchesName(host, pattern));
    }

    @Test
    void commonNameIsNeverConsulted() throws Exception {
        assertFalse(EndpointIdentification.matches("toy.example.com", certificate("plain.p12")));
    }

    @Test
    void checkSaysWhatIsWrong() throws Exception {
        X509Certificate certificate = certificate("toy.p12");
        assertDoesNotThrow(() -> EndpointIdentification.check("https", "toy.example.com", certificate));
        assertDoesNotThrow(() -> EndpointIdentification.check("LDAPS", "a.wild.example.com", certificate));
        assertThrows(
                CertificateException.class, () -> EndpointIdentification.check("HTTPS", "other.example", certificate));
        assertThrows(CertificateException.class, () -> EndpointIdentification.check("HTTPS", null, certificate));
        assertThrows(
                CertificateException.class, () -> EndpointIdentification.check("SIP", "toy.example.com", certificate));
    }
}
