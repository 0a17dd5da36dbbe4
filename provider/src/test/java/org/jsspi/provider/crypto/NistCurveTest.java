package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SunEC and bcprov, of which now the one and now the other serves, get the same answers out of the same input. */
class NistCurveTest {
    private final java.security.Provider sunEc = Security.getProvider("SunEC");

    private static ECParameterSpec jdk(NistCurve curve) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve.standardName()));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static KeyPair pair(NistCurve curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve.standardName()));
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @EnumSource
    void theNumbersAreThoseOfTheJdkAndOfBcprov(NistCurve curve) throws Exception {
        ECParameterSpec jdk = jdk(curve);
        assertEquals(Optional.of(curve), NistCurve.of(jdk));
        ECDomainParameters bcprov = LightweightCurve.of(curve).domain();
        ECParameterSpec converted = new ECParameterSpec(
                new java.security.spec.EllipticCurve(
                        new ECFieldFp(bcprov.getCurve().getField().getCharacteristic()),
                        bcprov.getCurve().getA().toBigInteger(),
                        bcprov.getCurve().getB().toBigInteger()),
                new ECPoint(
                        bcprov.getG().getAffineXCoord().toBigInteger(),
                        bcprov.getG().getAffineYCoord().toBigInteger()),
                bcprov.getN(),
                1);
        assertEquals(Optional.of(curve), NistCurve.of(converted));
        assertEquals(jdk.getOrder(), curve.order());
    }

    @ParameterizedTest
    @EnumSource
    void aNumberThatDiffersMakesAnotherCurve(NistCurve curve) throws Exception {
        ECParameterSpec jdk = jdk(curve);
        BigInteger p = ((ECFieldFp) jdk.getCurve().getField()).getP();
        BigInteger a = jdk.getCurve().getA();
        BigInteger b = jdk.getCurve().getB();
        ECPoint g = jdk.getGenerator();
        List<ECParameterSpec> others = List.of(
                spec(p.add(BigInteger.TWO), a, b, g, jdk.getOrder(), 1),
                spec(p, a.subtract(BigInteger.ONE), b, g, jdk.getOrder(), 1),
                spec(p, a, b.subtract(BigInteger.ONE), g, jdk.getOrder(), 1),
                spec(p, a, b, new ECPoint(g.getAffineX(), p.subtract(g.getAffineY())), jdk.getOrder(), 1),
                spec(p, a, b, g, jdk.getOrder().subtract(BigInteger.ONE), 1),
                spec(p, a, b, g, jdk.getOrder(), 2));
        for (ECParameterSpec other : others) {
            assertTrue(NistCurve.of(other).isEmpty());
        }
        assertEquals(Optional.of(curve), NistCurve.of(spec(p, a, b, g, jdk.getOrder(), 1)));
    }

    private static ECParameterSpec spec(
            BigInteger p, BigInteger a, BigInteger b, ECPoint g, BigInteger order, int cofactor) {
        return new ECParameterSpec(new java.security.spec.EllipticCurve(new ECFieldFp(p), a, b), g, order, cofactor);
    }

    /** Points, and what is none: off the curve, outside the field, infinity. */
    private static List<ECPoint> candidates(NistCurve curve) throws Exception {
        ECParameterSpec jdk = jdk(curve);
        BigInteger p = ((ECFieldFp) jdk.getCurve().getField()).getP();
        List<ECPoint> points = new ArrayList<>(List.of(jdk.getGenerator(), ECPoint.POINT_INFINITY));
        for (int i = 0; i < 20; i++) {
            points.add(((ECPublicKey) pair(curve).getPublic()).getW());
        }
        BigInteger[] numbers = {
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.ONE.negate(),
            jdk.getGenerator().getAffineX(),
            jdk.getGenerator().getAffineY(),
            jdk.getGenerator().getAffineX().add(p),
            jdk.getGenerator().getAffineY().add(p),
            jdk.getGenerator().getAffineY().negate(),
            p.subtract(jdk.getGenerator().getAffineY()),
            p.subtract(BigInteger.ONE),
            p
        };
        for (BigInteger x : numbers) {
            for (BigInteger y : numbers) {
                points.add(new ECPoint(x, y));
            }
        }
        return points;
    }

    @ParameterizedTest
    @EnumSource
    void aPointIsOnTheCurveForUsWhenItIsForBcprov(NistCurve curve) throws Exception {
        int on = 0;
        for (ECPoint point : candidates(curve)) {
            boolean expected = LightweightCurve.of(curve).point(point).isPresent();
            assertEquals(expected, curve.contains(point), point::toString);
            on += expected ? 1 : 0;
        }
        assertTrue(on >= 23, on + " points");
    }

    @ParameterizedTest
    @EnumSource
    void aShareIsAnsweredAlikeByBoth(NistCurve curve) throws Exception {
        JcaEphemeral.Curve named = JcaEphemeral.Curve.valueOf(curve.name());
        KeyExchange.Ephemeral theirs = JcaEphemeral.generate(named, sunEc);
        KeyExchange.Ephemeral ours = named.lightweight();
        int length = curve.pointLength();
        List<byte[]> shares = new ArrayList<>(List.of(
                new byte[0],
                new byte[length],
                Arrays.copyOf(theirs.publicShare(), length - 1),
                Arrays.copyOf(theirs.publicShare(), length + 1)));
        for (int first : new int[] {0, 2, 3, 5, 6, 7}) {
            byte[] otherForm = theirs.publicShare().clone();
            otherForm[0] = (byte) first;
            shares.add(otherForm);
        }
        for (ECPoint point : candidates(curve)) {
            if (!point.equals(ECPoint.POINT_INFINITY)
                    && point.getAffineX().signum() >= 0
                    && point.getAffineY().signum() >= 0) {
                encoded(curve, point).ifPresent(shares::add);
            }
        }
        int agreed = 0;
        for (byte[] share : shares) {
            String refusal = refusal(theirs, share);
            assertEquals(refusal(ours, share), refusal);
            agreed += refusal == null ? 1 : 0;
        }
        assertTrue(agreed >= 22, agreed + " shares");
        assertTrue(shares.size() - agreed > 20, "the others are refused");
        assertArrayEquals(theirs.agree(ours.publicShare()), ours.agree(theirs.publicShare()));
    }

    @ParameterizedTest
    @EnumSource
    void bothComeToTheSameSecret(NistCurve curve) throws Exception {
        KeyPair pair = pair(curve);
        KeyExchange.Ephemeral theirs = JcaEphemeral.of(JcaEphemeral.Curve.valueOf(curve.name()), sunEc, pair);
        KeyExchange.Ephemeral ours = EphemeralPoint.of(curve, ((ECPrivateKey) pair.getPrivate()).getS());
        assertArrayEquals(ours.publicShare(), theirs.publicShare());
        for (ECPoint point : candidates(curve)) {
            if (curve.contains(point)) {
                byte[] share = encoded(curve, point).orElseThrow();
                assertArrayEquals(ours.agree(share), theirs.agree(share), point::toString);
            }
        }
    }

    // RFC 7748 5: numbers above 2^255 - 19 and the top bit are taken, whatever they stand for.
    @Test
    void bothComeToTheSameSecretOnX25519() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("X25519", sunEc).generateKeyPair();
        KeyExchange.Ephemeral theirs = JcaEphemeral.of(JcaEphemeral.Curve.X25519, sunEc, pair);
        KeyExchange.Ephemeral ours = EphemeralX25519.of(
                ((XECPrivateKey) pair.getPrivate()).getScalar().orElseThrow());
        assertArrayEquals(ours.publicShare(), theirs.publicShare());
        BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        List<BigInteger> numbers = new ArrayList<>();
        for (int i = -19; i < 19; i++) {
            numbers.add(p.add(BigInteger.valueOf(i)));
        }
        for (int i = 0; i < 40; i++) {
            numbers.add(new BigInteger(255, new SecureRandom()));
            numbers.add(BigInteger.valueOf(i));
        }
        int agreed = 0;
        for (BigInteger number : numbers) {
            for (boolean topBit : new boolean[] {false, true}) {
                byte[] share = new byte[32];
                for (int i = 0; i < 32; i++) {
                    share[i] = number.shiftRight(8 * i).byteValue();
                }
                share[31] |= topBit ? (byte) 0x80 : 0;
                String refusal = refusal(theirs, share);
                assertEquals(refusal(ours, share), refusal, number::toString);
                if (refusal == null) {
                    agreed++;
                    assertArrayEquals(ours.agree(share), theirs.agree(share), number::toString);
                }
            }
        }
        assertTrue(agreed > 200 && agreed < 2 * numbers.size(), agreed + " of " + 2 * numbers.size());
    }

    @Test
    void aFaultOfOursIsNotThePeers() throws Exception {
        JcaEphemeral key = JcaEphemeral.generate(JcaEphemeral.Curve.X25519, sunEc);
        byte[] share = JcaEphemeral.generate(JcaEphemeral.Curve.X25519, sunEc).publicShare();
        key.destroy();
        SspiException fault = assertThrows(SspiException.class, () -> key.agree(share));
        assertEquals(80, fault.alert().orElseThrow(), "internal_error");
    }

    private static Optional<byte[]> encoded(NistCurve curve, ECPoint point) {
        byte[] share = new byte[curve.pointLength()];
        share[0] = 4;
        int at = 1;
        for (BigInteger coordinate : new BigInteger[] {point.getAffineX(), point.getAffineY()}) {
            if (coordinate.bitLength() > 8 * curve.fieldLength()) {
                return Optional.empty();
            }
            byte[] bytes = coordinate.toByteArray();
            int zero = bytes.length > curve.fieldLength() ? 1 : 0;
            int digits = bytes.length - zero;
            System.arraycopy(bytes, zero, share, at + curve.fieldLength() - digits, digits);
            at += curve.fieldLength();
        }
        return Optional.of(share);
    }

    /** The alert and the message, or null if the share is taken. */
    private static String refusal(KeyExchange.Ephemeral key, byte[] share) {
        try {
            key.agree(share);
            return null;
        } catch (SspiException e) {
            return e.alert().orElseThrow() + " " + e.getMessage();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothVerifyWhatTheOtherSigns(NistCurve curve) throws Exception {
        SecureRandom random = new SecureRandom();
        KeyPair pair = pair(curve);
        BigInteger d = ((ECPrivateKey) pair.getPrivate()).getS();
        for (int length : new int[] {20, 32, 48, 64}) {
            byte[] hash = new byte[length];
            random.nextBytes(hash);
            byte[] bySunEc = JcaEcdsa.sign(sunEc, pair.getPrivate(), hash);
            byte[] byBcprov = LightweightSigning.ecdsa(curve, d, hash);
            for (byte[] signature : List.of(bySunEc, byBcprov)) {
                assertBoth(true, curve, pair.getPublic(), signature, hash);
                for (int i = 0; i < signature.length; i += 5) {
                    byte[] changed = signature.clone();
                    changed[i] ^= 1;
                    assertBoth(false, curve, pair.getPublic(), changed, hash);
                }
                assertBoth(false, curve, pair(curve).getPublic(), signature, hash);
                hash[0] ^= 1;
                assertBoth(false, curve, pair.getPublic(), signature, hash);
                hash[0] ^= 1;
            }
        }
    }

    private void assertBoth(boolean expected, NistCurve curve, PublicKey key, byte[] signature, byte[] hash)
            throws GeneralSecurityException {
        assertEquals(expected, VerifyingKeys.ecdsa(curve, key, signature, hash));
        assertEquals(expected, Signing.verifyEcdsa(sunEc, curve, key, signature, hash));
    }

    @ParameterizedTest
    @EnumSource
    void bothRefuseNumbersThatAreNotBelowTheOrder(NistCurve curve) throws Exception {
        KeyPair pair = pair(curve);
        byte[] hash = new byte[32];
        EcdsaSignatureValue value = EcdsaSignatureValue.decode(JcaEcdsa.sign(sunEc, pair.getPrivate(), hash), curve)
                .orElseThrow();
        BigInteger n = curve.order();
        assertBoth(true, curve, pair.getPublic(), value.encode(), hash);
        assertBoth(
                true,
                curve,
                pair.getPublic(),
                new EcdsaSignatureValue(value.r(), n.subtract(value.s())).encode(),
                hash);
        for (EcdsaSignatureValue other : List.of(
                new EcdsaSignatureValue(n, n),
                new EcdsaSignatureValue(n, value.s()),
                new EcdsaSignatureValue(value.r(), n),
                new EcdsaSignatureValue(value.r().add(n), value.s()),
                new EcdsaSignatureValue(value.r(), value.s().add(n)),
                new EcdsaSignatureValue(BigInteger.ZERO, BigInteger.ZERO))) {
            assertBoth(false, curve, pair.getPublic(), other.encode(), hash);
            assertNobodyIsAsked(curve, pair.getPublic(), other.encode());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsNoPointVerifiesNothingWhoeverComputes(NistCurve curve) throws Exception {
        KeyPair pair = pair(curve);
        byte[] hash = new byte[32];
        byte[] signature = JcaEcdsa.sign(sunEc, pair.getPrivate(), hash);
        ECPoint w = ((ECPublicKey) pair.getPublic()).getW();
        assertTrue(Signing.verifyEcdsa(new Credulous(), curve, key(curve, w), signature, new byte[1]));
        assertTrue(Signing.verifyPreferred(
                new Credulous(), SignatureAlgorithm.ECDSA_SECP256R1_SHA256, curve, key(curve, w), signature, hash));
        for (ECPoint none : List.of(
                ECPoint.POINT_INFINITY,
                new ECPoint(w.getAffineX(), w.getAffineY().add(BigInteger.ONE)),
                new ECPoint(w.getAffineY(), w.getAffineX()))) {
            assertFalse(VerifyingKeys.ecdsa(curve, key(curve, none), signature, hash));
            assertNobodyIsAsked(curve, key(curve, none), signature);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatSunEcRefusesLoadsNoBcprov(NistCurve curve) throws Exception {
        KeyPair pair = pair(curve);
        byte[] hash = new byte[32];
        byte[] signature = JcaEcdsa.sign(sunEc, pair.getPrivate(), hash);
        assertTrue(VerifyingKeys.ecdsa(curve, pair.getPublic(), signature, hash), "bcprov would take it");
        assertFalse(Signing.verifyEcdsa(new Credulous(false), curve, pair.getPublic(), signature, hash));
    }

    /** Neither SunEC nor a preferred provider: one that says yes to everything would. */
    private static void assertNobodyIsAsked(NistCurve curve, PublicKey key, byte[] signature) throws SspiException {
        assertFalse(Signing.verifyEcdsa(new Credulous(), curve, key, signature, new byte[32]));
        assertFalse(Signing.verifyPreferred(
                new Credulous(), SignatureAlgorithm.ECDSA_SECP256R1_SHA256, curve, key, signature, new byte[32]));
    }

    /** A key as a provider may hand it out that does not look at it. */
    private static ECPublicKey key(NistCurve curve, ECPoint w) throws Exception {
        ECParameterSpec parameters = jdk(curve);
        return new ECPublicKey() {
            private static final long serialVersionUID = 1L;

            @Override
            public ECPoint getW() {
                return w;
            }

            @Override
            public String getAlgorithm() {
                return "EC";
            }

            @Override
            public String getFormat() {
                return null;
            }

            @Override
            public byte[] getEncoded() {
                return null;
            }

            @Override
            public ECParameterSpec getParams() {
                return parameters;
            }
        };
    }

    /** A provider that verifies everything, as the JDK's did with some numbers before 17.0.3 (CVE-2022-21449). */
    private static final class Credulous extends java.security.Provider {
        private static final long serialVersionUID = 1L;

        Credulous() {
            this(true);
        }

        /** @param answer what it says of every signature */
        Credulous(boolean answer) {
            super("Credulous", "1", "verifies whatever it is shown");
            for (String name : List.of("NONEwithECDSA", "SHA256withECDSA")) {
                putService(new Service(this, "Signature", name, "", null, null) {
                    @Override
                    public Object newInstance(Object parameter) {
                        return new Always(answer);
                    }
                });
            }
        }

        private static final class Always extends java.security.SignatureSpi {
            private final boolean answer;

            Always(boolean answer) {
                this.answer = answer;
            }

            @Override
            protected void engineInitVerify(PublicKey key) {}

            @Override
            protected void engineInitSign(java.security.PrivateKey key) {}

            @Override
            protected void engineUpdate(byte b) {}

            @Override
            protected void engineUpdate(byte[] b, int off, int len) {}

            @Override
            protected byte[] engineSign() {
                return new byte[0];
            }

            @Override
            protected boolean engineVerify(byte[] signature) {
                return answer;
            }

            @Override
            @Deprecated
            protected void engineSetParameter(String name, Object value) {}

            @Override
            @Deprecated
            protected Object engineGetParameter(String name) {
                return null;
            }
        }
    }
}
