package org.jsspi.provider.tls.record;

import static org.jsspi.provider.tls.message.AlertDescription.BAD_RECORD_MAC;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
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
 * The keys of one direction: the sequence number, nonce and additional data, and while it is at work a {@link Workbench}; of TLS 1.3 (RFC 8446 5.2, 5.3) or of
 * TLS 1.2 (RFC 5246 6.2.3.3, RFC 5288 3, RFC 7905 2).
 *
 * <pre>
 *            nonce                            additional data                                        sealed
 * TLS 1.3    iv XOR number                    | header 5 |                                           content, type
 * TLS 1.2    salt 4, number 8 or iv XOR number | number 8 | type 1 | version 2 | content length 2 |  content
 * </pre>
 *
 * <p>It works on byte arrays, which is where nearly every provider is fast and right; source and target arrays either do not
 * overlap or, for {@link #seal}, are the same place. Ciphers that copy every array as a whole want direct buffers, which do not overlap. Who uses it learns header and trailer lengths here and never
 * assumes them.
 */
final class RecordProtection {
    /** SunJCE's ChaCha20 copies a ciphertext twice, into fresh arrays, unless it begins at index 0; in 25 it does not. */
    private static final boolean CHACHA20_WANTS_INDEX_0 = Runtime.version().feature() < 25;

    /** The block of the tag and that of the lengths. */
    private static final int RECORD_COST = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final VarHandle RESTING;
    private static final VarHandle SEAT;

    static {
        try {
            RESTING = MethodHandles.lookup().findVarHandle(RecordProtection.class, "resting", Workbench.class);
            SEAT = MethodHandles.lookup().findVarHandle(RecordProtection.class, "seat", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** That the direction has none of the {@link Workbenches#seats()}. */
    static final int NO_SEAT = -1;

    private final Workbenches benches;
    private final Framing framing;
    private final boolean direct;
    private final SecretKey key;
    /** The iv: its first 4 bytes, which no record changes, and the 8 that the number of the record changes. */
    private int ivHead;

    private long ivTail;

    /** While a record is being protected or opened. */
    private Workbench bench;
    /** Between records, unless another direction has taken it: only by {@link #RESTING}. */
    @SuppressWarnings("unused")
    private volatile Workbench resting;

    /** Whoever takes it away, another thread, says so here: who is at work notices when it rests. */
    private int seat = NO_SEAT;
    /** When it came for a bench the last time, and how often in a row it was back soon; less than 0 before the first time. */
    private int seated;

    private byte returns = -1;
    /** Whether it has worked since the last look at it. A look that comes late does no harm. */
    private boolean active;

    private long protectedBytes;
    private long sequence;

    /** @param keys taken over and destroyed */
    RecordProtection(TrafficKeys keys) throws SspiException {
        this(keys, keys.aead().copiesArrays());
    }

    /** @param direct whether the ciphers get direct buffers */
    RecordProtection(TrafficKeys keys, boolean direct) throws SspiException {
        this(keys, Workbenches.of(keys.aead()), direct);
    }

    /** @param benches those of the keys' algorithm */
    RecordProtection(TrafficKeys keys, Workbenches benches, boolean direct) throws SspiException {
        this(keys, benches, direct, null);
        // Where the algorithm has no provider this is the place to say so.
        work();
        rest();
    }

    private RecordProtection(TrafficKeys keys, Workbenches benches, boolean direct, Workbench bench) {
        Aead aead = keys.aead();
        this.benches = benches;
        this.framing = Framing.of(keys);
        this.direct = direct;
        this.key = aead.key(keys.key());
        // In TLS 1.2 with AES-GCM the keys give the first 4 bytes alone: zeros for the others.
        byte[] iv = Arrays.copyOf(keys.iv(), Integer.BYTES + Long.BYTES);
        this.ivHead = (int) INT.get(iv, 0);
        this.ivTail = (long) LONG.get(iv, Integer.BYTES);
        Arrays.fill(iv, (byte) 0);
        this.bench = bench;
        keys.destroy();
    }

    /**
     * {@return the protection that takes the place of this one, which is destroyed}
     *
     * <p>It takes over the bench as well, if the algorithm is the same.
     *
     * @param keys taken over and destroyed
     */
    RecordProtection next(TrafficKeys keys) throws SspiException {
        if (keys.aead() != benches.aead()) {
            destroy();
            return new RecordProtection(keys);
        }
        RecordProtection next = new RecordProtection(keys, benches, direct, bench == null ? yieldBench() : bench);
        bench = null;
        next.seat = seat;
        if (!benches.succeed(this, next, next.seat)) {
            next.seat = NO_SEAT;
        }
        seat = NO_SEAT;
        next.rest();
        destroy();
        return next;
    }

    /** {@return whether it has worked since this was asked last} */
    boolean wasActive() {
        boolean was = active;
        if (was) {
            active = false;
        }
        return was;
    }

    /** {@return the bench between two records, which is the caller's from now on, or null} */
    Workbench yieldBench() {
        return (Workbench) RESTING.getAndSet(this, null);
    }

    /** {@return whether a bench is there between two records} */
    boolean hasBench() {
        return RESTING.getAcquire(this) != null;
    }

    /** {@return the seat that it has, unless somebody else has it by now} */
    int seat() {
        return seat;
    }

    /** Says which seat it has. */
    void seat(int number) {
        seat = number;
    }

    /** Says that another direction has this seat now: by any thread. */
    void loseSeat(int number) {
        SEAT.compareAndSet(this, number, NO_SEAT);
    }

    /**
     * Notes that it comes for a bench.
     *
     * @param now the time
     * @param soon how long it may have been away to be back soon
     * @return how often in a row it was back soon, now included
     */
    int comesBack(int now, int soon) {
        returns = (byte) (returns < 0 || now - seated > soon ? 0 : Math.min(returns + 1, Byte.MAX_VALUE));
        seated = now;
        return returns;
    }

    private Workbench work() throws SspiException {
        if (bench == null) {
            bench = yieldBench();
            if (bench == null) {
                bench = benches.seat(this);
            }
        }
        return bench;
    }

    /** Says that a record is done, header and all: until the next one the bench may go to whoever needs it. */
    void rest() {
        active = true;
        Workbench idle = bench;
        bench = null;
        RESTING.setRelease(this, idle);
        // Behind that, so that whoever takes the seat finds the bench, or is found out here. Both can miss it within a
        // few nanoseconds, as a fence would be the price of every record: the bench then stays for one record more.
        if (seat == NO_SEAT) {
            benches.putAway(yieldBench());
        }
    }

    Framing framing() {
        return framing;
    }

    /** {@return how many bytes are sealed behind the content: its type, or nothing} */
    int typeLength() {
        return framing.trailer() - benches.aead().tagLength();
    }

    /** {@return how many records have been protected or opened} */
    long sequence() {
        return sequence;
    }

    long confidentialityLimit() {
        return benches.aead().confidentialityLimit();
    }

    /** {@return after how many records the platform's settings want another key} */
    long keyLimit() {
        return KeyLimits.of(benches.aead());
    }

    /** {@return the clear header of the record that was begun: the live array, until {@link #rest()}} */
    byte[] header() {
        return bench.header;
    }

    /**
     * Begins a record: content comes with {@link #update} and {@link #finish}, or all at once with {@link #seal}. From here
     * on its sequence number is spent, whatever happens, so that no nonce is ever used twice.
     */
    void beginSeal(ContentType contentType, int contentLength) throws SspiException {
        beginSeal(contentType, contentLength, work().header, 0);
    }

    /** The same, with the header where it belongs: {@link #header()} is none then. */
    void beginSeal(ContentType contentType, int contentLength, byte[] header, int at) throws SspiException {
        if (isSpent()) {
            throw failure("the write key has protected as much as it may", null);
        }
        work();
        int type = RecordFormat.APPLICATION_DATA_CODE;
        int fragmentLength = contentLength + framing.expansion();
        if (framing.isTls12()) {
            count(contentLength);
            type = contentType.code();
            if (framing == Framing.TLS12_EXPLICIT_NONCE) {
                // RFC 5288 3: each value once under a key, which the sequence number is.
                LONG.set(header, at + RecordFormat.HEADER, sequence);
            }
        }
        INT.set(header, at, type << 24 | RecordFormat.VERSION << 8 | fragmentLength >>> 8);
        header[at + 4] = (byte) fragmentLength;
        init(Cipher.ENCRYPT_MODE, header, at, contentLength, sequence);
        sequence++;
    }

    /**
     * RFC 8446 5.5 counts records, because a key of TLS 1.3 can be changed whenever that is due. One of TLS 1.2 cannot, so there it is
     * what the bound stands for that counts, full-size records: a connection of small ones lives as long as its data allows.
     */
    private boolean isSpent() {
        long limit = benches.aead().confidentialityLimit();
        return framing.isTls12() ? protectedBytes / RecordFormat.MAX_PLAINTEXT >= limit : sequence >= limit;
    }

    /** Counts content that the write key of TLS 1.2 protects, with what a record costs the cipher beside it. */
    void count(long contentLength) {
        protectedBytes += contentLength + RECORD_COST;
    }

    /** {@return how many bytes were written: a cipher may hold some back, or all} */
    int update(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return bench.cipher.update(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw failure("the cipher failed", e);
        }
    }

    /** {@return how many bytes were written by the end of a record whose content went through {@link #update}} */
    int finish(ContentType contentType, byte[] target, int targetOffset) throws SspiException {
        bench.type[0] = (byte) contentType.code();
        return seal(bench.type, 0, typeLength(), target, targetOffset);
    }

    /** {@return how many bytes were written by sealing content, with {@link #typeLength()} bytes of its type behind it} */
    int seal(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return bench.cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw failure("the cipher failed", e);
        }
    }

    /** {@return whether {@link #seal(ByteBuffer, ByteBuffer)} and {@link #open(ByteBuffer, ByteBuffer)} are what the ciphers want} */
    boolean wantsDirect() {
        return direct;
    }

    /**
     * {@return how many bytes were written by sealing what remains of {@code plain}, the type included, into the other}
     *
     * @param plain direct, as the other is; the positions of both move
     */
    int seal(ByteBuffer plain, ByteBuffer sealed) throws SspiException {
        try {
            return bench.cipher.doFinal(plain, sealed);
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
        byte[] header = work().header;
        // RFC 8446 5.2, RFC 5246 6.2.3.3: additional data as it came; in TLS 1.3 type and version mean nothing.
        header[0] = network.get(offset);
        header[2] = network.get(offset + 2);
        header[3] = (byte) (fragmentLength >>> 8);
        header[4] = (byte) fragmentLength;
        long explicit = sequence;
        if (framing == Framing.TLS12_EXPLICIT_NONCE) {
            explicit = 0;
            for (int i = 0; i < RecordFormat.EXPLICIT_NONCE; i++) {
                explicit = explicit << 8 | network.get(offset + RecordFormat.HEADER + i) & 0xFF;
            }
        }
        init(Cipher.DECRYPT_MODE, header, 0, fragmentLength - framing.expansion(), explicit);
        int sealed = fragmentLength - (framing.header() - RecordFormat.HEADER);
        return Math.max(sealed - bench.aead.tagLength(), bench.cipher.getOutputSize(sealed));
    }

    /** {@return whether a fragment is opened faster after a copy to the begin of an array} */
    boolean wantsIndexZero() {
        return CHACHA20_WANTS_INDEX_0 && benches.aead() == Aead.CHACHA20_POLY1305;
    }

    /**
     * Opens a fragment, without an explicit nonce. If it throws, the target may hold unverified plaintext, which is the caller's to wipe.
     *
     * @return the length of the content and its type
     */
    int open(byte[] source, int offset, int length, byte[] target, int targetOffset) throws SspiException {
        try {
            return bench.cipher.doFinal(source, offset, length, target, targetOffset);
        } catch (AEADBadTagException e) {
            throw BAD_RECORD_MAC.because("record does not authenticate", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Some providers say a bad tag with an exception of their own: to the peer it is the same.
            throw BAD_RECORD_MAC.because("record cannot be decrypted", e);
        }
    }

    /**
     * The same from one direct buffer into another, whose positions move.
     *
     * @return the length of the content and its type
     */
    int open(ByteBuffer sealed, ByteBuffer plain) throws SspiException {
        try {
            return bench.cipher.doFinal(sealed, plain);
        } catch (AEADBadTagException e) {
            throw BAD_RECORD_MAC.because("record does not authenticate", e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw BAD_RECORD_MAC.because("record cannot be decrypted", e);
        }
    }

    /** Counts the record that was opened. */
    void commit() {
        sequence++;
        rest();
    }

    void destroy() {
        try {
            key.destroy();
        } catch (DestroyFailedException e) {
            throw new IllegalStateException("a key of ours cannot be destroyed", e);
        }
        ivHead = 0;
        ivTail = 0;
        Workbench left = bench == null ? yieldBench() : bench;
        bench = null;
        benches.leave(this, seat);
        seat = NO_SEAT;
        benches.putAway(left);
    }

    /**
     * @param header the clear header lies in it from {@code offset} on
     * @param varying what is combined with the iv: the sequence number, or what the record says in its place
     */
    private void init(int mode, byte[] header, int offset, int contentLength, long varying) throws SspiException {
        Workbench at = bench;
        byte[] additionalData = header;
        int additionalOffset = offset;
        int additionalLength = RecordFormat.HEADER;
        if (framing.isTls12()) {
            additionalData = at.additionalData;
            additionalOffset = 0;
            additionalLength = Workbench.ADDITIONAL_DATA_12;
            LONG.set(additionalData, 0, sequence);
            System.arraycopy(header, offset, additionalData, 8, 3);
            additionalData[11] = (byte) (contentLength >>> 8);
            additionalData[12] = (byte) contentLength;
        }
        // RFC 8446 5.3: the 64-bit sequence number, padded to the left, XOR the iv. RFC 5288 3 appends it to the salt:
        // there the iv has zeros in its place.
        byte[] nonce = at.nonce;
        INT.set(nonce, 0, ivHead);
        LONG.set(nonce, Integer.BYTES, ivTail ^ varying);
        try {
            try {
                at.cipher.init(mode, key, at.aead.parameters(nonce));
            } catch (InvalidKeyException | InvalidAlgorithmParameterException known) {
                // It has seen this key with this nonce: of a record that did not fit and is opened again, or of the
                // other end, in this JVM. That we use no nonce twice is up to the sequence number.
                at.cipher = at.aead.newCipher();
                at.cipher.init(mode, key, at.aead.parameters(nonce));
            }
            at.cipher.updateAAD(additionalData, additionalOffset, additionalLength);
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
