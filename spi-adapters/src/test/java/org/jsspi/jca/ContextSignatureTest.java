package org.jsspi.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import javax.crypto.spec.IvParameterSpec;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.SecurityStatus;
import org.jsspi.spec.SequenceParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ContextSignatureTest {
    private static final Provider TOYS = ToyDatagramPackage.provider();
    private static final byte[] MESSAGE = "a datagram".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatTheClientSignsTheServerVerifiesWithTheNumberOfTheToken() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = sign(pair, 77);
        assertArrayEquals(ToyPair.datagram().makeSignature(MESSAGE, 77), token);
        Signature signature = signature();
        signature.initVerify(pair.verifying());
        signature.setParameter(new SequenceParameterSpec(pair.verifying().peekSequence(ByteBuffer.wrap(token))));
        for (int i = 0; i < 3; i++) {
            signature.update(MESSAGE);
            assertTrue(signature.verify(token), "reset to where it was initialised");
        }
        SequenceParameterSpec number = signature.getParameters().getParameterSpec(SequenceParameterSpec.class);
        assertEquals(77, number.messageSeqNo());
    }

    @Test
    void updatesOfEveryKindOfBufferVerify() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = sign(pair, 1);
        Signature signature = signature();
        signature.setParameter(new SequenceParameterSpec(1));
        signature.initVerify(pair.verifying());
        for (ByteBuffer buffer : ContextMacTest.buffers(MESSAGE)) {
            signature.update(buffer);
            assertFalse(buffer.hasRemaining());
            assertTrue(signature.verify(token));
        }
        for (byte b : MESSAGE) {
            signature.update(b);
        }
        byte[] wider = new byte[token.length + 5];
        System.arraycopy(token, 0, wider, 2, token.length);
        assertTrue(signature.verify(wider, 2, token.length));
    }

    @Test
    void everyAlteredBitOfTokenOrMessageIsNoticed() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = sign(pair, 1);
        Signature signature = signature();
        signature.initVerify(pair.verifying());
        signature.setParameter(new SequenceParameterSpec(1));
        for (int bit = Integer.SIZE; bit < token.length * Byte.SIZE; bit++) {
            signature.update(MESSAGE);
            assertFalse(signature.verify(flip(token, bit)), "bit " + bit);
        }
        for (int bit = 0; bit < MESSAGE.length * Byte.SIZE; bit++) {
            signature.update(flip(MESSAGE, bit));
            assertFalse(signature.verify(token), "bit " + bit);
        }
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            byte[] other = flip(token, bit);
            signature.update(MESSAGE);
            assertSame(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    ContextMacTest.status(assertThrows(SignatureException.class, () -> signature.verify(other))));
        }
        for (int length = 0; length < token.length; length++) {
            byte[] cut = Arrays.copyOf(token, length);
            signature.update(MESSAGE);
            assertSame(
                    SecurityStatus.SEC_E_INVALID_TOKEN,
                    ContextMacTest.status(assertThrows(SignatureException.class, () -> signature.verify(cut))));
        }
        signature.update(MESSAGE);
        assertTrue(signature.verify(token), "failures leave nothing behind");
    }

    @Test
    void directionsHaveTheirOwnKeys() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = sign(pair, 1);
        Signature signature = signature();
        signature.initVerify(pair.client.queryContextAttributes(ContextAttribute.VERIFYING_KEY));
        signature.setParameter(new SequenceParameterSpec(1));
        signature.update(MESSAGE);
        assertFalse(signature.verify(token), "reflected to its sender");
    }

    @Test
    void usedNumberSignsNothingMoreUntilAnotherIsSet() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Signature signature = signature();
        signature.initSign(pair.signing());
        signature.setParameter(new SequenceParameterSpec(1));
        signature.update(MESSAGE);
        signature.sign();
        assertOutOfSequence(() -> signature.update(MESSAGE));
        assertOutOfSequence(signature::sign);
        signature.update(ByteBuffer.wrap(MESSAGE));
        assertOutOfSequence(signature::sign);
        signature.setParameter(new SequenceParameterSpec(2));
        signature.update(MESSAGE);
        byte[] out = new byte[40];
        assertEquals(ToyDatagramContext.TOKEN, signature.sign(out, 7, 20));
        pair.verifySignature(MESSAGE, Arrays.copyOfRange(out, 7, 7 + ToyDatagramContext.TOKEN));
    }

    @Test
    void numberThatAnotherUsedMeanwhileIsRefusedBySign() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Signature signature = signature();
        signature.initSign(pair.signing());
        signature.setParameter(new SequenceParameterSpec(1));
        signature.update(MESSAGE);
        pair.makeSignature(MESSAGE, 1);
        assertOutOfSequence(signature::sign);
        signature.setParameter(SequenceParameterSpec.repeating(1));
        signature.update(MESSAGE);
        signature.sign();
    }

    @Test
    void tooLittleRoomForTheTokenUsesNoNumberUp() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Signature signature = signature();
        signature.initSign(pair.signing());
        signature.setParameter(new SequenceParameterSpec(1));
        signature.update(MESSAGE);
        assertThrows(SignatureException.class, () -> signature.sign(new byte[15], 0, 15));
        pair.verifySignature(MESSAGE, signature.sign());
    }

    @Test
    void missingNumberIsASignatureException() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Signature signature = signature();
        signature.initSign(pair.signing());
        assertNull(signature.getParameters());
        assertThrows(SignatureException.class, () -> signature.update((byte) 1));
        assertThrows(SignatureException.class, signature::sign);
        signature.update(ByteBuffer.wrap(MESSAGE));
        assertThrows(InvalidAlgorithmParameterException.class, () -> signature.setParameter(number(1)));
        assertThrows(SignatureException.class, signature::sign);
        signature.initVerify(pair.verifying());
        assertThrows(SignatureException.class, () -> signature.verify(new byte[16]));
    }

    @Test
    void numberCannotChangeOnceBytesWereGiven() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Signature signature = signature();
        signature.initSign(pair.signing());
        signature.setParameter(number(1));
        signature.update(MESSAGE);
        assertThrows(InvalidAlgorithmParameterException.class, () -> signature.setParameter(number(2)));
        assertEquals(1, pair.verifying().peekSequence(ByteBuffer.wrap(signature.sign())));
    }

    @Test
    void parametersThatAreNoSequenceNumberAreRefused() throws Exception {
        Signature signature = signature();
        assertThrows(InvalidAlgorithmParameterException.class, () -> signature.setParameter(null));
        assertThrows(
                InvalidAlgorithmParameterException.class,
                () -> signature.setParameter(new IvParameterSpec(new byte[4])));
        assertThrows(InvalidParameterException.class, () -> byName(signature));
    }

    @SuppressWarnings("deprecation")
    private static void byName(Signature signature) {
        signature.setParameter("MessageSeqNo", 1);
    }

    @Test
    void keysThatAreNoneOfADatagramContextOfThePackageAreRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        KeyPair foreign = generator.generateKeyPair();
        ToyPair closed = ToyPair.datagram();
        ContextKey.Signing wipedSigning = closed.signing();
        ContextKey.Verifying wipedVerifying = closed.verifying();
        closed.client.close();
        closed.server.close();
        Signature signature = signature();
        refused("Ed25519", "of package TOY", () -> signature.initSign(foreign.getPrivate()));
        refused("Ed25519", "of package TOY", () -> signature.initVerify(foreign.getPublic()));
        refused("null", "not null", () -> signature.initSign(null));
        refused(
                "connection",
                "connection-oriented",
                () -> signature.initSign(ToyPair.connection().signing()));
        refused(
                "connection",
                "connection-oriented",
                () -> signature.initVerify(ToyPair.connection().verifying()));
        refused("closed", "closed", () -> signature.initSign(wipedSigning));
        refused("closed", "closed", () -> signature.initVerify(wipedVerifying));
    }

    private static void refused(String key, String reason, Executable init) {
        InvalidKeyException e = assertThrows(InvalidKeyException.class, init, key);
        assertTrue(e.getMessage().contains(reason), e::getMessage);
    }

    @Test
    void contextThatIsClosedMeanwhileSignsAndVerifiesNothing() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = sign(pair, 1);
        Signature signing = signature();
        signing.initSign(pair.signing());
        signing.setParameter(number(2));
        signing.update(MESSAGE);
        Signature verifying = signature();
        verifying.initVerify(pair.verifying());
        verifying.setParameter(number(1));
        verifying.update(MESSAGE);
        ContextKey.Signing key = pair.signing();
        Signature used = signature();
        used.initSign(key);
        pair.client.close();
        pair.server.close();
        refused("closed", "closed", () -> used.initSign(key));
        for (Exception e : new Exception[] {
            assertThrows(SignatureException.class, signing::sign),
            assertThrows(SignatureException.class, () -> verifying.verify(token)),
            assertThrows(SignatureException.class, () -> verifying.update(MESSAGE))
        }) {
            assertSame(SecurityStatus.SEC_E_INVALID_HANDLE, ContextMacTest.status(e));
        }
    }

    @Test
    void replayIsASignatureExceptionWhereTheContextDetectsThem() throws Exception {
        ToyPair pair = ToyPair.detectingReplays();
        byte[] token = sign(pair, 1);
        Signature signature = signature();
        signature.initVerify(pair.verifying());
        signature.setParameter(number(1));
        signature.update(MESSAGE);
        assertTrue(signature.verify(token));
        signature.update(MESSAGE);
        assertOutOfSequence(() -> signature.verify(token));
        assertThrows(Exception.class, () -> pair.verifySignature(MESSAGE, token));
    }

    @Test
    void installedProviderIsFoundByTheNameOfThePackage() throws Exception {
        Security.addProvider(TOYS);
        try {
            ToyPair pair = ToyPair.datagram();
            Signature signature = Signature.getInstance("toy");
            signature.setParameter(number(1));
            signature.initSign(pair.signing());
            signature.update(MESSAGE);
            byte[] token = signature.sign();
            signature.initVerify(pair.verifying());
            signature.update(MESSAGE);
            assertTrue(signature.verify(token));
            assertEquals(TOYS.getName(), signature.getProvider().getName());
            assertThrows(
                    InvalidKeyException.class,
                    () -> Signature.getInstance("TOY")
                            .initSign(ToyPair.connection().signing()));
        } finally {
            Security.removeProvider(TOYS.getName());
        }
    }

    private static byte[] sign(ToyPair pair, int number) throws GeneralSecurityException {
        Signature signature = signature();
        signature.initSign(pair.signing());
        signature.setParameter(number(number));
        signature.update(MESSAGE);
        return signature.sign();
    }

    private static SequenceParameterSpec number(int number) {
        return new SequenceParameterSpec(number);
    }

    private static Signature signature() throws GeneralSecurityException {
        return Signature.getInstance(ToyDatagramPackage.NAME, TOYS);
    }

    private static byte[] flip(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return flipped;
    }

    private static void assertOutOfSequence(Executable call) {
        assertSame(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                ContextMacTest.status(assertThrows(SignatureException.class, call)));
    }
}
