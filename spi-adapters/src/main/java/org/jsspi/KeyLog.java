package org.jsspi;

/**
 * Who is told the secrets of a connection, so that a recording of it can be read: a tool for those who look for a fault. Whoever
 * learns them reads the whole connection, so there is none unless somebody asks for it.
 */
@FunctionalInterface
public interface KeyLog {
    /**
     * A secret is known. Called by the thread of the handshake; it must not call the context.
     *
     * @param label what it is, as RFC 9850 names it, such as {@code CLIENT_TRAFFIC_SECRET_0}
     * @param clientRandom 32 bytes that stand for the connection; a copy
     * @param secret a copy, which is wiped when the call returns
     */
    void secret(String label, byte[] clientRandom, byte[] secret);
}
