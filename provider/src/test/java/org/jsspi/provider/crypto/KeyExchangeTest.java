package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalInt;
import javax.crypto.KeyAgreement;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExchangeTest {
    private static final OptionalInt ILLEGAL_PARAMETER = OptionalInt.of(47);

    @ParameterizedTest
    @EnumSource
    void bothSidesAgreeAndEveryLengthIsTheGroups(KeyExchangeGroup group) throws Exception {
        try (KeyExchange client = KeyExchange.generate(group)) {
            KeyExchange.Response response = KeyExchange.respond(group, client.publicShare());
            Secret secret = client.agree(response.serverShare());
            assertTrue(secret.matches(response.sharedSecret()));
            assertFalse(secret.matches(new byte[group.secretLength()]));
            assertEquals(group.clientShareLength(), client.publicShare().length);
            assertEquals(group.serverShareLength(), response.serverShare().length);
            assertEquals(group.secretLength(), secret.length());
        }
    }

    /** The one is asked by name, so that nothing of ML-KEM is loaded for it. */
    @ParameterizedTest
    @EnumSource
    void whatIsCalledMlKemIsMadeOfIt(KeyExchangeGroup group) {
        assertEquals(group.kem().isPresent(), group.hasKem());
    }

    @ParameterizedTest
    @EnumSource
    void keysAreFreshEveryTime(KeyExchangeGroup group) {
        byte[] one = KeyExchange.generate(group).publicShare();
        assertFalse(Arrays.equals(one, KeyExchange.generate(group).publicShare()));
    }

    @ParameterizedTest
    @EnumSource
    void sharesOfAnotherLengthAreIllegalParameters(KeyExchangeGroup group) {
        KeyExchange client = KeyExchange.generate(group);
        for (int change : new int[] {-1, 1, -group.clientShareLength()}) {
            byte[] share = Arrays.copyOf(client.publicShare(), group.clientShareLength() + change);
            assertIllegal(() -> KeyExchange.respond(group, share));
        }
        for (int change : new int[] {-1, 1, -group.serverShareLength()}) {
            assertIllegal(() -> client.agree(new byte[group.serverShareLength() + change]));
        }
    }

    @Test
    void aDestroyedKeyAgreesNoMore() throws Exception {
        for (KeyExchangeGroup group : KeyExchangeGroup.values()) {
            KeyExchange client = KeyExchange.generate(group);
            byte[] share = KeyExchange.respond(group, client.publicShare()).serverShare();
            client.destroy();
            client.destroy();
            assertThrows(IllegalStateException.class, () -> client.agree(share));
        }
    }

    // RFC 7748 6.1
    @Test
    void x25519VectorOfRfc7748ComesOut() throws Exception {
        EphemeralX25519 alice =
                EphemeralX25519.of(bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        EphemeralX25519 bob =
                EphemeralX25519.of(bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        assertEquals("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", hex(alice.publicShare()));
        assertEquals("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", hex(bob.publicShare()));
        String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        assertEquals(shared, hex(alice.agree(bob.publicShare())));
        assertEquals(shared, hex(bob.agree(alice.publicShare())));
    }

    // RFC 7748 6.2
    @Test
    void x448VectorOfRfc7748ComesOut() throws Exception {
        EphemeralX448 alice = EphemeralX448.of(bytes("9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d"
                + "d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b"));
        byte[] bob = bytes("3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430"
                + "27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609");
        assertEquals(
                "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b"
                        + "b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
                hex(alice.agree(bob)));
    }

    // RFC 7748 6.1, RFC 8446 7.4.2: points of order 1, 2, 4 and 8 and their other representatives
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
            })
    void pointsOfSmallOrderOnX25519AreIllegalParameters(String point) {
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.X25519, bytes(point)));
        assertIllegal(() -> KeyExchange.generate(KeyExchangeGroup.X25519).agree(bytes(point)));
    }

    @Test
    void pointsOfSmallOrderOnX448AreIllegalParameters() {
        byte[] one = new byte[56];
        one[0] = 1;
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.X448, one));
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.X448, new byte[56]));
    }

    // RFC 5903 8.1
    @Test
    void p256VectorOfRfc5903ComesOut() throws Exception {
        BigInteger i = new BigInteger("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433", 16);
        byte[] peer = bytes("04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
                + "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab");
        EphemeralPoint key = EphemeralPoint.of(NistCurve.P256, i);
        assertEquals(
                "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
                        + "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
                hex(key.publicShare()));
        assertEquals("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de", hex(key.agree(peer)));
    }

    @ParameterizedTest
    @EnumSource(names = {"SECP256R1", "SECP384R1", "SECP521R1"})
    void nistSecretsEqualTheJdks(KeyExchangeGroup group) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(group.standardName()));
        KeyPair jdk = generator.generateKeyPair();
        ECPoint point = ((ECPublicKey) jdk.getPublic()).getW();
        int length = group.secretLength();
        byte[] share = new byte[1 + 2 * length];
        share[0] = 4;
        put(point.getAffineX(), share, 1, length);
        put(point.getAffineY(), share, 1 + length, length);

        KeyExchange.Response response = KeyExchange.respond(group, share);

        byte[] answer = response.serverShare();
        ECPoint ours = new ECPoint(new BigInteger(1, answer, 1, length), new BigInteger(1, answer, 1 + length, length));
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(jdk.getPrivate());
        agreement.doPhase(
                KeyFactory.getInstance("EC")
                        .generatePublic(new ECPublicKeySpec(ours, ((ECPublicKey) jdk.getPublic()).getParams())),
                true);
        assertTrue(response.sharedSecret().matches(agreement.generateSecret()));
    }

    @ParameterizedTest
    @EnumSource(names = {"X25519", "X448"})
    void montgomerySecretsEqualTheJdks(KeyExchangeGroup group) throws Exception {
        KeyPair jdk = KeyPairGenerator.getInstance(group.name()).generateKeyPair();
        byte[] share = new byte[group.clientShareLength()];
        put(((XECPublicKey) jdk.getPublic()).getU(), share, 0, share.length);

        KeyExchange.Response response = KeyExchange.respond(group, reversed(share));

        BigInteger u = new BigInteger(1, reversed(response.serverShare()));
        KeyAgreement agreement = KeyAgreement.getInstance(group.name());
        agreement.init(jdk.getPrivate());
        agreement.doPhase(
                KeyFactory.getInstance(group.name())
                        .generatePublic(new XECPublicKeySpec(new NamedParameterSpec(group.name()), u)),
                true);
        assertTrue(response.sharedSecret().matches(agreement.generateSecret()));
    }

    // RFC 8446 4.2.8.2; the kinds of Wycheproof's ecdh_secp256r1_ecpoint_test
    @ParameterizedTest
    @EnumSource(names = {"SECP256R1", "SECP384R1", "SECP521R1"})
    void whatIsNotAnUncompressedPointOfTheCurveIsAnIllegalParameter(KeyExchangeGroup group) {
        byte[] good = KeyExchange.generate(group).publicShare();
        int length = group.secretLength();
        byte[] wrongForm = good.clone();
        for (int form : new int[] {0, 2, 3, 5, 6, 7}) {
            wrongForm[0] = (byte) form;
            assertIllegal(() -> KeyExchange.respond(group, wrongForm));
        }
        byte[] compressed = Arrays.copyOf(good, 1 + length);
        compressed[0] = (byte) (2 + (good[2 * length] & 1));
        assertIllegal(() -> KeyExchange.respond(group, compressed));
        assertIllegal(() -> KeyExchange.respond(group, new byte[1]));
        byte[] offCurve = good.clone();
        offCurve[2 * length] ^= 1;
        assertIllegal(() -> KeyExchange.respond(group, offCurve));
        byte[] origin = new byte[good.length];
        origin[0] = 4;
        assertIllegal(() -> KeyExchange.respond(group, origin));
        byte[] overField = good.clone();
        Arrays.fill(overField, 1, 1 + length, (byte) 0xff);
        assertIllegal(() -> KeyExchange.respond(group, overField));
        assertIllegal(() -> KeyExchange.generate(group).agree(offCurve));
    }

    @Test
    void coordinatesAreReducedOrRefused() {
        // y and y + p are one field element; only the first is an encoding (SEC 1 2.3.5). P-521 leaves room for it.
        KeyExchangeGroup group = KeyExchangeGroup.SECP521R1;
        byte[] share = KeyExchange.generate(group).publicShare();
        BigInteger p = BigInteger.TWO.pow(521).subtract(BigInteger.ONE);
        BigInteger y = new BigInteger(1, share, 67, 66);
        put(y.add(p), share, 67, 66);
        assertIllegal(() -> KeyExchange.respond(group, share));
    }

    // draft-ietf-tls-ecdhe-mlkem 4
    @ParameterizedTest
    @CsvSource({
        "X25519MLKEM768, ML_KEM_768, X25519, 1184, 1088",
        "SECP256R1MLKEM768, ML_KEM_768, SECP256R1, 65, 65",
        "SECP384R1MLKEM1024, ML_KEM_1024, SECP384R1, 97, 97"
    })
    void hybridsJoinTheirPartsInTheOrderOfTheDraft(
            KeyExchangeGroup group, MlKem size, KeyExchangeGroup curvePart, int firstInClient, int firstInServer)
            throws Exception {
        boolean kemFirst = group == KeyExchangeGroup.X25519MLKEM768;
        KeyExchange client = KeyExchange.generate(group);
        byte[] share = client.publicShare();
        byte[] kemShare =
                kemFirst ? Arrays.copyOf(share, firstInClient) : Arrays.copyOfRange(share, firstInClient, share.length);
        byte[] curveShare =
                kemFirst ? Arrays.copyOfRange(share, firstInClient, share.length) : Arrays.copyOf(share, firstInClient);

        // A server made of the parts alone.
        MlKem.Encapsulation encapsulation = new MlKem.Lightweight(size).encapsulate(kemShare);
        KeyExchange.Response curve = KeyExchange.respond(curvePart, curveShare);
        byte[] answer = kemFirst
                ? join(encapsulation.ciphertext(), curve.serverShare())
                : join(curve.serverShare(), encapsulation.ciphertext());
        byte[] secret = kemFirst
                ? join(encapsulation.sharedSecret(), curve.sharedSecret().bytes())
                : join(curve.sharedSecret().bytes(), encapsulation.sharedSecret());

        assertEquals(firstInServer, kemFirst ? encapsulation.ciphertext().length : curve.serverShare().length);
        assertArrayEquals(secret, client.agree(answer).bytes());
    }

    @Test
    void aChangedCiphertextGivesAnotherSecretAndNoError() throws Exception {
        // FIPS 203 7.3: implicit rejection
        KeyExchange client = KeyExchange.generate(KeyExchangeGroup.X25519MLKEM768);
        KeyExchange.Response response = KeyExchange.respond(KeyExchangeGroup.X25519MLKEM768, client.publicShare());
        byte[] answer = response.serverShare();
        answer[5] ^= 1;
        assertFalse(client.agree(answer).matches(response.sharedSecret()));
    }

    @Test
    void encapsulationKeysOutsideTheModulusAreIllegalParameters() {
        // FIPS 203 7.2: each 12-bit coefficient is below q = 3329
        byte[] share = KeyExchange.generate(KeyExchangeGroup.X25519MLKEM768).publicShare();
        share[0] = (byte) 0xff;
        share[1] |= 0x0f;
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.X25519MLKEM768, share));
        assertIllegal(() -> new MlKem.Lightweight(MlKem.ML_KEM_768).encapsulate(Arrays.copyOf(share, 1184)));
    }

    @Test
    void badCurvePartsOfHybridsAreIllegalParameters() {
        byte[] share = KeyExchange.generate(KeyExchangeGroup.X25519MLKEM768).publicShare();
        Arrays.fill(share, 1184, share.length, (byte) 0);
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.X25519MLKEM768, share));
        byte[] point = KeyExchange.generate(KeyExchangeGroup.SECP256R1MLKEM768).publicShare();
        point[64] ^= 1;
        assertIllegal(() -> KeyExchange.respond(KeyExchangeGroup.SECP256R1MLKEM768, point));
    }

    @ParameterizedTest
    @EnumSource(MlKem.class)
    void bothMlKemsUnderstandEachOther(MlKem size) throws Exception {
        JdkMlKem jdk = JdkMlKem.resolve(size);
        Assumptions.assumeTrue(jdk != null, "this JDK has no ML-KEM (it came with 24)");
        MlKem.Engine lightweight = new MlKem.Lightweight(size);
        for (MlKem.Engine one : new MlKem.Engine[] {jdk, lightweight}) {
            for (MlKem.Engine other : new MlKem.Engine[] {jdk, lightweight}) {
                KeyExchange.Ephemeral key = one.generate();
                MlKem.Encapsulation made = other.encapsulate(key.publicShare());
                assertArrayEquals(made.sharedSecret(), key.agree(made.ciphertext()));
            }
        }
        byte[] bad = jdk.generate().publicShare();
        bad[0] = (byte) 0xff;
        bad[1] |= 0x0f;
        assertIllegal(() -> jdk.encapsulate(bad));
        assertIllegal(() -> jdk.encapsulate(new byte[3]));
        assertIllegal(() -> jdk.generate().agree(new byte[3]));
    }

    // IANA TLS Supported Groups
    @ParameterizedTest
    @CsvSource({
        "0x0017, secp256r1",
        "0x0018, secp384r1",
        "0x0019, secp521r1",
        "0x001d, x25519",
        "0x001e, x448",
        "0x0201, MLKEM768",
        "0x0202, MLKEM1024",
        "0x11eb, SecP256r1MLKEM768",
        "0x11ec, X25519MLKEM768",
        "0x11ed, SecP384r1MLKEM1024"
    })
    void groupsAreFoundByCodeAndName(String code, String name) {
        KeyExchangeGroup group = KeyExchangeGroup.of(Integer.decode(code)).orElseThrow();
        assertEquals(name, group.standardName());
        assertEquals(group, KeyExchangeGroup.named(name).orElseThrow());
        assertTrue(KeyExchangeGroup.of(0x0a0a).isEmpty());
    }

    private interface Action {
        Object run() throws Exception;
    }

    private static void assertIllegal(Action action) {
        SspiException e = assertThrows(SspiException.class, action::run);
        assertEquals(ILLEGAL_PARAMETER, e.alert());
        assertEquals(SecurityStatus.SEC_E_ILLEGAL_MESSAGE, e.status());
        assertEquals(SspiException.Kind.HANDSHAKE, e.kind());
    }

    private static void put(BigInteger value, byte[] target, int offset, int length) {
        byte[] bytes = value.toByteArray();
        Arrays.fill(target, offset, offset + length, (byte) 0);
        int skip = Math.max(0, bytes.length - length);
        int n = bytes.length - skip;
        System.arraycopy(bytes, skip, target, offset + length - n, n);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = bytes[bytes.length - 1 - i];
        }
        return result;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
