package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.MessageObserver;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.RecordFormat;
import org.jsspi.provider.tls.record.RecordFormat.Framing;
import org.jsspi.provider.tls.record.RecordWriter;
import org.jsspi.provider.wire.Pool;

/**
 * What waits to be sent: handshake messages, alerts, change_cipher_spec, and between them the points from which on other keys
 * hold. A record is sealed when it leaves. Handshake messages that follow one another share records.
 *
 * <p>Guarded by the context's write lock, except for {@link #nextRecordSize()}, which any thread may ask.
 */
final class OutboundQueue {
    private abstract static sealed class Segment {
        /** What waits behind this; a queue of its own would be there when nothing waits, which is nearly always. */
        Segment next;
    }

    /** Bytes of one content type; handshake messages are appended while nothing else has followed. */
    private static final class Content extends Segment {
        /** Memory in which the messages of a usual flight are joined; a connection holds one while its flight waits. */
        private static final int FLIGHT = 2048;

        private static final Pool<byte[]> FLIGHTS = new Pool<>();

        final ContentType type;
        byte[] bytes;
        private boolean pooled;
        int start;
        int end;

        Content(ContentType type, byte[] bytes) {
            this.type = type;
            this.bytes = bytes;
            this.end = bytes.length;
        }

        int remaining() {
            return end - start;
        }

        /** Only into an array of its own, which is the only one with room behind the end. */
        void append(byte[] more) {
            if (bytes.length - end < more.length) {
                int length = remaining();
                byte[] joined = room(Math.max(length + more.length, 2 * length));
                System.arraycopy(bytes, start, joined, 0, length);
                recycle();
                bytes = joined;
                pooled = joined.length == FLIGHT;
                start = 0;
                end = length;
            }
            System.arraycopy(more, 0, bytes, end, more.length);
            end += more.length;
        }

        private static byte[] room(int length) {
            byte[] flight = length > FLIGHT ? null : FLIGHTS.take();
            return flight == null ? new byte[Math.max(length, FLIGHT)] : flight;
        }

        /** Gives the memory up, if it is the pool's; what it holds has been copied. */
        void recycle() {
            if (pooled) {
                Arrays.fill(bytes, 0, end, (byte) 0);
                FLIGHTS.give(bytes);
                pooled = false;
            }
        }

        /** Wipes what has not left. */
        void drop() {
            Arrays.fill(bytes, start, bytes.length, (byte) 0);
            recycle();
        }
    }

    /** From here on these keys hold; null: none. */
    private static final class KeyChange extends Segment {
        final TrafficKeys keys;

        KeyChange(TrafficKeys keys) {
            this.keys = keys;
        }

        Framing framing() {
            return keys == null ? Framing.CLEAR : Framing.of(keys);
        }

        void destroy() {
            if (keys != null) {
                keys.destroy();
            }
        }
    }

    /** change_cipher_spec has a record of its own, of one byte, which TLS 1.3 never protects. */
    private static final int CHANGE_CIPHER_SPEC_RECORD = RecordFormat.HEADER + 1;

    private final RecordWriter writer;
    private volatile ObservedMessages observed = ObservedMessages.BY_NOBODY;
    private Segment first;
    private int protectedLimit = RecordFormat.MAX_PLAINTEXT;
    private int clearLimit = RecordFormat.MAX_PLAINTEXT;
    private boolean closing;
    private boolean dataHeld;
    private boolean changeCipherSpecIsDue;
    private volatile int nextRecordSize;

    OutboundQueue(RecordWriter writer) {
        this.writer = writer;
    }

    /** Tells an observer of what is sent from now on; null: nobody. */
    void tell(MessageObserver observer) {
        observed = ObservedMessages.sent(observer);
    }

    /** Obeys a record size limit, the peer's or our own (RFC 8449 4): inner content and its type byte together. */
    void limitRecords(int limit) {
        protectedLimit = Math.min(protectedLimit, limit - 1);
        writer.setRecordSizeLimit(protectedLimit + 1);
    }

    /** Limits the content of every record, of clear ones too: the wish of a caller and not of the peer. */
    void limitContent(int bytes) {
        clearLimit = bytes;
        limitRecords(bytes + 1);
    }

    /** {@return the largest content of a protected record, in bytes} */
    int maximumMessage() {
        return protectedLimit;
    }

    void message(byte[] encoded) throws SspiException {
        if (closing) {
            return;
        }
        sendDue();
        observed.handshake(encoded);
        if (last() instanceof Content last && last.type == ContentType.HANDSHAKE) {
            last.append(encoded);
        } else {
            add(new Content(ContentType.HANDSHAKE, encoded));
        }
        settle();
    }

    /** Whatever is sent next, be it an alert, is a second flight, before which RFC 8446 D.4 wants change_cipher_spec. */
    void changeCipherSpecIsDue() {
        changeCipherSpecIsDue = true;
    }

    private void sendDue() throws SspiException {
        if (changeCipherSpecIsDue) {
            changeCipherSpec();
        }
    }

    /** RFC 5246 7.1, and RFC 8446 D.4 for middleboxes that look for it, then in the clear. */
    void changeCipherSpec() throws SspiException {
        if (closing) {
            return;
        }
        changeCipherSpecIsDue = false;
        observed.changeCipherSpec();
        // An array of its own: what is dropped unsent is wiped.
        add(new Content(ContentType.CHANGE_CIPHER_SPEC, new byte[] {1}));
        settle();
    }

    void alert(AlertLevel level, int description) throws SspiException {
        if (closing) {
            // RFC 5246 7.2.1, RFC 8446 6.1: close_notify is the last.
            return;
        }
        sendDue();
        observed.alert(level.code(), description);
        add(new Content(ContentType.ALERT, new byte[] {(byte) level.code(), (byte) description}));
        settle();
    }

    /** Says no_renegotiation, once for all requests that come before it leaves. */
    void refuseRenegotiation() throws SspiException {
        int number = AlertDescription.NO_RENEGOTIATION.code();
        boolean waits =
                last() instanceof Content last && last.type == ContentType.ALERT && (last.bytes[1] & 0xFF) == number;
        if (!waits) {
            alert(AlertLevel.WARNING, number);
        }
    }

    void closeNotify() throws SspiException {
        alert(AlertLevel.WARNING, AlertDescription.CLOSE_NOTIFY.code());
        closing = true;
    }

    void keys(TrafficKeys keys) throws SspiException {
        if (closing) {
            keys.destroy();
            return;
        }
        add(new KeyChange(keys));
        settle();
    }

    /** What follows is clear again. */
    void unprotect() throws SspiException {
        if (closing) {
            return;
        }
        add(new KeyChange(null));
        settle();
    }

    boolean isEmpty() {
        return first == null;
    }

    /** {@return whether close_notify is the last that was said, or will be} */
    boolean isClosing() {
        return closing;
    }

    /** Says whether data has to wait until a renegotiation is complete. */
    void holdData(boolean hold) {
        dataHeld = hold;
    }

    /** {@return whether data may leave now, in front of which nothing waits} */
    boolean admitsData() {
        return isEmpty() && !dataHeld;
    }

    /** {@return whether the last keys that were set have protected nothing yet} */
    boolean isFresh() {
        return writer.sequence() == 0 || last() instanceof KeyChange;
    }

    /** {@return the size of the record that would leave next, 0 if none waits} */
    int nextRecordSize() {
        return nextRecordSize;
    }

    /** {@return the size of everything that waits, as records} */
    int totalSize() {
        int total = 0;
        Framing framing = writer.framing();
        for (Segment segment = first; segment != null; segment = segment.next) {
            if (segment instanceof Content content) {
                int limit = limit(framing);
                int whole = content.remaining() / limit;
                int rest = content.remaining() % limit;
                total += whole * recordSize(content.type, limit, framing)
                        + (rest == 0 ? 0 : recordSize(content.type, rest, framing));
            } else if (segment instanceof KeyChange change) {
                framing = change.framing();
            }
        }
        return total;
    }

    /**
     * Writes the next record to {@code target}, which has room for {@link #nextRecordSize()} bytes.
     *
     * @return how many bytes it has
     */
    int writeRecord(ByteBuffer target, int offset) throws SspiException {
        Content content = (Content) first;
        int length = Math.min(content.remaining(), limit(writer.framing()));
        int written = writer.write(content.type, content.bytes, content.start, length, target, offset);
        content.start += length;
        if (content.remaining() == 0) {
            first = first.next;
            content.recycle();
        }
        settle();
        return written;
    }

    /** Drops what has not left; the keys stay those that the peer knows of. */
    void clear() {
        // A close_notify that waits has not closed anything yet.
        closing &= isEmpty();
        for (Segment segment = first; segment != null; segment = segment.next) {
            if (segment instanceof KeyChange change) {
                change.destroy();
            } else if (segment instanceof Content content) {
                // RFC 8446 D.4: what was due behind the keys and has not left is due still.
                changeCipherSpecIsDue |=
                        content.type == ContentType.CHANGE_CIPHER_SPEC && writer.framing() == Framing.TLS13;
                content.drop();
            }
        }
        first = null;
        nextRecordSize = 0;
    }

    private void add(Segment segment) {
        if (first == null) {
            first = segment;
        } else {
            last().next = segment;
        }
    }

    /** {@return what has been said last, of a handful, or null if nothing waits} */
    private Segment last() {
        Segment segment = first;
        while (segment != null && segment.next != null) {
            segment = segment.next;
        }
        return segment;
    }

    /** Applies key changes that have come to the front, so that the writer always has the keys of the next record. */
    private void settle() throws SspiException {
        while (first instanceof KeyChange change) {
            first = first.next;
            if (change.keys == null) {
                writer.destroy();
            } else {
                writer.protect(change.keys);
            }
        }
        nextRecordSize = first instanceof Content content
                ? recordSize(content.type, Math.min(content.remaining(), limit(writer.framing())), writer.framing())
                : 0;
    }

    private int limit(Framing framing) {
        return framing == Framing.CLEAR ? clearLimit : protectedLimit;
    }

    private static int recordSize(ContentType type, int length, Framing framing) {
        return type == ContentType.CHANGE_CIPHER_SPEC && !framing.isTls12()
                ? CHANGE_CIPHER_SPEC_RECORD
                : framing.sizeOf(length);
    }
}
