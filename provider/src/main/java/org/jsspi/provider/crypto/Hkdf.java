package org.jsspi.provider.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jsspi.provider.wire.Pool;

/**
 * HKDF (RFC 5869) over one hash, and the labelled form that TLS 1.3 derives every key with (RFC 8446 7.1).
 *
 * <p>It holds no key and is free to share between threads. What it returns is the caller's to destroy.
 */
public final class Hkdf {
    private static final byte[] NO_CONTEXT = {};
    private static final byte[] LABEL_PREFIX = "tls13 ".getBytes(StandardCharsets.US_ASCII);
    /** | length 2 | label 1, 255 | context 1, 255 | */
    private static final int LONGEST_LABEL = 2 + 2 * 256;

    private static final Pool<byte[]> LABELS = new Pool<>();

    private final HashAlgorithm hash;

    /** HKDF with HMAC over the hash: see {@link HashAlgorithm#hkdf()}. */
    Hkdf(HashAlgorithm hash) {
        this.hash = hash;
    }

    /** {@return the hash below} */
    public HashAlgorithm hash() {
        return hash;
    }

    /**
     * HKDF-Extract.
     *
     * @param salt null or empty for none: a string of zeros as long as the hash (RFC 5869 2.2)
     * @param ikm input keying material; null stands for zeros as long as the hash, which is what the TLS 1.3 key
     *     schedule puts where a secret is missing (RFC 8446 7.1)
     * @return the pseudorandom key, as long as the hash
     */
    public Secret extract(Secret salt, Secret ikm) {
        byte[] key = salt == null ? NO_CONTEXT : salt.bytes();
        try (Hmac hmac = new Hmac(hash, key)) {
            hmac.update(ikm == null ? new byte[hash.length()] : ikm.bytes());
            return Secret.owning(hmac.doFinal());
        }
    }

    /**
     * HKDF-Expand.
     *
     * @param prk a pseudorandom key, normally of {@link #extract}
     * @param info binds the output to its use; may be empty
     * @param length in bytes, 0 to 255 hashes
     * @throws IllegalArgumentException if the length is outside its bounds
     */
    public Secret expand(Secret prk, byte[] info, int length) {
        try (Hmac hmac = new Hmac(hash, prk)) {
            return expand(hmac, info, info.length, length);
        }
    }

    private Secret expand(Hmac hmac, byte[] info, int infoLength, int length) {
        // RFC 5869 2.3: L <= 255*HashLen
        if (length < 0 || length > 255 * hash.length()) {
            throw new IllegalArgumentException("HKDF gives 0 to " + 255 * hash.length() + " bytes, not " + length);
        }
        byte[] okm = NO_CONTEXT;
        byte[] block = NO_CONTEXT;
        int filled = 0;
        for (int counter = 1; filled < length; counter++) {
            // RFC 5869 2.3: T(i) = HMAC-Hash(PRK, T(i-1) | info | i)
            hmac.update(block);
            hmac.update(info, 0, infoLength);
            hmac.update((byte) counter);
            byte[] next = hmac.doFinal();
            if (counter == 1 && length == next.length) {
                return Secret.owning(next);
            }
            if (counter == 1) {
                okm = new byte[length];
            }
            Arrays.fill(block, (byte) 0);
            block = next;
            int n = Math.min(block.length, length - filled);
            System.arraycopy(block, 0, okm, filled, n);
            filled += n;
        }
        Arrays.fill(block, (byte) 0);
        return Secret.owning(okm);
    }

    /** {@return what expands this secret, which stays the caller's, any number of times at the price of one key} */
    public Expansion expansionOf(Secret secret) {
        return new Expansion(secret);
    }

    /** HKDF-Expand-Label (RFC 8446 7.1) of one secret, which the caller closes the expansion before it destroys. Not thread-safe. */
    public final class Expansion implements AutoCloseable {
        private final Hmac hmac;
        /** Holds one HkdfLabel after the other. There is nothing secret in it. */
        private final byte[] info;

        private Expansion(Secret secret) {
            hmac = new Hmac(hash, secret);
            byte[] pooled = LABELS.take();
            info = pooled == null ? new byte[LONGEST_LABEL] : pooled;
        }

        /**
         * {@return HKDF-Expand-Label}
         *
         * @param label without the prefix {@code "tls13 "}, 1 to 249 ASCII characters; a question mark stands for any other
         * @param context usually a transcript hash, 0 to 255 bytes
         * @param length in bytes, 0 to 255 hashes
         * @throws IllegalArgumentException if a length is outside its bounds
         */
        public Secret expandLabel(String label, byte[] context, int length) {
            // struct {
            //     uint16 length = Length;
            //     opaque label<7..255> = "tls13 " + Label;
            //     opaque context<0..255> = Context;
            // } HkdfLabel;
            int labelLength = LABEL_PREFIX.length + label.length();
            if (label.isEmpty() || labelLength > 255 || context.length > 255) {
                throw new IllegalArgumentException("label or context outside the bounds of HkdfLabel");
            }
            info[0] = (byte) (length >>> 8);
            info[1] = (byte) length;
            info[2] = (byte) labelLength;
            System.arraycopy(LABEL_PREFIX, 0, info, 3, LABEL_PREFIX.length);
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                info[3 + LABEL_PREFIX.length + i] = (byte) (c < 128 ? c : '?');
            }
            info[3 + labelLength] = (byte) context.length;
            System.arraycopy(context, 0, info, 4 + labelLength, context.length);
            return expand(hmac, info, 4 + labelLength + context.length, length);
        }

        /**
         * {@return Derive-Secret (RFC 8446 7.1), with the transcript hash already taken: a secret as long as the hash}
         *
         * @param transcriptHash the hash of the messages
         */
        public Secret deriveSecret(String label, byte[] transcriptHash) {
            return expandLabel(label, transcriptHash, hash.length());
        }

        /** {@return Derive-Secret without any messages} */
        public Secret deriveSecret(String label) {
            return deriveSecret(label, hash.sharedEmptyHash());
        }

        /** Ends the use of the secret. */
        @Override
        public void close() {
            hmac.close();
            LABELS.give(info);
        }
    }

    /** {@return HKDF-Expand-Label, see {@link Expansion#expandLabel}} */
    public Secret expandLabel(Secret secret, String label, byte[] context, int length) {
        try (Expansion expansion = expansionOf(secret)) {
            return expansion.expandLabel(label, context, length);
        }
    }

    /** {@return Derive-Secret, see {@link Expansion#deriveSecret(String, byte[])}} */
    public Secret deriveSecret(Secret secret, String label, byte[] transcriptHash) {
        return expandLabel(secret, label, transcriptHash, hash.length());
    }

    /** {@return Derive-Secret without any messages} */
    public Secret deriveSecret(Secret secret, String label) {
        return deriveSecret(secret, label, hash.sharedEmptyHash());
    }

    /** {@return the finished_key of a traffic secret (RFC 8446 4.4.4), which {@link HashAlgorithm#hmac} takes} */
    public Secret finishedKey(Secret trafficSecret) {
        return expandLabel(trafficSecret, "finished", NO_CONTEXT, hash.length());
    }
}
