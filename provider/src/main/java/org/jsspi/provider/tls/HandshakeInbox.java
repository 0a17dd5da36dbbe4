package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jsspi.MessageObserver;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.HandshakeType;

/**
 * Puts handshake messages together from the records that carry them (RFC 8446 5.1): a record may hold several messages, a
 * message may span several records. What a peer can make it hold is bounded by the largest message.
 *
 * <pre>
 * | type 1 | length 3 | body ... | type 1 | length 3 | ...
 *  start                                              end
 * </pre>
 */
final class HandshakeInbox {
    private static final int HEADER = 4;
    private static final byte[] NOTHING = {};

    private final int maximumMessage;
    private volatile ObservedMessages observed = ObservedMessages.BY_NOBODY;
    private int maximumCertificate;
    private byte[] bytes = NOTHING;
    private int start;
    private int end;

    /** An inbox for messages whose bodies have at most {@code maximumMessage} bytes. */
    HandshakeInbox(int maximumMessage) {
        this.maximumMessage = maximumMessage;
        this.maximumCertificate = maximumMessage;
    }

    /** Bounds the bodies of Certificate messages, compressed or not, in place of the bound of all. */
    void boundCertificates(int maximum) {
        maximumCertificate = maximum;
    }

    /** Tells an observer of what arrives from now on; null: nobody. */
    void tell(MessageObserver observer) {
        observed = ObservedMessages.received(observer);
    }

    /** {@return what tells an observer of that which arrives: messages here, the rest where it is seen} */
    ObservedMessages observed() {
        return observed;
    }

    /** Takes in the content of one record; the memory is the caller's again afterwards. */
    void append(byte[] content, int offset, int length) throws SspiException {
        makeRoom(length);
        System.arraycopy(content, offset, bytes, end, length);
        end += length;
        checkBound();
    }

    /** The same of {@code length} bytes at {@code offset} of a buffer, whose position does not move. */
    void append(ByteBuffer content, int offset, int length) throws SspiException {
        makeRoom(length);
        content.get(offset, bytes, end, length);
        end += length;
        checkBound();
    }

    private void makeRoom(int length) {
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            start = 0;
        }
        if (bytes.length - end < length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + length, Math.min(2 * bytes.length, longest())));
        }
    }

    /** {@return the next whole message with its header, or null if none is complete} */
    byte[] next() throws SspiException {
        checkBound();
        int length = wholeLength(start);
        if (length < 0) {
            return null;
        }
        // A record with one message, and nothing before it, is that message already.
        byte[] message = length == bytes.length ? bytes : Arrays.copyOfRange(bytes, start, start + length);
        start += length;
        if (start == end) {
            // An idle connection holds no buffer.
            bytes = NOTHING;
            start = 0;
            end = 0;
        }
        observed.handshake(message);
        return message;
    }

    /** {@return true if no byte waits, not even of a partial message} */
    boolean isEmpty() {
        return start == end;
    }

    /** {@return how many bytes of whole messages wait} */
    int wholeMessages() {
        int at = start;
        for (int length = wholeLength(at); length > 0; length = wholeLength(at)) {
            at += length;
        }
        return at - start;
    }

    /** Copies the first {@code length} waiting bytes, which stay. */
    void peek(ByteBuffer into, int length) {
        into.put(bytes, start, length);
    }

    /** Forgets everything. */
    void clear() {
        bytes = NOTHING;
        start = 0;
        end = 0;
    }

    /** {@return how long the first message that waits can get} */
    private int longest() {
        return HEADER + (end - start < HEADER ? maximumMessage : maximum());
    }

    private int wholeLength(int at) {
        if (end - at < HEADER) {
            return -1;
        }
        int length = HEADER + bodyLength(at);
        return end - at < length ? -1 : length;
    }

    private int bodyLength(int at) {
        return (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
    }

    /** Refuses a message by its header, before its body is waited for. */
    private void checkBound() throws SspiException {
        if (end - start >= HEADER && bodyLength(start) > maximum()) {
            throw AlertDescription.ILLEGAL_PARAMETER.because("the peer's handshake message of " + bodyLength(start)
                    + " bytes is larger than the " + maximum() + " that are accepted");
        }
    }

    private int maximum() {
        int type = bytes[start] & 0xFF;
        return type == HandshakeType.CERTIFICATE.code() || type == HandshakeType.COMPRESSED_CERTIFICATE.code()
                ? maximumCertificate
                : maximumMessage;
    }
}
