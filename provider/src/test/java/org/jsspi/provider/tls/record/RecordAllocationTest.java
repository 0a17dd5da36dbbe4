package org.jsspi.provider.tls.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.provider.crypto.Aead;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record costs the garbage collector what the bare Cipher costs it, and nothing beyond. */
class RecordAllocationTest {
    private static final int SIZE = 1000;
    private static final int RECORDS = 300;
    private static final int ROUNDS = 15;

    /** In bytes per record: the parameters of the cipher, which compiled code spares in the bare loop. */
    private static final long TOLERANCE = 160;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @FunctionalInterface
    private interface Work {
        void run(int n) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Records.Sealing.class)
    void aRecordAllocatesNothingBeyondItsCipher(Records.Sealing sealing) throws Exception {
        int length = sealing.header() + SIZE + sealing.trailer();
        ByteBuffer source = ByteBuffer.wrap(Records.bytes(SIZE));
        byte[][] records = new byte[RECORDS * ROUNDS][length];
        RecordWriter writer = sealing.writer();
        SecBufferDesc list = new SecBufferDesc();
        ByteBuffer[] networks = new ByteBuffer[records.length];
        for (int i = 0; i < records.length; i++) {
            networks[i] = ByteBuffer.wrap(records[i]);
        }
        long seal = allocated(n -> {
            list.clear();
            list.add(SecBufferType.STREAM_HEADER, networks[n], 0, sealing.header());
            list.add().set(SecBufferType.DATA, source, 0, networks[n], sealing.header(), SIZE);
            list.add(SecBufferType.STREAM_TRAILER, networks[n], sealing.header() + SIZE, sealing.trailer());
            writer.seal(list);
        });
        RecordReader reader = sealing.reader();
        ByteBuffer target = ByteBuffer.allocate(SIZE + 100);
        long open = allocated(n -> {
            list.clear();
            list.add(SecBufferType.STREAM, networks[n]);
            list.add(SecBufferType.DATA, target);
            list.add();
            list.add();
            assertEquals(SecurityStatus.SEC_E_OK, reader.open(list));
        });
        RecordWriter plainWriter = sealing.writer();
        long sealBuffers = allocated(n ->
                assertEquals(SecurityStatus.SEC_E_OK, plainWriter.seal(source.rewind(), networks[n].clear(), SIZE)));
        RecordReader plainReader = sealing.reader();
        long openBuffers = allocated(
                n -> assertEquals(SecurityStatus.SEC_E_OK, plainReader.open(networks[n].rewind(), target.clear())));
        long bareSeal = sealing.direct()
                ? bareDirect(sealing, Cipher.ENCRYPT_MODE)
                : bare(sealing, Cipher.ENCRYPT_MODE, records);
        long bareOpen = sealing.direct()
                ? bareDirect(sealing, Cipher.DECRYPT_MODE)
                : bare(sealing, Cipher.DECRYPT_MODE, records);
        assertTrue(seal <= bareSeal + TOLERANCE, "sealing takes " + seal + " bytes, the cipher " + bareSeal);
        assertTrue(open <= bareOpen + TOLERANCE, "opening takes " + open + " bytes, the cipher " + bareOpen);
        assertTrue(sealBuffers <= bareSeal + TOLERANCE, "without a list sealing takes " + sealBuffers + " bytes");
        assertTrue(openBuffers <= bareOpen + TOLERANCE, "without a list opening takes " + openBuffers + " bytes");
    }

    /** The same work by the Cipher alone: init, additional data, one doFinal. */
    private static long bare(Records.Sealing sealing, int mode, byte[][] records) throws Exception {
        Aead aead = sealing.aead();
        Cipher cipher = aead.newCipher();
        SecretKey key = aead.key(new byte[aead.keyLength()]);
        byte[] nonce = new byte[aead.ivLength()];
        byte[] additional = new byte[13];
        byte[] plain = new byte[SIZE + 100];
        if (mode == Cipher.DECRYPT_MODE) {
            Work again = sealing(cipher, key, aead, nonce, additional, plain, records);
            for (int n = 0; n < records.length; n++) {
                again.run(n);
            }
            Cipher opening = aead.newCipher();
            return allocated(n -> {
                number(nonce, n);
                opening.init(Cipher.DECRYPT_MODE, key, aead.parameters(nonce));
                opening.updateAAD(additional, 0, additional.length);
                opening.doFinal(records[n], 0, SIZE + aead.tagLength(), plain, 0);
            });
        }
        return allocated(sealing(cipher, key, aead, nonce, additional, plain, new byte[records.length][SIZE + 16]));
    }

    /** The same between direct buffers. */
    private static long bareDirect(Records.Sealing sealing, int mode) throws Exception {
        Aead aead = sealing.aead();
        Cipher cipher = aead.newCipher();
        Cipher opening = aead.newCipher();
        SecretKey key = aead.key(new byte[aead.keyLength()]);
        byte[] nonce = new byte[aead.ivLength()];
        byte[] additional = new byte[13];
        ByteBuffer plain = ByteBuffer.allocateDirect(SIZE);
        ByteBuffer[] sealed = new ByteBuffer[RECORDS * ROUNDS];
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] = ByteBuffer.allocateDirect(SIZE + aead.tagLength());
        }
        Work seal = n -> {
            number(nonce, n);
            cipher.init(Cipher.ENCRYPT_MODE, key, aead.parameters(nonce));
            cipher.updateAAD(additional, 0, additional.length);
            cipher.doFinal(plain.clear(), sealed[n].clear());
        };
        long least = allocated(seal);
        return mode == Cipher.ENCRYPT_MODE
                ? least
                : allocated(n -> {
                    number(nonce, n);
                    opening.init(Cipher.DECRYPT_MODE, key, aead.parameters(nonce));
                    opening.updateAAD(additional, 0, additional.length);
                    opening.doFinal(sealed[n].clear(), plain.clear());
                });
    }

    private static Work sealing(
            Cipher cipher, SecretKey key, Aead aead, byte[] nonce, byte[] additional, byte[] plain, byte[][] targets) {
        return n -> {
            number(nonce, n);
            cipher.init(Cipher.ENCRYPT_MODE, key, aead.parameters(nonce));
            cipher.updateAAD(additional, 0, additional.length);
            cipher.doFinal(plain, 0, SIZE, targets[n], 0);
        };
    }

    private static void number(byte[] nonce, int n) {
        nonce[10] = (byte) (n >> 8);
        nonce[11] = (byte) n;
    }

    /** {@return how many bytes a record takes in the cheapest of the rounds} */
    private static long allocated(Work work) throws Exception {
        long least = Long.MAX_VALUE;
        int n = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < RECORDS; i++) {
                work.run(n++);
            }
            long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            least = Math.min(least, bytes / RECORDS);
        }
        return least;
    }
}
