package org.jsspi;

/**
 * Who sees the messages of a protocol go by, decrypted, in both directions and in their order: a tool for those who look for a
 * fault. Application data is not among them, and no secret of the connection; certificates of clients and session tickets are.
 */
@FunctionalInterface
public interface MessageObserver {
    /** The content type of change_cipher_spec records. */
    int CHANGE_CIPHER_SPEC = 20;
    /** The content type of alerts. */
    int ALERT = 21;
    /** The content type of handshake messages. */
    int HANDSHAKE = 22;

    /**
     * A message has arrived, or is on its way out. Called in the middle of the handshake: it must not call the context and should be
     * quick. What it throws is ignored.
     *
     * @param sent true if it is one of this side
     * @param contentType one of the constants here
     * @param name as the standard spells it: {@code client_hello}, {@code close_notify}; a number where it has no name here
     * @param message a copy: a handshake message with its header of 4 bytes; level and description of an alert
     */
    void message(boolean sent, int contentType, String name, byte[] message);
}
