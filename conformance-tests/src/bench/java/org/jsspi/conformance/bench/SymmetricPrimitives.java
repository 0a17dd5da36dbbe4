package org.jsspi.conformance.bench;

import com.sun.management.ThreadMXBean;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.MessageDigestSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.ShortBufferException;
import org.jsspi.conformance.ForkedJvm;

/**
 * What the symmetric primitives of a handshake of JSSPI allocate themselves: AES-GCM, HMAC and the hash, in JCA's objects.
 *
 * <p>In a JVM of its own the handshakes of a table run over a Provider that hands every call on to the platform's object and
 * notes how many bytes that takes, the copies of keys and parameters that it makes included. What the public-key operations call in
 * the same way, the hash of what is signed, is left out: it counts there. What is left beyond both is measured in that JVM too, with
 * the objects of the Provider between in it, so that it is an upper bound.
 */
final class SymmetricPrimitives {
    private static final String NAME = "Metered";
    private static final String DIGEST = "SHA-256";
    private static final String MAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long WARMING = 3_000_000_000L;
    private static final int BATCHES = 50;
    private static final String SEPARATOR = ": ";
    /** Half a minute is usual; other work on the machine may make it many. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** What the platform's objects have allocated, in the one thread that there is. */
    private static long total;

    private SymmetricPrimitives() {}

    /**
     * The bytes of one handshake, both sides.
     *
     * @param symmetric what the symmetric primitives allocate
     * @param beyond what neither they nor the public-key operations do
     */
    record Bytes(double symmetric, double beyond) {}

    /** {@return what one handshake allocates, by the label of the case; measured in a JVM that is like this one} */
    static Map<String, Bytes> bytes(Group group) throws Exception {
        ForkedJvm jvm = new ForkedJvm().limit(LIMIT).options("-Xmx1g", group.option());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            jvm.classPath(Path.of(entry));
        }
        for (String algorithm : new String[] {DIGEST, MAC, CIPHER}) {
            jvm.property("org.jsspi.provider." + algorithm, NAME);
        }
        Map<String, Bytes> bytes = new HashMap<>();
        for (String line :
                jvm.run(SymmetricPrimitives.class.getName()).orThrow().lines()) {
            String[] parts = line.split(SEPARATOR);
            bytes.put(parts[0], new Bytes(Double.parseDouble(parts[1]), Double.parseDouble(parts[2])));
        }
        return bytes;
    }

    /** Prints a line for each case: its label, and {@link Bytes}. */
    public static void main(String... arguments) throws Exception {
        Security.addProvider(new Metered());
        Map<String, Work> handshakes = new LinkedHashMap<>();
        Map<String, Work> publicKeys = new HashMap<>();
        for (HandshakeCase handshake : HandshakeCase.of(Group.pinned())) {
            handshakes.put(handshake.label(), handshake.work(Contender.JSSPI));
            if (handshake.hasPublicKeys()) {
                publicKeys.put(handshake.label(), handshake.primitives(Primitives.Source.CHOSEN));
            }
        }
        for (Work work : handshakes.values()) {
            Meter warming = new Meter();
            while (warming.nanos() < WARMING / handshakes.size()) {
                warming.measure(work);
            }
        }
        for (String label : handshakes.keySet()) {
            Bytes whole = perOperation(handshakes.get(label));
            Bytes part = perOperation(publicKeys.get(label));
            System.out.println(
                    label + SEPARATOR + (whole.symmetric - part.symmetric) + SEPARATOR + (whole.beyond - part.beyond));
        }
    }

    /** @param work null for none */
    private static Bytes perOperation(Work work) throws Exception {
        if (work == null) {
            return new Bytes(0, 0);
        }
        long symmetric = 0;
        long all = 0;
        for (int i = 0; i < BATCHES; i++) {
            work.prepare();
            long before = total;
            long allBefore = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            all += THREADS.getCurrentThreadAllocatedBytes() - allBefore;
            symmetric += total - before;
            work.finish();
        }
        double operations = (double) BATCHES * work.operations();
        return new Bytes(symmetric / operations, (all - symmetric) / operations);
    }

    private interface Call<T> {
        T run() throws GeneralSecurityException;
    }

    /** A call that makes no object of its result. */
    private interface Counting {
        int run() throws GeneralSecurityException;
    }

    /** {@return how many bytes the call wrote; what it allocates is counted} */
    private static int written(Counting call) throws GeneralSecurityException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return call.run();
        } finally {
            total += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    /** {@return what the call comes to, whose bytes are counted} */
    private static <T> T metered(Call<T> call) throws GeneralSecurityException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            return call.run();
        } finally {
            total += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
    }

    /** The same of a call that throws nothing that is checked. */
    private static <T> T plain(Call<T> call) {
        try {
            return metered(call);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Serves what the suite of {@link Protocol} needs, by those that the platform would choose. */
    private static final class Metered extends Provider {
        private static final long serialVersionUID = 1L;

        Metered() {
            super(NAME, "1", "counts what others allocate");
            put("MessageDigest." + DIGEST, Digest.class.getName());
            put("Mac." + MAC, MeteredMac.class.getName());
            put("Cipher." + CIPHER, MeteredCipher.class.getName());
        }
    }

    /** Public, as the next are, for JCA to make. */
    public static final class Digest extends MessageDigestSpi implements Cloneable {
        private MessageDigest digest;

        /** By the platform. */
        public Digest() throws NoSuchAlgorithmException {
            digest = MessageDigest.getInstance(DIGEST);
        }

        @Override
        protected int engineGetDigestLength() {
            return digest.getDigestLength();
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            plain(() -> {
                digest.update(input, offset, length);
                return null;
            });
        }

        @Override
        protected byte[] engineDigest() {
            return plain(digest::digest);
        }

        @Override
        protected void engineReset() {
            digest.reset();
        }

        @Override
        public Object clone() throws CloneNotSupportedException {
            Digest copy = (Digest) super.clone();
            copy.digest = plain(() -> {
                try {
                    return (MessageDigest) digest.clone();
                } catch (CloneNotSupportedException e) {
                    throw new GeneralSecurityException(e);
                }
            });
            return copy;
        }
    }

    /** HMAC. */
    public static final class MeteredMac extends MacSpi implements Cloneable {
        private Mac mac;

        /** By the platform. */
        public MeteredMac() throws NoSuchAlgorithmException {
            mac = Mac.getInstance(MAC);
        }

        @Override
        protected int engineGetMacLength() {
            return mac.getMacLength();
        }

        @Override
        protected void engineInit(Key key, AlgorithmParameterSpec parameters)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            plain(() -> {
                mac.init(key, parameters);
                return null;
            });
        }

        @Override
        protected void engineUpdate(byte input) {
            mac.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            plain(() -> {
                mac.update(input, offset, length);
                return null;
            });
        }

        @Override
        protected byte[] engineDoFinal() {
            return plain(mac::doFinal);
        }

        @Override
        protected void engineReset() {
            mac.reset();
        }

        @Override
        public Object clone() throws CloneNotSupportedException {
            MeteredMac copy = (MeteredMac) super.clone();
            copy.mac = plain(() -> {
                try {
                    return (Mac) mac.clone();
                } catch (CloneNotSupportedException e) {
                    throw new GeneralSecurityException(e);
                }
            });
            return copy;
        }
    }

    /** AES-GCM. */
    public static final class MeteredCipher extends CipherSpi {
        private final Cipher cipher;

        /** By the platform. */
        public MeteredCipher() {
            cipher = plain(() -> Cipher.getInstance(CIPHER));
        }

        @Override
        protected void engineSetMode(String mode) {
            // the one of the name
        }

        @Override
        protected void engineSetPadding(String padding) {
            // the one of the name
        }

        @Override
        protected int engineGetBlockSize() {
            return cipher.getBlockSize();
        }

        @Override
        protected int engineGetOutputSize(int inputLength) {
            return cipher.getOutputSize(inputLength);
        }

        @Override
        protected byte[] engineGetIV() {
            return cipher.getIV();
        }

        @Override
        protected AlgorithmParameters engineGetParameters() {
            return cipher.getParameters();
        }

        @Override
        protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
            throw new InvalidKeyException("without a nonce");
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
                throws InvalidKeyException {
            throw new InvalidKeyException("without a nonce");
        }

        @Override
        protected void engineInit(int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
                throws InvalidKeyException, InvalidAlgorithmParameterException {
            try {
                metered(() -> {
                    cipher.init(mode, key, parameters);
                    return null;
                });
            } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new InvalidKeyException(e);
            }
        }

        @Override
        protected void engineUpdateAAD(byte[] source, int offset, int length) {
            plain(() -> {
                cipher.updateAAD(source, offset, length);
                return null;
            });
        }

        @Override
        protected byte[] engineUpdate(byte[] input, int offset, int length) {
            return plain(() -> cipher.update(input, offset, length));
        }

        @Override
        protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int outputOffset)
                throws ShortBufferException {
            try {
                return written(() -> cipher.update(input, offset, length, output, outputOffset));
            } catch (ShortBufferException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected byte[] engineDoFinal(byte[] input, int offset, int length)
                throws IllegalBlockSizeException, BadPaddingException {
            return last(() -> cipher.doFinal(input, offset, length));
        }

        @Override
        protected int engineDoFinal(byte[] input, int offset, int length, byte[] output, int outputOffset)
                throws IllegalBlockSizeException, BadPaddingException {
            try {
                return written(() -> cipher.doFinal(input, offset, length, output, outputOffset));
            } catch (IllegalBlockSizeException | BadPaddingException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static <T> T last(Call<T> call) throws IllegalBlockSizeException, BadPaddingException {
            try {
                return metered(call);
            } catch (IllegalBlockSizeException | BadPaddingException e) {
                throw e;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
