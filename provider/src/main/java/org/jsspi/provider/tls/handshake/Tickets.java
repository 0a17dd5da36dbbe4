package org.jsspi.provider.tls.handshake;

/** A server's tickets: what a client presents stands for a session that was kept or sealed. Safe for all threads. */
public interface Tickets {
    /**
     * {@return the ticket for this session, 1 to 65535 bytes}
     *
     * @param session taken over
     */
    byte[] issue(ResumableSession session);

    /** {@return the session that the ticket stands for, the caller's to destroy; or null if there is none} */
    ResumableSession redeem(byte[] ticket);

    /** {@return how many tickets a client gets} */
    int count();

    /** {@return how long a ticket may be used, at most seven days (RFC 8446 4.6.1)} */
    long lifetimeSeconds();
}
