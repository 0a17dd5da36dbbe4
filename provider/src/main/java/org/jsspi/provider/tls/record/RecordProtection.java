package org.jsspi.provider.tls.record;

import static org.jsspi.provider.tls.message.AlertDescription.BAD_RECORD_MAC;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.security.auth.DestroyFailedException;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.Aead;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordFormat.Framing;

/**
 * The keys of one direction at work: one Cipher, the sequence number, nonce and additional data, of TLS 1.3 (RFC 8446 5.2, 5.3) or of
 * TLS 1.2 (RFC 5246 6.2.3.3, RFC 5288 3, RFC 7905 2).
 *
 * <pre>
 *            nonce                            additional data                                        sealed
 * TLS 1.3    iv XOR number                    | header 5 |                                           content, type
 * TLS 1.2    salt 4, number 8 or iv XOR number | number 8 | type 1 | version 2 | content length 2 |  content
 * </pre>
 *
 * <p>It works on byte arrays only, which is where every provider is fast and right; source and target arrays either do not
 * overlap or, for {@link #seal}, are the same place. Who uses it learns header and trailer lengths here and never
 * assumes them.
 */
final class RecordProtection {
    /** SunJCE's ChaCha20 copies a ciphertext twice, into fresh arrays, unless it begins at index 0; in 25 it does not. */
    private static final boolean CHACHA20_WANTS_INDEX_0 = Runtime.version().feature() < 25;

    /** The block of the tag and that of the lengths. */
    private static final int RECORD_COST = 32;

    /** seq_num 8, type 1, version 2, length 2. */
    private static final int ADDITIONAL_DATA_12 = 13;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Aead aead;
    private final Framing framing;
    private final SecretKey key;
    /** The bytes of the nonce that the keys give; in TLS 1.2 with AES-GCM filled up with zeros. */
    private final byte[] iv;

    private final byte[] nonce;
    private final byte[] header;
    /** What authenticates the record beside its content: in TLS 1.3 the header itself. */
    private final byte[] additionalData;

    private final byte[] type = new byte[1];
    private Cipher cipher;
    private long protectedBytes;
    private long sequence;
    /** The number that the cipher was last initialised with. */
    private long initialised = -1;

    /** @param keys taken over and destroyed */
    RecordProtection(TrafficKeys keys) throws SspiException {
        this(keys, keys.aead().newCipher());
    }

    private RecordProtection(TrafficKeys keys, Cipher cipher) {
        this.aead = keys.aead();
        this.framing = Framing.of(keys);
        this.cipher = cipher;
        this.key = aead.key(keys.key());
        this.iv = Arrays.copyOf(keys.iv(), aead.ivLength());
        this.nonce = iv.clone();
        this.header = new byte[framing.header()];
        header[0] = RecordFormat.APPLICATION_DATA_CODE;
        header[1] = 3;
        header[2] = 3;
        this.additionalData = framing.isTls12() ? new byte[ADDITIONAL_DATA_12] : header;
        keys.destroy();
    }

    /**
     * {@return the protection that takes the place of this one, which is destroyed}
     *
     * <p>The Cipher of one algorithm is used on: it is dearer to make than to give another key.
     *
     * @param keys taken over and destroyed
     */
    RecordProtection next(TrafficKeys keys) throws SspiException {
        RecordProtection next = keys.aead() == aead ? new RecordProtection(keys, cipher) : new RecordProtection(keys);
        destroy();
        return next;
    }

    Framing framing() {
        return framing;
    }

    /** {@return how many bytes are sealed behind the content: its type, or nothing} */
    int typeLength() {
        return framing.trailer() - aead.tagLength();
    }

    /** {@return how many records have been protected or opened} */
    long sequence() {
        return sequence;
    }

    long confidentialityLimit() {
        return aead.confidentialityLimit();
    }

    /** {@return after how many records the platform's settings want another key} */
    long keyLimit() {
        return KeyLimits.of(aead);
    }

    /** {@return the clear header of the record that was begun last: the live array} */
    byte[] header() {
        return header;
    }

    /**
     * Begins a record: content comes with {@link #update} and {@link #finish}, or all at once with {@link #seal}. From here
     * on its sequence number is spent, whatever happens, so that no nonce is ever used twice.
     */
    void beginSeal(ContentType contentType, int contentLength) throws SspiException {
        if (isSpent()) {
            throw failure("the write key has protected as much as it may", null);
        }
        if (framing.isTls12()) {
            count(contentLength);
            header[0] = (byte) contentType.code();
            if (framing == Framing.TLS12_EXPLICIT_NONCE) {
                // RFC 5288 3: each value once under a key, which the sequence number is.
                LONG.set(header, RecordFormat.HEADER, sequence);
            }
        }
        init(Cipher.ENCRYPT_MODE, contentLength, contentLength + framing.expansion(), sequence);
        sequence++;
    }

    /**
     * RFC 8446 5.5 counts records, because a key of TLS 1.3 can be changed whenever that is due. One of TLS 1.2 cannot, so there it is
     * what the bound stands for that counts, full-size records: a connection of small ones lives as long as its data allows.
     */
    private boolean isSpent() {
        long limit = aead.confidentialityLimit();
        return framing.isTls12() ? protectedBytes / RecordFormat.MAX_PLAINTEXT >= limit : sequence >= limit;
    }

    /** Counts content that the write key of TLS 1.2 protects, with what a record costs the cipher beside it. */
    void count(long contentLength) {
        protectedBytes += contentLength + RECORD_COST;
    }

    /** {@return how many bytes were written: a cipher may hold some back, or all} */
    int update(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return cipher.update(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw failure("the cipher failed", e);
        }
    }

    /** {@return how many bytes were written by the end of a record whose content went through {@link #update}} */
    int finish(ContentType contentType, byte[] target, int targetOffset) throws SspiException {
        type[0] = (byte) contentType.code();
        return seal(type, 0, typeLength(), target, targetOffset);
    }

    /** {@return how many bytes were written by sealing content, with {@link #typeLength()} bytes of its type behind it} */
    int seal(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw failure("the cipher failed", e);
        }
    }

    /**
     * Prepares to open the record at {@code offset} under the current number, which stays current until {@link #commit()}.
     *
     * @return how much room the cipher wants for the plaintext: the length of the content and its type, or more
     */
    int beginOpen(ByteBuffer network, int offset, int fragmentLength) throws SspiException {
        if (sequence == Long.MAX_VALUE) {
            // RFC 8446 5.3: sequence numbers do not wrap
            throw failure("the read key has opened as many records as it may", null);
        }
        // RFC 8446 5.2, RFC 5246 6.2.3.3: additional data as it came; in TLS 1.3 type and version mean nothing.
        header[0] = network.get(offset);
        header[2] = network.get(offset + 2);
        long explicit = sequence;
        if (framing == Framing.TLS12_EXPLICIT_NONCE) {
            explicit = 0;
            for (int i = 0; i < RecordFormat.EXPLICIT_NONCE; i++) {
                explicit = explicit << 8 | network.get(offset + RecordFormat.HEADER + i) & 0xFF;
            }
        }
        init(Cipher.DECRYPT_MODE, fragmentLength - framing.expansion(), fragmentLength, explicit);
        int sealed = fragmentLength - (framing.header() - RecordFormat.HEADER);
        return Math.max(sealed - aead.tagLength(), cipher.getOutputSize(sealed));
    }

    /** {@return whether a fragment is opened faster after a copy to the begin of an array} */
    boolean wantsIndexZero() {
        return CHACHA20_WANTS_INDEX_0 && aead == Aead.CHACHA20_POLY1305;
    }

    /**
     * Opens a fragment, without an explicit nonce. If it throws, the target may hold unverified plaintext, which is the caller's to wipe.
     *
     * @return the length of the content and its type
     */
    int open(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (AEADBadTagException e) {
            throw BAD_RECORD_MAC.because("record does not authenticate", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Some providers say a bad tag with an exception of their own: to the peer it is the same.
            throw BAD_RECORD_MAC.because("record cannot be decrypted", e);
        }
    }

    /** Counts the record that was opened. */
    void commit() {
        sequence++;
    }

    void destroy() {
        try {
            key.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("a key of ours cannot be destroyed", e);
        }
        Arrays.fill(iv, (byte) 0);
        Arrays.fill(nonce, (byte) 0);
        // A Cipher cannot be wiped; without a reference its key schedule is garbage.
        cipher = null;
    }

    /** @param varying what is combined with the iv: the sequence number, or what the record says in its place */
    private void init(int mode, int contentLength, int fragmentLength, long varying) throws SspiException {
        header[3] = (byte) (fragmentLength >>> 8);
        header[4] = (byte) fragmentLength;
        if (framing.isTls12()) {
            LONG.set(additionalData, 0, sequence);
            additionalData[8] = header[0];
            additionalData[9] = header[1];
            additionalData[10] = header[2];
            additionalData[11] = (byte) (contentLength >>> 8);
            additionalData[12] = (byte) contentLength;
        }
        // RFC 8446 5.3: the 64-bit sequence number, padded to the left, XOR the iv. RFC 5288 3 appends it to the salt:
        // there the iv has zeros in its place.
        int last8 = nonce.length - Long.BYTES;
        LONG.set(nonce, last8, (long) LONG.get(iv, last8) ^ varying);
        try {
            if (initialised == sequence) {
                // A record that did not fit is opened again: SunJCE's ChaCha20 refuses the nonce of the init before.
                cipher = aead.newCipher();
            }
            initialised = sequence;
            cipher.init(mode, key, aead.parameters(nonce));
            cipher.updateAAD(additionalData, 0, additionalData.length);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw e instanceof SspiException known ? known : failure("the cipher does not take its key", e);
        }
    }

    private static SspiException failure(String message, Throwable cause) {
        return new SspiException(
                SecurityStatus.SEC_E_INTERNAL_ERROR,
                SspiException.Kind.KEY,
                AlertDescription.INTERNAL_ERROR.code(),
                message,
                cause);
    }
}
