package org.jsspi.provider.tls;

import java.nio.ByteBuffer;
import org.jsspi.SecBuffer;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;

/**
 * The output list of one establishing call: a TOKEN for the flight, and perhaps an ALERT. It is checked before the call does
 * anything, so that a malformed list leaves the context as it was.
 */
final class TokenOutput {
    private final SecBuffer token;
    private final boolean fragment;
    private final boolean allocate;

    private TokenOutput(SecBuffer token, boolean fragment, boolean allocate) {
        this.token = token;
        this.fragment = fragment;
        this.allocate = allocate;
    }

    /**
     * {@return the output that the list describes}
     *
     * @param list null where the output is fetched later, which only {@code fragment} allows
     * @param fragment one record at a time, where it fits
     * @param allocate the package supplies the memory
     * @throws SspiException SEC_E_INVALID_TOKEN without TOKEN, SEC_E_INSUFFICIENT_MEMORY without room
     */
    static TokenOutput of(SecBufferDesc list, boolean fragment, boolean allocate) throws SspiException {
        if (list == null) {
            if (!fragment) {
                throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "there is no output list");
            }
            return new TokenOutput(null, true, allocate);
        }
        SecBuffer token = list.find(SecBufferType.TOKEN);
        if (token == null) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "the output list has no TOKEN buffer");
        }
        SecBuffer alert = list.find(SecBufferType.ALERT);
        if (!allocate && !fragment) {
            if (token.length() == 0 || token.target() == null) {
                throw new SspiException(SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, "the output TOKEN has no room");
            }
            if (alert != null && alert.length() == 0) {
                throw new SspiException(SecurityStatus.SEC_E_INSUFFICIENT_MEMORY, "the output ALERT has no room");
            }
        }
        if (token.target() != null && token.target().isReadOnly()) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "the output TOKEN is read-only");
        }
        if (alert != null) {
            // On success there is no alert; a failure leaves it to the next call.
            alert.setLength(0);
        }
        return new TokenOutput(token, fragment, allocate);
    }

    /**
     * Writes what waits: all of it, or with {@code fragment} one record where it fits. The caller holds the write lock.
     *
     * @throws SspiException SEC_E_INSUFFICIENT_MEMORY if the flight does not fit; it stays for a later call
     */
    void take(OutboundQueue outbound) throws SspiException {
        if (token == null) {
            return;
        }
        int size = fragment ? outbound.nextRecordSize() : outbound.totalSize();
        if (allocate) {
            token.setAllocated(SecBufferType.TOKEN, ByteBuffer.allocate(size));
        } else if (token.target() == null || token.length() < size) {
            if (!fragment) {
                throw new SspiException(
                        SecurityStatus.SEC_E_INSUFFICIENT_MEMORY,
                        "the output TOKEN has room for " + token.length() + " bytes and the flight has " + size);
            }
            token.setLength(0);
            return;
        }
        int written = 0;
        while (written < size) {
            written += outbound.writeRecord(token.target(), token.targetOffset() + written);
        }
        token.setLength(written);
    }

    /** There is nothing to send. */
    void nothing() {
        if (token != null) {
            token.setLength(0);
        }
    }
}
