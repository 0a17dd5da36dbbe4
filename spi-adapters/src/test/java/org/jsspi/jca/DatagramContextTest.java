package org.jsspi.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.AscReq;
import org.jsspi.ContextAttribute;
import org.jsspi.ContextKey;
import org.jsspi.IscReq;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecurityContext;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DatagramContextTest {
    private static final byte[] MESSAGE = "a datagram".getBytes(StandardCharsets.UTF_8);

    @Test
    void contextSignsBeforeAnyTokenAndTheMessageVerifiesOnceTheServerKnowsTheClient() throws Exception {
        ToyPair pair = ToyPair.begun(IscReq.DATAGRAM, AscReq.DATAGRAM);
        byte[] early = pair.makeSignature(MESSAGE, 7);
        assertFalse(pair.signing().isDestroyed());
        pair.establish();
        pair.verifySignature(MESSAGE, early);
    }

    @Test
    void messagesVerifyInAnyOrderAcrossReestablishments() throws Exception {
        ToyPair pair = ToyPair.datagram();
        List<byte[]> tokens = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (i % 10 == 5) {
                pair.establish();
            }
            tokens.add(pair.makeSignature(MESSAGE, i * i));
        }
        Collections.shuffle(tokens, new Random(4));
        for (byte[] token : tokens) {
            pair.verifySignature(MESSAGE, token);
        }
    }

    @Test
    void numberOfTheCallerGoesInAndComesOut() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = pair.makeSignature(MESSAGE, 0xCAFE_BABE);
        assertEquals(0xCAFE_BABE, pair.server.peekSequence(ByteBuffer.wrap(token)));
        assertEquals(0xCAFE_BABE, pair.verifying().peekSequence(ByteBuffer.wrap(token)));
        SecBufferDesc list = ToyPair.list(MESSAGE, token);
        pair.server.verifySignature(list, 0xCAFE_BABE);
        assertEquals(0xCAFE_BABE, list.messageSeqNo());
    }

    @Test
    void otherNumberIsOutOfSequenceAndOtherBytesAreAltered() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = pair.makeSignature(MESSAGE, 3);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, () -> pair.server.verifySignature(ToyPair.list(MESSAGE, token), 4));
        fails(
                SecurityStatus.SEC_E_MESSAGE_ALTERED,
                () -> pair.server.verifySignature(ToyPair.list(new byte[3], token), 3));
        pair.verifySignature(MESSAGE, token);
        pair.verifySignature(MESSAGE, token);
    }

    @Test
    void usedNumberProtectsNothingMoreNeitherSignedNorSealedNorReestablishedNorReset() throws Exception {
        ToyPair pair = ToyPair.datagram();
        pair.makeSignature(MESSAGE, 9);
        Executable again = () -> pair.makeSignature(MESSAGE, 9);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, again);
        fails(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                () -> pair.client.encryptMessage(0, ToyPair.list(MESSAGE, new byte[16]), 9));
        pair.establish();
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, again);
        pair.client.setContextAttributes(ContextAttribute.RESET_KEYS, null);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, again);
        pair.makeSignature(MESSAGE, 8);
    }

    @Test
    void oneOfManyThreadsGetsEachNumber() throws Exception {
        ToyPair pair = ToyPair.datagram();
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Integer>> signers = Collections.nCopies(threads, () -> {
                int signed = 0;
                for (int i = 0; i < 2000; i++) {
                    try {
                        pair.makeSignature(MESSAGE, i);
                        signed++;
                    } catch (SspiException e) {
                        assertSame(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, e.status());
                    }
                }
                return signed;
            });
            int signed = 0;
            for (Future<Integer> result : pool.invokeAll(signers)) {
                signed += result.get();
            }
            assertEquals(2000, signed);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void receiverThatDetectsReplaysTakesEachMessageOnceUntilItsWindowIsReset() throws Exception {
        ToyPair pair = ToyPair.detectingReplays();
        byte[] second = pair.makeSignature(MESSAGE, 2);
        byte[] first = pair.makeSignature(MESSAGE, 1);
        pair.verifySignature(MESSAGE, second);
        pair.verifySignature(MESSAGE, first);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, () -> pair.verifySignature(MESSAGE, first));
        pair.server.setContextAttributes(ContextAttribute.RESET_KEYS, null);
        pair.verifySignature(MESSAGE, first);
    }

    @Test
    void forgedNumberDoesNotMoveTheWindow() throws Exception {
        ToyPair pair = ToyPair.detectingReplays();
        byte[] token = pair.makeSignature(MESSAGE, 1);
        byte[] forged = token.clone();
        ByteBuffer.wrap(forged).putInt(0, -1);
        fails(SecurityStatus.SEC_E_MESSAGE_ALTERED, () -> pair.verifySignature(MESSAGE, forged));
        pair.verifySignature(MESSAGE, token);
    }

    @Test
    void keysAreHandlesWithoutEncodingAndSayNothingOfTheirBytes() throws Exception {
        ToyPair pair = ToyPair.datagram();
        PrivateKey privateKey = pair.signing();
        PublicKey publicKey = pair.verifying();
        assertEquals("TOY signing key", privateKey.toString());
        assertEquals("TOY verifying key", publicKey.toString());
        for (SecretKey key : List.of((SecretKey) pair.signing(), (SecretKey) pair.verifying())) {
            assertEquals("TOY", key.getAlgorithm());
            assertNull(key.getEncoded());
            assertNull(key.getFormat());
            ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
            assertThrows(NotSerializableException.class, () -> out.writeObject(key));
        }
    }

    @Test
    void closingWipesTheKeysAndDestroysWhatStandsForThem() throws Exception {
        ToyPair pair = ToyPair.datagram();
        ContextKey.Signing signing = pair.signing();
        pair.client.close();
        assertTrue(signing.isDestroyed());
        assertArrayEquals(new byte[pair.client.secret().length], pair.client.secret());
        fails(SecurityStatus.SEC_E_INVALID_HANDLE, signing::newMac);
        fails(SecurityStatus.SEC_E_INVALID_HANDLE, () -> pair.makeSignature(MESSAGE, 1));
        fails(SecurityStatus.SEC_E_INVALID_HANDLE, pair::signing);
    }

    @Test
    void importedContextGoesOnWithTheUsedNumbersAndTheWindow() throws Exception {
        SecretKey key = new SecretKeySpec(new byte[32], "AES");
        ToyPair pair = ToyPair.detectingReplays();
        byte[] token = pair.makeSignature(MESSAGE, 5);
        pair.verifySignature(MESSAGE, token);

        ByteBuffer exportedClient = pair.client.exportSecurityContext(SecurityContext.EXPORT_DELETE_OLD, key);
        assertThrows(SspiException.class, pair::signing, "the old one is closed");
        SecurityContext client = new ToyDatagramPackage().importSecurityContext(exportedClient, key);
        fails(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                () -> client.makeSignature(0, ToyPair.list(MESSAGE, new byte[16]), 5));
        SecBufferDesc list = ToyPair.list(MESSAGE, new byte[16]);
        client.makeSignature(0, list, 6);
        pair.verifySignature(MESSAGE, list.get(1).toByteArray());

        SecurityContext server =
                new ToyDatagramPackage().importSecurityContext(pair.server.exportSecurityContext(0, key), key);
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, () -> server.verifySignature(ToyPair.list(MESSAGE, token), 5));
        SecurityContext fresh = new ToyDatagramPackage()
                .importSecurityContext(pair.server.exportSecurityContext(SecurityContext.EXPORT_RESET_NEW, key), key);
        fresh.verifySignature(ToyPair.list(MESSAGE, token), 5);
    }

    @Test
    void contextIsImportedOnceAndWithItsKeyOnly() throws Exception {
        SecretKey key = new SecretKeySpec(new byte[32], "AES");
        byte[] other = new byte[32];
        other[31] = 1;
        ByteBuffer blob = ToyPair.datagram().client.exportSecurityContext(0, key);
        ToyDatagramPackage toy = new ToyDatagramPackage();
        fails(
                SecurityStatus.SEC_E_MESSAGE_ALTERED,
                () -> toy.importSecurityContext(blob, new SecretKeySpec(other, "AES")));
        fails(SecurityStatus.SEC_E_INVALID_PARAMETER, () -> toy.importSecurityContext(blob, null));
        toy.importSecurityContext(blob, key).close();
        fails(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, () -> toy.importSecurityContext(blob, key));
    }

    private static void fails(SecurityStatus status, Executable call) {
        assertSame(status, assertThrows(SspiException.class, call).status());
    }
}
