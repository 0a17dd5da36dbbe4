package org.jsspi.provider.testing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.HashAlgorithm;
import org.jsspi.provider.crypto.Hmac;
import org.jsspi.provider.crypto.Secret;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.ntlm.DatagramVerification;
import org.jsspi.provider.tls.handshake.HandshakeVerification;
import org.jsspi.provider.tls.record.RecordReader;
import org.jsspi.provider.tls.record.RecordWriter;

/**
 * Whether the time of a refusal tells at which byte a MAC, a verify_data, a binder or a secret is wrong: {@code mvn -Ptiming test
 * -pl provider -am}, two minutes on a quiet machine.
 *
 * <p>The method is that of Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (2017): two kinds of input, wrong
 * in the first byte and wrong in the last, are timed in random order, the slowest tenth is left out, and Welch's t-test says
 * whether the means differ. Beyond {@link #LEAK} they do. A comparison that stops at the first difference is measured too: if it
 * were not found, the machine is too noisy to say anything, and that fails as well.
 */
public final class TimingMeasurement {
    /** The paper calls more than 4.5 suspicious, and more than 10 certain. */
    private static final double LEAK = 10;

    private static final int SAMPLES = 60_000;
    private static final int WARM_UP = 20_000;

    /** Verifications timed together, so that the clock's own steps do not show. */
    private static final int BATCH = 8;

    /** A check of something that only the other side of the connection should be able to make. */
    @FunctionalInterface
    public interface Verification {
        /** {@return whether it accepts; false in this measurement} */
        boolean accepts(byte[] claimed) throws Exception;
    }

    /**
     * A check, and what it would accept.
     *
     * @param from the first byte that only the other side could know
     * @param to behind the last
     */
    public record Subject(Verification verification, byte[] right, int from, int to) {
        public Subject(Verification verification, byte[] right) {
            this(verification, right, 0, right.length);
        }
    }

    private TimingMeasurement() {}

    public static void main(String[] args) throws Exception {
        Map<String, Subject> subjects = new LinkedHashMap<>();
        byte[] expected = new byte[48];
        new Random(1).nextBytes(expected);
        subjects.put("a comparison with an early exit", new Subject(claimed -> earlyExit(expected, claimed), expected));
        subjects.put("Secret.matches", new Subject(Secret.copyOf(expected)::matches, expected));
        subjects.put("Hmac.verifies", hmac());
        subjects.put("Finished", HandshakeVerification.finished());
        subjects.put("binder", HandshakeVerification.binder());
        for (Aead aead : Aead.values()) {
            subjects.put("record, " + aead, record(aead));
        }
        subjects.put("NTLM signature", DatagramVerification.signature());

        boolean sound = true;
        boolean control = true;
        for (Map.Entry<String, Subject> subject : subjects.entrySet()) {
            double t = welch(subject.getValue());
            boolean leaks = Math.abs(t) > LEAK;
            System.out.printf(
                    "%-34s t = %8.2f  %s%n", subject.getKey(), t, leaks ? "the time tells" : "nothing to see");
            sound &= leaks == control;
            control = false;
        }
        System.exit(sound ? 0 : 1);
    }

    private static double welch(Subject subject) throws Exception {
        byte[] right = subject.right();
        byte[] first = right.clone();
        first[subject.from()] ^= 1;
        byte[] last = right.clone();
        last[subject.to() - 1] ^= 1;
        Random random = new Random(7);
        long[][] times = new long[2][WARM_UP + SAMPLES];
        int[] count = new int[2];
        for (int i = 0; i < WARM_UP + SAMPLES; i++) {
            int kind = random.nextInt(2);
            // A copy each time: where the bytes stand in memory is not what is measured.
            byte[] claimed = (kind == 0 ? first : last).clone();
            long start = System.nanoTime();
            for (int j = 0; j < BATCH; j++) {
                if (subject.verification().accepts(claimed)) {
                    throw new AssertionError("a wrong value was accepted");
                }
            }
            long time = System.nanoTime() - start;
            if (i >= WARM_UP) {
                times[kind][count[kind]++] = time;
            }
        }
        double[] early = moments(Arrays.copyOf(times[0], count[0]));
        double[] late = moments(Arrays.copyOf(times[1], count[1]));
        return (late[0] - early[0]) / Math.sqrt(early[1] / early[2] + late[1] / late[2]);
    }

    /** {@return mean, variance and number of the faster nine tenths} */
    private static double[] moments(long[] times) {
        Arrays.sort(times);
        int kept = times.length * 9 / 10;
        double mean = Arrays.stream(times, 0, kept).average().orElseThrow();
        double variance = Arrays.stream(times, 0, kept)
                        .mapToDouble(time -> (time - mean) * (time - mean))
                        .sum()
                / (kept - 1);
        return new double[] {mean, variance, kept};
    }

    /** What must not be: the loop that everybody writes first. */
    private static boolean earlyExit(byte[] expected, byte[] claimed) {
        for (int i = 0; i < expected.length; i++) {
            if (expected[i] != claimed[i]) {
                return false;
            }
        }
        return true;
    }

    private static Subject hmac() {
        Hmac hmac = new Hmac(HashAlgorithm.SHA256, Secret.owning(new byte[32]));
        byte[] message = new byte[64];
        hmac.update(message);
        byte[] right = hmac.doFinal();
        return new Subject(
                claimed -> {
                    hmac.update(message);
                    return hmac.verifies(claimed);
                },
                right);
    }

    /** A record whose tag is claimed. */
    private static Subject record(Aead aead) throws SspiException {
        RecordWriter writer = new RecordWriter();
        writer.protect(keys(aead));
        SecBufferDesc list = new SecBufferDesc(new SecBuffer(SecBufferType.DATA, new byte[64]));
        writer.seal(list);
        byte[] record = list.get(0).toByteArray();
        byte[] tag = Arrays.copyOfRange(record, record.length - 16, record.length);
        RecordReader reader = new RecordReader();
        reader.protect(keys(aead));
        return new Subject(
                claimed -> {
                    byte[] whole = record.clone();
                    System.arraycopy(claimed, 0, whole, whole.length - 16, 16);
                    try {
                        reader.open(ByteBuffer.wrap(whole), 0, whole.length, (type, content, offset, length) -> {});
                        return true;
                    } catch (SspiException refused) {
                        return false;
                    }
                },
                tag);
    }

    private static TrafficKeys keys(Aead aead) {
        return new TrafficKeys(aead, Secret.owning(new byte[aead.keyLength()]), new byte[aead.ivLength()]);
    }
}
