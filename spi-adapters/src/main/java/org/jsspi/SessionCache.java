package org.jsspi;

import java.time.Duration;
import java.util.List;

/**
 * The sessions of one credential that can be resumed, bounded in number and age. Safe for all threads.
 */
public interface SessionCache {
    /** {@return the session with this id, or null if there is none that is valid} */
    Session get(byte[] id);

    /** {@return the ids of all valid sessions} */
    List<byte[]> ids();

    /** {@return how many sessions are kept at most; 0 is no bound} */
    int maximumSize();

    /**
     * Bounds the number of sessions; the oldest leave first.
     *
     * @param sessions 0 for no bound
     * @throws IllegalArgumentException if it is negative
     */
    void setMaximumSize(int sessions);

    /** {@return how long a session may be resumed; zero is no bound of ours} */
    Duration timeout();

    /**
     * Bounds the age of sessions, also of those that are cached.
     *
     * @param timeout zero for no bound of ours
     * @throws IllegalArgumentException if it is negative
     */
    void setTimeout(Duration timeout);

    /**
     * Replaces the keys that tickets are sealed with. Tickets that only the keys before can open are full handshakes.
     *
     * @param keys those of a cluster; {@link TicketKeys#NONE} to keep sessions in memory; null for rotating keys of its own
     * @throws UnsupportedOperationException if this is not the memory of a server that issues tickets
     */
    default void setTicketKeys(TicketKeys keys) {
        throw new UnsupportedOperationException("these sessions are not kept in tickets");
    }
}
