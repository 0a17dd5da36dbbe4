package org.jsspi.provider.tls.handshake;

import org.jsspi.EarlyDataInfo;
import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;

/** What a handshake wants done, in the order in which it has to be done. */
public interface Effects {
    /**
     * Sends one handshake message under the current write keys.
     *
     * @param message with its header of 4 bytes; nobody writes to it any more
     */
    void send(byte[] message) throws SspiException;

    /** Sends a change_cipher_spec record, unprotected: in TLS 1.2 as RFC 5246 7.1, in TLS 1.3 for middleboxes (RFC 8446 D.4). */
    void sendChangeCipherSpec() throws SspiException;

    /** Sends that record before whatever is sent next, which may be an alert: it begins the second flight (RFC 8446 D.4). */
    void changeCipherSpecIsDue() throws SspiException;

    /**
     * Opens what arrives from now on with these keys. RFC 8446 5.1: the message that led here must have ended its record.
     *
     * @param keys are the receiver's to destroy
     */
    void protectReads(TrafficKeys keys) throws SspiException;

    /**
     * Protects what is sent from now on with these keys.
     *
     * @param keys are the receiver's to destroy
     */
    void protectWrites(TrafficKeys keys) throws SspiException;

    /** Sends in the clear again: no server has taken the early data that the keys so far were for (RFC 8446 4.2.10). */
    void unprotectWrites() throws SspiException;

    /**
     * Says what becomes of early data, at each step that it takes. Not called where neither side asks for it.
     *
     * <p>From {@link EarlyDataInfo.Status#OFFERED} on a client may send some, under the keys that were set just now; from
     * {@link EarlyDataInfo.Status#ACCEPTED} on a server receives it.
     */
    void earlyData(EarlyDataInfo info) throws SspiException;

    /**
     * Bounds the records of the early data that this client has just begun to send (RFC 8449).
     *
     * @param peersRecordSizeLimit as of {@link #limitRecords}
     */
    void limitEarlyData(int peersRecordSizeLimit) throws SspiException;

    /** From now on there is no more early data from the client. */
    void earlyDataEnds() throws SspiException;

    /** A client of TLS 1.2 may send application data from here on, before the server's Finished. Not called where nobody asks for it. */
    void falseStart(FalseStart begun) throws SspiException;

    /**
     * Bounds the protected records that are sent from now on (RFC 8449).
     *
     * @param peersRecordSizeLimit 64 to 16385 bytes of plaintext, with the content type and the padding
     */
    void limitRecords(int peersRecordSizeLimit) throws SspiException;

    /** {@return whether this side has sent its close_notify, or has it waiting, so that it sends nothing more} */
    default boolean isClosing() {
        return false;
    }

    /** Tells the peer that there is no renegotiation: the alert no_renegotiation, as a warning (RFC 5246 7.2.2). */
    void refuseRenegotiation() throws SspiException;

    /**
     * The peer's flight is over, since ours is its answer.
     *
     * @throws SspiException if more of the peer's handshake has arrived: nobody can answer what is not sent yet
     */
    default void peersFlightEnds() throws SspiException {}

    /**
     * Sends no data any more until the renegotiation is complete. Others have finished what they sent before the peer's hello, and do not
     * expect any behind it.
     */
    void holdData() throws SspiException;

    /** What was sent so far goes out, although the handshake fails now; the alert follows it. */
    default void lastFlight() throws SspiException {}

    /** Application data may flow both ways. Exactly once in each handshake. */
    void established() throws SspiException;

    /** A client got a ticket, and may resume this session on another connection. */
    void offerTicket(ResumableSession session) throws SspiException;

    /**
     * {@return whether this side has sent nothing since its last KeyUpdate}
     *
     * <p>RFC 8446 4.6.3: who receives many requests to update while it is silent answers with one.
     */
    default boolean keyUpdateIsLast() {
        return false;
    }
}
