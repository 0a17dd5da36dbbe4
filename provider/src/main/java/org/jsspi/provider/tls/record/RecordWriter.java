package org.jsspi.provider.tls.record;

import static org.jsspi.SecurityStatus.SEC_E_BUFFER_TOO_SMALL;
import static org.jsspi.SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS;
import static org.jsspi.SecurityStatus.SEC_E_INTERNAL_ERROR;
import static org.jsspi.SecurityStatus.SEC_E_INVALID_TOKEN;
import static org.jsspi.SecurityStatus.SEC_E_OK;
import static org.jsspi.SecurityStatus.SEC_E_OUT_OF_SEQUENCE;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordFormat.Framing;
import org.jsspi.provider.wire.Pool;

/**
 * The writing direction of a connection: turns content into records, clear ones until there are keys.
 *
 * <pre>
 * TLS 1.3            | header 5           | data n | type 1 | tag 16 |
 * TLS 1.2, AES-GCM   | header 5 | nonce 8 | data n | tag 16 |
 * TLS 1.2, ChaCha20  | header 5           | data n | tag 16 |
 * </pre>
 *
 * <p>Lists are judged whole before anything is touched: a list that is refused has changed nothing and spent no sequence
 * number. Where source and target are heap memory apart from each other the data passes through the cipher once, from one
 * to the other, and is copied nowhere; contiguous data in place is sealed in place, and so are direct sources and small ones
 * once they lie in the target; everything else takes scratch memory. A cipher that copies whole arrays gets direct buffers.
 *
 * <p>Not safe for use by several threads; the write lock of the context guards it.
 */
public final class RecordWriter {
    /** Records that limitReached leaves below the limit of the key, for the KeyUpdate and the alerts that still have to go. */
    private static final int LIMIT_MARGIN = 1024;

    /** Up to here a copy and one step of the cipher in place take less time than two steps without the copy. */
    private static final int SMALL = 1024;

    private static final byte CLIENT_HELLO = 1;
    /** For records of handshake messages, which nobody makes a list for. */
    private static final Pool<SecBufferDesc> LISTS = new Pool<>();

    private RecordProtection protection;
    private int protectedLimit = RecordFormat.MAX_PLAINTEXT;
    private long recordLimit = Long.MAX_VALUE;
    private boolean initialHelloSent;

    /** A writer of clear records. */
    public RecordWriter() {}

    /**
     * Protects what follows with these keys; numbering begins at 0 again (RFC 8446 5.3) and the earlier keys are destroyed.
     *
     * @param keys taken over and destroyed
     */
    public void protect(TrafficKeys keys) throws SspiException {
        protection = protection == null ? new RecordProtection(keys) : protection.next(keys);
    }

    /** @param keys taken over, in place of any before them */
    void protect(RecordProtection keys) {
        protection = keys;
    }

    /** {@return whether records are protected} */
    public boolean isProtected() {
        return protection != null;
    }

    /** {@return how records are framed, under the current keys} */
    public Framing framing() {
        return protection == null ? Framing.CLEAR : protection.framing();
    }

    /** {@return the length of a record's header in bytes, under the current keys} */
    public int headerLength() {
        return framing().header();
    }

    /** {@return the length of what follows a record's content in bytes, under the current keys; 0 without keys} */
    public int trailerLength() {
        return framing().trailer();
    }

    /** {@return the length of a whole record with this much content, under the current keys} */
    public int sizeOf(int contentLength) {
        return framing().sizeOf(contentLength);
    }

    /** {@return the largest content of one record in bytes, under the current keys} */
    public int contentLimit() {
        return protection == null ? RecordFormat.MAX_PLAINTEXT : protectedLimit;
    }

    /**
     * Obeys the peer's record_size_limit. It is in force for protected records.
     *
     * @param limit the number in the peer's extension, 64 or more; it counts the content type byte (RFC 8449 4)
     */
    public void setRecordSizeLimit(int limit) {
        if (limit < 64) {
            throw new IllegalArgumentException("record_size_limit below 64: " + limit);
        }
        protectedLimit = Math.min(limit - 1, RecordFormat.MAX_PLAINTEXT);
    }

    /**
     * Lowers the number of records after which {@link #limitReached()} answers true, under these keys and later ones.
     *
     * @param records 1 or more
     */
    public void setRecordLimit(long records) {
        if (records < 1) {
            throw new IllegalArgumentException("record limit " + records);
        }
        recordLimit = records;
    }

    /** {@return whether it is time for new keys; some records may follow nevertheless, until the key itself is spent} */
    public boolean limitReached() {
        return protection != null
                && protection.sequence()
                        >= Math.min(
                                Math.min(recordLimit, protection.keyLimit()),
                                protection.confidentialityLimit() - LIMIT_MARGIN);
    }

    /** {@return how many records the current keys have protected} */
    public long sequence() {
        return protection == null ? 0 : protection.sequence();
    }

    /**
     * Writes one record of handshake, alert or change_cipher_spec, protected if there are keys; in TLS 1.3 change_cipher_spec is always
     * clear (RFC 8446 5).
     *
     * @param length of the content in bytes, at most {@link #contentLimit()}
     * @param targetOffset an absolute index
     * @return the length of the record
     * @throws SspiException SEC_E_BUFFER_TOO_SMALL if the record does not fit below the limit of the target
     */
    public int write(ContentType type, byte[] content, int offset, int length, ByteBuffer target, int targetOffset)
            throws SspiException {
        if (length > contentLimit()) {
            throw misuse(SEC_E_INVALID_TOKEN, length + " bytes do not fit one record");
        }
        if (protection == null
                || type == ContentType.CHANGE_CIPHER_SPEC && !framing().isTls12()) {
            return writeClear(type, content, offset, length, target, targetOffset);
        }
        int size = sizeOf(length);
        if (target.limit() - targetOffset < size) {
            throw misuse(SEC_E_BUFFER_TOO_SMALL, "no room for a record of " + size + " bytes");
        }
        int data = targetOffset + headerLength();
        SecBufferDesc pooled = LISTS.take();
        SecBufferDesc record = pooled == null ? new SecBufferDesc() : pooled;
        try {
            record.add(SecBufferType.STREAM_HEADER, target, targetOffset, headerLength());
            record.add().set(SecBufferType.DATA, ByteBuffer.wrap(content), offset, target, data, length);
            record.add(SecBufferType.STREAM_TRAILER, target, data + length, trailerLength());
            seal(type, record);
        } finally {
            LISTS.give(record.clear());
        }
        return size;
    }

    /**
     * Seals application data as the lists of {@link org.jsspi.StreamContext} say. The lengths of HEADER and TRAILER become
     * what was used; a DATA buffer alone becomes STREAM over memory of its own.
     *
     * @throws SspiException SEC_E_INVALID_TOKEN for a list that is none of these, or with more data than one record holds;
     *     SEC_E_BUFFER_TOO_SMALL for a HEADER or TRAILER without enough room
     */
    public void seal(SecBufferDesc list) throws SspiException {
        seal(ContentType.APPLICATION_DATA, list);
    }

    /**
     * Seals application data from one buffer into another, from position to position; both move behind what was read and written.
     *
     * @param length how much of it, at most {@link #contentLimit()}
     * @return SEC_E_OK, or SEC_E_INSUFFICIENT_BUFFERS where the record does not fit below the limit of the target
     */
    public SecurityStatus seal(ByteBuffer source, ByteBuffer target, int length) throws SspiException {
        if (protection == null) {
            throw misuse(SEC_E_OUT_OF_SEQUENCE, "no keys to seal with yet");
        }
        requireList(!target.isReadOnly(), "the target cannot be written");
        int size = sizeOf(length);
        if (target.remaining() < size) {
            return SEC_E_INSUFFICIENT_BUFFERS;
        }
        int from = source.position();
        int to = target.position();
        if (protection.wantsDirect()) {
            sealDirect(source, from, length, target, to);
        } else if (target.hasArray()) {
            sealInto(source, from, length, target.array(), target.arrayOffset() + to);
        } else {
            Scratch scratch = Scratch.take();
            try {
                byte[] record = scratch.sealed(size);
                sealInto(source, from, length, record, 0);
                target.put(to, record, 0, size);
            } finally {
                scratch.give(0);
            }
        }
        protection.rest();
        source.position(from + length);
        target.position(to + size);
        return SEC_E_OK;
    }

    /** Writes a whole record of application data into an array that the source may be part of. */
    private void sealInto(ByteBuffer source, int from, int length, byte[] target, int at) throws SspiException {
        int data = at + headerLength();
        boolean array = source.hasArray();
        if (!Memory.areApart(source, from, length, target, at, sizeOf(length))) {
            Scratch scratch = Scratch.take();
            byte[] plain = scratch.plain(length + 1);
            try {
                source.get(from, plain, 0, length);
                plain[length] = RecordFormat.APPLICATION_DATA_CODE;
                protection.beginSeal(ContentType.APPLICATION_DATA, length, target, at);
                requireWhole(protection.seal(plain, 0, length + protection.typeLength(), target, data), length);
            } finally {
                scratch.give(length + 1);
            }
            return;
        }
        protection.beginSeal(ContentType.APPLICATION_DATA, length, target, at);
        if (array && length > SMALL) {
            int written = protection.update(source.array(), source.arrayOffset() + from, length, target, data);
            requireWhole(written + protection.finish(ContentType.APPLICATION_DATA, target, data + written), length);
            return;
        }
        boolean sealed = false;
        try {
            source.get(from, target, data, length);
            target[data + length] = RecordFormat.APPLICATION_DATA_CODE;
            requireWhole(protection.seal(target, data, length + protection.typeLength(), target, data), length);
            sealed = true;
        } finally {
            if (!sealed) {
                Arrays.fill(target, data, data + length + 1, (byte) 0);
            }
        }
    }

    private void sealDirect(ByteBuffer source, int from, int length, ByteBuffer target, int at) throws SspiException {
        int header = headerLength();
        int sealedLength = length + trailerLength();
        DirectScratch scratch = DirectScratch.take();
        try {
            ByteBuffer plain = scratch.plain(length + 1);
            plain.put(0, source, from, length);
            plain.put(length, RecordFormat.APPLICATION_DATA_CODE).limit(length + protection.typeLength());
            protection.beginSeal(ContentType.APPLICATION_DATA, length);
            if (target.isDirect()) {
                requireWhole(protection.seal(plain, target.slice(at + header, sealedLength)), length);
            } else {
                ByteBuffer sealed = scratch.sealed(sealedLength);
                requireWhole(protection.seal(plain, sealed), length);
                target.put(at + header, sealed, 0, sealedLength);
            }
            target.put(at, protection.header(), 0, header);
        } finally {
            scratch.give(length + 1);
        }
    }

    /** Destroys the keys; nothing can be written afterwards but clear records. */
    public void destroy() {
        if (protection != null) {
            protection.destroy();
            protection = null;
        }
    }

    private int writeClear(
            ContentType type, byte[] content, int offset, int length, ByteBuffer target, int targetOffset)
            throws SspiException {
        int size = RecordFormat.HEADER + length;
        if (target.limit() - targetOffset < size) {
            throw misuse(SEC_E_BUFFER_TOO_SMALL, "no room for a record of " + size + " bytes");
        }
        // RFC 8446 5.1: 0x0303, but an initial ClientHello may say 0x0301 for the sake of old servers
        boolean initialHello =
                type == ContentType.HANDSHAKE && !initialHelloSent && length > 0 && content[offset] == CLIENT_HELLO;
        initialHelloSent |= initialHello;
        Memory.put(content, offset, target, targetOffset + RecordFormat.HEADER, length);
        target.put(targetOffset, (byte) type.code());
        target.put(targetOffset + 1, (byte) 3);
        target.put(targetOffset + 2, (byte) (initialHello ? 1 : 3));
        target.put(targetOffset + 3, (byte) (length >>> 8));
        target.put(targetOffset + 4, (byte) length);
        return size;
    }

    private void seal(ContentType type, SecBufferDesc list) throws SspiException {
        if (protection == null) {
            throw misuse(SEC_E_OUT_OF_SEQUENCE, "no keys to seal with yet");
        }
        SecBuffer header = null;
        SecBuffer trailer = null;
        SecBuffer first = null;
        SecBuffer last = null;
        int dataCount = 0;
        int total = 0;
        // The DATA buffers lie from begin on and before end: the loops that follow need not look at the others.
        int begin = 0;
        int end = 0;
        boolean inPlace = true;
        boolean contiguous = true;
        for (int i = 0; i < list.count(); i++) {
            SecBuffer buffer = list.get(i);
            switch (buffer.type()) {
                case STREAM_HEADER -> {
                    requireList(
                            header == null && dataCount == 0 && trailer == null, "HEADER is not the first, or twice");
                    header = buffer;
                }
                case STREAM_TRAILER -> {
                    requireList(trailer == null, "TRAILER twice");
                    trailer = buffer;
                }
                case DATA -> {
                    requireList(trailer == null, "DATA behind TRAILER");
                    dataCount++;
                    // Lengths are below 2^31 each: the limit is checked before a sum can overflow.
                    requireList(buffer.length() <= contentLimit() - total, "more data than one record holds");
                    total += buffer.length();
                    if (buffer.length() > 0) {
                        requireList(buffer.source() != null, "DATA without memory");
                        inPlace &= buffer.inPlace();
                        contiguous &= last == null || follows(last, buffer);
                        if (first == null) {
                            first = buffer;
                            begin = i;
                        }
                        last = buffer;
                        end = i + 1;
                    }
                }
                case EMPTY -> {}
                default -> throw misuse(SEC_E_INVALID_TOKEN, "buffer of type " + buffer.type() + " in the list");
            }
        }
        requireList(dataCount > 0, "no DATA");
        if (header == null && trailer == null) {
            requireList(dataCount == 1, "several DATA without HEADER and TRAILER");
            sealAlone(type, list, begin, end, total);
            return;
        }
        requireList(header != null && trailer != null, "HEADER or TRAILER is missing");
        if (header.length() < headerLength() || trailer.length() < trailerLength()) {
            throw misuse(SEC_E_BUFFER_TOO_SMALL, "HEADER or TRAILER too small");
        }
        requireWritable(header);
        requireWritable(trailer);
        contiguous &= last == null || follows(last, trailer);
        if (inPlace && total > 0) {
            for (int i = begin; i < end; i++) {
                if (hasData(list.get(i))) {
                    requireWritable(list.get(i));
                }
            }
        } else {
            SecBuffer behindHeader = first == null ? trailer : first;
            requireList(
                    contiguous
                                    && Memory.samePlace(
                                            header.target(),
                                            header.targetOffset() + headerLength(),
                                            behindHeader.target(),
                                            behindHeader.targetOffset())
                            || total == 0,
                    "targets are not contiguous");
            if (first != null) {
                requireWritable(first);
            }
        }
        SecBuffer place = first == null ? trailer : first;
        if (protection.wantsDirect()) {
            sealDirect(type, list, begin, end, total, contiguous ? place : null, trailer);
        } else if (contiguous && place.target().hasArray()) {
            byte[] target = place.target().array();
            int offset = place.target().arrayOffset() + place.targetOffset();
            if (inPlace) {
                protection.beginSeal(type, total);
                target[offset + total] = (byte) type.code();
                requireWhole(protection.seal(target, offset, total + protection.typeLength(), target, offset), total);
            } else {
                sealInto(type, list, begin, end, total, target, offset);
            }
        } else {
            Scratch scratch = Scratch.take();
            try {
                byte[] sealed = scratch.sealed(total + trailerLength());
                sealInto(type, list, begin, end, total, sealed, 0);
                scatter(list, begin, end, sealed, trailer, total);
            } finally {
                scratch.give(0);
            }
        }
        // Last of all: the header's place may be where the data came from.
        Memory.put(protection.header(), 0, header.target(), header.targetOffset(), headerLength());
        protection.rest();
        header.setLength(headerLength());
        trailer.setLength(trailerLength());
    }

    private void sealAlone(ContentType type, SecBufferDesc list, int begin, int end, int total) throws SspiException {
        byte[] record = new byte[sizeOf(total)];
        if (protection.wantsDirect()) {
            DirectScratch scratch = DirectScratch.take();
            try {
                ByteBuffer sealed = scratch.sealed(total + trailerLength());
                sealDirect(type, list, begin, end, total, scratch, sealed);
                sealed.get(0, record, headerLength(), total + trailerLength());
            } finally {
                scratch.give(total + 1);
            }
        } else {
            sealInto(type, list, begin, end, total, record, headerLength());
        }
        System.arraycopy(protection.header(), 0, record, 0, headerLength());
        protection.rest();
        list.find(SecBufferType.DATA).setAllocated(SecBufferType.STREAM, ByteBuffer.wrap(record));
    }

    /** Seals the sources of the DATA buffers; the target is not touched before everything that it overlaps was read. */
    private void sealInto(
            ContentType type, SecBufferDesc list, int begin, int end, int total, byte[] target, int offset)
            throws SspiException {
        boolean arrays = true;
        boolean apart = true;
        for (int i = begin; i < end; i++) {
            SecBuffer buffer = list.get(i);
            if (hasData(buffer)) {
                arrays &= buffer.source().hasArray();
                apart &= Memory.areApart(
                        buffer.source(),
                        buffer.sourceOffset(),
                        buffer.length(),
                        target,
                        offset,
                        total + trailerLength());
            }
        }
        if (!apart) {
            Scratch scratch = Scratch.take();
            byte[] plain = scratch.plain(total + 1);
            try {
                gather(type, list, begin, end, plain, 0);
                protection.beginSeal(type, total);
                requireWhole(protection.seal(plain, 0, total + protection.typeLength(), target, offset), total);
            } finally {
                scratch.give(total + 1);
            }
        } else if (arrays && total > SMALL) {
            protection.beginSeal(type, total);
            int written = 0;
            for (int i = begin; i < end; i++) {
                SecBuffer buffer = list.get(i);
                if (hasData(buffer)) {
                    byte[] source = buffer.source().array();
                    int from = buffer.source().arrayOffset() + buffer.sourceOffset();
                    written += protection.update(source, from, buffer.length(), target, offset + written);
                }
            }
            requireWhole(written + protection.finish(type, target, offset + written), total);
        } else {
            protection.beginSeal(type, total);
            gather(type, list, begin, end, target, offset);
            boolean sealed = false;
            try {
                requireWhole(protection.seal(target, offset, total + protection.typeLength(), target, offset), total);
                sealed = true;
            } finally {
                if (!sealed) {
                    Arrays.fill(target, offset, offset + total + 1, (byte) 0);
                }
            }
        }
    }

    /**
     * Seals by way of memory outside the heap, into which the data is copied first: so nothing overlaps.
     *
     * @param place where data and trailer lie together, or null
     */
    private void sealDirect(
            ContentType type, SecBufferDesc list, int begin, int end, int total, SecBuffer place, SecBuffer trailer)
            throws SspiException {
        int length = total + trailerLength();
        DirectScratch scratch = DirectScratch.take();
        try {
            if (place != null && place.target().isDirect()) {
                ByteBuffer target = place.target().slice(place.targetOffset(), length);
                sealDirect(type, list, begin, end, total, scratch, target);
                return;
            }
            ByteBuffer sealed = scratch.sealed(length);
            sealDirect(type, list, begin, end, total, scratch, sealed);
            int from = 0;
            for (int i = begin; i < end; i++) {
                SecBuffer buffer = list.get(i);
                if (hasData(buffer)) {
                    buffer.target().put(buffer.targetOffset(), sealed, from, buffer.length());
                    from += buffer.length();
                }
            }
            trailer.target().put(trailer.targetOffset(), sealed, total, trailerLength());
        } finally {
            scratch.give(total + 1);
        }
    }

    private void sealDirect(
            ContentType type,
            SecBufferDesc list,
            int begin,
            int end,
            int total,
            DirectScratch scratch,
            ByteBuffer sealed)
            throws SspiException {
        ByteBuffer plain = scratch.plain(total + 1);
        int to = 0;
        for (int i = begin; i < end; i++) {
            SecBuffer buffer = list.get(i);
            if (hasData(buffer)) {
                plain.put(to, buffer.source(), buffer.sourceOffset(), buffer.length());
                to += buffer.length();
            }
        }
        plain.put(total, (byte) type.code()).limit(total + protection.typeLength());
        protection.beginSeal(type, total);
        requireWhole(protection.seal(plain, sealed), total);
    }

    /** TLSInnerPlaintext (RFC 8446 5.2) of all DATA sources, without padding; in TLS 1.2 the tag takes the place of the type. */
    private static void gather(ContentType type, SecBufferDesc list, int begin, int end, byte[] target, int offset) {
        int to = offset;
        for (int i = begin; i < end; i++) {
            SecBuffer buffer = list.get(i);
            if (hasData(buffer)) {
                Memory.get(buffer.source(), buffer.sourceOffset(), target, to, buffer.length());
                to += buffer.length();
            }
        }
        target[to] = (byte) type.code();
    }

    /** {@return whether nothing that is written to the target can be read from the source} */
    private void scatter(SecBufferDesc list, int begin, int end, byte[] sealed, SecBuffer trailer, int total) {
        int from = 0;
        for (int i = begin; i < end; i++) {
            SecBuffer buffer = list.get(i);
            if (hasData(buffer)) {
                Memory.put(sealed, from, buffer.target(), buffer.targetOffset(), buffer.length());
                from += buffer.length();
            }
        }
        Memory.put(sealed, total, trailer.target(), trailer.targetOffset(), trailerLength());
    }

    private static boolean hasData(SecBuffer buffer) {
        return buffer.type() == SecBufferType.DATA && buffer.length() > 0;
    }

    private static boolean follows(SecBuffer buffer, SecBuffer next) {
        return Memory.samePlace(
                buffer.target(), buffer.targetOffset() + buffer.length(), next.target(), next.targetOffset());
    }

    private static void requireWritable(SecBuffer buffer) throws SspiException {
        if (buffer.target() == null
                || buffer.target().isReadOnly()
                || (buffer.attributes() & (SecBuffer.READONLY | SecBuffer.READONLY_WITH_CHECKSUM)) != 0) {
            throw misuse(SEC_E_INVALID_TOKEN, buffer.type() + " cannot be written");
        }
    }

    private static void requireList(boolean condition, String message) throws SspiException {
        if (!condition) {
            throw misuse(SEC_E_INVALID_TOKEN, message);
        }
    }

    private void requireWhole(int written, int total) throws SspiException {
        if (written != total + trailerLength()) {
            throw new SspiException(
                    SEC_E_INTERNAL_ERROR,
                    SspiException.Kind.KEY,
                    "the cipher wrote " + written + " bytes for " + total,
                    null);
        }
    }

    private static SspiException misuse(SecurityStatus status, String message) {
        return new SspiException(status, message);
    }
}
