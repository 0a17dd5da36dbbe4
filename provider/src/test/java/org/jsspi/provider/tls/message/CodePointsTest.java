package org.jsspi.provider.tls.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodePointsTest {
    private static <E extends Enum<E>> void assertLookup(
            E[] values, ToIntFunction<E> code, IntFunction<Optional<E>> of) {
        Set<Integer> codes = new HashSet<>();
        for (E value : values) {
            assertTrue(codes.add(code.applyAsInt(value)), () -> value + " has the number of another");
            assertEquals(Optional.of(value), of.apply(code.applyAsInt(value)));
        }
        IntStream.of(-1, 0x0A0A, 0xFAFA, 0xFFFF, 0x10000, Integer.MAX_VALUE, Integer.MIN_VALUE)
                .forEach(unknown -> assertEquals(Optional.empty(), of.apply(unknown)));
    }

    @Test
    void everyNumberIsFoundAndUnknownOnesAreEmpty() {
        assertLookup(ContentType.values(), ContentType::code, ContentType::of);
        assertLookup(AlertLevel.values(), AlertLevel::code, AlertLevel::of);
        assertLookup(AlertDescription.values(), AlertDescription::code, AlertDescription::of);
        assertLookup(ExtensionType.values(), ExtensionType::code, ExtensionType::of);
        assertLookup(ProtocolVersion.values(), ProtocolVersion::code, ProtocolVersion::of);
        assertLookup(CipherSuite.values(), CipherSuite::code, CipherSuite::of);
        assertLookup(NamedGroup.values(), NamedGroup::code, NamedGroup::of);
        assertLookup(SignatureScheme.values(), SignatureScheme::code, SignatureScheme::of);
        HandshakeType[] onTheWire = Arrays.stream(HandshakeType.values())
                .filter(type -> type != HandshakeType.HELLO_RETRY_REQUEST)
                .toArray(HandshakeType[]::new);
        assertLookup(onTheWire, HandshakeType::code, HandshakeType::of);
        assertEquals(HandshakeType.SERVER_HELLO.code(), HandshakeType.HELLO_RETRY_REQUEST.code());
    }

    @Test
    void namesAreThoseThatJsseAndTheRfcUse() {
        assertEquals(Optional.of(ProtocolVersion.TLS13), ProtocolVersion.named("TLSv1.3"));
        assertEquals(Optional.of(NamedGroup.X25519_MLKEM768), NamedGroup.named("X25519MLKEM768"));
        assertEquals(Optional.of(NamedGroup.SECP256R1), NamedGroup.named("SECP256R1"));
        assertEquals(Optional.of(SignatureScheme.RSA_PSS_RSAE_SHA256), SignatureScheme.named("rsa_pss_rsae_sha256"));
        assertEquals("ecdsa_secp256r1_sha256", SignatureScheme.ECDSA_SECP256R1_SHA256.standardName());
        assertEquals(
                Optional.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
                CipherSuite.named("TLS_CHACHA20_POLY1305_SHA256"));
        assertEquals("illegal_parameter", AlertDescription.ILLEGAL_PARAMETER.toString());
        assertEquals("key_share", ExtensionType.KEY_SHARE.toString());
        assertEquals(Optional.empty(), ProtocolVersion.named("TLSv9"));
    }

    @Test
    void greaseValuesAreThoseOfRfc8701() {
        Set<Integer> expected = new HashSet<>();
        for (int n = 0; n < 16; n++) {
            expected.add((n << 4 | 0xA) * 0x0101);
        }
        for (int value = -1; value <= 0x10000; value++) {
            assertEquals(expected.contains(value), Grease.isGrease(value), Integer.toHexString(value));
        }
        Set<Integer> modes = Set.of(0x0B, 0x2A, 0x49, 0x68, 0x87, 0xA6, 0xC5, 0xE4);
        for (int mode = 0; mode < 256; mode++) {
            assertEquals(modes.contains(mode), Grease.isGreasePskMode(mode), Integer.toHexString(mode));
        }
        assertFalse(Grease.isGrease(0x0A0A_0A0A));
    }

    @Test
    void onlyModernSchemesSignAHandshakeOfTls13() {
        List<SignatureScheme> refused = Arrays.stream(SignatureScheme.values())
                .filter(scheme -> !scheme.signsHandshake13())
                .toList();
        assertEquals(
                List.of(
                        SignatureScheme.RSA_PKCS1_SHA1,
                        SignatureScheme.ECDSA_SHA1,
                        SignatureScheme.RSA_PKCS1_SHA256,
                        SignatureScheme.RSA_PKCS1_SHA384,
                        SignatureScheme.RSA_PKCS1_SHA512),
                refused);
    }

    /** "Schannel error codes for TLS and SSL alerts". */
    @ParameterizedTest
    @CsvSource({
        "10, SEC_E_ILLEGAL_MESSAGE, PROTOCOL",
        "20, SEC_E_MESSAGE_ALTERED, PROTOCOL",
        "21, SEC_E_DECRYPT_FAILURE, PROTOCOL",
        "22, SEC_E_ILLEGAL_MESSAGE, PROTOCOL",
        "30, SEC_E_MESSAGE_ALTERED, PROTOCOL",
        "40, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "42, SEC_E_CERT_UNKNOWN, PEER_UNVERIFIED",
        "43, SEC_E_CERT_UNKNOWN, PEER_UNVERIFIED",
        "44, CRYPT_E_REVOKED, PEER_UNVERIFIED",
        "45, SEC_E_CERT_EXPIRED, PEER_UNVERIFIED",
        "46, SEC_E_CERT_UNKNOWN, PEER_UNVERIFIED",
        "47, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "48, SEC_E_UNTRUSTED_ROOT, PEER_UNVERIFIED",
        "49, SEC_E_LOGON_DENIED, HANDSHAKE",
        "50, SEC_E_ILLEGAL_MESSAGE, PROTOCOL",
        "51, SEC_E_DECRYPT_FAILURE, HANDSHAKE",
        "60, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "70, SEC_E_UNSUPPORTED_FUNCTION, HANDSHAKE",
        "71, SEC_E_ALGORITHM_MISMATCH, HANDSHAKE",
        "80, SEC_E_INTERNAL_ERROR, HANDSHAKE",
        "90, SEC_E_UNFINISHED_CONTEXT_DELETED, HANDSHAKE",
        "100, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "110, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "115, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "116, SEC_E_ILLEGAL_MESSAGE, HANDSHAKE",
        "120, SEC_E_APPLICATION_PROTOCOL_MISMATCH, HANDSHAKE"
    })
    void anAlertHasTheStatusThatSchannelReports(int code, SecurityStatus status, SspiException.Kind kind) {
        AlertDescription alert = AlertDescription.of(code).orElseThrow();
        Throwable cause = new IllegalStateException();
        SspiException error = alert.because("what the peer did", cause);
        assertEquals(status, error.status());
        assertEquals(kind, error.kind());
        assertEquals(code, error.alert().orElseThrow());
        assertEquals("what the peer did", error.getMessage());
        assertEquals(cause, error.getCause());
    }
}
