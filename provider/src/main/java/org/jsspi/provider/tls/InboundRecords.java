package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.StreamContext;
import org.jsspi.provider.tls.message.AlertDescription;
import org.jsspi.provider.tls.message.AlertLevel;
import org.jsspi.provider.tls.message.ContentType;
import org.jsspi.provider.tls.record.OpenedRecord;
import org.jsspi.provider.tls.record.RecordFormat;
import org.jsspi.provider.tls.record.RecordFormat.Framing;
import org.jsspi.provider.tls.record.RecordReader;

/**
 * What becomes of a record by what it carries: handshake messages go to the inbox, alerts end something, application data is
 * the caller's, change_cipher_spec is dropped where it is allowed. Everything that a peer can send without getting anywhere is
 * counted, and refused beyond a bound.
 *
 * <p>Used by establishing calls before the connection is complete, under the read lock afterwards.
 */
final class InboundRecords {
    /** Records in a row that bring nothing: empty ones, warnings, change_cipher_spec. */
    private static final int MAXIMUM_IDLE_RECORDS = 32;

    /** Warnings in a row, of which nobody has so many. */
    private static final int MAXIMUM_WARNINGS = 4;

    private static final int HEADER = RecordFormat.HEADER;

    private final RecordReader reader;
    private final HandshakeInbox inbox;
    private volatile ByteBuffer kept;
    private int idleRecords;
    private int warnings;
    private boolean protectedSeen;
    private boolean refused;
    private volatile boolean peerHasFailed;
    private volatile boolean peerHasClosed;

    InboundRecords(RecordReader reader, HandshakeInbox inbox) {
        this.reader = reader;
        this.inbox = inbox;
    }

    /** {@return true if the peer has ended the connection with an alert: it is not to be answered} */
    boolean peerHasFailed() {
        return peerHasFailed;
    }

    /** {@return true if the peer has sent close_notify} */
    boolean peerHasClosed() {
        return peerHasClosed;
    }

    /** {@return whether the peer has refused the renegotiation that we wanted, since this was asked last} */
    boolean takeRefusal() {
        boolean taken = refused;
        refused = false;
        return taken;
    }

    /** {@return whether an establishing call has to get what {@link #open} has handed out} */
    boolean hasKept() {
        return kept != null;
    }

    /** Takes in one whole record of a handshake at the position of {@code network}. */
    void take(ByteBuffer network, int length, HandshakeDriver driver) throws SspiException {
        if (isClearAlert(network, length)) {
            alert(
                    network.get(network.position() + HEADER) & 0xFF,
                    network.get(network.position() + HEADER + 1) & 0xFF,
                    driver.isTls13(),
                    driver);
            return;
        }
        boolean protectedReads = reader.isProtected();
        reader.open(network, network.position(), length, (type, content, offset, contentLength) -> {
            protectedSeen |= protectedReads && type != ContentType.CHANGE_CIPHER_SPEC;
            if (type != ContentType.HANDSHAKE && !inbox.isEmpty()) {
                throw interleaved(type);
            }
            switch (type) {
                case HANDSHAKE -> {
                    somethingCame();
                    inbox.append(content, offset, contentLength);
                }
                case ALERT -> alert(content[offset] & 0xFF, content[offset + 1] & 0xFF, driver.isTls13(), driver);
                case CHANGE_CIPHER_SPEC -> changeCipherSpec(driver);
                default ->
                    throw AlertDescription.UNEXPECTED_MESSAGE.because(
                            "the peer sent " + type + " during the handshake");
            }
        });
        // After the record is done with: a message may change the keys that the next one is read with.
        driver.deliver();
    }

    /**
     * Opens one record of an established connection, or one of early data, by the lists of {@link org.jsspi.StreamContext}.
     *
     * @param early what there may be of early data, or null if the connection is established
     * @return as decryptMessage
     */
    SecurityStatus open(SecBufferDesc message, HandshakeDriver driver, EarlyData early) throws SspiException {
        if (peerHasClosed) {
            return SecurityStatus.SEC_I_CONTEXT_EXPIRED;
        }
        if (kept != null) {
            throw new SspiException(
                    SecurityStatus.SEC_E_OUT_OF_SEQUENCE,
                    "a handshake message has to be given to the establishing call first");
        }
        if (early != null) {
            reader.limitData(early.left());
        }
        SecurityStatus status = reader.open(message);
        if (status != SecurityStatus.SEC_E_OK && status != SecurityStatus.SEC_I_RENEGOTIATE) {
            return status;
        }
        OpenedRecord opened = reader.opened();
        protectedSeen |= opened.type() != ContentType.CHANGE_CIPHER_SPEC;
        if (opened.type() != ContentType.HANDSHAKE && !inbox.isEmpty()) {
            throw interleaved(opened.type());
        }
        switch (opened.type()) {
            case APPLICATION_DATA -> {
                if (early == null && !driver.takesData()) {
                    // RFC 5246 7.4.9: no data before the Finished that proves the keys.
                    throw AlertDescription.UNEXPECTED_MESSAGE.because("application data in front of a Finished");
                }
                if (opened.contentLength() == 0) {
                    countIdle();
                } else {
                    somethingCame();
                    if (early == null) {
                        driver.connected().dataReceived();
                    } else {
                        early.count(opened.contentLength());
                    }
                }
                message.setQop(early == null ? 0 : StreamContext.QOP_EARLY_DATA);
                return SecurityStatus.SEC_E_OK;
            }
            case HANDSHAKE -> {
                return keep(opened, message);
            }
            case ALERT -> {
                boolean tls13 = early != null || driver.isTls13();
                alert(opened.contentByte(0), opened.contentByte(1), tls13, driver);
                if (takeRefusal()) {
                    return SecurityStatus.SEC_I_NO_RENEGOTIATION;
                }
                return peerHasClosed ? SecurityStatus.SEC_I_CONTEXT_EXPIRED : SecurityStatus.SEC_E_OK;
            }
            default -> {
                if (early == null && driver.isRenegotiating()) {
                    inbox.observed().changeCipherSpec();
                    driver.changeCipherSpec();
                    return SecurityStatus.SEC_E_OK;
                }
                if (early == null) {
                    throw AlertDescription.UNEXPECTED_MESSAGE.because(
                            "the peer sent " + opened.type() + " after the handshake");
                }
                // RFC 8446 D.4: change_cipher_spec goes in front of early data.
                countIdle();
                return SecurityStatus.SEC_E_OK;
            }
        }
    }

    /**
     * Opens one record of data of an established connection.
     *
     * @return as decryptMessage without a list
     */
    SecurityStatus open(ByteBuffer network, ByteBuffer target, HandshakeDriver driver) throws SspiException {
        if (peerHasClosed || kept != null || !inbox.isEmpty() || !driver.takesData()) {
            return SecurityStatus.SEC_I_RENEGOTIATE;
        }
        int before = target.position();
        SecurityStatus status = reader.open(network, target);
        if (status == SecurityStatus.SEC_E_OK) {
            protectedSeen = true;
            if (target.position() == before) {
                countIdle();
            } else {
                somethingCame();
                driver.connected().dataReceived();
            }
        }
        return status;
    }

    /** {@return true if the TOKEN holds what {@link #open} has handed out as EXTRA} */
    boolean isKept(SecBuffer token) {
        return kept != null
                && token.length() == kept.remaining()
                && token.view().equals(kept);
    }

    /** The kept message is about to be processed. */
    void release() {
        kept = null;
    }

    /**
     * The reader has shown the record as the first EXTRA. Where it holds parts of messages, what is shown is what can be
     * processed: all whole messages, or nothing yet.
     */
    private SecurityStatus keep(OpenedRecord opened, SecBufferDesc message) throws SspiException {
        boolean alone = inbox.isEmpty();
        inbox.append(opened.record(), HEADER, opened.contentLength());
        int whole = inbox.wholeMessages();
        SecBuffer shown = message.find(SecBufferType.EXTRA);
        if (whole == 0) {
            // Part of a message brings something, and the inbox bounds what it can be part of.
            shown.clear();
            SecBuffer following = message.find(SecBufferType.EXTRA);
            if (following != null) {
                shown.set(SecBufferType.EXTRA, following.source(), following.sourceOffset(), following.length());
                following.clear();
            }
            return SecurityStatus.SEC_E_OK;
        }
        kept = alone && whole == opened.contentLength() ? opened.record() : record(whole);
        shown.set(SecBufferType.EXTRA, kept, 0, kept.remaining());
        return SecurityStatus.SEC_I_RENEGOTIATE;
    }

    /** {@return the whole messages that wait, behind the header of a handshake record; the length is clipped to its field} */
    private ByteBuffer record(int length) {
        ByteBuffer record = ByteBuffer.allocate(HEADER + length);
        record.put((byte) ContentType.HANDSHAKE.code()).putShort((short) 0x0303).putShort((short)
                Math.min(length, 0xFFFF));
        inbox.peek(record, length);
        return record.flip().asReadOnlyBuffer();
    }

    /**
     * A peer that has failed before it knew our keys says so in the clear. Only until its first protected record: afterwards
     * a clear alert could be anybody's.
     */
    private boolean isClearAlert(ByteBuffer network, int length) {
        // In TLS 1.2 the peer's change_cipher_spec says when its keys hold: from there on nothing is clear.
        return !protectedSeen
                && (reader.framing() == Framing.CLEAR || reader.framing() == Framing.TLS13)
                && length == HEADER + 2
                && network.get(network.position()) == ContentType.ALERT.code();
    }

    private void alert(int level, int number, boolean tls13, HandshakeDriver driver) throws SspiException {
        inbox.observed().alert(level, number);
        if (number == AlertDescription.CLOSE_NOTIFY.code()) {
            peerHasClosed = true;
            return;
        }
        // RFC 8446 6.1: user_canceled is followed by close_notify; 6: every other alert is fatal whatever its level.
        // RFC 5246 7.2: in TLS 1.2, and before the version is known, it is the level that counts; a server warns of a
        // name that it does not recognize before it says hello (RFC 6066 3).
        boolean harmless = tls13 ? number == AlertDescription.USER_CANCELED.code() : level == AlertLevel.WARNING.code();
        if (harmless && number == AlertDescription.NO_RENEGOTIATION.code() && driver.renegotiationRefused()) {
            refused = true;
            return;
        }
        if (harmless) {
            if (++warnings > MAXIMUM_WARNINGS) {
                throw AlertDescription.UNEXPECTED_MESSAGE.because("the peer sent " + warnings + " warnings in a row");
            }
            countIdle();
            return;
        }
        peerHasFailed = true;
        String name =
                AlertDescription.of(number).map(AlertDescription::toString).orElse("unknown");
        AlertDescription known = AlertDescription.of(number).orElse(AlertDescription.HANDSHAKE_FAILURE);
        throw new SspiException(
                known.status(),
                known.kind(),
                number,
                "the peer ended the connection with the alert " + name + " (" + number + ")",
                null);
    }

    /**
     * RFC 8446 5: while the handshake runs it means nothing and is dropped; the reader has looked at its one byte. RFC 5246 7.1: in TLS
     * 1.2 it changes the keys.
     */
    private void changeCipherSpec(HandshakeDriver driver) throws SspiException {
        inbox.observed().changeCipherSpec();
        if (driver.isTls12()) {
            driver.changeCipherSpec();
            return;
        }
        if (!driver.acceptsChangeCipherSpec()) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "the peer sent change_cipher_spec where there must be none");
        }
        countIdle();
    }

    private void somethingCame() {
        idleRecords = 0;
        warnings = 0;
    }

    private void countIdle() throws SspiException {
        if (++idleRecords > MAXIMUM_IDLE_RECORDS) {
            throw AlertDescription.UNEXPECTED_MESSAGE.because(
                    "the peer sent " + idleRecords + " records in a row that bring nothing");
        }
    }

    private static SspiException interleaved(ContentType type) {
        // RFC 8446 5.1
        return AlertDescription.UNEXPECTED_MESSAGE.because(
                "the peer sent " + type + " in the middle of a handshake message");
    }
}
