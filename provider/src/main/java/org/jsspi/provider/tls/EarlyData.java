package org.jsspi.provider.tls;

import org.jsspi.EarlyDataInfo;
import org.jsspi.EarlyDataInfo.Status;
import org.jsspi.SecBufferDesc;
import org.jsspi.SecBufferType;
import org.jsspi.SecurityStatus;
import org.jsspi.SspiException;
import org.jsspi.provider.tls.record.RecordFormat;
import org.jsspi.provider.tls.record.RecordWriter;

/**
 * The early data of one connection: what is agreed about it, and how much has passed. Read by any thread; what is agreed changes
 * under both locks of the context, what has passed under that of its direction.
 */
final class EarlyData {
    private volatile EarlyDataInfo agreed;
    private volatile boolean passing;
    private volatile long transferred;
    private volatile int maximumMessage = RecordFormat.MAX_PLAINTEXT;

    /** Takes over what the handshake says. */
    void becomes(EarlyDataInfo info) {
        agreed = info;
        passing = info.status() == Status.OFFERED || info.status() == Status.ACCEPTED;
    }

    /** A client obeys the server's record size limit, as it was when the session was made: inner content and its type byte together. */
    void limitRecords(int limit) {
        maximumMessage = limit - 1;
    }

    /** {@return the largest content of a record with early data} */
    int maximumMessage() {
        return maximumMessage;
    }

    /** The client has sent all of it. */
    void ends() {
        passing = false;
    }

    /** {@return whether the client may send early data, as far as this side knows} */
    boolean isPassing() {
        return passing;
    }

    /** {@return whether the server has taken it} */
    boolean isAccepted() {
        return agreed.status() == Status.ACCEPTED;
    }

    /**
     * Seals data of this side that leaves before the handshake is complete: a client's, of which the server has said how much it takes, or a
     * server's own. The caller holds the write lock.
     */
    void seal(SecBufferDesc message, RecordWriter writer, boolean initiator) throws SspiException {
        long length = dataLength(message);
        if (length > maximumMessage) {
            throw new SspiException(SecurityStatus.SEC_E_INVALID_TOKEN, "more early data than one record holds");
        }
        if (initiator && length > left()) {
            throw new SspiException(
                    SecurityStatus.SEC_E_QOP_NOT_SUPPORTED,
                    "more early data than the server's ticket or this side's options allow");
        }
        writer.seal(message);
        if (initiator) {
            count(length);
        }
    }

    private static long dataLength(SecBufferDesc message) {
        long length = 0;
        for (int i = 0; i < message.count(); i++) {
            if (message.get(i).type() == SecBufferType.DATA) {
                length += message.get(i).length();
            }
        }
        return length;
    }

    /** {@return how many bytes may still pass} */
    long left() {
        return agreed.maximum() - transferred;
    }

    /** So many bytes more have passed. */
    void count(long bytes) {
        transferred += bytes;
    }

    /** {@return what is known now} */
    EarlyDataInfo info() {
        return agreed.transferred(transferred);
    }
}
