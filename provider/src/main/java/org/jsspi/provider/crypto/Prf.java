package org.jsspi.provider.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The pseudorandom function of TLS 1.2 (RFC 5246 5): P_hash over the hash of the cipher suite. */
public final class Prf {
    private final HashAlgorithm hash;

    /** The function over this hash. */
    public Prf(HashAlgorithm hash) {
        this.hash = hash;
    }

    /** {@return the hash} */
    public HashAlgorithm hash() {
        return hash;
    }

    /**
     * {@return PRF(secret, label, seed)}
     *
     * @param secret stays the caller's
     * @param label ASCII
     * @param length in bytes, 0 or more
     * @param seed the parts, in order
     */
    public Secret derive(Secret secret, String label, int length, byte[]... seed) {
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        byte[] output = new byte[length];
        try (Hmac hmac = new Hmac(hash, secret)) {
            // RFC 5246 5: A(1) = HMAC_hash(secret, label + seed)
            updateSeed(hmac, name, seed);
            byte[] a = hmac.doFinal();
            int filled = 0;
            while (filled < length) {
                // HMAC_hash(secret, A(i) + label + seed)
                hmac.update(a);
                updateSeed(hmac, name, seed);
                byte[] block = hmac.doFinal();
                int n = Math.min(block.length, length - filled);
                System.arraycopy(block, 0, output, filled, n);
                filled += n;
                Arrays.fill(block, (byte) 0);
                // A(i + 1) = HMAC_hash(secret, A(i))
                hmac.update(a);
                Arrays.fill(a, (byte) 0);
                a = hmac.doFinal();
            }
            Arrays.fill(a, (byte) 0);
        }
        return Secret.owning(output);
    }

    private static void updateSeed(Hmac hmac, byte[] label, byte[]... seed) {
        hmac.update(label);
        for (byte[] part : seed) {
            hmac.update(part);
        }
    }
}
