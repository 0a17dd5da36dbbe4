package org.jsspi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.Security;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jsspi.provider.crypto.SignatureAlgorithm;
import org.jsspi.provider.crypto.Signing;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is signed ahead of a handshake is signed by the schemes of the handshake: the core knows them without the provider. */
class SigningSchemeTest {
    private static final byte[] TEXT = {4, 5, 6};

    private static final Map<KeyKind, KeyPair> KEYS = new EnumMap<>(KeyKind.class);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCoreHasTheSchemesThatTheProviderSignsTls13By(boolean byCode) {
        Map<String, String> core = new TreeMap<>();
        for (SigningScheme scheme : SigningScheme.values()) {
            put(core, byCode, scheme.code(), scheme.toString());
        }
        Map<String, String> provider = new TreeMap<>();
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (algorithm.signsTls13()) {
                put(provider, byCode, algorithm.code(), algorithm.standardName());
            }
        }
        assertEquals(provider, core);
        assertEquals(SigningScheme.values().length, core.size(), "no code and no name twice");
    }

    private static void put(Map<String, String> schemes, boolean byCode, int code, String name) {
        String number = String.format("0x%04x", code);
        schemes.put(byCode ? number : name, byCode ? name : number);
    }

    @ParameterizedTest
    @EnumSource(SigningScheme.class)
    void whatTheCoreSignsTheProviderVerifies(SigningScheme scheme) throws Exception {
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(scheme.code()).orElseThrow();
        boolean fits = false;
        for (KeyKind kind : KeyKind.values()) {
            KeyPair keys = KEYS.computeIfAbsent(kind, KeyKind::generate);
            assertEquals(algorithm.canVerify(keys.getPublic()), scheme.fits(keys.getPublic()), kind + " key");
            if (!scheme.fits(keys.getPublic())) {
                continue;
            }
            fits = true;
            if (Security.getProviders("Signature." + algorithm.jcaName()) == null) {
                // A JDK before 24, whose JCA has no ML-DSA: the core signs by JCA alone.
                assertTrue(kind.isMlDsa(), kind.toString());
                continue;
            }
            byte[] signed = scheme.sign(keys.getPrivate(), TEXT);
            assertTrue(Signing.verify(algorithm, keys.getPublic(), signed, TEXT));
            assertTrue(scheme.verify(keys.getPublic(), Signing.sign(algorithm, keys.getPrivate(), TEXT), TEXT));
        }
        assertTrue(fits, "a kind of keys for " + scheme);
    }
}
