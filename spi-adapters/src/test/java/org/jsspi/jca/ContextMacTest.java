package org.jsspi.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.ContextKey;
import org.jsspi.DatagramMac;
import org.jsspi.DatagramProtection;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.spec.SequenceParameterSpec;
import org.junit.jupiter.api.Test;

class ContextMacTest {
    private static final Provider TOYS = ToyDatagramPackage.provider();
    private static final byte[] MESSAGE = "a datagram".getBytes(StandardCharsets.UTF_8);

    @Test
    void tokenIsThatOfMakeSignature() throws Exception {
        ToyPair pair = ToyPair.datagram();
        ToyPair same = ToyPair.datagram();
        Mac mac = mac();
        mac.init(pair.signing(), new SequenceParameterSpec(41));
        assertEquals(ToyDatagramContext.TOKEN, mac.getMacLength());
        byte[] token = mac.doFinal(MESSAGE);
        assertArrayEquals(same.makeSignature(MESSAGE, 41), token);
        pair.verifySignature(MESSAGE, token);
    }

    @Test
    void updatesOfEveryKindGiveOneTokenAndConsumeTheirBuffers() throws Exception {
        byte[] message = new byte[1000];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }
        byte[] expected = ToyPair.datagram().makeSignature(message, 1);
        Mac mac = mac();
        ContextKey.Signing key = ToyPair.datagram().signing();
        SequenceParameterSpec one = SequenceParameterSpec.repeating(1);
        mac.init(key, one);
        for (byte b : message) {
            mac.update(b);
        }
        assertArrayEquals(expected, mac.doFinal());
        mac.update(message, 0, 10);
        mac.update(message, 10, 990);
        assertArrayEquals(expected, mac.doFinal());
        for (ByteBuffer buffer : buffers(message)) {
            ByteBuffer before = buffer.duplicate();
            mac.update(buffer);
            assertEquals(before.limit(), buffer.position());
            assertEquals(before.limit(), buffer.limit());
            assertArrayEquals(expected, mac.doFinal());
            assertEquals(ByteBuffer.wrap(message), before, "only read");
        }
    }

    /** Heap, direct, read-only and sliced, and such whose bytes do not begin at 0. */
    static List<ByteBuffer> buffers(byte[] message) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (ByteBuffer room :
                List.of(ByteBuffer.allocate(message.length + 7), ByteBuffer.allocateDirect(message.length + 7))) {
            ByteBuffer shifted = room.put(3, message).position(3).limit(3 + message.length);
            buffers.add(shifted.duplicate());
            buffers.add(shifted.slice());
            buffers.add(shifted.asReadOnlyBuffer());
            buffers.add(shifted.slice().asReadOnlyBuffer());
        }
        return buffers;
    }

    @Test
    void secondDoFinalUnderOneNumberIsRefusedUntilInitGivesTheNext() throws Exception {
        ContextKey.Signing key = ToyPair.datagram().signing();
        Mac mac = mac();
        mac.init(key, new SequenceParameterSpec(1));
        mac.doFinal(MESSAGE);
        assertThrows(IllegalStateException.class, mac::doFinal);
        assertThrows(IllegalStateException.class, mac::doFinal, "and once more");
        assertThrows(IllegalStateException.class, () -> mac.update((byte) 1));
        assertThrows(IllegalStateException.class, () -> mac.update(MESSAGE));
        assertThrows(IllegalStateException.class, () -> mac.update(ByteBuffer.wrap(MESSAGE)));
        mac.reset();
        assertThrows(IllegalStateException.class, mac::doFinal);
        assertSame(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                status(assertThrows(
                        InvalidAlgorithmParameterException.class, () -> mac.init(key, new SequenceParameterSpec(1)))));
        assertThrows(IllegalStateException.class, mac::doFinal, "a failed init leaves nothing under way");
        mac.init(key, new SequenceParameterSpec(2));
        mac.doFinal(MESSAGE);
    }

    @Test
    void resetForgetsTheBytesAndKeepsTheNumber() throws Exception {
        ContextKey.Signing key = ToyPair.datagram().signing();
        Mac mac = mac();
        mac.init(key, new SequenceParameterSpec(1));
        mac.update(new byte[50]);
        mac.reset();
        assertArrayEquals(ToyPair.datagram().makeSignature(MESSAGE, 1), mac.doFinal(MESSAGE));
    }

    @Test
    void repeatingNumberSignsAgainAndStaysUsedForOthers() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Mac mac = mac();
        mac.init(pair.signing(), SequenceParameterSpec.repeating(5));
        byte[] token = mac.doFinal(MESSAGE);
        assertArrayEquals(token, mac.doFinal(MESSAGE), "as any Mac");
        assertThrows(SspiException.class, () -> pair.makeSignature(MESSAGE, 5));
    }

    @Test
    void guardIsSharedWithTheContextAndEveryKeyOfIt() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Mac mac = mac();
        mac.init(pair.signing(), new SequenceParameterSpec(1));
        pair.makeSignature(MESSAGE, 1);
        assertSame(
                SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                status(assertThrows(IllegalStateException.class, () -> mac.doFinal(MESSAGE))));
        assertThrows(
                InvalidAlgorithmParameterException.class, () -> mac.init(pair.signing(), new SequenceParameterSpec(1)));
    }

    @Test
    void oneOfManyThreadsSignsWithEachNumber() throws Exception {
        ToyPair pair = ToyPair.datagram();
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Integer>> signers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                signers.add(() -> {
                    Mac mac = mac();
                    ContextKey.Signing key = pair.signing();
                    int signed = 0;
                    for (int i = 0; i < 1000; i++) {
                        try {
                            mac.init(key, new SequenceParameterSpec(i));
                            pair.verifySignature(MESSAGE, mac.doFinal(MESSAGE));
                            signed++;
                        } catch (InvalidAlgorithmParameterException | IllegalStateException e) {
                            assertSame(SecurityStatus.SEC_E_OUT_OF_SEQUENCE, status(e));
                        }
                    }
                    return signed;
                });
            }
            int signed = 0;
            for (Future<Integer> result : pool.invokeAll(signers)) {
                signed += result.get();
            }
            assertEquals(1000, signed);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void verifyingKeyGivesTheTokenOfThePeerAndUsesNoNumberUp() throws Exception {
        ToyPair pair = ToyPair.datagram();
        byte[] token = pair.makeSignature(MESSAGE, 1);
        Mac mac = mac();
        mac.init(pair.verifying(), new SequenceParameterSpec(1));
        assertArrayEquals(token, mac.doFinal(MESSAGE));
        assertArrayEquals(token, mac.doFinal(MESSAGE));
    }

    @Test
    void keysThatAreNoneOfADatagramContextOfThePackageAreRefused() throws Exception {
        SequenceParameterSpec one = new SequenceParameterSpec(1);
        ToyPair closed = ToyPair.datagram();
        ContextKey.Signing wiped = closed.signing();
        closed.client.close();
        Object[][] table = {
            {new SecretKeySpec(new byte[16], "TOY"), "takes the key of a datagram context of package TOY"},
            {null, "and not null"},
            {ToyPair.connection().signing(), "connection-oriented TOY context"},
            {ToyPair.connection().verifying(), "connection-oriented TOY context"},
            {wiped, "closed"},
            {new ContextKey.Signing("OTHER", new Nothing()), "and not of package OTHER"},
        };
        for (Object[] row : table) {
            Mac mac = mac();
            InvalidKeyException e =
                    assertThrows(InvalidKeyException.class, () -> mac.init((Key) row[0], one), "" + row[0]);
            assertTrue(e.getMessage().contains((String) row[1]), e::getMessage);
            assertThrows(IllegalStateException.class, mac::doFinal);
        }
    }

    @Test
    void parametersThatAreNoSequenceNumberAreRefused() throws Exception {
        ContextKey.Signing key = ToyPair.datagram().signing();
        Mac mac = mac();
        assertThrows(InvalidKeyException.class, () -> mac.init(key));
        assertThrows(InvalidAlgorithmParameterException.class, () -> mac.init(key, null));
        assertThrows(InvalidAlgorithmParameterException.class, () -> mac.init(key, new IvParameterSpec(new byte[4])));
        assertThrows(IllegalStateException.class, () -> mac.update((byte) 1), "before any init");
    }

    @Test
    void contextThatIsClosedMeanwhileSignsNothing() throws Exception {
        ToyPair pair = ToyPair.datagram();
        Mac mac = mac();
        ContextKey.Signing key = pair.signing();
        mac.init(key, new SequenceParameterSpec(1));
        mac.update(MESSAGE);
        pair.client.close();
        assertSame(
                SecurityStatus.SEC_E_INVALID_HANDLE, status(assertThrows(IllegalStateException.class, mac::doFinal)));
        assertThrows(InvalidKeyException.class, () -> mac.init(key, new SequenceParameterSpec(2)));
    }

    @Test
    void whateverIsSignedWhileAnotherThreadClosesTheContextIsSignedWithItsKeys() throws Exception {
        for (int round = 0; round < 300; round++) {
            ToyPair pair = ToyPair.datagram();
            ContextKey.Signing key = pair.signing();
            Mac mac = mac();
            Thread closer = new Thread(pair.client::close);
            closer.start();
            List<byte[]> tokens = new ArrayList<>();
            try {
                for (int i = 0; ; i++) {
                    mac.init(key, new SequenceParameterSpec(i));
                    tokens.add(mac.doFinal(MESSAGE));
                }
            } catch (InvalidKeyException | IllegalStateException e) {
                assertSame(SecurityStatus.SEC_E_INVALID_HANDLE, status(e));
            }
            closer.join();
            for (byte[] token : tokens) {
                pair.verifySignature(MESSAGE, token);
            }
        }
    }

    @Test
    void contextThatIsClosedDuringDoFinalLetsNoTokenOut() {
        byte[] token = new byte[6];
        Nothing protection = new Nothing();
        DatagramMac mac = new Closing(protection);
        SspiException e = assertThrows(SspiException.class, () -> {
            mac.begin(1, false);
            mac.sign(token, 1);
        });
        assertSame(SecurityStatus.SEC_E_INVALID_HANDLE, e.status());
        assertArrayEquals(new byte[6], token);
        protection.closed = false;
        assertThrows(SspiException.class, () -> {
            mac.begin(1, false);
            mac.verify(ByteBuffer.allocate(4).putInt(0, 1));
        });
    }

    @Test
    void installedProviderIsFoundByTheNameOfThePackage() throws Exception {
        Security.addProvider(TOYS);
        try {
            ContextKey.Signing key = ToyPair.datagram().signing();
            for (String name : List.of("TOY", "ToyAlias")) {
                InvalidKeyException e = assertThrows(
                        InvalidKeyException.class,
                        () -> Mac.getInstance(name).init(ToyPair.connection().signing(), new SequenceParameterSpec(1)));
                assertTrue(e.getMessage().contains("connection-oriented"), e::getMessage);
                Mac mac = Mac.getInstance(name);
                mac.init(key, SequenceParameterSpec.repeating(1));
                assertEquals(TOYS.getName(), mac.getProvider().getName());
            }
        } finally {
            Security.removeProvider(TOYS.getName());
        }
    }

    static Mac mac() throws GeneralSecurityException {
        return Mac.getInstance(ToyDatagramPackage.NAME, TOYS);
    }

    static SecurityStatus status(Exception e) {
        return assertInstanceOf(SspiException.class, e.getCause()).status();
    }

    /** A direction of which nothing is needed. */
    private static final class Nothing implements DatagramProtection {
        private boolean closed;

        @Override
        public boolean isDatagram() {
            return true;
        }

        @Override
        public boolean isClosed() {
            return closed;
        }

        @Override
        public DatagramMac newMac() {
            return new Closing(this);
        }

        @Override
        public int peekSequence(ByteBuffer token) {
            return token.getInt(token.position());
        }
    }

    /** Its context is closed while the token is made or compared. */
    private static final class Closing extends DatagramMac {
        private final Nothing direction;

        Closing(Nothing direction) {
            super(direction, 4);
            this.direction = direction;
        }

        @Override
        protected void engineBegin(int messageSeqNo) {}

        @Override
        protected void engineUpdate(ByteBuffer data) {}

        @Override
        protected void engineUpdate(byte[] data, int offset, int count) {}

        @Override
        protected void engineSign(byte[] token, int offset) {
            token[offset] = 1;
            direction.closed = true;
        }

        @Override
        protected boolean engineVerify(ByteBuffer token) {
            direction.closed = true;
            return true;
        }
    }
}
