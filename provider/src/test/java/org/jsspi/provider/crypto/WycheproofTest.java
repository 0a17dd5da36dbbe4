package org.jsspi.provider.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jsspi.SspiException;
import org.jsspi.provider.JsspiProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Edge cases of Project Wycheproof (C2SP/wycheproof, Apache License 2.0) for what our own code decides: which shares are keys of
 * their group, which bytes are a signature, how long a tag is. The files name the vectors that they were taken from.
 */
class WycheproofTest {
    /** One line: the number in the file it comes from, the verdict, its flags, and hexadecimal fields. */
    private record Vector(String id, boolean accepted, String flags, List<byte[]> fields) {
        static Vector of(String line) {
            String[] words = line.split(" ");
            return new Vector(
                    words[0],
                    words[1].equals("accepted"),
                    words[2],
                    Arrays.stream(words).skip(3).map(WycheproofTest::bytes).toList());
        }

        @Override
        public String toString() {
            return "tcId " + id + " " + flags;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ecdh-secp256r1, SECP256R1",
        "ecdh-secp384r1, SECP384R1",
        "ecdh-secp521r1, SECP521R1",
        "x25519, X25519",
        "x448, X448"
    })
    void aShareIsAKeyOfItsGroupOrRefused(String file, KeyExchangeGroup group) throws Exception {
        for (Vector vector : vectors(file)) {
            byte[] share = vector.fields().get(0);
            assertEquals(vector.accepted(), responds(group, share), vector + " to a server");
            assertEquals(vector.accepted(), agrees(group, share), vector + " to a client");
        }
    }

    // The first operations of a JVM are SunEC's, the others bcprov's; and nobody may see from a refusal whose it is.
    @ParameterizedTest
    @CsvSource({"ecdh-secp256r1, P256", "ecdh-secp384r1, P384", "ecdh-secp521r1, P521", "x25519, X25519"})
    void sunEcAndBcprovAnswerAShareAlike(String file, JcaEphemeral.Curve curve) throws Exception {
        KeyExchange.Ephemeral sunEc = JcaEphemeral.generate(curve, Security.getProvider("SunEC"));
        KeyExchange.Ephemeral bcprov = curve.lightweight();
        for (Vector vector : vectors(file)) {
            byte[] share = vector.fields().get(0);
            String answer = answer(sunEc, share);
            assertEquals(answer(bcprov, share), answer, vector.toString());
            assertEquals(vector.accepted(), answer.equals("agreed"), vector.toString());
        }
    }

    private static String answer(KeyExchange.Ephemeral key, byte[] share) {
        try {
            key.agree(share);
            return "agreed";
        } catch (SspiException refused) {
            return refused.alert().orElseThrow() + " " + refused.getMessage();
        }
    }

    @Test
    void anEncapsulationKeyOutsideTheFieldIsRefused() throws Exception {
        KeyExchangeGroup group = KeyExchangeGroup.X25519MLKEM768;
        byte[] honest = KeyExchange.generate(group).publicShare();
        for (Vector vector : vectors("mlkem-768")) {
            byte[] key = vector.fields().get(0);
            byte[] share = Arrays.copyOf(key, key.length + 32);
            System.arraycopy(honest, honest.length - 32, share, key.length, 32);
            assertEquals(vector.accepted(), responds(group, share), vector.toString());
        }
    }

    @Test
    void aSignatureHasOneEncodingAndItsNumbersAreInRange() throws Exception {
        PublicKey key = null;
        int verified = 0;
        for (String line : lines("ecdsa-secp256r1-sha256")) {
            if (line.startsWith("key ")) {
                key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes(line.substring(4))));
                continue;
            }
            Vector vector = Vector.of(line);
            byte[] message = vector.fields().get(0);
            byte[] signature = vector.fields().get(1);
            assertEquals(vector.accepted(), verifiesAsService(key, message, signature), vector.toString());
            byte[] hash = HashAlgorithm.SHA256.hash(message);
            for (Provider first : new Provider[] {null, Security.getProvider("SunEC")}) {
                assertEquals(
                        vector.accepted(),
                        Signing.verifyEcdsa(first, NistCurve.P256, key, signature, hash),
                        vector + " by bcprov, before it by " + first);
            }
            verified++;
        }
        assertTrue(verified > 60, verified + " signatures");
    }

    @Test
    void aTagThatIsCutShortIsNoTag() throws Exception {
        for (Vector vector : vectors("hmac-sha256")) {
            Hmac hmac = new Hmac(
                    HashAlgorithm.SHA256, Secret.owning(vector.fields().get(0).clone()));
            hmac.update(vector.fields().get(1));
            assertEquals(vector.accepted(), hmac.verifies(vector.fields().get(2)), vector.toString());
        }
    }

    private static boolean responds(KeyExchangeGroup group, byte[] share) {
        try {
            KeyExchange.respond(group, share).sharedSecret().destroy();
            return true;
        } catch (SspiException refused) {
            assertEquals(47, refused.alert().orElseThrow(), "illegal_parameter (RFC 8446 4.2.8)");
            return false;
        }
    }

    private static boolean agrees(KeyExchangeGroup group, byte[] share) {
        try (KeyExchange own = KeyExchange.generate(group)) {
            own.agree(share).destroy();
            return true;
        } catch (SspiException refused) {
            assertEquals(47, refused.alert().orElseThrow(), "illegal_parameter (RFC 8446 4.2.8)");
            return false;
        }
    }

    private static boolean verifiesAsService(PublicKey key, byte[] message, byte[] signature)
            throws java.security.NoSuchAlgorithmException, InvalidKeyException {
        Signature verifier = Signature.getInstance("SHA256withECDSA", new JsspiProvider());
        verifier.initVerify(key);
        try {
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException refused) {
            return false;
        }
    }

    private static List<Vector> vectors(String file) throws IOException {
        List<Vector> vectors = new ArrayList<>();
        lines(file).forEach(line -> vectors.add(Vector.of(line)));
        assertFalse(vectors.stream().allMatch(Vector::accepted), file + " refuses nothing");
        assertFalse(vectors.stream().noneMatch(Vector::accepted), file + " accepts nothing");
        return vectors;
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = WycheproofTest.class.getResourceAsStream("wycheproof/" + file + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
    }
}
