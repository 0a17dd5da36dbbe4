package org.jsspi.provider.tls.handshake;

/** A server's memory of the sessions that clients may resume. Safe for all threads. */
public interface Tickets {
    /**
     * {@return a ticket for the session, 1 to 65535 bytes; null if there shall be none}
     *
     * @param session is the memory's from now on
     */
    byte[] issue(ResumableSession session);

    /**
     * {@return the session of a ticket, which is the caller's to destroy, or null if it is unknown, forged or too old}
     *
     * @param ticket what a client sent, any bytes
     */
    ResumableSession redeem(byte[] ticket);

    /**
     * Keeps a session of TLS 1.2 under its id, for a client that takes no tickets (RFC 5246 7.3).
     *
     * @param id 32 random bytes
     * @param session is the memory's from now on
     */
    void remember(byte[] id, ResumableSession session);

    /**
     * {@return the session of an id, which is the caller's to destroy, or null if there is none}
     *
     * @param id what a client sent, 1 to 32 bytes
     */
    ResumableSession recall(byte[] id);

    /** {@return how many tickets a client gets after each handshake, 0 or more} */
    int count();

    /** {@return how long a ticket may be used in seconds, 1 to 604800 (RFC 8446 4.6.1)} */
    long lifetimeSeconds();
}
