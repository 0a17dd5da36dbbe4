package org.jsspi.provider.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jsspi.ContextOptions;
import org.jsspi.PlatformConstraints;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.CipherSuite;
import org.jsspi.provider.tls.message.NamedGroup;
import org.jsspi.provider.tls.message.SignatureScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DisabledAlgorithmsTest {
    @ParameterizedTest
    @ValueSource(strings = {"TLS_AES_128_GCM_SHA256", "aes_128_gcm", "TLS_AES_128*", "sha256", "HmacSHA256"})
    void whatThePlatformForbidsIsNotOfferedEvenWhereTheCallerAsksForIt(String name) throws SspiException {
        ContextOptions options = ContextOptions.builder()
                .cipherSuites(List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"))
                .build();
        ProtocolChoices.Permitted choices = ProtocolChoices.Permitted.by(
                options, ProtocolChoices.PROTOCOLS, ProtocolChoices.CIPHER_SUITES, PlatformConstraints.of(name));
        assertEquals(List.of(CipherSuite.TLS_AES_256_GCM_SHA384), choices.cipherSuites());
    }

    @Test
    void groupsAndSchemesAreForbiddenByTheirNames() throws SspiException {
        ProtocolChoices.Permitted choices = ProtocolChoices.Permitted.by(
                ContextOptions.DEFAULT,
                ProtocolChoices.PROTOCOLS,
                ProtocolChoices.CIPHER_SUITES,
                PlatformConstraints.of("secp256r1, ed25519"));
        assertFalse(choices.namedGroups().contains(NamedGroup.SECP256R1));
        assertFalse(choices.signatureSchemes().contains(SignatureScheme.ED25519));
        assertTrue(choices.signatureSchemes().contains(SignatureScheme.ECDSA_SECP256R1_SHA256));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256withECDSA", "ECDSA", "EC", "SHA-256"})
    void aSchemeIsForbiddenByTheNamesOfItsSignatureAndOfItsKeys(String name) throws SspiException {
        ProtocolChoices.Permitted choices = ProtocolChoices.Permitted.by(
                ContextOptions.DEFAULT,
                ProtocolChoices.PROTOCOLS,
                ProtocolChoices.CIPHER_SUITES,
                PlatformConstraints.of(name));
        assertFalse(choices.signatureSchemes().contains(SignatureScheme.ECDSA_SECP256R1_SHA256));
        assertTrue(choices.signatureSchemes().contains(SignatureScheme.ED25519));
    }

    @Test
    void whereNothingIsLeftTheCallFails() {
        SspiException e = assertThrows(
                SspiException.class,
                () -> ProtocolChoices.Permitted.by(
                        ContextOptions.DEFAULT,
                        ProtocolChoices.PROTOCOLS,
                        ProtocolChoices.CIPHER_SUITES,
                        PlatformConstraints.of("TLSv1.3, TLSv1.2")));
        assertSame(SecurityStatus.SEC_E_ALGORITHM_MISMATCH, e.status());
    }
}
