package org.jsspi.conformance.sspi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jsspi.CredentialUse;
import org.jsspi.DelegatedCredential;
import org.jsspi.Identity;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.conformance.fixture.TestPki;
import org.jsspi.conformance.fixture.TestPki.Credential;
import org.jsspi.conformance.fixture.TestPki.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Delegated credentials are made, and read, as RFC 9345 has them. */
class DelegatedCredentialTest {
    // RFC 9345, Appendix B.
    private static final String EXAMPLE = "MIIFRjCCBMugAwIBAgIQDGevB+lY0o/OecHFSJ6YnTAKBggqhkjOPQQDAzBMMQsw"
            + "CQYDVQQGEwJVUzEVMBMGA1UEChMMRGlnaUNlcnQgSW5jMSYwJAYDVQQDEx1EaWdp"
            + "Q2VydCBFQ0MgU2VjdXJlIFNlcnZlciBDQTAeFw0xOTAzMjYwMDAwMDBaFw0yMTAz"
            + "MzAxMjAwMDBaMGoxCzAJBgNVBAYTAlVTMRMwEQYDVQQIEwpDYWxpZm9ybmlhMRYw"
            + "FAYDVQQHEw1TYW4gRnJhbmNpc2NvMRkwFwYDVQQKExBDbG91ZGZsYXJlLCBJbmMu"
            + "MRMwEQYDVQQDEwprYzJrZG0uY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"
            + "d4azI83Bw0fcPgfoeiZpZZnwGuxjBjv++wzE0zAj8vNiUkKxOWSQiGNLn+xlWUpL"
            + "lw9djRN1rLmVmn2gb9GgdKOCA28wggNrMB8GA1UdIwQYMBaAFKOd5h/52jlPwG7o"
            + "kcuVpdox4gqfMB0GA1UdDgQWBBSfcb7fS3fUFAyB91fRcwoDPtgtJjAjBgNVHREE"
            + "HDAaggprYzJrZG0uY29tggwqLmtjMmtkbS5jb20wDgYDVR0PAQH/BAQDAgeAMB0G"
            + "A1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjBpBgNVHR8EYjBgMC6gLKAqhiho"
            + "dHRwOi8vY3JsMy5kaWdpY2VydC5jb20vc3NjYS1lY2MtZzEuY3JsMC6gLKAqhiho"
            + "dHRwOi8vY3JsNC5kaWdpY2VydC5jb20vc3NjYS1lY2MtZzEuY3JsMEwGA1UdIARF"
            + "MEMwNwYJYIZIAYb9bAEBMCowKAYIKwYBBQUHAgEWHGh0dHBzOi8vd3d3LmRpZ2lj"
            + "ZXJ0LmNvbS9DUFMwCAYGZ4EMAQICMHsGCCsGAQUFBwEBBG8wbTAkBggrBgEFBQcw"
            + "AYYYaHR0cDovL29jc3AuZGlnaWNlcnQuY29tMEUGCCsGAQUFBzAChjlodHRwOi8v"
            + "Y2FjZXJ0cy5kaWdpY2VydC5jb20vRGlnaUNlcnRFQ0NTZWN1cmVTZXJ2ZXJDQS5j"
            + "cnQwDAYDVR0TAQH/BAIwADAPBgkrBgEEAYLaSywEAgUAMIIBfgYKKwYBBAHWeQIE"
            + "AgSCAW4EggFqAWgAdgC72d+8H4pxtZOUI5eqkntHOFeVCqtS6BqQlmQ2jh7RhQAA"
            + "AWm5hYJ5AAAEAwBHMEUCICiGfq+hSThRL2m8H0awoDR8OpnEHNkF0nI6nL5yYL/j"
            + "AiEAxwebGs/T6Es0YarPzoQJrVZqk+sHH/t+jrSrKd5TDjcAdgCHdb/nWXz4jEOZ"
            + "X73zbv9WjUdWNv9KtWDBtOr/XqCDDwAAAWm5hYNgAAAEAwBHMEUCIQD9OWA8KGL6"
            + "bxDKfgIleHJWB0iWieRs88VgJyfAg/aFDgIgQ/OsdSF9XOy1foqge0DTDM2FExuw"
            + "0JR0AGZWXoNtJzMAdgBElGUusO7Or8RAB9io/ijA2uaCvtjLMbU/0zOWtbaBqAAA"
            + "AWm5hYHgAAAEAwBHMEUCIQC4vua1n3BqthEqpA/VBTcsNwMtAwpCuac2IhJ9wx6X"
            + "/AIgb+o00k28JQo9TMpP4vzJ3BD3HXWSNc2Zizbq7mkUQYMwCgYIKoZIzj0EAwMD"
            + "aQAwZgIxAJsX7d0SuA8ddf/m7IWfNfs3MQfJyGkEezMJX1t6sRso5z50SS12LpXe"
            + "muGa1FE2ZgIxAL+CDUF5pz7mhrAEIjQ1MqlpF9tH40dJGvYZZQ3W23cMzSkDfvlt"
            + "y5S4RfWHIIPjbw==";

    private static final Credential OWNER = TestPki.delegating(KeyKind.EC_P256);
    private static final KeyPair KEYS = KeyKind.EC_P384.generate();

    private static DelegatedCredential issue(Credential owner, PublicKey key, Duration validity) throws SspiException {
        return DelegatedCredential.issue(owner.identity(), key, Instant.now().plus(validity), CredentialUse.INBOUND);
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void whatIsIssuedIsValid(KeyKind kind) throws Exception {
        Credential owner = TestPki.delegating(kind);
        Instant expiry = Instant.now().plus(Duration.ofDays(5));
        DelegatedCredential credential =
                DelegatedCredential.issue(owner.identity(), KEYS.getPublic(), expiry, CredentialUse.OUTBOUND);

        assertTrue(credential.isFor(KEYS.getPrivate()));
        assertTrue(credential.isSignedBy(owner.certificate()));
        assertEquals(expiry.truncatedTo(ChronoUnit.SECONDS), credential.expiry(owner.certificate()));
        assertEquals(0x0503, credential.scheme());
        assertSame(CredentialUse.OUTBOUND, credential.use());
        assertTrue(Identity.delegated(KEYS.getPrivate(), owner.chain(), credential)
                .toString()
                .endsWith(", delegated]"));
    }

    @Test
    void theIdentitySaysBySchemesItSigns() throws Exception {
        Credential owner = TestPki.delegating(KeyKind.RSA);
        Identity choosy = new Identity(owner.key(), owner.chain(), List.of("ed25519", "rsa_pss_rsae_sha512"));
        Instant expiry = Instant.now().plus(Duration.ofDays(1));
        DelegatedCredential credential =
                DelegatedCredential.issue(choosy, KEYS.getPublic(), expiry, CredentialUse.INBOUND);

        assertEquals(0x0806, credential.signedBy());
        assertTrue(credential.isSignedBy(owner.certificate()));
        Identity none = new Identity(owner.key(), owner.chain(), List.of("ed25519"));
        assertUnusable(() -> DelegatedCredential.issue(none, KEYS.getPublic(), expiry, CredentialUse.INBOUND));
    }

    private interface Call {
        void run() throws SspiException;
    }

    private static void assertUnusable(Call call) {
        assertSame(
                SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS,
                assertThrows(SspiException.class, call::run).status());
    }

    @Test
    void whatNobodyWouldTakeIsNotIssued() {
        PublicKey key = KEYS.getPublic();
        assertUnusable(() -> issue(TestPki.server(KeyKind.EC_P256), key, Duration.ofDays(1)));
        assertUnusable(() -> issue(OWNER, KeyKind.RSA.generate().getPublic(), Duration.ofDays(1)));
        assertUnusable(() -> issue(OWNER, key, Duration.ofDays(7).plusMinutes(1)));
        assertUnusable(() -> issue(OWNER, key, Duration.ofSeconds(-1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> DelegatedCredential.issue(
                        OWNER.identity(), key, Instant.now().plusSeconds(60), CredentialUse.BOTH));
    }

    @Test
    void whatDoesNotBelongTogetherIsNoIdentity() throws Exception {
        DelegatedCredential credential = issue(OWNER, KEYS.getPublic(), Duration.ofDays(1));
        Credential other = TestPki.delegating(KeyKind.EC_P256);

        assertUnusable(() -> Identity.delegated(KeyKind.EC_P384.generate().getPrivate(), OWNER.chain(), credential));
        assertUnusable(() -> Identity.delegated(OWNER.key(), OWNER.chain(), credential));
        assertUnusable(() -> Identity.delegated(KEYS.getPrivate(), other.chain(), credential));
        // RFC 9345 7.2: the signature is for one side.
        DelegatedCredential ofClient = DelegatedCredential.decode(credential.encoded(), CredentialUse.OUTBOUND);
        assertUnusable(() -> Identity.delegated(KEYS.getPrivate(), OWNER.chain(), ofClient));
        assertNotEquals(credential, ofClient);
    }

    @Test
    void theBytesAreReadAndWritten() throws Exception {
        DelegatedCredential credential = issue(OWNER, KEYS.getPublic(), Duration.ofDays(1));
        byte[] encoded = credential.encoded();
        DelegatedCredential read = DelegatedCredential.decode(encoded, CredentialUse.INBOUND);

        assertEquals(credential, read);
        assertEquals(credential.hashCode(), read.hashCode());
        assertArrayEquals(encoded, read.encoded());
        assertEquals(encoded.length, read.length());
        for (int length = 0; length < encoded.length; length++) {
            byte[] shorter = Arrays.copyOf(encoded, length);
            assertSame(
                    SecurityStatus.SEC_E_INVALID_TOKEN,
                    assertThrows(SspiException.class, () -> DelegatedCredential.decode(shorter, CredentialUse.INBOUND))
                            .status());
        }
        byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
        assertThrows(SspiException.class, () -> DelegatedCredential.decode(longer, CredentialUse.INBOUND));
    }

    @Test
    void aChangedByteAnywhereMakesItInvalid() throws Exception {
        byte[] encoded = issue(OWNER, KEYS.getPublic(), Duration.ofDays(1)).encoded();
        for (int i = 0; i < encoded.length; i++) {
            byte[] changed = encoded.clone();
            changed[i] ^= 1;
            DelegatedCredential read;
            try {
                read = DelegatedCredential.decode(changed, CredentialUse.INBOUND);
            } catch (SspiException lengthOfSomething) {
                continue;
            }
            assertFalse(read.isSignedBy(OWNER.certificate()), "byte " + i);
        }
    }

    @Test
    void theCertificateOfTheRfcMayDelegate() throws Exception {
        X509Certificate example = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(EXAMPLE)));

        assertTrue(DelegatedCredential.mayDelegate(example));
        assertTrue(DelegatedCredential.mayDelegate(OWNER.certificate()));
        assertFalse(
                DelegatedCredential.mayDelegate(TestPki.server(KeyKind.EC_P256).certificate()));
    }
}
