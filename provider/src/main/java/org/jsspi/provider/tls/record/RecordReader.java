package org.jsspi.provider.tls.record;

import static org.jsspi.SecurityStatus.SEC_E_INCOMPLETE_MESSAGE;
import static org.jsspi.SecurityStatus.SEC_E_INSUFFICIENT_BUFFERS;
import static org.jsspi.SecurityStatus.SEC_E_INVALID_TOKEN;
import static org.jsspi.SecurityStatus.SEC_E_OK;
import static org.jsspi.SecurityStatus.SEC_E_OUT_OF_SEQUENCE;
import static org.jsspi.SecurityStatus.SEC_I_RENEGOTIATE;
import static org.jsspi.provider.tls.message.AlertDescription.BAD_RECORD_MAC;
import static org.jsspi.provider.tls.message.AlertDescription.DECODE_ERROR;
import static org.jsspi.provider.tls.message.AlertDescription.RECORD_OVERFLOW;
import static org.jsspi.provider.tls.message.AlertDescription.UNEXPECTED_MESSAGE;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext.Preview;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordFormat.Framing;

/**
 * The reading direction of a connection: takes records apart.
 *
 * <p>Whatever the list, a record is decrypted from one array into another and never in place: into the application's memory
 * where there is room for everything that the cipher writes, else into scratch memory. The plaintext moves on only after the
 * tag was verified and the content judged; on an error no caller's memory holds any of it. The sequence number counts a
 * record when its content has found its place.
 *
 * <p>A call that throws has met a violation of the protocol (or a list that is none): the connection is to be given up.
 * Not safe for use by several threads; the read lock of the context guards it.
 */
public final class RecordReader {
    /** Takes the content of a record during the handshake. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes content, which is valid during this call only and is not to be modified. The record counts as read already,
         * so that new keys may be installed from here.
         */
        void accept(ContentType type, byte[] content, int offset, int length) throws SspiException;
    }

    /** In place of a length: the content is not application data. */
    private static final int OTHER = -1;

    /** In place of a length: there is no room for the content. */
    private static final int TOO_LONG = -2;

    private final OpenedRecord opened = new OpenedRecord();
    private RecordProtection protection;
    private int innerLimit = RecordFormat.MAX_PLAINTEXT + 1;
    private int skippable;
    private long dataLimit = Long.MAX_VALUE;

    /** A reader of clear records. */
    public RecordReader() {}

    /**
     * Expects what follows to be protected with these keys; numbering begins at 0 again (RFC 8446 5.3) and the earlier keys
     * are destroyed.
     *
     * @param keys taken over and destroyed
     */
    public void protect(TrafficKeys keys) throws SspiException {
        protection = protection == null ? new RecordProtection(keys) : protection.next(keys);
        dataLimit = Long.MAX_VALUE;
    }

    /** {@return whether records have to be protected} */
    public boolean isProtected() {
        return protection != null;
    }

    /** {@return how many records have been opened with the current keys} */
    public long sequence() {
        return protection == null ? 0 : protection.sequence();
    }

    /**
     * Enforces the record_size_limit that we have sent and the peer has answered. It is in force for protected records.
     *
     * @param limit the number in our extension, 64 to 16385; it counts the content type byte and padding (RFC 8449 4)
     */
    public void setRecordSizeLimit(int limit) {
        if (limit < 64 || limit > RecordFormat.MAX_PLAINTEXT + 1) {
            throw new IllegalArgumentException("record_size_limit outside 64..16385: " + limit);
        }
        innerLimit = limit;
    }

    /**
     * Lets records of early data that was not accepted pass by (RFC 8446 4.2.10): application data before there are keys, and
     * records that do not authenticate, until the first one that does.
     *
     * @param bytes how many bytes of records to skip at most; 0 ends it
     */
    public void skipEarlyData(int bytes) {
        skippable = bytes;
    }

    /**
     * Refuses application data of more bytes than this in the next record, for as long as the keys stay: early data is bounded (RFC
     * 8446 4.2.10).
     */
    public void limitData(long bytes) {
        dataLimit = bytes;
    }

    /** {@return how the records that come now are framed} */
    public Framing framing() {
        RecordProtection current = protection;
        return current == null ? Framing.CLEAR : current.framing();
    }

    /** {@return what {@link org.jsspi.StreamContext#preview} answers now} */
    public Preview preview(ByteBuffer network) {
        return RecordFormat.preview(network, framing());
    }

    /** {@return what the last successful {@link #open(SecBufferDesc)} found; the same object every time} */
    public OpenedRecord opened() {
        return opened;
    }

    /**
     * Opens one whole record of the handshake.
     *
     * @param network stays as it is, may be read-only
     * @param offset an absolute index
     * @param available how many bytes there are; bytes behind the record are not looked at
     * @param sink gets the content; it gets nothing where a record was skipped
     * @return the length of the record in bytes, or the negated number of missing bytes, and then nothing has changed
     */
    public int open(ByteBuffer network, int offset, int available, Sink sink) throws SspiException {
        int length = RecordFormat.require(network, offset, available, framing());
        if (length < 0) {
            return length;
        }
        int type = RecordFormat.type(network, offset);
        int fragment = length - RecordFormat.HEADER;
        if (type == RecordFormat.APPLICATION_DATA_CODE && protection == null) {
            if (!skips(length)) {
                throw UNEXPECTED_MESSAGE.because("application data before there are keys");
            }
            return length;
        }
        Scratch scratch = Scratch.take();
        int secret = 0;
        try {
            byte[] plain = scratch.plain(fragment);
            if (!isSealed(type)) {
                Memory.get(network, offset + RecordFormat.HEADER, plain, 0, fragment);
                judge(type, plain, 0, fragment);
                sink.accept(ContentType.of(type).orElseThrow(), plain, 0, fragment);
                return length;
            }
            secret = protection.beginOpen(network, offset, fragment);
            plain = scratch.plain(secret);
            int inner;
            try {
                inner = decrypt(network, offset, length, plain, 0, scratch);
            } catch (SspiException e) {
                if (isBadRecordMac(e) && skips(length)) {
                    return length;
                }
                throw e;
            }
            skippable = 0;
            int content = contentLength(plain, 0, inner);
            int innerType = innerType(type, plain, content);
            judgeInner(innerType, plain, 0, content);
            protection.commit();
            sink.accept(ContentType.of(innerType).orElseThrow(), plain, 0, content);
            return length;
        } finally {
            scratch.give(secret);
        }
    }

    /**
     * Opens one protected record as the lists of {@link org.jsspi.StreamContext} say; {@link #opened()} then tells what it
     * was. For content that is not application data no DATA buffer is written and the first DATA length becomes 0.
     *
     * @return SEC_E_OK, also for an alert or a change_cipher_spec; SEC_I_RENEGOTIATE for a handshake message, which the
     *     first EXTRA shows; SEC_E_INCOMPLETE_MESSAGE and SEC_E_INSUFFICIENT_BUFFERS where nothing has changed. With the last
     *     the first DATA buffer is without memory and its length is the room that the plaintext needs
     * @throws SspiException SEC_E_INVALID_TOKEN for a list that is none of these; with an alert for a violation
     */
    public SecurityStatus open(SecBufferDesc list) throws SspiException {
        if (protection == null) {
            throw misuse(SEC_E_OUT_OF_SEQUENCE, "no keys to open with yet");
        }
        boolean onePass = list.count() > 0 && list.get(0).type() == SecBufferType.STREAM;
        SecBuffer input = onePass ? streamInput(list) : inPlaceInput(list);
        ByteBuffer network = input.source();
        int offset = input.sourceOffset();
        int available = input.length();
        int length = RecordFormat.require(network, offset, available, framing());
        if (length < 0) {
            input.set(SecBufferType.MISSING, null, 0, -length);
            if (!onePass) {
                // Windows sets both, and callers look for either.
                list.find(SecBufferType.EMPTY).set(SecBufferType.MISSING, null, 0, -length);
            }
            return SEC_E_INCOMPLETE_MESSAGE;
        }
        if (!isSealed(RecordFormat.type(network, offset))) {
            byte[] clear = {network.get(offset + RecordFormat.HEADER)};
            judge(RecordFormat.CHANGE_CIPHER_SPEC_CODE, clear, 0, 1);
            opened.keep(ContentType.CHANGE_CIPHER_SPEC, clear, 0, 1, length);
        } else {
            SecurityStatus status = onePass ? openOnePass(list, input, length) : openInPlace(input, length);
            if (status != SEC_E_OK) {
                return status;
            }
        }
        if (onePass) {
            finishOnePass(list, input, length, available);
        } else {
            finishInPlace(list, input, length, available);
        }
        return opened.type() == ContentType.HANDSHAKE ? SEC_I_RENEGOTIATE : SEC_E_OK;
    }

    /**
     * Opens one record of application data from one buffer into another, from position to position; both move behind what was read
     * and written.
     *
     * @param network is not written
     * @return SEC_E_OK; SEC_E_INCOMPLETE_MESSAGE; SEC_E_INSUFFICIENT_BUFFERS where the content does not fit below the limit of the
     *     target; SEC_I_RENEGOTIATE for a record of anything else, which {@link #open(SecBufferDesc)} opens. With all but the first
     *     nothing has changed, but that the target may be zeros behind its position
     */
    public SecurityStatus open(ByteBuffer network, ByteBuffer target) throws SspiException {
        if (protection == null) {
            throw misuse(SEC_E_OUT_OF_SEQUENCE, "no keys to open with yet");
        }
        requireList(!target.isReadOnly(), "the target cannot be written");
        int from = network.position();
        int to = target.position();
        int length = RecordFormat.require(network, from, network.remaining(), framing());
        if (length < 0) {
            return SEC_E_INCOMPLETE_MESSAGE;
        }
        if (RecordFormat.type(network, from) != RecordFormat.APPLICATION_DATA_CODE) {
            return SEC_I_RENEGOTIATE;
        }
        int room = protection.beginOpen(network, from, length - RecordFormat.HEADER);
        int content;
        if (protection.wantsDirect()) {
            content = openDirect(network, from, length, target, to);
        } else if (target.remaining() >= room
                && target.hasArray()
                && Memory.areApart(network, from, length, target.array(), target.arrayOffset() + to, room)) {
            content = openInto(network, from, length, target.array(), target.arrayOffset() + to, room);
        } else {
            content = openAside(network, from, length, target, to, room);
        }
        if (content < 0) {
            return content == OTHER ? SEC_I_RENEGOTIATE : SEC_E_INSUFFICIENT_BUFFERS;
        }
        protection.commit();
        network.position(from + length);
        target.position(to + content);
        return SEC_E_OK;
    }

    /** {@return the length of the content, or {@link #OTHER} if it is not application data}; then the target has none of it. */
    private int openInto(ByteBuffer network, int from, int length, byte[] target, int offset, int room)
            throws SspiException {
        boolean delivered = false;
        try {
            int content = contentLength(target, offset, decrypt(network, from, length, target, offset, null));
            if (framing().isTls12() || target[offset + content] == RecordFormat.APPLICATION_DATA_CODE) {
                judgeInner(RecordFormat.APPLICATION_DATA_CODE, target, offset, content);
                delivered = true;
                return content;
            }
            return OTHER;
        } finally {
            if (!delivered) {
                Arrays.fill(target, offset, offset + room, (byte) 0);
            }
        }
    }

    private int openDirect(ByteBuffer network, int from, int length, ByteBuffer target, int to) throws SspiException {
        int fragment = length - framing().header();
        DirectScratch scratch = DirectScratch.take();
        try {
            ByteBuffer plain = scratch.plain(Scratch.SIZE);
            int content = contentLength(plain, protection.open(sealed(network, from, fragment, scratch), plain));
            if (!framing().isTls12() && plain.get(content) != RecordFormat.APPLICATION_DATA_CODE) {
                return OTHER;
            }
            judgeInner(RecordFormat.APPLICATION_DATA_CODE, null, 0, content);
            if (content > target.limit() - to) {
                return TOO_LONG;
            }
            target.put(to, plain, 0, content);
            return content;
        } finally {
            scratch.give(fragment);
        }
    }

    private int openAside(ByteBuffer network, int from, int length, ByteBuffer target, int to, int room)
            throws SspiException {
        Scratch scratch = Scratch.take();
        byte[] plain = scratch.plain(room);
        try {
            int content = contentLength(plain, 0, decrypt(network, from, length, plain, 0, scratch));
            if (!framing().isTls12() && plain[content] != RecordFormat.APPLICATION_DATA_CODE) {
                return OTHER;
            }
            judgeInner(RecordFormat.APPLICATION_DATA_CODE, plain, 0, content);
            if (content > target.limit() - to) {
                return TOO_LONG;
            }
            target.put(to, plain, 0, content);
            return content;
        } finally {
            scratch.give(room);
        }
    }

    /** Destroys the keys; nothing can be read afterwards. */
    public void destroy() {
        if (protection != null) {
            protection.destroy();
            protection = null;
        }
    }

    /** DATA, EMPTY, EMPTY, EMPTY, in any order. */
    private static SecBuffer inPlaceInput(SecBufferDesc list) throws SspiException {
        SecBuffer data = null;
        int empty = 0;
        for (int i = 0; i < list.count(); i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() == SecBufferType.DATA) {
                requireList(data == null, "two DATA to open in place");
                data = buffer;
            } else if (buffer.type() == SecBufferType.EMPTY) {
                empty++;
            }
        }
        requireList(data != null, "neither DATA nor STREAM to open");
        requireList(empty >= 3, "fewer than three EMPTY behind DATA");
        requireList(data.inPlace() && data.source() != null, "DATA to open in place is not one place");
        requireWritable(data);
        return data;
    }

    /** STREAM, DATA, ..., EMPTY, EMPTY. */
    private static SecBuffer streamInput(SecBufferDesc list) throws SspiException {
        int data = 0;
        int empty = 0;
        for (int i = 1; i < list.count(); i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() == SecBufferType.DATA) {
                data++;
                if (buffer.length() > 0) {
                    requireWritable(buffer);
                }
            } else {
                requireList(
                        buffer.type() == SecBufferType.EMPTY, "a buffer behind STREAM that is neither DATA nor EMPTY");
                empty++;
            }
        }
        requireList(data > 0, "no DATA behind STREAM");
        requireList(empty >= 2, "fewer than two EMPTY behind STREAM");
        SecBuffer stream = list.get(0);
        requireList(stream.source() != null, "STREAM without memory");
        return stream;
    }

    private SecurityStatus openInPlace(SecBuffer input, int length) throws SspiException {
        int room = beginOpen(input, length);
        Scratch scratch = Scratch.take();
        byte[] plain = scratch.plain(room);
        try {
            int inner = decrypt(input.source(), input.sourceOffset(), length, plain, 0, scratch);
            int content = contentLength(plain, 0, inner);
            int type = innerType(RecordFormat.type(input.source(), input.sourceOffset()), plain, content);
            judgeInner(type, plain, 0, content);
            protection.commit();
            if (type == RecordFormat.APPLICATION_DATA_CODE) {
                Memory.put(
                        plain,
                        0,
                        input.target(),
                        input.targetOffset() + framing().header(),
                        content);
                opened.applicationData(content, length);
            } else {
                opened.keep(ContentType.of(type).orElseThrow(), plain, 0, content, length);
            }
            return SEC_E_OK;
        } finally {
            scratch.give(room);
        }
    }

    private SecurityStatus openOnePass(SecBufferDesc list, SecBuffer input, int length) throws SspiException {
        int room = beginOpen(input, length);
        if (protection.wantsDirect()) {
            return openDirect(list, input, length);
        }
        SecBuffer first = list.find(SecBufferType.DATA);
        if (first.length() >= room
                && first.target() != null
                && first.target().hasArray()
                && Memory.areApart(
                        input.source(),
                        input.sourceOffset(),
                        length,
                        first.target().array(),
                        first.target().arrayOffset() + first.targetOffset(),
                        room)) {
            byte[] target = first.target().array();
            openInto(input, length, target, first.target().arrayOffset() + first.targetOffset(), room);
            return SEC_E_OK;
        }
        Scratch scratch = Scratch.take();
        byte[] plain = scratch.plain(room);
        try {
            int inner = decrypt(input.source(), input.sourceOffset(), length, plain, 0, scratch);
            int content = contentLength(plain, 0, inner);
            int type = innerType(RecordFormat.type(input.source(), input.sourceOffset()), plain, content);
            judgeInner(type, plain, 0, content);
            if (type != RecordFormat.APPLICATION_DATA_CODE) {
                opened.keep(ContentType.of(type).orElseThrow(), plain, 0, content, length);
            } else if (!scatter(list, plain, content)) {
                first.set(SecBufferType.DATA, null, 0, content);
                return SEC_E_INSUFFICIENT_BUFFERS;
            } else {
                opened.applicationData(content, length);
            }
            protection.commit();
            return SEC_E_OK;
        } finally {
            scratch.give(room);
        }
    }

    /** Opens by way of memory outside the heap: one copy to where the application wants its data, and nothing there but that. */
    private SecurityStatus openDirect(SecBufferDesc list, SecBuffer input, int length) throws SspiException {
        int fragment = length - framing().header();
        DirectScratch scratch = DirectScratch.take();
        ByteBuffer plain = scratch.plain(Scratch.SIZE);
        try {
            int inner = protection.open(sealed(input.source(), input.sourceOffset(), fragment, scratch), plain);
            int content = contentLength(plain, inner);
            int outerType = RecordFormat.type(input.source(), input.sourceOffset());
            int type = framing().isTls12() ? outerType : plain.get(content) & 0xFF;
            if (type != RecordFormat.APPLICATION_DATA_CODE) {
                keep(type, plain, content, length);
            } else {
                judgeInner(type, null, 0, content);
                if (!scatter(list, plain, content)) {
                    list.find(SecBufferType.DATA).set(SecBufferType.DATA, null, 0, content);
                    return SEC_E_INSUFFICIENT_BUFFERS;
                }
                opened.applicationData(content, length);
            }
            protection.commit();
            return SEC_E_OK;
        } finally {
            scratch.give(fragment);
        }
    }

    private void keep(int type, ByteBuffer plain, int content, int length) throws SspiException {
        byte[] message = new byte[content];
        plain.get(0, message);
        try {
            judgeInner(type, message, 0, content);
            opened.keep(ContentType.of(type).orElseThrow(), message, 0, content, length);
        } finally {
            Arrays.fill(message, (byte) 0);
        }
    }

    /** {@return the sealed part of a record as direct memory: where it lies, or a copy} */
    private ByteBuffer sealed(ByteBuffer network, int offset, int fragment, DirectScratch scratch) {
        int from = offset + framing().header();
        return network.isDirect()
                ? network.slice(from, fragment)
                : scratch.sealed(fragment).put(0, network, from, fragment);
    }

    /** Decrypts to where the application wants its data; nothing but verified application data stays there. */
    private void openInto(SecBuffer input, int length, byte[] target, int offset, int room) throws SspiException {
        boolean delivered = false;
        try {
            int inner = decrypt(input.source(), input.sourceOffset(), length, target, offset, null);
            int content = contentLength(target, offset, inner);
            int type = innerType(RecordFormat.type(input.source(), input.sourceOffset()), target, offset + content);
            judgeInner(type, target, offset, content);
            protection.commit();
            if (type == RecordFormat.APPLICATION_DATA_CODE) {
                opened.applicationData(content, length);
                delivered = true;
            } else {
                opened.keep(ContentType.of(type).orElseThrow(), target, offset, content, length);
            }
        } finally {
            if (!delivered) {
                Arrays.fill(target, offset, offset + room, (byte) 0);
            }
        }
    }

    /** {@return whether the content was spread over the DATA targets; false, with nothing written, if it has no room} */
    private static boolean scatter(SecBufferDesc list, byte[] plain, int content) {
        if (roomOf(list) < content) {
            return false;
        }
        int from = 0;
        for (int i = 1; i < list.count() && from < content; i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() == SecBufferType.DATA && buffer.length() > 0) {
                int part = Math.min(buffer.length(), content - from);
                Memory.put(plain, from, buffer.target(), buffer.targetOffset(), part);
                from += part;
            }
        }
        return true;
    }

    private static boolean scatter(SecBufferDesc list, ByteBuffer plain, int content) {
        if (roomOf(list) < content) {
            return false;
        }
        int from = 0;
        for (int i = 1; i < list.count() && from < content; i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() == SecBufferType.DATA && buffer.length() > 0) {
                int part = Math.min(buffer.length(), content - from);
                buffer.target().put(buffer.targetOffset(), plain, from, part);
                from += part;
            }
        }
        return true;
    }

    private static long roomOf(SecBufferDesc list) {
        long room = 0;
        for (int i = 1; i < list.count(); i++) {
            if (list.get(i).type() == SecBufferType.DATA) {
                room += list.get(i).length();
            }
        }
        return room;
    }

    private void finishOnePass(SecBufferDesc list, SecBuffer input, int length, int available) {
        int left = opened.type() == ContentType.APPLICATION_DATA ? opened.contentLength() : 0;
        for (int i = 1; i < list.count(); i++) {
            SecBuffer buffer = list.get(i);
            if (buffer.type() == SecBufferType.DATA) {
                int part = Math.min(buffer.length(), left);
                buffer.setLength(part);
                left -= part;
            }
        }
        input.setLength(length);
        extras(list, input.source(), input.sourceOffset() + length, available - length);
    }

    private void finishInPlace(SecBufferDesc list, SecBuffer input, int length, int available) {
        ByteBuffer memory = input.source();
        int offset = input.sourceOffset();
        int content = opened.type() == ContentType.APPLICATION_DATA ? opened.contentLength() : 0;
        int header =
                opened.type() == ContentType.CHANGE_CIPHER_SPEC && !framing().isTls12()
                        ? RecordFormat.HEADER
                        : framing().header();
        int data = offset + header;
        list.find(SecBufferType.EMPTY).set(SecBufferType.DATA, memory, data, content);
        input.set(SecBufferType.STREAM_HEADER, memory, offset, header);
        list.find(SecBufferType.EMPTY)
                .set(SecBufferType.STREAM_TRAILER, memory, data + content, length - header - content);
        extras(list, memory, offset + length, available - length);
    }

    /** The handshake message if it was one, then the bytes that follow the record. */
    private void extras(SecBufferDesc list, ByteBuffer memory, int offset, int rest) {
        if (opened.type() == ContentType.HANDSHAKE) {
            list.find(SecBufferType.EMPTY).set(SecBufferType.EXTRA, opened.record());
        }
        if (rest > 0) {
            SecBuffer empty = list.find(SecBufferType.EMPTY);
            if (empty != null) {
                empty.set(SecBufferType.EXTRA, memory, offset, rest);
            }
        }
    }

    private int beginOpen(SecBuffer input, int length) throws SspiException {
        return protection.beginOpen(input.source(), input.sourceOffset(), length - RecordFormat.HEADER);
    }

    /**
     * {@return the length of the inner plaintext}
     *
     * @param held scratch memory that the caller holds already, or null
     */
    private int decrypt(ByteBuffer network, int offset, int length, byte[] target, int targetOffset, Scratch held)
            throws SspiException {
        int header = framing().header();
        int fragment = length - header;
        if (protection.wantsDirect()) {
            DirectScratch direct = DirectScratch.take();
            try {
                ByteBuffer plain = direct.plain(Scratch.SIZE);
                int inner = protection.open(sealed(network, offset, fragment, direct), plain);
                plain.get(0, target, targetOffset, inner);
                return inner;
            } finally {
                direct.give(fragment);
            }
        }
        if (network.hasArray() && !protection.wantsIndexZero()) {
            int from = network.arrayOffset() + offset + header;
            return protection.open(network.array(), from, fragment, target, targetOffset);
        }
        Scratch scratch = held == null ? Scratch.take() : held;
        try {
            byte[] sealed = scratch.sealed(fragment);
            Memory.get(network, offset + header, sealed, 0, fragment);
            return protection.open(sealed, 0, fragment, target, targetOffset);
        } finally {
            if (held == null) {
                scratch.give(0);
            }
        }
    }

    /** @param keys taken over, in place of any before them */
    void protect(RecordProtection keys) {
        protection = keys;
    }

    /** {@return whether a record of this outer type is protected} */
    private boolean isSealed(int type) {
        return framing().isTls12() || protection != null && type == RecordFormat.APPLICATION_DATA_CODE;
    }

    /** {@return what a record carries: in TLS 1.2 its header says so, in TLS 1.3 the byte at {@code index} behind the content} */
    private int innerType(int outerType, byte[] plain, int index) {
        return framing().isTls12() ? outerType : plain[index] & 0xFF;
    }

    /** {@return the length of the content, in TLS 1.3 without its padding; there its type lies behind it} */
    private int contentLength(byte[] inner, int offset, int length) throws SspiException {
        requireInner(length);
        if (framing().isTls12()) {
            return length;
        }
        int last = offset + length - 1;
        while (last >= offset && inner[last] == 0) {
            last--;
        }
        return requireType(last - offset);
    }

    private int contentLength(ByteBuffer inner, int length) throws SspiException {
        requireInner(length);
        if (framing().isTls12()) {
            return length;
        }
        int last = length - 1;
        while (last >= 0 && inner.get(last) == 0) {
            last--;
        }
        return requireType(last);
    }

    private void requireInner(int length) throws SspiException {
        // RFC 8446 5.4: TLSInnerPlaintext, padding included, is at most 2^14 + 1 bytes; RFC 8449 4 lowers that.
        // RFC 5246 6.2.1: at most 2^14 bytes; RFC 8449 4: in TLS 1.2 the limit counts the content alone.
        int limit = framing().isTls12() ? innerLimit - 1 : innerLimit;
        if (length > limit) {
            throw RECORD_OVERFLOW.because("record of " + length + " bytes inside, " + limit + " are allowed");
        }
    }

    private static int requireType(int content) throws SspiException {
        if (content < 0) {
            throw UNEXPECTED_MESSAGE.because("protected record without a content type");
        }
        return content;
    }

    private void judgeInner(int type, byte[] content, int offset, int length) throws SspiException {
        if (type == RecordFormat.APPLICATION_DATA_CODE) {
            if (length > dataLimit) {
                // RFC 8446 4.2.10: more early data than max_early_data_size is unexpected_message.
                throw UNEXPECTED_MESSAGE.because("more early data than the ticket allows");
            }
            return;
        }
        // RFC 5246 7.1: in a renegotiation change_cipher_spec is under the keys that end with it.
        boolean known = type == RecordFormat.HANDSHAKE_CODE
                || type == RecordFormat.ALERT_CODE
                || type == RecordFormat.CHANGE_CIPHER_SPEC_CODE && framing().isTls12();
        if (!known) {
            // RFC 8446 5: a protected change_cipher_spec among them
            throw UNEXPECTED_MESSAGE.because("protected record of content type " + type);
        }
        judge(type, content, offset, length);
    }

    /** What can be said of content without understanding it. */
    private static void judge(int type, byte[] content, int offset, int length) throws SspiException {
        switch (type) {
            case RecordFormat.HANDSHAKE_CODE, RecordFormat.ALERT_CODE -> {
                // RFC 8446 5.4: a zero-length fragment of handshake or alert is unexpected_message
                if (length == 0) {
                    throw UNEXPECTED_MESSAGE.because("empty handshake or alert record");
                }
                // RFC 8446 5.1: an alert record holds exactly one alert
                if (type == RecordFormat.ALERT_CODE && length != 2) {
                    throw DECODE_ERROR.because("alert record of " + length + " bytes");
                }
            }
            case RecordFormat.CHANGE_CIPHER_SPEC_CODE -> {
                // RFC 8446 5: any other change_cipher_spec value is unexpected_message
                if (length != 1 || content[offset] != 1) {
                    throw UNEXPECTED_MESSAGE.because("change_cipher_spec that is not 1");
                }
            }
            default -> {}
        }
    }

    private boolean skips(int length) {
        if (length > skippable) {
            return false;
        }
        skippable -= length;
        return true;
    }

    private static boolean isBadRecordMac(SspiException e) {
        return e.alert().orElse(-1) == BAD_RECORD_MAC.code();
    }

    private static void requireWritable(SecBuffer buffer) throws SspiException {
        requireList(
                buffer.target() != null
                        && !buffer.target().isReadOnly()
                        && (buffer.attributes() & (SecBuffer.READONLY | SecBuffer.READONLY_WITH_CHECKSUM)) == 0,
                "a buffer to write to cannot be written");
    }

    private static void requireList(boolean condition, String message) throws SspiException {
        if (!condition) {
            throw misuse(SEC_E_INVALID_TOKEN, message);
        }
    }

    private static SspiException misuse(SecurityStatus status, String message) {
        return new SspiException(status, message);
    }
}
