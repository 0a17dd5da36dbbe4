package org.jsspi.provider.tls.record;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.provider.crypto.Aead;

/**
 * Not a test: measures sealing and opening of one record against the bare Cipher from array to array, in rounds that
 * alternate, by the thread's CPU time. Prints, for each size, the ratio of throughput (1 = the bare Cipher) and the bytes
 * allocated per record beyond the bare Cipher's.
 *
 * <p>Arguments: {@code Aead} names; none for AES_128_GCM.
 */
final class RecordMeasurement {

    private interface Work {
        void run(int times) throws Exception;
    }

    private final Object threads;
    private final Method cpuTime;
    private final Method allocatedBytes;

    /** The module of the product does not read java.management: the class path has it. */
    private RecordMeasurement() throws Exception {
        threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Class<?> bean = Class.forName("com.sun.management.ThreadMXBean");
        cpuTime = bean.getMethod("getCurrentThreadCpuTime");
        allocatedBytes = bean.getMethod("getThreadAllocatedBytes", long.class);
    }

    public static void main(String[] arguments) throws Exception {
        System.out.println("JDK " + Runtime.version());
        for (String name : arguments.length == 0 ? new String[] {"AES_128_GCM"} : arguments) {
            for (int size : new int[] {16384, 1024, 64}) {
                new RecordMeasurement().measure(Aead.valueOf(name), size);
            }
        }
    }

    private void measure(Aead aead, int size) throws Exception {
        String[] names = {
            "raw",
            "seal heap",
            "seal in place",
            "seal direct",
            "seal direct to heap",
            "raw",
            "open heap",
            "open exact heap",
            "open in place",
            "open direct",
            "open direct to heap"
        };
        Work[] works = {
            rawSeal(aead, size),
            seal(aead, size, false, false),
            sealInPlace(aead, size),
            seal(aead, size, true, true),
            seal(aead, size, true, false),
            rawOpen(aead, size),
            open(aead, size, false, false, size + 100),
            open(aead, size, false, false, size),
            openInPlace(aead, size),
            open(aead, size, true, true, size + 100),
            open(aead, size, true, false, size + 100)
        };
        int times = Math.max(400, 2_000_000 / (size + 300)) / (aead == Aead.CHACHA20_POLY1305 ? 5 : 1);
        double[] best = new double[works.length];
        double[] allocated = new double[works.length];
        Arrays.fill(best, Double.MAX_VALUE);
        Arrays.fill(allocated, Double.MAX_VALUE);
        long thread = Thread.currentThread().getId();
        for (int round = 0; round < Integer.getInteger("rounds", 60); round++) {
            for (int i = 0; i < works.length; i++) {
                long bytes = (long) allocatedBytes.invoke(threads, thread);
                long start = (long) cpuTime.invoke(threads);
                works[i].run(times);
                best[i] = Math.min(best[i], ((long) cpuTime.invoke(threads) - start) / (double) times);
                allocated[i] = Math.min(
                        allocated[i], ((long) allocatedBytes.invoke(threads, thread) - bytes) / (double) times);
            }
        }
        int base = 0;
        for (int i = 0; i < works.length; i++) {
            if (names[i].equals("raw")) {
                base = i;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s %5d %-20s %8.0f ns  %.2f  %+.0f bytes%n",
                    aead,
                    size,
                    names[i],
                    best[i],
                    best[base] / best[i],
                    i == base ? allocated[i] : allocated[i] - allocated[base]);
        }
    }

    private static Work rawSeal(Aead aead, int size) throws Exception {
        Cipher cipher = aead.newCipher();
        SecretKey key = aead.key(Records.keys(aead).key());
        byte[] nonce = new byte[12];
        byte[] header = {23, 3, 3, 0, 0};
        byte[] source = new byte[size + 1];
        byte[] target = new byte[size + 22];
        return times -> {
            for (int i = 0; i < times; i++) {
                next(nonce);
                cipher.init(Cipher.ENCRYPT_MODE, key, aead.parameters(nonce));
                cipher.updateAAD(header, 0, 5);
                cipher.doFinal(source, 0, size + 1, target, 5);
            }
        };
    }

    private static Work seal(Aead aead, int size, boolean fromDirect, boolean toDirect) throws Exception {
        RecordWriter writer = Records.writer(aead);
        ByteBuffer source = memory(size, fromDirect);
        ByteBuffer target = memory(size + 22, toDirect);
        SecBufferDesc list = new SecBufferDesc();
        return times -> {
            for (int i = 0; i < times; i++) {
                list.clear();
                list.add(SecBufferType.STREAM_HEADER, target, 0, 5);
                list.add().set(SecBufferType.DATA, source, 0, target, 5, size);
                list.add(SecBufferType.STREAM_TRAILER, target, 5 + size, 17);
                writer.seal(list);
            }
        };
    }

    private static Work sealInPlace(Aead aead, int size) throws Exception {
        RecordWriter writer = Records.writer(aead);
        ByteBuffer memory = memory(size + 22, false);
        SecBufferDesc list = new SecBufferDesc();
        return times -> {
            for (int i = 0; i < times; i++) {
                list.clear();
                list.add(SecBufferType.STREAM_HEADER, memory, 0, 5);
                list.add(SecBufferType.DATA, memory, 5, size);
                list.add(SecBufferType.STREAM_TRAILER, memory, 5 + size, 17);
                writer.seal(list);
            }
        };
    }

    private static Work rawOpen(Aead aead, int size) throws Exception {
        byte[][] records = records(aead, size);
        Cipher cipher = aead.newCipher();
        SecretKey key = aead.key(Records.keys(aead).key());
        byte[] iv = Records.keys(aead).iv().clone();
        byte[] nonce = iv.clone();
        byte[] header = new byte[5];
        byte[] target = new byte[size + 1];
        return times -> {
            for (int i = 0; i < times; i++) {
                int number = i % records.length;
                nonce[11] = (byte) (iv[11] ^ number);
                System.arraycopy(records[number], 0, header, 0, 5);
                cipher.init(Cipher.DECRYPT_MODE, key, aead.parameters(nonce));
                cipher.updateAAD(header, 0, 5);
                cipher.doFinal(records[number], 5, size + 17, target, 0);
            }
        };
    }

    private static Work open(Aead aead, int size, boolean fromDirect, boolean toDirect, int room) throws Exception {
        ByteBuffer[] records = buffers(aead, size, fromDirect);
        ByteBuffer target = memory(room, toDirect);
        SecBufferDesc list = new SecBufferDesc();
        Reader reader = new Reader(aead);
        return times -> {
            for (int i = 0; i < times; i++) {
                int number = i % records.length;
                list.clear();
                list.add(SecBufferType.STREAM, records[number]);
                list.add(SecBufferType.DATA, target);
                list.add();
                list.add();
                reader.at(number).open(list);
            }
        };
    }

    private static Work openInPlace(Aead aead, int size) throws Exception {
        byte[][] records = records(aead, size);
        ByteBuffer memory = ByteBuffer.allocate(size + 22);
        SecBufferDesc list = new SecBufferDesc();
        Reader reader = new Reader(aead);
        return times -> {
            for (int i = 0; i < times; i++) {
                int number = i % records.length;
                // The network's bytes have to come from somewhere: this copy is in the figure.
                System.arraycopy(records[number], 0, memory.array(), 0, size + 22);
                list.clear();
                list.add(SecBufferType.DATA, memory);
                list.add();
                list.add();
                list.add();
                reader.at(number).open(list);
            }
        };
    }

    /** A reader that opens the same few records again and again, so that they stay in the processor's cache. */
    private static final class Reader {
        private final RecordReader reader;
        private final Object protection;
        private final Field sequence;

        Reader(Aead aead) throws Exception {
            reader = Records.reader(aead);
            Field field = RecordReader.class.getDeclaredField("protection");
            field.setAccessible(true);
            protection = field.get(reader);
            sequence = RecordProtection.class.getDeclaredField("sequence");
            sequence.setAccessible(true);
        }

        RecordReader at(int number) throws Exception {
            if (number == 0) {
                sequence.setLong(protection, 0);
            }
            return reader;
        }
    }

    private static byte[][] records(Aead aead, int size) throws Exception {
        RecordWriter writer = Records.writer(aead);
        byte[][] records = new byte[16][];
        for (int i = 0; i < records.length; i++) {
            SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[size]));
            writer.seal(list);
            records[i] = list.get(0).toByteArray();
        }
        return records;
    }

    private static ByteBuffer[] buffers(Aead aead, int size, boolean direct) throws Exception {
        byte[][] records = records(aead, size);
        ByteBuffer[] buffers = new ByteBuffer[records.length];
        for (int i = 0; i < records.length; i++) {
            buffers[i] = memory(records[i].length, direct).put(0, records[i]);
        }
        return buffers;
    }

    private static ByteBuffer memory(int size, boolean direct) {
        return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    }

    private static void next(byte[] nonce) {
        for (int i = 11; ++nonce[i] == 0; i--) {}
    }
}
