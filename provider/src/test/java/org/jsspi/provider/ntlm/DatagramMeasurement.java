package org.jsspi.provider.ntlm;

import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityContext;

/**
 * What signing and sealing a datagram of 1 KiB costs, beside the plain JCA calls that it consists of: MD5 for the key of the
 * message, HMAC-MD5, RC4. No test: run {@link #main}. Medians of alternating rounds, so that a loaded machine counts for both.
 */
final class DatagramMeasurement {
    private static final int ROUNDS = 15;
    private static final int MESSAGES = 20_000;
    private static final int SIZE = 1024;

    private DatagramMeasurement() {}

    private interface Work {
        void message(int number) throws GeneralSecurityException;
    }

    /** Prints microseconds and bytes for each message, and ratios. */
    public static void main(String[] arguments) throws GeneralSecurityException {
        byte[] data = new byte[SIZE];
        byte[] token = new byte[16];
        Work plainSign = plain(data, false);
        Work plainSeal = plain(data, true);
        try (SecurityContext client = Exchanges.client()) {
            Exchanges.initialize(client, Exchanges.DATAGRAM, null);
            SecBufferDesc list = new SecBufferDesc(
                    new SecBuffer(SecBufferType.DATA, data), new SecBuffer(SecBufferType.TOKEN, token));
            int[] next = {0};
            Work sign = number -> client.makeSignature(0, list, next[0]++);
            Work seal = number -> client.encryptMessage(0, list, next[0]++);
            double[][] times = new double[4][ROUNDS];
            Work[] works = {plainSign, sign, plainSeal, seal};
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < works.length; i++) {
                    long start = System.nanoTime();
                    for (int number = 0; number < MESSAGES; number++) {
                        works[i].message(number);
                    }
                    times[i][round] = (System.nanoTime() - start) / 1000.0 / MESSAGES;
                }
            }
            for (double[] time : times) {
                Arrays.sort(time);
            }
            System.out.printf(
                    "sign: JCA %.2f us, ours %.2f us, ratio %.2f, %d bytes allocated%n",
                    times[0][ROUNDS / 2],
                    times[1][ROUNDS / 2],
                    times[1][ROUNDS / 2] / times[0][ROUNDS / 2],
                    allocated(sign));
            System.out.printf(
                    "seal: JCA %.2f us, ours %.2f us, ratio %.2f, %d bytes allocated%n",
                    times[2][ROUNDS / 2],
                    times[3][ROUNDS / 2],
                    times[3][ROUNDS / 2] / times[2][ROUNDS / 2],
                    allocated(seal));
        }
    }

    private static Work plain(byte[] data, boolean encrypt) throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(new byte[16], "HmacMD5"));
        Cipher rc4 = Cipher.getInstance("ARCFOUR");
        byte[] sealKey = new byte[16];
        return number -> {
            byte[] sequence = {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
            md5.update(sealKey);
            rc4.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(md5.digest(sequence), "ARCFOUR"));
            mac.update(sequence);
            byte[] checksum = mac.doFinal(data);
            if (encrypt) {
                rc4.update(data, 0, SIZE, data, 0);
            }
            rc4.update(checksum, 0, 8);
        };
    }

    private static long allocated(Work work) throws GeneralSecurityException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int number = 0; number < MESSAGES; number++) {
            work.message(number);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / MESSAGES;
    }
}
