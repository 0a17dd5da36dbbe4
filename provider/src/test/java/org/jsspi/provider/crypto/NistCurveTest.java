package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
        assertEquals(expected, JcaEcdsa.verify(sunEc, curve, key, signature, hash));
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
            assertFalse(JcaEcdsa.verify(new Credulous(), curve, pair.getPublic(), other.encode(), hash));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsNoPointVerifiesNothingWhoeverComputes(NistCurve curve) throws Exception {
        KeyPair pair = pair(curve);
        byte[] hash = new byte[32];
        byte[] signature = JcaEcdsa.sign(sunEc, pair.getPrivate(), hash);
        ECPoint w = ((ECPublicKey) pair.getPublic()).getW();
        assertTrue(JcaEcdsa.verify(new Credulous(), curve, key(curve, w), signature, hash));
        for (ECPoint none : List.of(
                ECPoint.POINT_INFINITY,
                new ECPoint(w.getAffineX(), w.getAffineY().add(BigInteger.ONE)),
                new ECPoint(w.getAffineY(), w.getAffineX()))) {
            assertFalse(VerifyingKeys.ecdsa(curve, key(curve, none), signature, hash));
            assertFalse(JcaEcdsa.verify(new Credulous(), curve, key(curve, none), signature, hash));
        }
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
            super("Credulous", "1", "verifies whatever it is shown");
            putService(new Service(this, "Signature", "NONEwithECDSA", "", null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Yes();
                }
            });
        }

        private static final class Yes extends java.security.SignatureSpi {
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
                return true;
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
