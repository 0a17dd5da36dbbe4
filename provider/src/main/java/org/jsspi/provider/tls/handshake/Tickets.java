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
     * Keeps a session of TLS 1.2 in memory, for a client that resumes it by its id.
     *
     * @param sessionId 32 random bytes
     * @param session is the memory's from now on
     */
    void keep(byte[] sessionId, ResumableSession session);

    /**
     * {@return the session of a ticket or session id, which is the caller's to destroy, or null if it is unknown, forged or too old}
     *
     * <p>It may be of another version than the client now speaks, and of another server: see {@link SessionStates#ELSEWHERE}.
     *
     * @param ticket what a client sent, any bytes
     */
    ResumableSession redeem(byte[] ticket);

    /**
     * {@return whether a client that resumes with this ticket gets another in its place: what sealed it seals no more, and will open
     * it for a while only}
     */
    boolean renews(byte[] ticket);

    /**
     * {@return whether this server may take early data with the ticket, which this call uses up for that}
     *
     * <p>Once (RFC 8446 8.1). False as well when too many have been used of late to know.
     *
     * @param ticket one that {@link #redeem} knew, and whose key the client has proven to have
     */
    boolean takeEarlyData(byte[] ticket);

    /** {@return how many tickets a client gets after each handshake, 0 or more} */
    int count();

    /** {@return how long a ticket may be used in seconds, 1 to 604800 (RFC 8446 4.6.1)} */
    long lifetimeSeconds();
}
