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
}
