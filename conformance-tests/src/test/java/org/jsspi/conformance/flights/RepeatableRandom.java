package org.jsspi.conformance.flights;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandomParameters;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A SecureRandom that gives the same bytes each time, so that what we send can be compared with what we sent. It is put in front
 * of every provider of a JVM that lives for nothing else.
 */
final class RepeatableRandom {
    private static final AtomicInteger INSTANCES = new AtomicInteger();
    private static volatile String name = "";
    private static volatile int epoch;

    private RepeatableRandom() {}

    static void install() {
        Security.insertProviderAt(new Installed(), 1);
    }

    /** Begins anew, with other bytes for each name. */
    static void restart(String newName) {
        name = newName;
        epoch++;
    }

    private static final class Installed extends Provider {
        private static final long serialVersionUID = 1L;

        Installed() {
            super("Repeatable", "1", "Not random at all");
            putService(new Service(this, "SecureRandom", "Repeatable", Spi.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Spi(null);
                }
            });
        }
    }

    /** SHA-256 of the name, the number of the instance and a counter. */
    public static final class Spi extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        private final int instance = INSTANCES.getAndIncrement();
        private int seen = -1;
        private int counter;

        public Spi(SecureRandomParameters ignored) {}

        @Override
        protected synchronized void engineNextBytes(byte[] bytes) {
            if (seen != epoch) {
                seen = epoch;
                counter = 0;
            }
            for (int at = 0; at < bytes.length; ) {
                byte[] block = block();
                int length = Math.min(block.length, bytes.length - at);
                System.arraycopy(block, 0, bytes, at, length);
                at += length;
            }
        }

        private byte[] block() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(ByteBuffer.allocate(8)
                        .putInt(instance)
                        .putInt(counter++)
                        .array());
                return digest.digest();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineSetSeed(byte[] seed) {}

        @Override
        protected byte[] engineGenerateSeed(int length) {
            byte[] seed = new byte[length];
            Arrays.fill(seed, (byte) 1);
            return seed;
        }
    }
}
