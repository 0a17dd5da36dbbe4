package org.jsspi;

import java.nio.ByteBuffer;

/**
 * What a package puts behind a {@link ContextKey}: one direction of one context, and how its messages are signed.
 *
 * <p>It follows the context. After a re-establishment that changed the keys, messages that begin use the new ones. All
 * methods may be called by any thread, and none blocks on the establishing calls.
 */
public interface DatagramProtection {
    /** {@return true for a datagram context; false where messages have an order that the package itself counts} */
    boolean isDatagram();

    /** {@return true once the context is closed or has failed} It is true before the first key is wiped. */
    boolean isClosed();

    /**
     * {@return a computation of signatures of this direction, for one thread at a time; it does one message after another}
     *
     * @throws SspiException SEC_E_INVALID_HANDLE if the context is closed, SEC_E_UNSUPPORTED_FUNCTION if it is
     *     connection-oriented or does not sign
     */
    DatagramMac newMac() throws SspiException;

    /**
     * {@return the sequence number that a token carries} Pure: nothing is verified and nothing moves.
     *
     * @param token from position to limit
     * @throws SspiException SEC_E_INVALID_TOKEN if it is no token of this package
     */
    int peekSequence(ByteBuffer token) throws SspiException;
}
