package org.jsspi.provider.tls.handshake;

import org.jsspi.SspiException;
import org.jsspi.provider.crypto.TrafficKeys;

/** What a handshake does to the world: its only way out. Effects hold in the order in which they are asked for. */
public interface Effects {
    /** Sends one encoded handshake message, header included, under the write keys that hold now. */
    void send(byte[] message) throws SspiException;

    /** Sends change_cipher_spec in the clear, for middleboxes (RFC 8446 D.4). */
    void sendChangeCipherSpec() throws SspiException;

    /** What the peer sends from here on is protected with these keys, which the record layer takes over. */
    void protectReads(TrafficKeys keys) throws SspiException;

    /** What is sent from here on is protected with these keys, which the record layer takes over. */
    void protectWrites(TrafficKeys keys) throws SspiException;

    /** The peer wants no larger protected records: inner content and its type byte together (RFC 8449 4). */
    void limitRecords(int peersRecordSizeLimit) throws SspiException;

    /** The peer may send early data that was not accepted: what cannot be opened is to pass by (RFC 8446 4.2.10). */
    void skipEarlyData();

    /** Application data may flow both ways. Exactly once. */
    void established() throws SspiException;

    /** A ticket has arrived with which the session can be resumed; whoever takes it destroys it. */
    void offerTicket(ResumableSession session) throws SspiException;
}
