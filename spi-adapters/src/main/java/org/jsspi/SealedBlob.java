package org.jsspi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Secrets on their way to another process, sealed with AES-256-GCM under a key that the application supplies.
 *
 * <pre>
 * | version 1 | time 8 | nonce 12 | ciphertext n | tag 16 |
 * </pre>
 *
 * Version, time, the purpose and the name of the package are authenticated with it: a blob of one purpose or package does
 * not open as one of another. The nonce is random, so one key may seal 2<sup>32</sup> blobs (NIST SP 800-38D 8.3).
 *
 * <p>A blob opens once in a process. What was opened is remembered exactly for the {@value #REMEMBERED} youngest blobs; a
 * blob that is older than all of them is refused unopened.
 */
public final class SealedBlob {
    /** The purpose of an exported security context. */
    public static final String SECURITY_CONTEXT = "security context";
    /** How many opened blobs are remembered one by one. */
    public static final int REMEMBERED = 65_536;

    private static final byte VERSION = 1;
    private static final int TIME = 1;
    private static final int NONCE = TIME + Long.BYTES;
    private static final int NONCE_LENGTH = 12;
    private static final int BODY = NONCE + NONCE_LENGTH;
    private static final int TAG_LENGTH = 16;
    private static final int KEY_LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Opened OPENED = new Opened(REMEMBERED);

    private SealedBlob() {}

    /**
     * {@return the content, sealed}
     *
     * @param purpose what it is, such as {@link #SECURITY_CONTEXT}
     * @param packageName the package that it is for
     * @param content stays as it is: the caller wipes it
     * @throws SspiException SEC_E_INVALID_PARAMETER without a key of AES-256, SEC_E_ENCRYPT_FAILURE if no Provider can use it
     */
    public static ByteBuffer seal(SecretKey key, String purpose, String packageName, byte[] content)
            throws SspiException {
        requireAes256(key);
        byte[] nonce = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        ByteBuffer blob = ByteBuffer.allocate(BODY + content.length + TAG_LENGTH);
        blob.put(VERSION).putLong(System.currentTimeMillis()).put(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, blob, purpose, packageName);
            cipher.doFinal(content, 0, content.length, blob.array(), BODY);
        } catch (GeneralSecurityException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_ENCRYPT_FAILURE,
                    SspiException.Kind.KEY,
                    "no Provider seals with the key that was given",
                    e);
        }
        return blob.rewind();
    }

    /**
     * {@return the content of a blob; the caller wipes it} The position of the blob does not move.
     *
     * @param purpose the purpose that it was sealed for
     * @param packageName the package that it was sealed for
     * @throws SspiException SEC_E_INVALID_PARAMETER without a key of AES-256; SEC_E_INVALID_TOKEN for what is no blob, or one
     *     of another version; SEC_E_MESSAGE_ALTERED if it was sealed with another key, for something else, or altered;
     *     SEC_E_OUT_OF_SEQUENCE if it was opened before in this process, or is too old to tell
     */
    public static byte[] open(SecretKey key, String purpose, String packageName, ByteBuffer blob) throws SspiException {
        requireAes256(key);
        ByteBuffer bytes =
                ByteBuffer.allocate(blob.remaining()).put(blob.duplicate()).rewind();
        if (bytes.remaining() < BODY + TAG_LENGTH) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "sealed blob is cut short");
        }
        if (bytes.get(0) != VERSION) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INVALID_TOKEN, "sealed blob has unknown version " + (bytes.get(0) & 0xFF));
        }
        byte[] content;
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, bytes, purpose, packageName);
            content = cipher.doFinal(bytes.array(), BODY, bytes.capacity() - BODY);
        } catch (AEADBadTagException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_MESSAGE_ALTERED,
                    SspiException.Kind.KEY,
                    "blob was not sealed with this key for a " + purpose + " of " + packageName + ", or was altered",
                    null);
        } catch (GeneralSecurityException e) {
            throw new SspiException(
                    SecurityStatus.SEC_E_DECRYPT_FAILURE,
                    SspiException.Kind.KEY,
                    "no Provider opens with the key that was given",
                    e);
        }
        // Only after the tag has verified: what strangers made up is not remembered.
        if (!OPENED.add(new Id(bytes.getLong(TIME), bytes.getLong(NONCE), bytes.getInt(NONCE + Long.BYTES)))) {
            Arrays.fill(content, (byte) 0);
            throw new SspiException(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "blob was opened before in this process, or is too old to tell");
        }
        return content;
    }

    private static Cipher cipher(int mode, SecretKey key, ByteBuffer blob, String purpose, String packageName)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, blob.array(), NONCE, NONCE_LENGTH));
        cipher.updateAAD(blob.array(), 0, NONCE);
        for (String text : new String[] {purpose, packageName}) {
            byte[] name = text.getBytes(StandardCharsets.UTF_8);
            cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES + name.length)
                    .putInt(name.length)
                    .put(name)
                    .array());
        }
        return cipher;
    }

    private static void requireAes256(SecretKey key) throws SspiException {
        boolean fits = false;
        if (key != null && key.getAlgorithm().equalsIgnoreCase("AES")) {
            byte[] encoded = key.getEncoded();
            // A key in hardware has no encoding; its Provider knows its length.
            fits = encoded == null || encoded.length == KEY_LENGTH;
            if (encoded != null) {
                Arrays.fill(encoded, (byte) 0);
            }
        }
        if (!fits) {
            throw new SspiException(
                    SecurityStatus.SEC_E_INVALID_PARAMETER,
                    SspiException.Kind.KEY,
                    "a security context is sealed with an AES key of 256 bits, which the application supplies",
                    null);
        }
    }

    private record Id(long time, long nonce, int rest) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int order = Long.compare(time, other.time);
            order = order != 0 ? order : Long.compare(nonce, other.nonce);
            return order != 0 ? order : Integer.compare(rest, other.rest);
        }
    }

    /** The blobs that were opened, the youngest of them one by one. */
    static final class Opened {
        private final ReentrantLock lock = new ReentrantLock();
        private final TreeSet<Id> youngest = new TreeSet<>();
        private final int bound;
        /** Blobs of this time and earlier are refused: those that were opened are not remembered one by one. */
        private long forgotten = Long.MIN_VALUE;

        Opened(int bound) {
            this.bound = bound;
        }

        boolean add(long time, long nonce) {
            return add(new Id(time, nonce, 0));
        }

        private boolean add(Id id) {
            lock.lock();
            try {
                if (id.time() <= forgotten || !youngest.add(id)) {
                    return false;
                }
                if (youngest.size() > bound) {
                    forgotten = youngest.pollFirst().time();
                }
                return true;
            } finally {
                lock.unlock();
            }
        }
    }
}
