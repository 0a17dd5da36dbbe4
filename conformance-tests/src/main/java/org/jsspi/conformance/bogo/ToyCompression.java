package org.jsspi.conformance.bogo;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.jsspi.CertificateCompression;

/** The ways to compress certificates that the runner has made up, in the order in which its tests prefer them. */
enum ToyCompression implements CertificateCompression {
    /** Four bytes in front. */
    EXPANDING(0xFF02, new byte[] {1, 2, 3, 4}, 0),
    /** Without the first two bytes, which are 0 in every Certificate. */
    SHRINKING(0xFF01, new byte[0], 2),
    /** Some byte in front. */
    RANDOM(0xFF03, new byte[1], 0);

    private static final SecureRandom SOURCE = new SecureRandom();

    private final int algorithm;
    private final byte[] prefix;
    private final int omitted;

    ToyCompression(int algorithm, byte[] prefix, int omitted) {
        this.algorithm = algorithm;
        this.prefix = prefix;
        this.omitted = omitted;
    }

    /** {@return the ways that a test wants, best first} */
    static List<CertificateCompression> of(Configuration configuration) {
        return Arrays.stream(values())
                .filter(way -> configuration.compressions || configuration.compression == way.algorithm)
                .map(CertificateCompression.class::cast)
                .toList();
    }

    @Override
    public int algorithm() {
        return algorithm;
    }

    @Override
    public byte[] compress(byte[] message) {
        byte[] compressed = new byte[prefix.length + message.length - omitted];
        System.arraycopy(prefix, 0, compressed, 0, prefix.length);
        System.arraycopy(message, omitted, compressed, prefix.length, message.length - omitted);
        if (this == RANDOM) {
            compressed[0] = (byte) SOURCE.nextInt();
        }
        return compressed;
    }

    @Override
    public boolean decompress(byte[] compressed, byte[] message) {
        boolean begins = this == RANDOM
                || compressed.length >= prefix.length
                        && Arrays.equals(prefix, Arrays.copyOf(compressed, prefix.length));
        if (!begins || message.length != compressed.length - prefix.length + omitted) {
            return false;
        }
        System.arraycopy(compressed, prefix.length, message, omitted, message.length - omitted);
        return true;
    }
}
