package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.testing.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {
    private static final Map<String, KeyPair> PAIRS = new ConcurrentHashMap<>();
    private static final byte[] CONTENT = "the transcript so far".getBytes();

    @ParameterizedTest
    @EnumSource
    void whatIsSignedVerifiesAndWhatIsChangedDoesNot(SignatureAlgorithm algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        assertTrue(algorithm.canSign(pair.getPrivate(), pair.getPublic()));
        byte[] signature = Signing.sign(algorithm, pair.getPrivate(), Arrays.copyOf(CONTENT, 5), tail(CONTENT, 5));
        assertTrue(Signing.verify(algorithm, pair.getPublic(), signature, CONTENT));
        assertTrue(Signing.verify(algorithm, pair.getPublic(), signature, CONTENT), "the second time, from the cache");
        assertFalse(Signing.verify(algorithm, pair.getPublic(), signature, CONTENT, new byte[1]));
        assertFalse(Signing.verify(algorithm, pair.getPublic(), new byte[0], CONTENT));
        assertFalse(
                Signing.verify(algorithm, pair.getPublic(), Arrays.copyOf(signature, signature.length - 1), CONTENT));
        assertFalse(
                Signing.verify(algorithm, pair.getPublic(), Arrays.copyOf(signature, signature.length + 1), CONTENT));
        for (int i = 0; i < signature.length; i += 7) {
            byte[] changed = signature.clone();
            changed[i] ^= 1;
            assertFalse(Signing.verify(algorithm, pair.getPublic(), changed, CONTENT), "byte " + i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theJdkAndBcprovAcceptEachOther(SignatureAlgorithm algorithm) throws Exception {
        KeyPair pair = pair(algorithm);
        assumeJcaHas(algorithm);
        byte[] jca = Signing.signJca(algorithm, pair.getPrivate(), CONTENT);
        assertTrue(Signing.verify(algorithm, pair.getPublic(), jca, CONTENT));
        boolean isRsa = algorithm.family().name().startsWith("RSA");
        assertEquals(
                isRsa,
                Signing.signLightweight(algorithm, pair.getPrivate(), CONTENT).isEmpty());
        if (!isRsa) {
            byte[] lightweight = Signing.signLightweight(algorithm, pair.getPrivate(), CONTENT)
                    .orElseThrow();
            assertTrue(Signing.verifyJca(algorithm, pair.getPublic(), lightweight, CONTENT));
            assertFalse(Signing.verifyJca(algorithm, pair.getPublic(), lightweight, CONTENT, CONTENT));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyServesTheSchemesOfItsKindAlone(SignatureAlgorithm algorithm) throws Exception {
        for (SignatureAlgorithm other : SignatureAlgorithm.values()) {
            boolean mlDsa = algorithm.family() == SignatureAlgorithm.Family.MLDSA;
            boolean expected = other.keyAlgorithm().equals(algorithm.keyAlgorithm())
                    && other.curveName().equals(algorithm.curveName())
                    && (!mlDsa || other == algorithm);
            KeyPair pair = pair(other);
            assertEquals(expected, algorithm.canVerify(pair.getPublic()), other + " key");
            assertEquals(expected, algorithm.canSign(pair.getPrivate(), pair.getPublic()), other + " key");
            if (!expected) {
                assertFalse(Signing.verify(algorithm, pair.getPublic(), new byte[64], CONTENT));
            }
        }
    }

    // RFC 6979 A.2.5 and the first numbers beyond the range
    @Test
    void ecdsaVectorOfRfc6979Verifies() throws Exception {
        PublicKey key = p256(
                "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6",
                "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
        BigInteger r = new BigInteger("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716", 16);
        BigInteger s = new BigInteger("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8", 16);
        BigInteger n = NistCurve.P256.order();
        assertTrue(verifies(key, r, s));
        assertTrue(verifies(key, r, n.subtract(s)), "the other root is as good for ECDSA");
        assertFalse(verifies(key, r, s.add(n)));
        assertFalse(verifies(key, r.add(n), s));
        assertFalse(verifies(key, n, s));
        assertFalse(verifies(key, s, r));
    }

    private static boolean verifies(PublicKey key, BigInteger r, BigInteger s) throws Exception {
        byte[] der = new EcdsaSignatureValue(r, s).encode();
        return Signing.verify(SignatureAlgorithm.ECDSA_SECP256R1_SHA256, key, der, "sample".getBytes());
    }

    // RFC 8032 7.1, TEST 2 and 3
    @ParameterizedTest
    @CsvSource({
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c, 72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void ed25519VectorsOfRfc8032Verify(String key, String message, String signature) throws Exception {
        PublicKey publicKey = KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(bytes("302a300506032b6570032100" + key)));
        byte[] good = bytes(signature);
        assertTrue(Signing.verify(SignatureAlgorithm.ED25519, publicKey, good, bytes(message)));
        assertFalse(Signing.verify(SignatureAlgorithm.ED25519, publicKey, good, bytes(message), new byte[1]));
        // RFC 8032 5.1.7: S + L is the same number and no signature.
        byte[] l = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        int carry = 0;
        for (int i = 0; i < 32; i++) {
            int sum = (good[32 + i] & 0xFF) + (l[i] & 0xFF) + carry;
            good[32 + i] = (byte) sum;
            carry = sum >>> 8;
        }
        assertFalse(Signing.verify(SignatureAlgorithm.ED25519, publicKey, good, bytes(message)));
    }

    // The kinds of Wycheproof's ecdsa_secp256r1_sha256_test that are the encoding's: X.690 8.1.3, 8.3.2, 10.1
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3000",
                "3003020101",
                "30060201010201", // cut
                "300602010102010100", // bytes behind
                "3007020101020101", // length over the end
                "3005020101020101", // length before the end
                "308106020101020101", // long form of a short length
                "30820006020101020101",
                "3080020101020101", // indefinite length
                "30800201010201010000",
                "31060201010201", // another tag
                "3106020101020101",
                "3006030101020101",
                "3006020101030101",
                "300702020001020101", // a leading zero too many
                "300702010102020001",
                "30070281010102010100",
                "3006020100020101", // zero
                "3006020101020100",
                "3006020181020101", // negative
                "3006020101020181",
                "300502000201 01", // no digits
                "3009020101020101020101", // a third number
                "30270222010000000000000000000000000000000000000000000000000000000000000000000000020101"
            })
    void whatIsNotDerIsNoEcdsaSignature(String hex) {
        assertTrue(EcdsaSignatureValue.decode(bytes(hex.replace(" ", "")), NistCurve.P256)
                .isEmpty());
    }

    @Test
    void ecdsaValuesComeBackFromTheirEncoding() {
        for (NistCurve curve : NistCurve.values()) {
            BigInteger n = curve.order();
            BigInteger[] edges = {
                BigInteger.ONE,
                BigInteger.valueOf(127),
                BigInteger.valueOf(128),
                n.shiftRight(1),
                n.subtract(BigInteger.ONE)
            };
            for (BigInteger r : edges) {
                for (BigInteger s : edges) {
                    EcdsaSignatureValue value = new EcdsaSignatureValue(r, s);
                    byte[] der = value.encode();
                    assertEquals(value, EcdsaSignatureValue.decode(der, curve).orElseThrow());
                    for (int length = 0; length < der.length; length++) {
                        assertTrue(EcdsaSignatureValue.decode(Arrays.copyOf(der, length), curve)
                                .isEmpty());
                    }
                }
            }
        }
    }

    @Test
    void aNamedCurveWithAnotherGeneratorIsAnotherCurve() throws Exception {
        ECPublicKey key =
                (ECPublicKey) pair(SignatureAlgorithm.ECDSA_SECP256R1_SHA256).getPublic();
        ECParameterSpec params = key.getParams();
        assertTrue(NistCurve.of(params).isPresent());
        ECParameterSpec forged = new ECParameterSpec(params.getCurve(), key.getW(), params.getOrder(), 1);
        assertTrue(NistCurve.of(forged).isEmpty());
        assertTrue(NistCurve.of(null).isEmpty());
    }

    @Test
    void pssNeedsRoomForHashAndSalt() throws Exception {
        // RFC 8017 9.1.1: 2 * 64 + 2 bytes need a modulus of 1034 bits, 2 * 32 + 2 one of 522
        assertFalse(SignatureAlgorithm.RSA_PSS_RSAE_SHA512.canVerify(rsa(1033)));
        assertTrue(SignatureAlgorithm.RSA_PSS_RSAE_SHA512.canVerify(rsa(1034)));
        assertTrue(SignatureAlgorithm.RSA_PSS_RSAE_SHA256.canVerify(rsa(1033)));
        assertFalse(SignatureAlgorithm.RSA_PSS_RSAE_SHA384.canVerify(rsa(776)));
        assertTrue(SignatureAlgorithm.RSA_PSS_RSAE_SHA384.canVerify(rsa(778)));
    }

    private static PublicKey rsa(int bits) throws Exception {
        BigInteger modulus = BigInteger.ONE.setBit(bits - 1);
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65537)));
    }

    @Test
    void theParametersOfAPssKeyRestrictIt() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(new RSAKeyGenParameterSpec(
                2048,
                RSAKeyGenParameterSpec.F4,
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1)));
        KeyPair pair = generator.generateKeyPair();
        assertTrue(SignatureAlgorithm.RSA_PSS_PSS_SHA256.canSign(pair.getPrivate(), pair.getPublic()));
        assertFalse(SignatureAlgorithm.RSA_PSS_PSS_SHA384.canSign(pair.getPrivate(), pair.getPublic()));
        assertFalse(SignatureAlgorithm.RSA_PSS_RSAE_SHA256.canSign(pair.getPrivate(), pair.getPublic()));
        byte[] signature = Signing.sign(SignatureAlgorithm.RSA_PSS_PSS_SHA256, pair.getPrivate(), CONTENT);
        assertTrue(Signing.verify(SignatureAlgorithm.RSA_PSS_PSS_SHA256, pair.getPublic(), signature, CONTENT));
    }

    @Test
    void theCacheOfKeysIsBounded() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        for (int i = 0; i < 80; i++) {
            KeyPair pair = generator.generateKeyPair();
            byte[] signature = Signing.signLightweight(SignatureAlgorithm.ED25519, pair.getPrivate(), CONTENT)
                    .orElseThrow();
            assertTrue(Signing.verify(SignatureAlgorithm.ED25519, pair.getPublic(), signature, CONTENT));
        }
        assertEquals(64, VerifyingKeys.size());
    }

    // A key in hardware: no encoding, and only its own provider can use it.
    @ParameterizedTest
    @EnumSource
    void keysWithoutEncodingSignThroughTheirProvider(SignatureAlgorithm algorithm) throws Exception {
        assumeJcaHas(algorithm);
        KeyPair pair = pair(algorithm);
        TokenKey token = new TokenKey(pair.getPrivate());
        Provider provider = new TokenProvider();
        assertTrue(algorithm.canSign(token, pair.getPublic()));
        SspiException e = assertThrows(SspiException.class, () -> Signing.sign(algorithm, token, CONTENT));
        assertEquals(SecurityStatus.SEC_E_UNKNOWN_CREDENTIALS, e.status());
        assertEquals(SspiException.Kind.KEY, e.kind());
        assertTrue(Signing.signLightweight(algorithm, token, CONTENT).isEmpty());
        Security.addProvider(provider);
        try {
            byte[] signature = Signing.sign(algorithm, token, CONTENT);
            assertTrue(Signing.verify(algorithm, pair.getPublic(), signature, CONTENT));
        } finally {
            Security.removeProvider(provider.getName());
        }
    }

    private static void assumeJcaHas(SignatureAlgorithm algorithm) {
        assumeTrue(
                Security.getProviders("Signature." + algorithm.jcaName()) != null,
                "this JDK has no " + algorithm.jcaName() + " (it came with 24)");
    }

    private record TokenKey(PrivateKey inside) implements PrivateKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return inside.getAlgorithm();
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    private static final class TokenProvider extends Provider {
        private static final long serialVersionUID = 1L;

        TokenProvider() {
            super("Token", "1", "signs with TokenKey");
            for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
                String name = algorithm.jcaName();
                putService(new Service(this, "Signature", name, TokenSignature.class.getName(), null, null) {
                    @Override
                    public Object newInstance(Object parameter) {
                        return new TokenSignature(name);
                    }

                    @Override
                    public boolean supportsParameter(Object parameter) {
                        return parameter instanceof TokenKey;
                    }
                });
            }
        }
    }

    private static final class TokenSignature extends SignatureSpi {
        private final String name;
        private Signature inside;

        TokenSignature(String name) {
            this.name = name;
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof TokenKey token)) {
                throw new InvalidKeyException("not a key of this token");
            }
            try {
                inside = Signature.getInstance(name);
                inside.initSign(token.inside());
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new InvalidKeyException(e);
            }
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("signs only");
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec params)
                throws java.security.InvalidAlgorithmParameterException {
            inside.setParameter(params);
        }

        @Override
        protected void engineUpdate(byte value) throws SignatureException {
            inside.update(value);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
            inside.update(bytes, offset, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            return inside.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return false;
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String parameter, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String parameter) {
            throw new UnsupportedOperationException();
        }
    }

    // IANA TLS SignatureScheme
    @ParameterizedTest
    @CsvSource({
        "0x0403, ecdsa_secp256r1_sha256",
        "0x0503, ecdsa_secp384r1_sha384",
        "0x0603, ecdsa_secp521r1_sha512",
        "0x0807, ed25519",
        "0x0808, ed448",
        "0x0804, rsa_pss_rsae_sha256",
        "0x0805, rsa_pss_rsae_sha384",
        "0x0806, rsa_pss_rsae_sha512",
        "0x0809, rsa_pss_pss_sha256",
        "0x080a, rsa_pss_pss_sha384",
        "0x080b, rsa_pss_pss_sha512",
        "0x0401, rsa_pkcs1_sha256",
        "0x0501, rsa_pkcs1_sha384",
        "0x0601, rsa_pkcs1_sha512",
        "0x0904, mldsa44",
        "0x0905, mldsa65",
        "0x0906, mldsa87"
    })
    void schemesAreFoundByCodeAndName(String code, String name) {
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.of(Integer.decode(code)).orElseThrow();
        assertEquals(name, algorithm.standardName());
        assertEquals(algorithm, SignatureAlgorithm.named(name).orElseThrow());
        assertEquals(!name.contains("pkcs1"), algorithm.signsTls13());
        assertTrue(SignatureAlgorithm.of(0x0203).isEmpty(), "SHA-1 never");
    }

    static KeyPair pair(SignatureAlgorithm algorithm) {
        if (algorithm.family() == SignatureAlgorithm.Family.MLDSA) {
            return PAIRS.computeIfAbsent(
                    algorithm.name(),
                    name -> KeyKind.valueOf(algorithm.mlDsa().name()).generate());
        }
        return PAIRS.computeIfAbsent(algorithm.keyAlgorithm() + algorithm.curveName(), name -> {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.keyAlgorithm());
                if (algorithm.curve() != null) {
                    generator.initialize(
                            new ECGenParameterSpec(algorithm.curve().standardName()));
                } else if (algorithm.keyAlgorithm().startsWith("RSA")) {
                    generator.initialize(2048);
                }
                return generator.generateKeyPair();
            } catch (java.security.GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static PublicKey p256(String x, String y) throws Exception {
        ECParameterSpec params =
                ((ECPublicKey) pair(SignatureAlgorithm.ECDSA_SECP256R1_SHA256).getPublic()).getParams();
        ECPoint point = new ECPoint(new BigInteger(x, 16), new BigInteger(y, 16));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, params));
    }

    private static byte[] tail(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
