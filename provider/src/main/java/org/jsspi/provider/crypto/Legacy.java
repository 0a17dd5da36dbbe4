package org.jsspi.provider.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import org.bouncycastle.crypto.digests.MD4Digest;
import org.bouncycastle.crypto.engines.DESEngine;
import org.bouncycastle.crypto.engines.RC4Engine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * LEGACY: the broken primitives that NTLM is made of, MD4, MD5, DES, RC4 and CRC-32, and the only place where they are.
 *
 * <p>None of them may protect anything new. MD5 comes from JCA (the JDK has it as an intrinsic), RC4 too where JCA has it,
 * the others from bcprov. Whether they may be used is for {@link LegacyPolicy} to say.
 */
public final class Legacy {
    private static final int MD4_LENGTH = 16;
    private static final int MD5_LENGTH = 16;
    private static final int MD5_BLOCK = 64;
    private static final int DES_BLOCK = 8;

    private Legacy() {}

    /** {@return the MD4 (RFC 1320) of the bytes, 16 bytes} */
    public static byte[] md4(byte[] bytes) {
        MD4Digest digest = new MD4Digest();
        digest.update(bytes, 0, bytes.length);
        byte[] value = new byte[MD4_LENGTH];
        // Also returns the digest to its initial state, which forgets the input.
        digest.doFinal(value, 0);
        return value;
    }

    /** {@return the MD5 (RFC 1321) of the parts one after the other, 16 bytes} */
    public static byte[] md5(byte[]... parts) {
        MessageDigest digest = newMd5();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    /** {@return the HMAC-MD5 (RFC 2104) under the key of the parts one after the other, 16 bytes} */
    public static byte[] hmacMd5(byte[] key, byte[]... parts) {
        try (HmacMd5 mac = new HmacMd5(key)) {
            mac.begin();
            for (byte[] part : parts) {
                mac.update(part, 0, part.length);
            }
            byte[] value = new byte[MD5_LENGTH];
            mac.end(value);
            return value;
        }
    }

    /** {@return a JCA MD5} */
    public static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the platform has no MD5", e);
        }
    }

    /**
     * {@return one block encrypted with DES in ECB mode, 8 bytes}
     *
     * @param key56 7 bytes, which become the 8 of a DES key with 7 bits each (MS-NLMP 6, DES(K, D))
     * @param block 8 bytes
     */
    public static byte[] des(byte[] key56, byte[] block) {
        if (key56.length != 7 || block.length != DES_BLOCK) {
            throw new IllegalArgumentException("DES takes a key of 7 bytes and a block of 8");
        }
        byte[] key = new byte[DES_BLOCK];
        for (int i = 0; i < DES_BLOCK; i++) {
            int high = i == 0 ? 0 : (key56[i - 1] & 0xFF) << (8 - i);
            int low = i == DES_BLOCK - 1 ? 0 : (key56[i] & 0xFF) >>> i;
            // The parity bit is never looked at.
            key[i] = (byte) ((high | low) & 0xFE);
        }
        DESEngine engine = new DESEngine();
        engine.init(true, new KeyParameter(key));
        byte[] result = new byte[DES_BLOCK];
        engine.processBlock(block, 0, result, 0);
        Arrays.fill(key, (byte) 0);
        return result;
    }

    /** {@return the bytes encrypted with RC4 from the start of the key's stream, in a new array} */
    public static byte[] rc4(byte[] key, byte[] bytes) {
        try (Rc4 stream = new Rc4(key)) {
            byte[] result = new byte[bytes.length];
            stream.process(bytes, 0, bytes.length, result, 0);
            return result;
        }
    }

    /** {@return a CRC-32 as in IEEE 802.3, which is no protection at all} */
    public static CRC32 newCrc32() {
        return new CRC32();
    }

    /**
     * A running RC4 stream, which can start anew, also under another key of the same length. Not thread-safe.
     *
     * <p>JCA's ARCFOUR is nearly twice as fast as bcprov's engine (JDK 17: key 0.7 to 1.3 microseconds, 1 KiB 2.1 to 3.6), so
     * it serves where the platform has one, and bcprov's elsewhere. A datagram of 1 KiB that is sealed with it costs 1.15 of
     * the plain JCA calls, with bcprov's 1.25 to 1.35, and 1.3 is the promise. The JDK's loop over the bytes is inlined where it
     * is called, and how well it is compiled depends on what else is known there. In a JVM that has sealed and opened in arrays
     * and elsewhere, both modes, a datagram of 1 KiB cost 1.1 to 1.8 of the plain calls in the same JVM; where work in place is a
     * call of its own, 1.0 to 1.25.
     */
    public static final class Rc4 implements AutoCloseable {
        private final byte[] key;
        private final Cipher cipher;
        private final HandedKey cipherKey;
        /** Null where JCA serves. */
        private final RC4Engine engine;

        /** The start of the stream of this key, which is copied. */
        public Rc4(byte[] key) {
            this(key, jcaRc4());
        }

        Rc4(byte[] key, Cipher cipher) {
            this.cipher = cipher;
            if (cipher == null) {
                KeyParameter parameter = new KeyParameter(key);
                // The engine keeps this array and reads it again at reset: so a stream starts anew without allocation.
                this.key = parameter.getKey();
                this.cipherKey = null;
                this.engine = new RC4Engine();
                engine.init(true, parameter);
            } else {
                this.key = key.clone();
                this.cipherKey = new HandedKey(key.length);
                this.engine = null;
                restart();
            }
        }

        static Cipher jcaRc4() {
            try {
                return Cipher.getInstance("ARCFOUR");
            } catch (GeneralSecurityException e) {
                return null;
            }
        }

        /** Starts anew under another key, which is copied and has the length of the first. */
        public void restart(byte[] newKey) {
            if (newKey.length != key.length) {
                throw new IllegalArgumentException("the key has " + newKey.length + " bytes, not " + key.length);
            }
            System.arraycopy(newKey, 0, key, 0, key.length);
            restart();
        }

        /** Starts anew under the same key. */
        public void restart() {
            if (engine != null) {
                engine.reset();
                return;
            }
            try {
                cipherKey.hand(key);
                cipher.init(Cipher.ENCRYPT_MODE, cipherKey);
            } catch (InvalidKeyException e) {
                throw new IllegalStateException("the platform's ARCFOUR refuses its own keys", e);
            }
        }

        /** Encrypts or decrypts; source and target may be the same place, but must not overlap otherwise. */
        public void process(byte[] source, int offset, int length, byte[] target, int targetOffset) {
            if (engine != null) {
                engine.processBytes(source, offset, length, target, targetOffset);
                return;
            }
            if (length == 0) {
                return;
            }
            try {
                if (source == target && offset == targetOffset) {
                    // The same call, but the compiler sees that there is one array: see the class comment.
                    cipher.update(source, offset, length, source, offset);
                } else {
                    cipher.update(source, offset, length, target, targetOffset);
                }
            } catch (ShortBufferException e) {
                throw new IndexOutOfBoundsException("the target is shorter than the source");
            }
        }

        /** Wipes the key, and the state by starting anew under zeros. */
        @Override
        public void close() {
            Arrays.fill(key, (byte) 0);
            restart();
            if (cipherKey != null) {
                Arrays.fill(cipherKey.arrays[cipherKey.turn ^ 1], (byte) 0);
            }
        }
    }

    /**
     * The key that a Cipher has, in two arrays that take turns, so that none is allocated for a message: the JDK's Cipher wipes
     * the array that it has when it is about to read the next one.
     */
    private static final class HandedKey implements SecretKey {
        private static final long serialVersionUID = 1L;

        private final transient byte[][] arrays;
        private int turn;

        HandedKey(int length) {
            this.arrays = new byte[2][length];
        }

        void hand(byte[] key) {
            turn ^= 1;
            System.arraycopy(key, 0, arrays[turn], 0, key.length);
        }

        @Override
        public String getAlgorithm() {
            return "ARCFOUR";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return arrays[turn];
        }

        private void writeObject(ObjectOutputStream out) throws NotSerializableException {
            throw new NotSerializableException(HandedKey.class.getName());
        }
    }

    /**
     * HMAC-MD5 under one key, any number of messages one after the other, without allocation: what JCA's Mac does, but with
     * the key where it can be wiped. Not thread-safe.
     */
    public static final class HmacMd5 implements AutoCloseable {
        private final MessageDigest digest = newMd5();
        private final byte[] inner = new byte[MD5_BLOCK];
        private final byte[] outer = new byte[MD5_BLOCK];

        /** An HMAC under this key, which is copied. */
        public HmacMd5(byte[] key) {
            byte[] block = key.length > MD5_BLOCK ? digest.digest(key) : key;
            for (int i = 0; i < MD5_BLOCK; i++) {
                int octet = i < block.length ? block[i] : 0;
                inner[i] = (byte) (octet ^ 0x36);
                outer[i] = (byte) (octet ^ 0x5C);
            }
        }

        /** Begins a message; one that is under way is forgotten. */
        public void begin() {
            digest.reset();
            digest.update(inner);
        }

        /** Adds to the message. */
        public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
        }

        /** Ends the message and writes the value, 16 bytes, to the start of {@code value}. */
        public void end(byte[] value) {
            try {
                digest.digest(value, 0, MD5_LENGTH);
                digest.update(outer);
                digest.update(value, 0, MD5_LENGTH);
                digest.digest(value, 0, MD5_LENGTH);
            } catch (DigestException e) {
                throw new IllegalStateException("the platform's MD5 does not end", e);
            }
        }

        /** Wipes the key. */
        @Override
        public void close() {
            Arrays.fill(inner, (byte) 0);
            Arrays.fill(outer, (byte) 0);
            digest.reset();
        }
    }
}
