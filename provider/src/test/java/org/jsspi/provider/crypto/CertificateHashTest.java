package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateHashTest {
    // RFC 5929 4.1. Self-signed certificates made with openssl req -x509, named by the hash of their signature.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "sha1, SHA-256, "
                + "MIIBbTCCARSgAwIBAgIUGCxrBCddLKBv/tmyvSEs026EWm8wCQYHKoZIzj0EATAMMQowCAYDVQQDDAFhMCAXDTI2"
                + "MTEyMTEwNDYzM1oYDzIxMjYxMDI4MTA0NjMzWjAMMQowCAYDVQQDDAFhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD"
                + "QgAEbjmNnT1SZPsJAaFLaUAP7h6X+8ceXFWqh909AeYeusgdD9GkEQqZoBg/cbqeJZ89V2U5xEZdJMyL09GKwxJ3"
                + "0aNTMFEwHQYDVR0OBBYEFParPhAVH/bti80aV15wkgyGVzHSMB8GA1UdIwQYMBaAFParPhAVH/bti80aV15wkgyG"
                + "VzHSMA8GA1UdEwEB/wQFMAMBAf8wCQYHKoZIzj0EAQNIADBFAiEAzi5sKf65seAQoTC3IOSNuD7M4hf5+xWQbJEf"
                + "wE0coZwCIDqBtS5SXbsr1omn3TdihIasqs3eYkmEqxaRQrg4GNog",
        "sha384, SHA-384, "
                + "MIIBcDCCARWgAwIBAgIUP5Y+84HyV2EdnaR7t0qpIXrmePUwCgYIKoZIzj0EAwMwDDEKMAgGA1UEAwwBYTAgFw0y"
                + "NjExMjExMDQ2MzNaGA8yMTI2MTAyODEwNDYzM1owDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEH"
                + "A0IABF+fWwZ2nz5I/3aqc4qsXr9cwD13/HRDRc+mx//Cfqj5wPi1Dfgvt9J4arNUa1j1PNWuFTpdqpOgCHfZ9iRo"
                + "SoajUzBRMB0GA1UdDgQWBBT2UPNQms6c4pp4cbcKAcc1wZsZKzAfBgNVHSMEGDAWgBT2UPNQms6c4pp4cbcKAcc1"
                + "wZsZKzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMDA0kAMEYCIQDgz1rwNgMTQfieeuWJVSRQROqMvCuuwm5F"
                + "EEybSNaNpAIhAIbx5b70SUqlJrTP/5QdKbIBPmUu3SQOLq6/G/YEuIFr",
        "pss384, SHA-384, "
                + "MIICcTCCAZygAwIBAgIURYhFQUGXw+GbMpgprkVhajx+clAwQQYJKoZIhvcNAQEKMDSgDzANBglghkgBZQMEAgIF"
                + "AKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgIFAKIDAgFYMAwxCjAIBgNVBAMMAWEwIBcNMjYxMTIxMTA0NjMz"
                + "WhgPMjEyNjEwMjgxMDQ2MzNaMAwxCjAIBgNVBAMMAWEwgagwDQYJKoZIhvcNAQEBBQADgZYAMIGSAoGKC7uFHyhW"
                + "OlkukZWTeeCjjZHJ6jwC0VBJR1GhYgPTCiMAUrJpAdO0IwQRhHUSOIlIUtsW059a2qSmOdAuLvYjPQ2TfMvM2RF5"
                + "0xCjenlf4xRVI6h3hDrUCkRooBKBk9zD+rEHuzbY9ulsydhDBe2ngPV1WVoi7Gxsy13w0suQLpcPKjW5NbBK7Uhj"
                + "AgMBAAGjUzBRMB0GA1UdDgQWBBSicGl7V3p/RhKIGkKYitq0E7ZeETAfBgNVHSMEGDAWgBSicGl7V3p/RhKIGkKY"
                + "itq0E7ZeETAPBgNVHRMBAf8EBTADAQH/MEEGCSqGSIb3DQEBCjA0oA8wDQYJYIZIAWUDBAICBQChHDAaBgkqhkiG"
                + "9w0BAQgwDQYJYIZIAWUDBAICBQCiAwIBWAOBiwAIeYfquntSjdvf0lqz0xB8og8KZuveXCsS0Ok9MVFi0PPxEv4F"
                + "z0QStunOUaM2DdVVzYwkLfMWYOEErd8fYH3OzKi9lHWQhhFz5wVmWNwQMPrAp48PWsAqixUtSsd7Eu6gd+55zk7B"
                + "C0HtOYtuc0IH1S0d4mNQcBJUmdKWKzCu27psh7n1Hnehtwo=",
        "pss1, SHA-256, "
                + "MIICADCCAWSgAwIBAgIUEdEoNhkae04N9k0xyf1xZdX78NAwEgYJKoZIhvcNAQEKMAWiAwIBajAMMQowCAYDVQQD"
                + "DAFhMCAXDTI2MTEyMTEwNDYzM1oYDzIxMjYxMDI4MTA0NjMzWjAMMQowCAYDVQQDDAFhMIGfMA0GCSqGSIb3DQEB"
                + "AQUAA4GNADCBiQKBgQCpvXKu+TItFq7DL4v70EDvSPgQXChxhRBG5hAOQFiKCfL/uGt2vkGXT6KRK97DIOAHISCU"
                + "wHCFV0r/mvohv/9SD4LsPiKnYjG+fTYLmgrXPgOPhMIYM6CUqODqOx60UsfZbGd/iRFgTFLRTzU1p/B3hTtSJmVm"
                + "usowNga8jR0h1QIDAQABo1MwUTAdBgNVHQ4EFgQUqy5Fb5t5s7Z9grZABaEv3yIiWQcwHwYDVR0jBBgwFoAUqy5F"
                + "b5t5s7Z9grZABaEv3yIiWQcwDwYDVR0TAQH/BAUwAwEB/zASBgkqhkiG9w0BAQowBaIDAgFqA4GBAIeNnL8KGodi"
                + "Nra8hxCHsQgrkyg/dTRFPVxRXKbK4+dde8YR69TTPeJjGBDH00dZuvqE3AlqkLLUxpUYlnM0Qe8QSzQnu0IhZOB6"
                + "WF3bs3fHwr+Ol1UwyKHiPck536XrLd9/LMpslZc5tDSwgGasO4o80f39C+LRyez5Vzv6LK6F",
        "ed25519, none, "
                + "MIIBLjCB4aADAgECAhRz9hMkq1ijffXIO8Mtjix+Xd/w0TAFBgMrZXAwDDEKMAgGA1UEAwwBYTAgFw0yNjExMjEx"
                + "MDQ2MzNaGA8yMTI2MTAyODEwNDYzM1owDDEKMAgGA1UEAwwBYTAqMAUGAytlcAMhADZPu51qroZh+UjF4oLnBYdh"
                + "U0RhccE+2W1kobvo+4gHo1MwUTAdBgNVHQ4EFgQUh4FhVNRURSSqzm2wmlSU5wD9Xy4wHwYDVR0jBBgwFoAUh4Fh"
                + "VNRURSSqzm2wmlSU5wD9Xy4wDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQBWA3Ch6pyW7nKBQhWYlLlw9Z6vkhuC"
                + "i3bQ/yT1QT0PaV9YOM3W5cdX1MWWk8R842h5Xq3mwANmoX0bsRhl7SIK"
    })
    void theHashIsTheSignaturesAndAtLeastSha256(String name, String expected, String der) throws Exception {
        byte[] encoded = Base64.getDecoder().decode(der);
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));

        Optional<byte[]> hash = CertificateHash.tlsServerEndPoint(certificate);

        if (expected.equals("none")) {
            assertTrue(hash.isEmpty());
        } else {
            assertArrayEquals(MessageDigest.getInstance(expected).digest(encoded), hash.orElseThrow());
        }
    }
}
